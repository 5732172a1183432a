#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "metrics/verdict.hpp"

/// Durations and other skewed quantities: quantiles, their intervals, and the comparison of two samples.
namespace sitrep::metrics {

/// Type 7 (the default of R and numpy), 0 <= p <= 1, linear in time: the values are reordered (nth_element).
/// Error{bug} for no values.
/// Source  Hyndman & Fan (1996), The American Statistician 50.
double quantile(std::span<double> values, double p);
inline double median(std::span<double> values) { return quantile(values, 0.5); }

struct OrderInterval {
  std::size_t low_rank = 0;  ///< from 1: the interval is [x_(low), x_(high)]
  std::size_t high_rank = 0;
  double coverage = 0;  ///< exact, at least the level asked for
};

/// Ranks (l, n + 1 - l) whose values enclose the median with at least `level`, for any distribution. nullopt when n is
/// too small (below 6 at 95 %).
/// Source  Conover (1999), Practical Nonparametric Statistics, 3.2: P = 1 - 2 BinCDF(l - 1; n, 1/2).
std::optional<OrderInterval> median_ranks(std::size_t n, double level = 0.95);

/// The interval itself. Values are reordered.
std::optional<Bounds> median_interval(std::span<double> values, double level = 0.95);

/// Distribution of the bootstrap median of an odd n, exactly: P(median* <= x_(k)) = P(Bin(n, k/n) >= (n + 1) / 2).
double bootstrap_median_cdf(std::size_t k, std::size_t n);

struct SampleComparison {
  double p = 1;         ///< two-sided
  double estimate = 0;  ///< Hodges-Lehmann shift: the median of all differences first - second
  Bounds interval;      ///< of the shift
};

/// Wilcoxon's rank sum test (Mann & Whitney 1947): exact without ties up to 50 values together, else normal with tie
/// and continuity correction. Both samples not empty. Source  Hollander & Wolfe, Nonparametric Statistical Methods, 4.1
/// to 4.3.
SampleComparison compare_samples(std::span<const double> first, std::span<const double> second, double level = 0.95);

/// The same for positive quantities on the log scale: estimate and interval are ratios first / second. Zeros count as
/// `floor` (the resolution of the measurement).
SampleComparison compare_durations(std::span<const double> first, std::span<const double> second, double floor,
                                   double level = 0.95);

}  // namespace sitrep::metrics
