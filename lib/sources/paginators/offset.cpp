#include "base/text.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

std::optional<Position> next_offset(const config::Paginator& p, const Position& position, const PageFacts& facts) {
  if (p.stop_after_short_page && facts.rows < p.limit) return std::nullopt;
  // By the rows received, never by the limit asked for: a server that clamps the limit would have rows skipped.
  std::int64_t advance = facts.rows;
  if (facts.rows == 0) {
    if (p.stop_after_empty_page) return std::nullopt;
    const auto total = stated_total(p, facts);
    if (says_more(p, facts) != true && (!total || position.number + p.limit >= *total)) return std::nullopt;
    if (p.limit == 0)
      fail(ErrorKind::data, "an empty page in the middle of the list; stepping over it needs paginator.limit");
    advance = p.limit;
  }
  const std::int64_t next = position.number + advance;
  if (p.maximum_offset && next + p.limit > *p.maximum_offset) {
    fail(ErrorKind::data,
         "the API serves rows up to {} only (paginator.maximum_offset) and there are more; narrow the stream with "
         "params "
         "or with incremental.window",
         group_thousands(*p.maximum_offset));
  }
  return Position{next, ""};
}

}  // namespace sitrep::sources
