#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "metrics/verdict.hpp"

/// Shewhart charts: is a new point unlike a frozen baseline? Limits come from the baseline alone, never from the points
/// that are judged.
namespace sitrep::metrics {

constexpr std::size_t k_baseline_points = 12;  ///< the least that limits are computed from

struct XmrLimits {
  double mean = 0;
  double mean_moving_range = 0;
  double lower = 0;  ///< mean - 2.66 mRbar; callers floor it at 0 where the quantity cannot be negative
  double upper = 0;
  double moving_range_upper = 0;  ///< 3.268 mRbar
  double sigma() const { return (upper - mean) / 3; }
};

/// Individuals and moving ranges. nullopt for fewer than two points.
/// Source  NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2; constants 3/d2(2) = 2.66 and D4(2) = 3.268.
std::optional<XmrLimits> xmr_limits(std::span<const double> baseline);

enum class Signal {
  beyond_limit,    ///< one point outside the limits
  eight_one_side,  ///< eight in a row on one side of the mean
  two_of_three,    ///< two of three consecutive points beyond 2 sigma on one side
};
std::string_view name(Signal signal);

struct SignalAt {
  std::size_t index = 0;  ///< of the point that completes it
  Signal signal = Signal::beyond_limit;
  bool above = false;
  friend bool operator==(const SignalAt&, const SignalAt&) = default;
};

/// Signals of points against limits, in order of index. A run is reported once, where it first completes.
/// Source  Western Electric rules 1, 2 and 4 (NIST e-Handbook 6.3.2).
std::vector<SignalAt> signals(std::span<const double> points, const XmrLimits& limits);

/// Means of counts below it give limits that single events pass (statistics of small numbers).
inline constexpr double k_low_count = 2;

struct UChart {
  double mean = 0;             ///< sum of counts over sum of areas
  std::vector<Bounds> limits;  ///< mean -+ 3 sqrt(mean / n_i), floor 0, one per point
  std::vector<std::size_t> beyond;
  bool low_counts =
      false;  ///< mean * n_i below k_low_count somewhere: the limits are not to be trusted, use days between events
};

/// Events per unit of opportunity. Spans of one length; areas > 0. nullopt when empty.
/// Source  NIST/SEMATECH e-Handbook, 6.3.3.1.
std::optional<UChart> u_chart(std::span<const std::int64_t> counts, std::span<const double> areas);

}  // namespace sitrep::metrics
