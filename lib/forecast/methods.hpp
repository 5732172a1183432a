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

/// Parameters of all methods on one series, so that a back-test can fit seldom and forecast often.
struct Fits {
  std::optional<SeasonalIndices> season;  ///< methods other than the naive ones see the adjusted series
  std::size_t season_length = 1;
  Smoothing ses, holt, damped;
  double theta_alpha = 0.5;
  double robust_slope = 0;  ///< Theil-Sen, of the last 60 values
};
/// At least three values. `season_length` 1: no season.
Fits fit(std::span<const double> y, std::size_t season_length);

/// Every method's forecasts from later and later moments of one series, with parameters of (an earlier part of) it: the
/// states move on with each value, so that the next moment costs a step, not another pass. Levels are the moment's own.
class Walk {
 public:
  /// At least two values.
  Walk(std::span<const double> y, const Fits& fits);
  /// Sees the first n values; n at least 2 and not less than before.
  void advance(std::size_t n);
  /// What follows the values seen. Index: Method.
  std::array<std::vector<double>, k_methods> forecasts(std::size_t horizon) const;

 private:
  std::vector<double> theta(std::size_t horizon) const;
  std::vector<double> robust_line(std::size_t horizon) const;

  std::span<const double> y_;
  const Fits& fits_;
  std::vector<double> x_;  // seasonally adjusted
  std::size_t seen_ = 1;
  SmoothingState ses_, holt_, damped_;
  // Theta from running sums: simple smoothing is linear, so that of 2 x - (a + b t) is 2 S(x) - a - b S(t).
  SmoothingState theta_x_, theta_t_;
  double sum_ = 0, moment_ = 0;  // of x - x_1 and of t (x - x_1)
};

}  // namespace sitrep::forecast
