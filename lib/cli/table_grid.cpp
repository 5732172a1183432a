#include "cli/table_grid.hpp"

#include "base/numbers.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sitrep::cli {
namespace {

using Column = Table::Column;

std::string local_time(UnixTime t, const Zone& zone) {
  const auto local = zone.to_local(t);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local - day);
  return fmt::format("{} {:02}:{:02} {}", format_date(Date{day.time_since_epoch()}), minutes.count() / 60,
                     minutes.count() % 60, zone.abbreviation(t));
}

std::string number_text(double value, Column::As as, const Zone& zone) {
  switch (as) {
    case Column::As::percent:
      return format_fixed(value * 100, 1) + " %";
    case Column::As::duration:
      if (const auto duration = duration_of(value)) return format_duration(*duration);
      break;
    case Column::As::time:
      if (const auto at = time_of(value)) return local_time(*at, zone);
      break;
    case Column::As::plain:
    case Column::As::date:
    case Column::As::json:
      break;
  }
  return format_real(value);
}

}  // namespace

Grid make_grid(const Table& table, const Zone& zone) {
  Grid grid;
  std::vector<std::size_t> shown;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto& column = table.columns[c];
    if (column.shown != Table::Shown::always) continue;
    shown.push_back(c);
    grid.columns.push_back(&column);
    grid.headers.push_back(visible(column.header.empty() ? column.name : column.header));
  }
  for (const auto& row : table.rows) {
    auto& texts = grid.rows.emplace_back();
    for (const auto c : shown) texts.push_back(visible(cell_text(row[c], table.columns[c].as, zone)));
  }
  return grid;
}

std::string cell_text(const Table::Cell& cell, Table::Column::As as, const Zone& zone) {
  struct Visitor {
    Table::Column::As as;
    const Zone& zone;
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(std::int64_t n) const {
      if (as == Column::As::time) return local_time(unix_time(n), zone);
      if (as == Column::As::duration) return format_duration(Seconds{n});
      if (as == Column::As::percent) return number_text(static_cast<double>(n), as, zone);
      return fmt::format("{}", n);
    }
    std::string operator()(double value) const { return number_text(value, as, zone); }
    std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{as, zone}, cell);
}

}  // namespace sitrep::cli
