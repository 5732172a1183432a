#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"

namespace sitrep::cli {

/// Prints rows as they come, as Context::print() prints a table of them: json, ndjson and csv go out one by one, in the
/// memory of one; the other formats need them all to lay them out.
class RowPrinter {
 public:
  /// `columns` is a table without rows. Error{usage}: --fields names what is no column of it.
  RowPrinter(Context& ctx, Table columns, std::string_view schema);
  void add(const std::vector<Table::Cell>& row);
  bool empty() const { return empty_; }
  void finish();

 private:
  void write();
  Context& ctx_;
  Table table_;  // rows only when they are laid out
  std::string schema_;
  std::optional<RowWriter> writer_;
  std::vector<std::size_t> shown_;  // --fields
  std::vector<Table::Cell> cells_;
  std::string text_;
  bool empty_ = true;
};

}  // namespace sitrep::cli
