#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/hash.hpp"

namespace sitrep::store {

/// What a run remembers of one row: 56 bytes and 6 to 12 of the index, about 65 MB for a million rows.
struct KnownRow {
  static constexpr std::int64_t k_no_rank = std::numeric_limits<std::int64_t>::min();
  Hash128 id;
  Hash128 content;
  std::int64_t rank = k_no_rank;
  std::int64_t key = 0;  // of E_current; 0: removed
  bool own = false;      // belongs to this stream
  bool fresh = false;    // its version began at this run's observed_at (or later): changed in place
  bool seen = false;     // by this logical run
  bool counted = false;  // by this process: a further sight is a duplicate
};
static_assert(sizeof(KnownRow) == 56);

/// Rows by the hash of their id: open addressing over a dense list, which keeps the order of insertion.
class KnownRows {
 public:
  KnownRow* find(const Hash128& id);
  /// `row.id` must not be there yet. The reference is valid until the next insert.
  KnownRow& insert(const KnownRow& row);
  /// Room for so many, and for four million at most: who asks may guess.
  void reserve(std::size_t rows);
  /// This id will be looked for soon: a map of a million rows is larger than the processor's caches.
  void expect(const Hash128& id) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[id.low & (slots_.size() - 1)]);
  }
  std::size_t size() const { return rows_.size(); }
  auto begin() { return rows_.begin(); }
  auto end() { return rows_.end(); }

 private:
  void grow(std::size_t slots);
  std::vector<KnownRow> rows_;
  std::vector<std::uint32_t> slots_;  // 1 + index into rows_; 0: empty. A power of two, at most two thirds full
};

}  // namespace sitrep::store
