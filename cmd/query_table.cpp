#include "query_table.hpp"

#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::cmd {
namespace {

cli::Table::Cell cell_of(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
  return std::monostate{};
}

}  // namespace

cli::Table table_of(const store::Query& query) {
  cli::Table table;
  std::set<std::string> names;  // as keys of JSON they are one each: of two "id" the second is "id_2"
  for (int i = 0; i < query.columns(); ++i) {
    const auto written = query.column_name(i);
    auto name = written;
    for (int n = 2; !names.insert(name).second; ++n) name = fmt::format("{}_{}", written, n);
    table.columns.push_back({.name = std::move(name)});
  }
  return table;
}

std::vector<cli::Table::Cell> row_of(const store::Query& query) {
  std::vector<cli::Table::Cell> row;
  for (int i = 0; i < query.columns(); ++i) row.push_back(cell_of(query.cell(i)));
  return row;
}

cli::Table collect_rows(store::Query& query) {
  constexpr std::size_t k_most_rows = 1'000'000;  // a table is laid out as a whole; about a gigabyte
  auto table = table_of(query);
  std::vector<bool> numbers(table.columns.size(), true);
  while (query.step()) {
    if (table.rows.size() == k_most_rows)
      fail(ErrorKind::user_code, "query: more than {} rows; add a LIMIT, or use --format ndjson or csv, which stream",
           group_thousands(k_most_rows));
    const auto& row = table.rows.emplace_back(row_of(query));
    for (std::size_t i = 0; i < row.size(); ++i)
      if (std::holds_alternative<std::string>(row[i])) numbers[i] = false;
  }
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i]) table.columns[i].align = cli::Table::Column::Align::right;
  return table;
}

}  // namespace sitrep::cmd
