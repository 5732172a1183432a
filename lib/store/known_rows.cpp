#include "store/known_rows.hpp"

#include <algorithm>
#include <bit>

namespace sitrep::store {

KnownRow* KnownRows::find(const Hash128& id) {
  if (slots_.empty()) return nullptr;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = id.low & mask; slots_[at] != 0; at = (at + 1) & mask) {
    auto& row = rows_[slots_[at] - 1];
    if (row.id == id) return &row;
  }
  return nullptr;
}

KnownRow& KnownRows::insert(const KnownRow& row) {
  if ((rows_.size() + 1) * 3 > slots_.size() * 2) grow(slots_.empty() ? 1024 : slots_.size() * 2);
  rows_.push_back(row);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = row.id.low & mask;
  while (slots_[at] != 0) at = (at + 1) & mask;
  slots_[at] = static_cast<std::uint32_t>(rows_.size());
  return rows_.back();
}

void KnownRows::reserve(std::size_t rows) {
  constexpr std::size_t k_most = std::size_t{1} << 22;
  rows = std::min(rows, k_most);
  rows_.reserve(rows);
  const auto slots = std::bit_ceil(rows * 3 / 2 + 1);
  if (slots > slots_.size()) grow(slots);
}

void KnownRows::grow(std::size_t slots) {
  slots_.assign(slots, 0);
  const std::size_t mask = slots - 1;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    std::size_t at = rows_[i].id.low & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace sitrep::store
