#include <algorithm>

#include "base/text.hpp"
#include "sources/answer.hpp"
#include "sources/walk.hpp"

// One page of a walk: from an answer to rows and the place of the next page.
namespace sitrep::sources {
namespace {

std::vector<std::string> warnings_in(const json::Value& body, const std::string& path) {
  std::vector<std::string> warnings;
  if (path.empty()) return warnings;
  const auto found = json::Path::parse(path).find(body);
  if (!found || found->is_null()) return warnings;
  if (!found->is_array()) return {visible(found->to_text())};
  for (const json::Member member : found->members()) warnings.push_back(visible(member.value.to_text()));
  return warnings;
}

bool says_partial(const json::Value& body, const std::string& path) {
  if (path.empty()) return false;
  const auto found = json::Path::parse(path).find(body);
  return found && !found->is_null() && found->boolean() != false && !found->reads_as("") && !found->reads_as("0");
}

std::string text_at(const json::Value& body, const std::string& path) {
  const auto found = json::Path::parse(path).find(body);
  return found && !found->is_null() && !found->is_object() && !found->is_array() ? found->to_text() : std::string();
}

}  // namespace

std::optional<json::Page> Walk::parse(const Fetched& fetched) {
  const auto& request = fetched.request;
  const auto& response = fetched.response;
  if (is_end(response)) return std::nullopt;
  if (const auto* action = action_for(stream_, response);
      action && action->action == config::ResponseAction::Do::fail && response.status < 300) {
    fail(ErrorKind::network, "{}: the answer is one that response_actions calls a failure", http::describe(request));
  }
  check_answer(request, response, source_);
  if (is_empty(response)) {
    if (stream_.allow_empty) return std::nullopt;
    fail(ErrorKind::network, "{}: {} with an empty body; if that means that there are no records, set allow_empty",
         http::describe(request), http::status_text(response.status));
  }
  try {
    json::Page page = json::parse_page(document_, response.body, extractor_.data_selector(), extractor_.records_in());
    check_success(request, response, page.root, source_, stream_);
    return page;
  } catch (const json::SyntaxError& e) {
    fail(ErrorKind::network, "{}: the answer is not usable JSON: {}", http::describe(request), e.what());
  }
}

std::pair<WalkedPage, bool> Walk::page(const PageState& state, const Fetched& fetched) {
  const auto parsed = parse(fetched);
  WalkedPage page{Extraction(mapping_), state, {}, {}, {}};
  partial_ = false;
  std::vector<json::Member> records;
  PageFacts facts;
  facts.response = &fetched.response;
  facts.url = fetched.response.effective_url.empty() ? fetched.request.url : fetched.response.effective_url;
  if (parsed) {
    page.notes = document_.notes();
    page.warnings = warnings_in(parsed->root, stream_.warnings_path);
    if (fetched.echoes_secret)
      page.warnings.emplace_back("the answer gives the source's own secret back; it is masked in what is stored");
    partial_ = says_partial(parsed->root, stream_.partial_path);
    records = extractor_.records_of(*parsed);
    facts.body = parsed->root;
    if (!records.empty()) facts.last_record = records.back().value;
    facts.rows = static_cast<std::int64_t>(records.size());
    if (stream_.incremental && !stream_.incremental->state_path.empty())
      state_ = text_at(parsed->root, stream_.incremental->state_path);
  }
  const bool ended = !parsed && is_end(fetched.response);
  const auto next = ended ? std::nullopt : next_position(stream_.paginator, state.position, facts);
  if (state.position == first_position(stream_.paginator)) steady_pages_ = 0;  // another list
  if (next) {
    page.next.position = *next;
    ask_next(page.next, facts);
  }
  if (parsed) page.extraction = extractor_.extract(*parsed, records);
  page.total = stated_total(stream_.paginator, facts);
  page.next.pages = state.pages + 1;
  page.next.records = state.records + page.extraction.records;
  if (page.extraction.newest)
    page.next.newest = std::max(*page.extraction.newest, state.newest.value_or(*page.extraction.newest));
  if (guard_) guard_->received(state.position, page.extraction.ids, page.extraction.records);
  return {std::move(page), next.has_value()};
}

std::pair<WalkedPage, bool> Walk::known_page(const PageState& state, const RememberedPage& known) {
  WalkedPage page{Extraction(mapping_), state, {}, {}, {}, true};
  partial_ = false;
  page.next.pages = state.pages + 1;
  page.next.records = state.records + known.records;
  if (known.newest) page.next.newest = std::max(*known.newest, state.newest.value_or(*known.newest));
  if (known.next) page.next.position = *known.next;
  return {std::move(page), known.next.has_value()};
}

WalkedPage Walk::first_page(const PageState& state, const Group& group) {
  if (!stream_.parent.stream.empty() && group.json.empty()) {
    fail(ErrorKind::usage, "it is asked for once for each record of '{}': test that one, then sync",
         stream_.parent.stream);
  }
  input_.groups = {group.json.empty() ? partition_groups(stream_).front() : group};
  extractor_.set_group(input_.groups.front().json);
  extractor_.set_now(clock_.now());
  return page(state, fetch(state)).first;
}

}  // namespace sitrep::sources
