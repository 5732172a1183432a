#include "base/text.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

// The end is a header that is absent or empty, as GitLab's X-Next-Page on the last page.
std::optional<Position> next_header_cursor(const config::Paginator& p, const Position&, const PageFacts& facts) {
  const auto header = facts.response ? facts.response->header(p.cursor_header) : std::nullopt;
  const auto cursor = header ? trim_view(*header) : std::string_view();
  if (!cursor.empty()) return Position{0, std::string(cursor)};
  if (says_more(p, facts) == true) {
    fail(ErrorKind::data, "the page says that there are more ({}) but has no header {}; see paginator.cursor_header",
         p.has_more_path, p.cursor_header);
  }
  return std::nullopt;
}

}  // namespace sitrep::sources
