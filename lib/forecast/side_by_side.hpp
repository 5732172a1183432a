#pragma once

#include <span>

#include "forecast/smoothing.hpp"

namespace sitrep::forecast {

/// The fits that all methods of a series need.
struct SmoothingFits {
  Smoothing simple, holt, damped;
  Smoothing theta;  ///< simple, of the theta line
};

/// What fit_simple(y), fit_holt(y), fit_damped(y) and fit_simple(theta_line) give, to the last bit: their searches run
/// side by side, since a recursion waits for itself most of the time. Both series have the same length, at least 2.
SmoothingFits fit_side_by_side(std::span<const double> y, std::span<const double> theta_line);

}  // namespace sitrep::forecast
