#include "cli/table.hpp"

#include "base/numbers.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

using As = Table::Column::As;

void write_cell(json::Writer& writer, const Table::Cell& cell, As as) {
  if (std::holds_alternative<std::monostate>(cell)) {
    writer.null();
  } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (as == As::time)
      writer.value(format_utc(unix_time(*number)));
    else
      writer.value(*number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    writer.value(*real);
  } else if (const auto* flag = std::get_if<bool>(&cell)) {
    writer.value(*flag);
  } else if (as == As::json) {
    writer.raw(std::get<std::string>(cell));
  } else {
    writer.value(std::get<std::string>(cell));
  }
}

std::string row_json(const Table& table, const std::vector<Table::Cell>& row) {
  json::Writer writer;
  writer.begin_object();
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    writer.key(table.columns[c].name);
    write_cell(writer, row[c], table.columns[c].as);
  }
  writer.end_object();
  return writer.take();
}

bool runs_as_formula(std::string_view text) {
  constexpr std::string_view k_starts = "=+-@\t\r";
  return !text.empty() && k_starts.find(text.front()) != std::string_view::npos && !parse_real(text);
}

void append_csv_text(std::string& out, std::string_view text) {
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

std::string to_json(const Table& table, std::string_view schema, UnixTime as_of) {
  std::string text = "{\"schema\":" + json::quoted(fmt::format("sitrep.{}/1", schema)) +
                     ",\"as_of\":" + json::quoted(format_utc(as_of)) + ",\"rows\":[";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    text += r > 0 ? ",\n" : "\n";
    text += row_json(table, table.rows[r]);
  }
  text += table.rows.empty() ? "]}\n" : "\n]}\n";
  return text;
}

std::string to_json_rows(const Table& table) {
  std::string text = "[";
  for (const auto& row : table.rows) text += (text.size() > 1 ? "," : "") + row_json(table, row);
  return text + "]";
}

std::string to_ndjson(const Table& table) {
  std::string text;
  for (const auto& row : table.rows) text += row_json(table, row) + "\n";
  return text;
}

std::string to_csv(const Table& table) {
  std::string text;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) text += ',';
    append_csv_text(text, table.columns[c].name);
  }
  text += '\n';
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) text += ',';
      append_csv_cell(text, row[c], table.columns[c].as);
    }
    text += '\n';
  }
  return text;
}

}  // namespace sitrep::cli
