#include "model/rows.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sitrep::model {

std::string_view RowBatch::keep(std::string_view text) {
  constexpr std::size_t k_block = std::size_t{1} << 16;  // a few hundred usual rows; a longer text gets its own block
  if (text.empty()) return {"", 0};
  if (text.size() > block_left_) {
    const auto size = std::max(k_block, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    block_at_ = blocks_.back().get();
    block_left_ = size;
  }
  std::memcpy(block_at_, text.data(), text.size());
  const std::string_view kept(block_at_, text.size());
  block_at_ += text.size();
  block_left_ -= text.size();
  return kept;
}

void RowBatch::begin_row(std::string_view id) {
  constexpr std::size_t k_first_rows = 64;  // a page has many: less is moved while they become more
  rows_.push_back({keep(id), {}, {}, 0});
  if (cells_.size() + columns_ > cells_.capacity())
    cells_.reserve(std::max(2 * cells_.capacity(), k_first_rows * columns_));
  cells_.resize(cells_.size() + columns_);
}

void RowBatch::set(std::size_t column, const Cell& cell) {
  assert(!rows_.empty() && column < columns_);
  Cell& target = cells_[cells_.size() - columns_ + column];
  if (const auto* text = std::get_if<std::string_view>(&cell))
    target = keep(*text);
  else
    target = cell;
}

void RowBatch::set_url(std::string_view url) { rows_.back().url = keep(url); }
void RowBatch::set_extra(std::string_view json) { rows_.back().extra = keep(json); }
void RowBatch::set_rank(std::int64_t rank) { rows_.back().rank = rank; }

void RowBatch::drop_row() {
  rows_.pop_back();
  cells_.resize(cells_.size() - columns_);
}

RowBatch::Row RowBatch::row(std::size_t index) const {
  const Head& head = rows_[index];
  return {head.id,
          head.url,
          head.extra,
          head.rank,
          {cells_.data() + index * columns_, columns_},
          index < hashes_.size() ? &hashes_[index] : nullptr};
}

}  // namespace sitrep::model
