#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.hpp"

namespace sitrep::model {

/// One stored value: NULL, INTEGER, REAL or TEXT. Text is borrowed.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string_view>;

inline bool is_null(const Cell& cell) { return cell.index() == 0; }

/// What tells rows apart and the states of one row: the hash of its id and of what it says (store/content_hash.hpp).
struct RowHashes {
  Hash128 id, content;
};

/// Rows of one entity on their way from a page into the store: cells in column order, text owned by the batch. Built by
/// one thread, moved to another. Views given out live as long as the batch.
class RowBatch {
 public:
  explicit RowBatch(std::size_t columns) : columns_(columns) {}

  /// Starts a row whose cells are all NULL. `id` is copied.
  void begin_row(std::string_view id);
  void set(std::size_t column, const Cell& cell);  // text is copied
  void set_url(std::string_view url);
  void set_extra(std::string_view json);  // an object's JSON; empty: none
  /// The order among rows of one id: seconds of the cursor column when there is one. The newest wins, then the later
  /// row.
  void set_rank(std::int64_t rank);
  /// Drops the row just begun.
  void drop_row();

  struct Row {
    std::string_view id;
    std::string_view url;
    std::string_view extra;
    std::int64_t rank = 0;
    std::span<const Cell> cells;
    const RowHashes* hashes = nullptr;  ///< null: not known yet
  };
  std::size_t size() const { return rows_.size(); }
  Row row(std::size_t index) const;
  std::size_t columns() const { return columns_; }
  /// By row; rows that are added later have none.
  void set_hashes(std::vector<RowHashes> hashes) { hashes_ = std::move(hashes); }

 private:
  struct Head {
    std::string_view id, url, extra;
    std::int64_t rank = 0;
  };
  std::string_view keep(std::string_view text);

  std::size_t columns_;
  std::vector<Head> rows_;
  std::vector<Cell> cells_;
  std::vector<RowHashes> hashes_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_left_ = 0;
  char* block_at_ = nullptr;
};

}  // namespace sitrep::model
