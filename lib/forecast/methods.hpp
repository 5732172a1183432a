#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "forecast/season.hpp"
#include "forecast/smoothing.hpp"

/// The methods that a back-test chooses from. Units: forecasts in the unit of the series.
namespace sitrep::forecast {

enum class Method { naive, seasonal_naive, ses, holt, damped, theta, comb, theil_sen };
constexpr std::size_t k_methods = 8;
std::string_view name(Method method);  ///< "naive", "seasonal naive", "SES", "Holt", "damped trend", "Theta", …

std::vector<double> naive(std::span<const double> y, std::size_t horizon);
/// Error{bug} for fewer than `season` values.
std::vector<double> seasonal_naive(std::span<const double> y, std::size_t season, std::size_t horizon);

/// Theta with the lines 0 and 2: the mean of the least-squares line and SES of 2 y - line.
/// Source  Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16:521.
std::vector<double> theta(std::span<const double> y, double alpha, std::size_t horizon);

/// Parameters of the smoothing methods on one series, so that a back-test can fit seldom and forecast often.
struct Fits {
  std::optional<SeasonalIndices> season;  ///< methods other than the naive ones see the adjusted series
  std::size_t season_length = 1;
  Smoothing ses, holt, damped;
  double theta_alpha = 0.5;
};
/// At least three values. `season_length` 1: no season.
Fits fit(std::span<const double> y, std::size_t season_length);

/// Every method's forecast of what follows `y`, with parameters of (an earlier part of) the same series. The starting
/// level is y's own. Index: Method.
std::array<std::vector<double>, k_methods> forecasts(std::span<const double> y, const Fits& fits, std::size_t horizon);

}  // namespace sitrep::forecast
