#include "json/path.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

std::optional<Position> next_last_record(const config::Paginator& p, const Position&, const PageFacts& facts) {
  if (!facts.last_record) {
    if (says_more(p, facts) == true) {
      fail(ErrorKind::data, "the page is empty but says that there are more ({}); there is no record to go on from",
           p.has_more_path);
    }
    return std::nullopt;
  }
  if (p.stop_after_short_page && facts.rows < p.limit) return std::nullopt;
  const auto field = json::Path::parse(p.cursor_record_path).find(*facts.last_record);
  if (!field || field->is_null() || field->is_object() || field->is_array() || field->reads_as("")) {
    fail(ErrorKind::data, "the page's last record has no '{}' to go on from; see paginator.cursor_record_path",
         p.cursor_record_path);
  }
  return Position{0, field->to_text()};
}

}  // namespace sitrep::sources
