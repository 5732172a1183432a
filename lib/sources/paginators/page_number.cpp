#include "sources/paginator.hpp"

namespace sitrep::sources {

std::optional<Position> next_page_number(const config::Paginator& p, const Position& position, const PageFacts& facts) {
  // A short page is not the end by itself: a server that clamps the limit serves nothing but short pages.
  if (p.stop_after_short_page && facts.rows < p.limit) return std::nullopt;
  if (facts.rows == 0) {
    if (p.stop_after_empty_page) return std::nullopt;
    const auto total = stated_total(p, facts);
    const bool past_total = total && (position.number - p.base_page + 1) * p.limit >= *total;
    if (says_more(p, facts) != true && (!total || past_total)) return std::nullopt;
  }
  return Position{position.number + 1, ""};
}

}  // namespace sitrep::sources
