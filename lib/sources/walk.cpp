#include "sources/walk.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/url.hpp"
#include "sources/answer.hpp"

namespace sitrep::sources {
namespace {

using Do = config::ResponseAction::Do;

std::string digest_of(const std::vector<Group>& groups) {
  if (groups.size() == 1 && groups.front().json.empty()) return {};
  Hasher hasher;
  for (const Group& group : groups) {
    hasher.add(group.json);
    hasher.add("\n");
  }
  return fmt::format("{:016x}", hasher.digest().low);
}

bool has(const std::vector<int>& statuses, int status) { return std::ranges::find(statuses, status) != statuses.end(); }

}  // namespace

Walk::Walk(const config::Source& source, const config::Stream& stream, const Mapping& mapping, Session& session,
           http::Client& client, const Clock& clock)
    : source_(source),
      stream_(stream),
      mapping_(mapping),
      session_(session),
      client_(client),
      clock_(clock),
      extractor_(stream, mapping) {}

http::ClientStats Walk::spent() const {
  const std::lock_guard lock(mutex_);
  return spent_;
}

// Called from several threads: reads what the walk does not change while pages are asked for ahead.
Fetched Walk::fetch(const PageState& state) {
  const Group& group = input_.groups.at(state.group);
  Fetched fetched;
  auto credentials = session_.credentials();
  const auto prepare = [&] {
    fetched.request = make_request(source_, stream_, *credentials, page_request(stream_.paginator, state.position),
                                   state.slice, group);
    if (const auto* known = memory_ ? memory_->find(state, group) : nullptr) {
      memory_->add_conditions(fetched.request, *known);
      fetched.conditional = true;
    }
  };
  const auto judge = [&](const http::Response& response) { return advise(source_, stream_, response, clock_.now()); };
  http::ClientStats spent;
  const auto account = [&](http::ClientStats* stats) {
    const std::lock_guard lock(mutex_);
    spent_ += *stats;
  };
  const std::unique_ptr<http::ClientStats, decltype(account)> accounted(&spent, account);
  prepare();
  fetched.response = client_.send(fetched.request, judge, spent);
  if (fetched.response.status == 401 && session_.renew(credentials)) {  // the token's life ended early
    credentials = session_.credentials();
    prepare();
    fetched.response = client_.send(fetched.request, judge, spent);
  }
  fetched.echoes_secret = mask_echo(fetched.response.body, *credentials);
  return fetched;
}

bool Walk::is_end(const http::Response& response) const {
  if (has(stream_.paginator.end_statuses, response.status)) return true;
  if (response.status == 404 && !stream_.parent.stream.empty() && stream_.parent.skip_404) return true;
  const auto* action = action_for(stream_, response);
  return action && (action->action == Do::end || action->action == Do::ignore);
}

bool Walk::is_expired(const PageState& state, const http::Response& response, bool resumed) const {
  const auto& p = stream_.paginator;
  if (const auto* action = action_for(stream_, response)) return action->action == Do::restart;
  if (is_end(response) || state.position == first_position(p)) return false;
  // A cursor that another run saved may have expired long ago, and APIs say so in each of these ways.
  if (resumed && (response.status == 400 || response.status == 404 || response.status == 410)) return true;
  return p.on_expired == config::Paginator::Expired::restart && has(p.expired_statuses, response.status);
}

/// An API that repeats the token in its links: such a place is not kept.
bool Walk::shows_secret(const Position& position) {
  const auto credentials = session_.credentials();
  return std::ranges::any_of(credentials->secrets, [&](const std::string& secret) {
    return !secret.empty() && (position.text.find(secret) != std::string::npos ||
                               position.text.find(http::percent_encode(secret)) != std::string::npos);
  });
}

bool Walk::older_than_wanted(const PageState& state, const Extraction& read) const {
  const auto& incremental = stream_.incremental;
  return incremental && incremental->order == config::Incremental::Order::desc && incremental->start_param.empty() &&
         incremental->start_body_path.empty() && state.slice.from && read.newest && *read.newest < *state.slice.from;
}

bool Walk::enter_group(PageState& state, std::size_t group) {
  if (group >= input_.groups.size()) return false;
  state.group = group;
  extractor_.set_group(input_.groups[group].json);
  return true;
}

/// The next slice, or the first one of the next group; false: there is none.
bool Walk::next_list(PageState& state) {
  if (const auto slice = next_slice(state.plan, state.slice)) {
    state.slice = *slice;
  } else if (enter_group(state, state.group + 1)) {
    state.slice = first_slice(state.plan).value_or(state.slice);
  } else {
    return false;
  }
  state.position = first_position(stream_.paginator);
  guard_.emplace(stream_.paginator, state.pages);
  return true;
}

Walk::Next Walk::step(PageState& state, bool resumed, Pass& pass, const Sink& sink) {
  guard_->going_to(state.position);
  auto taken = ahead_ ? ahead_->take(state) : std::nullopt;
  // A page of another size than the others moved the rest: what was asked for ahead is of no use.
  if (!taken && ahead_ && is_numbered(stream_.paginator)) ahead_->forget_list(state);
  Fetched fetched = taken ? std::move(*taken) : fetch(state);
  if (fetched.conditional && fetched.response.status == 304 && !memory_->is_asking()) fetched = fetch(state);
  if (is_expired(state, fetched.response, resumed)) return Next::restart;
  const Group& group = input_.groups[state.group];
  const RememberedPage* known =
      fetched.conditional && fetched.response.status == 304 && memory_ ? memory_->find(state, group) : nullptr;
  const bool ended = is_end(fetched.response);
  const bool same_end = ended && pass.not_modified > 0 && memory_ && memory_->was_end(state, group);
  if (ended && memory_) memory_->remember_end(state, group);
  // Records of a page that has not changed do not come along, so a full pass would miss them: either no page has
  // changed, or all are read.
  if (!known && !same_end && pass.not_modified > 0 && state.plan.full) {
    memory_->stop_asking();
    return Next::restart;
  }
  if (!known && !same_end && memory_ && state.plan.full) memory_->stop_asking();
  auto [read, more] = known ? known_page(state, *known) : page(state, fetched);
  if (known) {
    ++pass.not_modified;
    memory_->keep(state, group);
    if (more) ask_remembered(read.next);
  } else if (memory_ && fetched.response.status == 200 && !shows_secret(read.next.position)) {
    memory_->remember(state, group, fetched.response,
                      {"", "", more ? std::optional(read.next.position) : std::nullopt, read.extraction.records,
                       read.extraction.newest});
  }
  const bool first = state.position == first_position(stream_.paginator);
  if (first && pass.pages == 0) pass.first_page = read.extraction.ids;
  if (first) {
    pass.slice_total.reset();
    pass.page_rows = 0;
  }
  if (read.total) {
    if (pass.slice_total && *pass.slice_total != *read.total) pass.total_changed = true;
    if (!pass.slice_total) pass.stated = pass.stated.value_or(0) + *read.total;
    pass.slice_total = read.total;
  }
  read.not_modified |= same_end;
  if (!same_end) ++pass.pages;
  pass.ids.add({reinterpret_cast<const char*>(&read.extraction.ids), sizeof read.extraction.ids});
  pass.partial |= partial_;
  std::ranges::move(read.extraction.parents, std::back_inserter(pass.parents));
  if (older_than_wanted(state, read.extraction)) {
    more = false;
    pass.stated.reset();  // the rest of them is known
  }
  if (more) ask_ahead(read.next, read, pass);
  if (!more) {
    if (ahead_ && is_numbered(stream_.paginator)) ahead_->forget_list(state);  // what was asked for beyond the end
    more = next_list(read.next);
  }
  ask_groups_ahead(read.next);
  state = read.next;
  pass.last = state;
  if (fields_) read.next.fields = fields_->seen();
  if (!sink(std::move(read))) pass.stopped = true;
  return more && !pass.stopped ? Next::page : Next::end;
}

Walk::Pass Walk::pass(PageState state, bool resumed, const Sink& sink) {
  Pass pass;
  pass.last = state;
  pass.started_over = resumed;
  enter_group(state, std::min(state.group, input_.groups.size() - 1));
  guard_.emplace(stream_.paginator, state.pages);
  bool may_restart = true, may_ask_all = true;
  for (Next next = Next::page; next != Next::end;) {
    try {
      next = step(state, resumed, pass, sink);
    } catch (const ContractError& e) {
      throw Error(e.kind(), fmt::format("page {}: {}", state.pages + 1, e.what()));
    } catch (const Error& e) {
      const ErrorKind kind = e.kind() == ErrorKind::data ? ErrorKind::network : e.kind();
      throw Error(kind, fmt::format("page {}: {}", state.pages + 1, e.what()));
    }
    resumed = false;
    if (next != Next::restart) continue;
    // The cursor has expired (Kubernetes after five minutes, Jira after a week), or a page has changed after others had
    // not: once more from the start.
    bool& may = pass.not_modified > 0 ? may_ask_all : may_restart;
    if (!std::exchange(may, false))
      fail(ErrorKind::network, "page {}: the server forgot where the list was, twice (on_expired)", state.pages + 1);
    if (ahead_) ahead_->forget();
    pass = Pass{};
    enter_group(state, 0);
    state.position = first_position(stream_.paginator);
    state.slice = first_slice(state.plan).value_or(state.slice);
    state.pages = state.records = 0;
    guard_.emplace(stream_.paginator, 0);
    next = Next::page;
  }
  return pass;
}

bool Walk::first_page_changed(const Pass& pass) {
  PageState first = input_.start;
  first.group = 0;
  first.slice = first_slice(first.plan).value_or(first.slice);
  first.position = first_position(stream_.paginator);
  extractor_.set_group(input_.groups.front().json);
  guard_.reset();
  const auto kept = state_;
  const bool changed = page(first, fetch(first)).first.extraction.ids != *pass.first_page;
  state_ = kept;
  return changed;
}

/// Whether rows may have gone from page to page while the pass was on its way.
bool Walk::moved(const Pass& pass, const PassTaken& taken) {
  if (pass.total_changed || taken.duplicates > 0) return true;
  const auto known_gap = input_.bookmark ? input_.bookmark->total_gap : 0;
  if (pass.stated && !pass.started_over && pass.last.records - *pass.stated != known_gap) return true;
  if (taken.unseen > 0 && (!pass.stated || pass.started_over)) return true;
  return pass.prefetched && pass.first_page && first_page_changed(pass);
}

void Walk::confirm(Pass& first, const Sink& sink, const Taken& taken, WalkResult& result) {
  if (!moved(first, taken())) return;
  PageState again = input_.start;
  again.group = 0;
  again.slice = first_slice(again.plan).value_or(again.slice);
  again.position = first_position(stream_.paginator);
  again.newest = first.last.newest;
  again.pages = again.records = 0;
  if (memory_) memory_->stop_asking();
  Pass second = pass(again, false, sink);
  result.last = second.last;
  result.parents = std::move(second.parents);
  const bool same = !first.started_over && first.ids.digest() == second.ids.digest();
  const bool steady = !second.total_changed && second.stated && *second.stated == second.last.records;
  result.agreed = same || steady;
  if (!result.agreed) {
    result.warnings.push_back(
        "the list changed while it was read, twice: every record that came is stored, and nothing is taken for "
        "deleted");
  }
  first = std::move(second);
}

WalkResult Walk::run(WalkInput input, const Sink& sink, const Taken& taken) {
  input_ = std::move(input);
  WalkResult result;
  result.last = input_.start;
  const auto digest = digest_of(input_.groups);
  if (input_.groups.empty()) {  // a parent stream without records
    input_.start.group_digest = digest;
    return result;
  }
  if (input_.start.group_digest != digest) {
    input_.start.group = 0;
    if (input_.resumed) {
      input_.start.position = first_position(stream_.paginator);
      input_.start.slice = first_slice(input_.start.plan).value_or(input_.start.slice);
    }
    input_.start.group_digest = digest;
  }
  const auto& bookmark = input_.bookmark;
  using Conditional = config::Stream::Conditional;
  if (stream_.conditional != Conditional::off && stream_.method == "GET" && input_.collect.empty()) {
    memory_.emplace(bookmark && !input_.unconditional ? bookmark->pages : "", stream_);
  }
  using Shape = config::Stream::Shape;
  if (stream_.record_shape == Shape::array || stream_.record_shape == Shape::object) {
    fields_.emplace(bookmark ? bookmark->fields : "");
    if (input_.resumed) fields_->go_on(input_.start.fields);
    input_.start.fields.clear();  // what pages carry is what was seen up to them
    extractor_.watch(&*fields_);
  }
  extractor_.collect(input_.collect);
  extractor_.hash_rows(!bookmark);
  extractor_.set_now(input_.observed_at.value_or(clock_.now()));
  if (input_.max_in_flight > 1)
    ahead_.emplace([this](const PageState& state) { return fetch(state); }, input_.max_in_flight);

  Pass first = pass(input_.start, input_.resumed, sink);
  result.last = first.last;
  result.parents = std::move(first.parents);
  if (first.stopped) return result;
  result.unchanged = first.pages > 0 && first.not_modified == first.pages;
  if (taken && is_numbered(stream_.paginator) && first.not_modified == 0 && first.last.pages > 1)
    confirm(first, sink, taken, result);
  if (first.partial) {
    result.agreed = false;
    result.partial = true;
    result.warnings.push_back(fmt::format(
        "the API says that its answer is not complete ({}); nothing is taken for deleted, and the next sync "
        "asks for the same again",
        stream_.partial_path));
  }
  if (first.stated && !first.started_over) result.total_gap = first.last.records - *first.stated;
  result.state = state_;
  const bool whole =
      !first.started_over && first.not_modified == 0 && first.last.plan.complete && first.last.records > 0;
  if (fields_) {
    result.field_changes = fields_->changes(whole);
    result.fields = first.not_modified > 0 && bookmark ? bookmark->fields : fields_->to_json(whole);
  }
  if (memory_) result.pages = memory_->to_json();
  return result;
}

}  // namespace sitrep::sources
