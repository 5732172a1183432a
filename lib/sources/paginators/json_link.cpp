#include "base/text.hpp"
#include "json/path.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

std::optional<Position> next_json_link(const config::Paginator& p, const Position&, const PageFacts& facts) {
  std::optional<json::Value> link;
  if (facts.body) link = json::Path::parse(p.next_url_path).find(*facts.body);
  // JSON:API lets a link be an object that holds the URL as `href`.
  if (link && link->is_object() && link->get("href")) link = link->get("href");
  if (!link || link->is_null() || link->reads_as("") || link->boolean() == false) {
    if (says_more(p, facts) == true) {
      fail(ErrorKind::data,
           "the page says that there are more ({}) but has no URL at '{}'; see paginator.next_url_path",
           p.has_more_path, p.next_url_path);
    }
    return std::nullopt;
  }
  if (!link->is_string()) {
    fail(
        ErrorKind::data,
        "the page's '{}' is {}, not a URL; see paginator.next_url_path (a page number or token there is paginator.type "
        "= \"cursor\")",
        p.next_url_path, truncate_display(visible(link->to_json()), 60));
  }
  return linked_position(p, facts, *link->string(), "paginator.next_url_path");
}

}  // namespace sitrep::sources
