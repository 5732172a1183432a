#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

#include "base/hash.hpp"
#include "config/source.hpp"
#include "sources/paginator.hpp"

namespace sitrep::sources {

/// Ends walks that would never end: the same position twice, a page with the ids of an earlier one, more than
/// max_pages. One for each walk.
class LoopGuard {
 public:
  /// Borrows paginator. `pages` were walked before a resume.
  LoopGuard(const config::Paginator& paginator, std::int64_t pages) : paginator_(paginator), pages_(pages) {}

  /// To be told of each page: its position, the hash of its records' ids in order, its number of records.
  /// Error{data} names the pages and the knob that the API ignores.
  void received(const Position& position, const Hash128& ids, std::int64_t rows);
  /// To be told of each position before it is asked for. Error{data} when it was asked for before, or beyond max_pages.
  void going_to(const Position& position);

  /// Whether going_to would let it pass once the page in hand is received.
  bool allows(const Position& position) const;

  std::int64_t pages() const { return pages_; }

 private:
  std::string knob() const;
  std::string describe(const Position& position) const;

  const config::Paginator& paginator_;
  std::int64_t pages_;
  std::set<std::pair<std::int64_t, std::string>> positions_;
  std::unordered_map<std::uint64_t, std::int64_t> contents_;  // hash of ids → page
  bool repeated_ = false;
};

}  // namespace sitrep::sources
