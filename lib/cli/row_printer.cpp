#include "cli/row_printer.hpp"

#include <ostream>

namespace sitrep::cli {
namespace {

std::optional<RowWriter::Format> streamed(std::string_view format) {
  if (format == "json") return RowWriter::Format::json;
  if (format == "ndjson") return RowWriter::Format::ndjson;
  if (format == "csv") return RowWriter::Format::csv;
  return std::nullopt;
}

}  // namespace

RowPrinter::RowPrinter(Context& ctx, Table columns, std::string_view schema)
    : ctx_(ctx), table_(std::move(columns)), schema_(schema) {
  const auto fields = ctx_.fields();
  shown_ = selected_columns(table_.columns, fields);
  const auto format = streamed(ctx_.format());
  if (!format) return;
  writer_.emplace(fields.empty() ? table_.columns : select(table_, fields).columns, *format, schema_,
                  ctx_.as_of().value_or(ctx_.now()));
  writer_->append_head(text_);
}

void RowPrinter::add(const std::vector<Table::Cell>& row) {
  empty_ = false;
  if (!writer_) {
    table_.rows.push_back(row);
    return;
  }
  if (shown_.empty()) {
    writer_->append_row(text_, row);
  } else {
    cells_.clear();
    for (const auto i : shown_) cells_.push_back(row[i]);
    writer_->append_row(text_, cells_);
  }
  write();
}

void RowPrinter::finish() {
  if (!writer_) {
    ctx_.print(table_, schema_);
    return;
  }
  writer_->append_tail(text_);
  write();
}

void RowPrinter::write() {
  ctx_.out() << text_;
  text_.clear();
}

}  // namespace sitrep::cli
