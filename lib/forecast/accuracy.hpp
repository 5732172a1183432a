#pragma once

#include <span>

/// How far forecasts were from what came. Spans of one length; Error{bug} otherwise.
/// Source  Makridakis, Spiliotis & Assimakopoulos (2020), International Journal of Forecasting 36:54 (M4).
namespace sitrep::forecast {

/// Mean of 200 |y - f| / (|y| + |f|), in percent; a pair of zeros counts 0.
double smape(std::span<const double> actual, std::span<const double> forecast);

/// Mean |y - f|.
double mae(std::span<const double> actual, std::span<const double> forecast);

/// Mean |x_t - x_{t-m}| of the history: the unit of MASE. 0 for a constant or too short history.
double mase_scale(std::span<const double> history, std::size_t season = 1);

/// Overall weighted average against a reference, both averaged over series.
double owa(double smape, double mase, double smape_reference, double mase_reference);

}  // namespace sitrep::forecast
