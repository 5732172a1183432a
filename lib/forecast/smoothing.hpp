#pragma once

#include <span>
#include <vector>

/// Exponential smoothing. Units: `y` and results in the unit of the series, one step = one sampling period.
/// Every function needs at least two finite values (Error{bug}); horizon >= 1.
/// Source  Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., chapter 8; Gardner & McKenzie
/// (1985),
///         Management Science 31 (damped trend).
namespace sitrep::forecast {

/// One recursion covers the three: p = l + phi b; l' = alpha y + (1 - alpha) p; b' = beta (l' - l) + (1 - beta) phi b.
struct Smoothing {
  double alpha = 0.5;
  double beta = 0;   ///< 0 with trend 0: simple exponential smoothing
  double phi = 1;    ///< 1: Holt's linear trend
  double level = 0;  ///< before the first value
  double trend = 0;
};

/// The state after the last value; `errors` (may be null) receives the one-step errors.
struct SmoothingState {
  double level = 0, trend = 0, phi = 1;
  double squared_error = 0;                         ///< sum of the one-step errors squared
  void see(double y, const Smoothing& parameters);  ///< one value on
};
SmoothingState smooth(std::span<const double> y, const Smoothing& parameters);
std::vector<double> extrapolate(const SmoothingState& state, std::size_t horizon);

/// Starting states of the textbooks: l0 = y1, and b0 = y2 - y1 for a trend. The recursion then runs over y2, y3, …
Smoothing simple(std::span<const double> y, double alpha);
Smoothing holt(std::span<const double> y, double alpha, double beta);
Smoothing damped(std::span<const double> y, double alpha, double beta, double phi);

/// Parameters that make the one-step errors of the last 200 values smallest: a grid, then halving steps around its best
/// point. The trend starts from the median change of the first ten values, so that one odd first step does not tilt it.
Smoothing fit_simple(std::span<const double> y);
Smoothing fit_holt(std::span<const double> y);
Smoothing fit_damped(std::span<const double> y);

}  // namespace sitrep::forecast
