#include "cli/table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>

// --fields: the columns that are asked for, of a table or of JSON.
namespace sitrep::cli {
namespace {

[[noreturn]] void refuse(std::string_view field, std::span<const std::string_view> known) {
  const auto guess = did_you_mean(field, known);
  fail(ErrorKind::usage, "--fields: there is no '{}' here{}", visible(field),
       guess.empty() ? fmt::format("; there are {}", fmt::join(known, ", ")) : guess);
}

/// The members of all rows, in the order in which they come.
std::vector<std::string_view> columns_of(const json::Value& rows) {
  std::vector<std::string_view> names;
  for (const json::Member row : rows.members()) {
    for (const json::Member member : row.value.members())
      if (std::ranges::find(names, member.key) == names.end()) names.push_back(member.key);
  }
  return names;
}

void write(json::Writer& writer, std::string_view key, const std::optional<json::Value>& value) {
  writer.key(key).raw(value ? value->to_json() : "null");
}

}  // namespace

std::vector<std::size_t> selected_columns(std::span<const Table::Column> columns, std::span<const std::string> fields) {
  std::vector<std::string_view> names;
  for (const auto& column : columns) names.push_back(column.name);
  std::vector<std::size_t> indexes;
  for (const auto& field : fields) {
    const auto found = std::ranges::find(names, field);
    if (found == names.end()) refuse(field, names);
    indexes.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return indexes;
}

Table select(const Table& table, std::span<const std::string> fields) {
  const auto indexes = selected_columns(table.columns, fields);
  Table selected;
  selected.layout = table.layout;
  for (const auto i : indexes) {
    selected.columns.push_back(table.columns[i]);
    selected.columns.back().shown = Table::Shown::always;
  }
  for (const auto& row : table.rows) {
    auto& cells = selected.rows.emplace_back();
    for (const auto i : indexes) cells.push_back(row[i]);
  }
  return selected;
}

std::string select_json(std::string_view members, std::span<const std::string> fields) {
  json::Document document;
  const auto all = document.parse(fmt::format("{{{}}}", members));
  const auto rows = all.get("rows");
  auto known = rows ? columns_of(*rows) : std::vector<std::string_view>{};
  std::vector<std::string_view> columns, beside;
  for (const std::string_view field : fields) {
    if (std::ranges::find(known, field) != known.end())
      columns.push_back(field);
    else if (field != "rows" && all.get(field))
      beside.push_back(field);
    else if (!rows || rows->size() > 0) {  // of no rows the columns are not known
      for (const json::Member member : all.members())
        if (member.key != "rows") known.push_back(member.key);
      refuse(field, known);
    }
  }
  json::Writer writer;
  writer.begin_object().key("rows").begin_array();
  if (rows) {
    for (const json::Member row : rows->members()) {
      writer.begin_object();
      for (const auto column : columns) write(writer, column, row.value.get(column));
      writer.end_object();
    }
  }
  writer.end_array();
  for (const auto name : beside) write(writer, name, all.get(name));
  const auto text = writer.end_object().take();
  return text.substr(1, text.size() - 2);
}

}  // namespace sitrep::cli
