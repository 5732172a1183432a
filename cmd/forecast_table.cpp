#include "forecast_table.hpp"

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sitrep::cmd {
namespace {

/// Six digits: a forecast does not know more.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

}  // namespace

cli::Table forecast_table() {
  using Column = cli::Table::Column;
  cli::Table table;
  table.columns = {{"series"},
                   {"at", "at", Column::Align::left, Column::As::time},
                   {"value", "value", Column::Align::right},
                   {"lower", "lower", Column::Align::right},
                   {"upper", "upper", Column::Align::right}};
  return table;
}

void add_forecast_row(cli::Table& table, const std::string& series, UnixTime at, const forecast::Forecast& forecast,
                      std::size_t h) {
  const auto* range = forecast.intervals.empty() ? nullptr : &forecast.intervals.front();
  const bool has_range = range && range->missing.empty();
  table.rows.push_back({series, unix_seconds(at), rounded(forecast.values[h]),
                        has_range ? cli::Table::Cell(rounded(range->lower[h])) : cli::Table::Cell(),
                        has_range ? cli::Table::Cell(rounded(range->upper[h])) : cli::Table::Cell()});
}

void print_recipe(const forecast::Forecast& forecast, cli::Context& ctx) {
  ctx.line("  method: ", forecast.recipe());
  ctx.line("  back-test: ",
           fmt::format("mean absolute error {} against {} of the naive method, sMAPE {:.1f} % against {:.1f} % ({})",
                       format_real(rounded(forecast.error)), format_real(rounded(forecast.naive_error)), forecast.smape,
                       forecast.naive_smape, count_of(static_cast<std::int64_t>(forecast.origins), "origin")));
  for (const auto& interval : forecast.intervals) {
    if (!interval.missing.empty())
      ctx.line(fmt::format("  no range of {:.0f} %: ", 100 * interval.level), interval.missing);
  }
  for (const auto& note : forecast.notes) ctx.line("  note: ", note);
}

double checked_level(const std::optional<double>& interval) {
  const double level = interval.value_or(0.8);
  if (!(level >= 0.5 && level <= 0.99)) {
    fail(ErrorKind::usage, "--interval: {} is not a share from 0.5 to 0.99", format_real(level));
  }
  return level;
}

}  // namespace sitrep::cmd
