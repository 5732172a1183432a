#include <algorithm>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "json/path.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

using Type = config::Paginator::Type;

bool is_numbered(const config::Paginator& paginator) {
  return paginator.type == Type::page_number || paginator.type == Type::offset;
}

Position first_position(const config::Paginator& p) { return {p.type == Type::page_number ? p.base_page : 0, ""}; }

PageRequest page_request(const config::Paginator& p, const Position& position) {
  PageRequest request;
  const bool first = position == first_position(p);
  const bool linked = p.type == Type::json_link || p.type == Type::header_link;
  if (linked && !first && p.link_param.empty()) {
    request.url = position.text;
    return request;
  }
  request.drop_stream_params = !first && p.resend_params == config::Paginator::Resend::first_only;
  if (!p.limit_param.empty() && p.limit > 0 && !request.drop_stream_params) {
    request.params.emplace_back(p.limit_param, std::to_string(p.limit));
  }
  if (p.type == Type::page_number) request.params.emplace_back(p.page_param, std::to_string(position.number));
  if (p.type == Type::offset) request.params.emplace_back(p.offset_param, std::to_string(position.number));
  if (position.text.empty()) return request;
  if (linked)
    request.params.emplace_back(p.link_param, position.text);
  else if (!p.cursor_body_path.empty())
    request.body.emplace_back(p.cursor_body_path, position.text);
  else
    request.params.emplace_back(p.cursor_param, position.text);
  return request;
}

std::optional<bool> says_more(const config::Paginator& p, const PageFacts& facts) {
  if (p.has_more_path.empty() || !facts.body) return std::nullopt;
  const auto found = json::Path::parse(p.has_more_path).find(*facts.body);
  if (!found || found->is_null()) return std::nullopt;
  if (found->reads_as("true") || found->reads_as("1")) return p.has_more_when;
  if (found->reads_as("false") || found->reads_as("0")) return !p.has_more_when;
  fail(ErrorKind::data, "the page's '{}' is {}, not true or false; see paginator.has_more_path", p.has_more_path,
       truncate_display(visible(found->to_json()), 60));
}

std::optional<std::int64_t> stated_total(const config::Paginator& p, const PageFacts& facts) {
  std::optional<std::int64_t> total;
  if (!p.total_path.empty() && facts.body) {
    if (const auto found = json::Path::parse(p.total_path).find(*facts.body)) total = parse_integer(found->to_text());
  }
  if (!total && !p.total_header.empty() && facts.response) {
    if (const auto header = facts.response->header(p.total_header)) total = parse_integer(trim_view(*header));
  }
  if (total && *total < 0) return std::nullopt;
  return total;
}

Position linked_position(const config::Paginator& p, const PageFacts& facts, std::string_view reference,
                         std::string_view knob) {
  const http::Url base = http::parse_url(facts.url, ErrorKind::data);
  http::Url next;
  try {
    next = http::resolve(base, reference, ErrorKind::data);
  } catch (const Error& e) {
    fail(ErrorKind::data, "the next page's URL ({}) is refused: {}", knob, e.what());
  }
  if (!p.link_param.empty()) {
    const auto value = http::query_value(next.text(), p.link_param);
    if (value && !value->empty()) return {0, *value};
    fail(ErrorKind::data, "the next page's URL ({}) has no parameter '{}' (paginator.link_param)", knob, p.link_param);
  }
  if (p.same_origin && next.origin() != base.origin()) {
    fail(ErrorKind::data, "the next page's URL ({}) leads from {} to {}, and pages are followed within one origin only",
         knob, base.origin(), visible(next.origin()));
  }
  return {0, next.text()};
}

std::optional<Position> next_position(const config::Paginator& p, const Position& position, const PageFacts& facts) {
  if (p.type == Type::single_page) return std::nullopt;
  if (facts.response && std::ranges::find(p.end_statuses, facts.response->status) != p.end_statuses.end()) {
    return std::nullopt;
  }
  // A token or link may still be there when the flag says that this was the last page (Zendesk): the flag decides.
  if (says_more(p, facts) == false) return std::nullopt;
  switch (p.type) {
    case Type::single_page:
      return std::nullopt;
    case Type::page_number:
      return next_page_number(p, position, facts);
    case Type::offset:
      return next_offset(p, position, facts);
    case Type::cursor:
      return next_cursor(p, position, facts);
    case Type::last_record:
      return next_last_record(p, position, facts);
    case Type::json_link:
      return next_json_link(p, position, facts);
    case Type::header_link:
      return next_header_link(p, position, facts);
    case Type::header_cursor:
      return next_header_cursor(p, position, facts);
  }
  return std::nullopt;
}

}  // namespace sitrep::sources
