#include <algorithm>

#include "sources/walk.hpp"

// Which pages of a walk are asked for before their turn.
namespace sitrep::sources {

/// Pages of a numbered list whose end is known; the size of pages is what came, not what was asked for.
void Walk::ask_ahead(const PageState& next, const WalkedPage& page, Pass& pass) {
  const auto rows = page.extraction.records;
  if (!ahead_ || !page.total || rows <= 0 || !is_numbered(stream_.paginator)) return;
  const auto& p = stream_.paginator;
  const bool offset = p.type == config::Paginator::Type::offset;
  pass.page_rows = std::max(pass.page_rows, rows);
  PageState wanted = next;
  while (ahead_->has_room()) {
    const auto skipped = offset ? wanted.position.number : (wanted.position.number - p.base_page) * pass.page_rows;
    if (skipped >= *page.total || (p.maximum_offset && offset && skipped + p.limit > *p.maximum_offset)) break;
    ahead_->ask(wanted);
    pass.prefetched = true;
    wanted.position.number += offset ? pass.page_rows : 1;
  }
}

/// First pages of the next groups: they are known.
void Walk::ask_groups_ahead(const PageState& state) {
  if (!ahead_ || input_.groups.size() < 2) return;
  PageState wanted = state;
  wanted.position = first_position(stream_.paginator);
  wanted.slice = first_slice(state.plan).value_or(state.slice);
  for (std::size_t group = state.group + 1; group < input_.groups.size() && ahead_->has_room(); ++group) {
    wanted.group = group;
    ahead_->ask(wanted);
  }
}

/// As long as no page has changed, the rest of the list is where the last run saw it.
void Walk::ask_remembered(const PageState& next) {
  if (!ahead_) return;
  PageState wanted = next;
  // Counted: a page that is asked for already takes no room, and what is remembered might lead round in a circle.
  for (std::size_t left = input_.max_in_flight; left > 0 && ahead_->has_room(); --left) {
    const auto* known = memory_->find(wanted, input_.groups[wanted.group]);
    if (!known) break;
    ahead_->ask(wanted);
    if (!known->next) break;
    wanted.position = *known->next;
  }
}

/// The next page may come while the rows of this one are made: once the list has shown that it moves on, and where
/// these rows cannot end the walk.
void Walk::ask_next(const PageState& next, const PageFacts& facts) {
  constexpr std::int64_t k_shown = 2;  // pages
  const auto& incremental = stream_.incremental;
  const bool may_end = incremental && incremental->order == config::Incremental::Order::desc;
  if (!ahead_ || !guard_ || next.pages < k_shown || may_end) return;
  const bool offset = stream_.paginator.type == config::Paginator::Type::offset;
  PageState wanted = next;
  for (auto left = 1 + pages_beyond(facts); left > 0 && ahead_->has_room() && guard_->allows(wanted.position); --left) {
    ahead_->ask(wanted);
    wanted.position.number += offset ? facts.rows : 1;
  }
}

/// How many pages more than it knows of a numbered list is worth asking for: one when it has had some of one size, as
/// many as may be on their way when it has had many. Those that the list turns out not to have are forgotten.
std::size_t Walk::pages_beyond(const PageFacts& facts) {
  constexpr std::int64_t k_some = 8, k_many = 32;
  if (facts.rows != steady_rows_) steady_pages_ = 0;
  steady_rows_ = facts.rows;
  ++steady_pages_;
  if (steady_pages_ < k_some || !is_numbered(stream_.paginator) || stated_total(stream_.paginator, facts)) return 0;
  return steady_pages_ < k_many ? 1 : input_.max_in_flight;
}

}  // namespace sitrep::sources
