#include "cli/table.hpp"

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sitrep::cli {
namespace {

using As = Table::Column::As;

void append_json_cell(std::string& out, const Table::Cell& cell, As as) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    if (as == As::json)
      out += *text;
    else
      json::append_quoted(out, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (as == As::time)
      json::append_quoted(out, format_utc(unix_time(*number)));
    else
      out += fmt::format_int(*number).c_str();
  } else if (const auto* real = std::get_if<double>(&cell)) {
    out += std::isfinite(*real) ? format_real(*real) : "null";
  } else if (const auto* flag = std::get_if<bool>(&cell)) {
    out += *flag ? "true" : "false";
  } else {
    out += "null";
  }
}

/// What stands before each cell of a row's object.
std::vector<std::string> json_keys(std::span<const Table::Column> columns) {
  std::vector<std::string> keys;
  for (const auto& column : columns) keys.push_back((keys.empty() ? "{" : ",") + json::quoted(column.name) + ":");
  return keys;
}

void append_json_row(std::string& out, std::span<const Table::Column> columns, std::span<const std::string> keys,
                     std::span<const Table::Cell> row) {
  if (columns.empty()) out += '{';
  for (std::size_t c = 0; c < columns.size(); ++c) {
    out += keys[c];
    append_json_cell(out, row[c], columns[c].as);
  }
  out += '}';
}

bool runs_as_formula(std::string_view text) {
  constexpr std::string_view k_starts = "=+-@\t\r";
  return !text.empty() && k_starts.find(text.front()) != std::string_view::npos && !parse_real(text);
}

void append_csv_text(std::string& out, std::string_view text) {
  if (!is_valid_utf8(text)) return append_csv_text(out, repair_utf8(text));
  const bool formula = runs_as_formula(text);
  const bool quote = formula || text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos ||
                     text.front() == ' ' || text.back() == ' ';
  if (!quote) {
    out += text;
    return;
  }
  out += formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_csv_cell(std::string& out, const Table::Cell& cell, As as) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    append_csv_text(out, *text);
  } else if (!std::holds_alternative<std::monostate>(cell)) {
    if (const auto* number = std::get_if<std::int64_t>(&cell); number && as == As::time) {
      out += format_utc(unix_time(*number));
    } else if (number) {
      out += fmt::format("{}", *number);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      out += format_real(*real);
    } else {
      out += std::get<bool>(cell) ? "true" : "false";
    }
  }
}

}  // namespace

RowWriter::RowWriter(std::vector<Table::Column> columns, Format format, std::string_view schema, UnixTime as_of)
    : columns_(std::move(columns)), format_(format) {
  if (format_ != Format::csv) keys_ = json_keys(columns_);
  if (format_ == Format::json)
    head_ = "{\"schema\":" + json::quoted(fmt::format("sitrep.{}/1", schema)) +
            ",\"as_of\":" + json::quoted(format_utc(as_of)) + ",\"rows\":[";
}

void RowWriter::append_head(std::string& text) const {
  text += head_;
  if (format_ != Format::csv) return;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (c > 0) text += ',';
    append_csv_text(text, columns_[c].name);
  }
  text += '\n';
}

void RowWriter::append_row(std::string& text, std::span<const Table::Cell> row) {
  if (format_ == Format::json) text += empty_ ? "\n" : ",\n";
  empty_ = false;
  if (format_ != Format::csv) {
    append_json_row(text, columns_, keys_, row);
  } else {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) text += ',';
      append_csv_cell(text, row[c], columns_[c].as);
    }
  }
  if (format_ != Format::json) text += '\n';
}

void RowWriter::append_tail(std::string& text) const {
  if (format_ == Format::json) text += empty_ ? "]}\n" : "\n]}\n";
}

namespace {

std::string all_of(RowWriter writer, const Table& table) {
  std::string text;
  writer.append_head(text);
  for (const auto& row : table.rows) writer.append_row(text, row);
  writer.append_tail(text);
  return text;
}

}  // namespace

std::string to_json(const Table& table, std::string_view schema, UnixTime as_of) {
  return all_of({table.columns, RowWriter::Format::json, schema, as_of}, table);
}

std::string to_ndjson(const Table& table) { return all_of({table.columns, RowWriter::Format::ndjson}, table); }

std::string to_csv(const Table& table) { return all_of({table.columns, RowWriter::Format::csv}, table); }

std::string to_json_rows(const Table& table) {
  const auto keys = json_keys(table.columns);
  std::string text = "[";
  for (const auto& row : table.rows) {
    if (text.size() > 1) text += ',';
    append_json_row(text, table.columns, keys, row);
  }
  return text + "]";
}

}  // namespace sitrep::cli
