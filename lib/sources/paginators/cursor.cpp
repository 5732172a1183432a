#include "base/text.hpp"
#include "json/path.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

// The end is a token that is null, absent, "" or false. An empty page with a token is not the end (AWS, Kubernetes).
std::optional<Position> next_cursor(const config::Paginator& p, const Position&, const PageFacts& facts) {
  std::optional<json::Value> token;
  if (facts.body) token = json::Path::parse(p.cursor_path).find(*facts.body);
  if (!token || token->is_null() || token->reads_as("") || token->boolean() == false) {
    if (says_more(p, facts) == true) {
      fail(ErrorKind::data,
           "the page says that there are more ({}) but has no cursor at '{}'; see paginator.cursor_path",
           p.has_more_path, p.cursor_path);
    }
    return std::nullopt;
  }
  if (token->is_object() || token->is_array() || token->boolean()) {
    fail(ErrorKind::data, "the page's '{}' is {}, not a cursor; see paginator.cursor_path", p.cursor_path,
         truncate_display(visible(token->to_json()), 60));
  }
  return Position{0, token->to_text()};
}

}  // namespace sitrep::sources
