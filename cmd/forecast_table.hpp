#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "cli/context.hpp"
#include "forecast/forecaster.hpp"

namespace sitrep::cmd {

/// series, at, value, lower, upper
cli::Table forecast_table();
/// The h-th step; its range is the forecast's first interval.
void add_forecast_row(cli::Table& table, const std::string& series, UnixTime at, const forecast::Forecast& forecast,
                      std::size_t h);
/// Methods and weights, back-test error beside the naive method's, season, and what one must know.
void print_recipe(const forecast::Forecast& forecast, cli::Context& ctx);
/// --interval; 0.8 when absent. Error{usage} outside 0.5 to 0.99.
double checked_level(const std::optional<double>& interval);

}  // namespace sitrep::cmd
