#include "sources/walk.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "sources/answer.hpp"

namespace sitrep::sources {
namespace {

bool forgot_the_cursor(int status) { return status == 400 || status == 404 || status == 410; }

std::vector<std::string> warnings_in(const json::Value& body, const std::string& path) {
  std::vector<std::string> warnings;
  if (path.empty()) return warnings;
  const auto found = json::Path::parse(path).find(body);
  if (!found || found->is_null()) return warnings;
  if (!found->is_array()) return {visible(found->to_text())};
  for (const json::Member member : found->members()) warnings.push_back(visible(member.value.to_text()));
  return warnings;
}

}  // namespace

Walk::Walk(const config::Source& source, const config::Stream& stream, const Mapping& mapping,
           const Credentials& credentials, http::Client& client)
    : source_(source),
      stream_(stream),
      mapping_(mapping),
      credentials_(credentials),
      client_(client),
      extractor_(stream, mapping) {}

bool Walk::is_end_status(int status) const {
  return std::ranges::find(stream_.paginator.end_statuses, status) != stream_.paginator.end_statuses.end();
}

Walk::Fetched Walk::fetch(const PageState& state) {
  Fetched fetched;
  fetched.request =
      make_request(source_, stream_, credentials_, page_request(stream_.paginator, state.position), state.slice);
  fetched.response = client_.send(fetched.request);
  return fetched;
}

std::optional<json::Page> Walk::parse(const Fetched& fetched) {
  const auto& [request, response] = fetched;
  if (is_end_status(response.status)) return std::nullopt;
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
  PageFacts facts;
  facts.response = &fetched.response;
  facts.url = fetched.response.effective_url.empty() ? fetched.request.url : fetched.response.effective_url;
  if (parsed) {
    page.notes = document_.notes();
    page.warnings = warnings_in(parsed->root, stream_.warnings_path);
    page.extraction = extractor_.extract(*parsed);
    facts.body = parsed->root;
    facts.last_record = page.extraction.last_record;
    facts.rows = page.extraction.records;
  }
  page.total = stated_total(stream_.paginator, facts);
  page.next.pages = state.pages + 1;
  if (page.extraction.newest)
    page.next.newest = std::max(*page.extraction.newest, state.newest.value_or(*page.extraction.newest));
  if (guard_) guard_->received(state.position, page.extraction.ids, page.extraction.records);
  const auto next = next_position(stream_.paginator, state.position, facts);
  if (next) page.next.position = *next;
  page.extraction.last_record.reset();  // belongs to the document, which the next page overwrites
  return {std::move(page), next.has_value()};
}

WalkedPage Walk::first_page(const PageState& state) { return page(state, fetch(state)).first; }

PageState Walk::run(PageState state, bool resumed, const Sink& sink) {
  const auto named = [&](const Error& e) {
    const ErrorKind kind = e.kind() == ErrorKind::data ? ErrorKind::network : e.kind();
    return Error(kind, fmt::format("page {}: {}", state.pages + 1, e.what()));
  };
  guard_.emplace(stream_.paginator, state.pages);
  bool more = true, may_restart = true;
  while (more) {
    try {
      guard_->going_to(state.position);
      const Fetched fetched = fetch(state);
      const int status = fetched.response.status;
      const bool expired = may_restart && !is_end_status(status) &&
                           state.position != first_position(stream_.paginator) &&
                           (status == 410 || (resumed && forgot_the_cursor(status)));
      if (expired) {
        // The cursor has expired (Kubernetes after five minutes, Jira after a week): once more from the start.
        may_restart = false;
        state.position = first_position(stream_.paginator);
        state.slice = first_slice(state.plan).value_or(state.slice);
        state.pages = 0;
        guard_.emplace(stream_.paginator, 0);
        continue;
      }
      resumed = false;
      auto [read, next_in_slice] = page(state, fetched);
      more = next_in_slice;
      if (!more) {
        if (const auto slice = next_slice(state.plan, state.slice)) {
          read.next.slice = *slice;
          read.next.position = first_position(stream_.paginator);
          guard_.emplace(stream_.paginator, read.next.pages);
          more = true;
        }
      }
      state = read.next;
      if (!sink(std::move(read))) return state;
    } catch (const Error& e) {
      throw named(e);
    }
  }
  return state;
}

}  // namespace sitrep::sources
