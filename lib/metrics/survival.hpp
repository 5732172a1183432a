#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sitrep::metrics {

/// How long something took, or has lasted so far.
struct Lifetime {
  double time = 0;
  bool ended = false;  ///< false: still going on (censored)
};

/// The curve from this time on, until the next step.
struct SurvivalStep {
  double time = 0;
  std::size_t at_risk = 0;  ///< just before
  std::size_t ended = 0;
  double survival = 1;          ///< share that lasts longer
  double lower = 0, upper = 1;  ///< 95 %
};

/// The share that lasts longer than a time, of what has ended and what has not: leaving out what is still open would
/// make everything look quick. One step for each time at which something ended; empty without such a time. Source
/// Kaplan & Meier (1958), JASA 53:457; interval on the log-log scale with Greenwood's variance (Kalbfleisch &
///         Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 1.4).
std::vector<SurvivalStep> kaplan_meier(std::span<const Lifetime> lifetimes);

/// The step that holds at a time; nullptr before the first.
const SurvivalStep* survival_at(std::span<const SurvivalStep> curve, double time);

/// The first time at which at most half last longer; nullopt when the curve does not fall that far.
std::optional<double> median_lifetime(std::span<const SurvivalStep> curve);

}  // namespace sitrep::metrics
