#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sitrep::forecast {

/// A jump of the level from one value to the next that lasted: a migration, or a clean-up when it goes down.
struct Step {
  std::size_t index = 0;  ///< of the first value at the new level
  double size = 0;        ///< new level minus old
};

/// Jumps of more than 6 robust standard deviations of the changes that the medians of up to 14 values on each side
/// confirm by at least half. Fewer than 8 values: none.
/// The noise is 1.4826 times the median absolute deviation (Rousseeuw & Croux 1993, JASA 88).
std::vector<Step> find_steps(std::span<const double> y);

/// Three jumps down or three up: clean-ups, weekly peaks or growth in stairs that come again. A forecast should expect
/// them, not take them out.
bool recurring(std::span<const Step> steps);

/// The series as if it had always been at its present level: what lies before a step is moved by the step's size, so
/// that growth before it still counts and its jump does not.
std::vector<double> without_steps(std::span<const double> y, std::span<const Step> steps);

}  // namespace sitrep::forecast
