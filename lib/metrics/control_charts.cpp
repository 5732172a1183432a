#include "metrics/control_charts.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/numbers.hpp"

namespace sitrep::metrics {

std::optional<XmrLimits> xmr_limits(std::span<const double> baseline) {
  if (baseline.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(baseline.size());
  std::vector<double> ranges;
  ranges.reserve(baseline.size() - 1);
  for (std::size_t i = 1; i < baseline.size(); ++i) ranges.push_back(std::abs(baseline[i] - baseline[i - 1]));
  XmrLimits result;
  result.mean = compensated_sum(baseline) / n;
  result.mean_moving_range = compensated_sum(ranges) / (n - 1);
  result.lower = result.mean - 2.66 * result.mean_moving_range;
  result.upper = result.mean + 2.66 * result.mean_moving_range;
  result.moving_range_upper = 3.268 * result.mean_moving_range;
  return result;
}

std::string_view name(Signal signal) {
  switch (signal) {
    case Signal::beyond_limit:
      return "beyond a limit";
    case Signal::eight_one_side:
      return "8 in a row on one side";
    case Signal::two_of_three:
      break;
  }
  return "2 of 3 beyond 2 sigma";
}

std::vector<SignalAt> signals(std::span<const double> points, const XmrLimits& limits) {
  std::vector<SignalAt> found;
  const double two_sigma = 2 * limits.sigma();
  for (const bool above : {true, false}) {
    const double side = above ? 1 : -1;
    std::size_t run = 0;
    bool pair_before = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double distance = side * (points[i] - limits.mean);
      if (distance > side * ((above ? limits.upper : limits.lower) - limits.mean)) {
        found.push_back({i, Signal::beyond_limit, above});
      }
      run = distance > 0 ? run + 1 : 0;
      if (run == 8) found.push_back({i, Signal::eight_one_side, above});
      const auto far = [&](std::size_t j) { return side * (points[j] - limits.mean) > two_sigma; };
      int count = 0;
      for (std::size_t j = i >= 2 ? i - 2 : 0; j <= i; ++j) count += far(j) ? 1 : 0;
      const bool pair = two_sigma > 0 && count >= 2 && far(i);
      if (pair && !pair_before) found.push_back({i, Signal::two_of_three, above});
      pair_before = pair;
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const SignalAt& a, const SignalAt& b) { return a.index < b.index; });
  return found;
}

std::optional<UChart> u_chart(std::span<const std::int64_t> counts, std::span<const double> areas) {
  if (counts.size() != areas.size()) fail(ErrorKind::bug, "metrics::u_chart: counts and areas differ in length");
  if (counts.empty()) return std::nullopt;
  double events = 0;
  double opportunity = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!(areas[i] > 0)) fail(ErrorKind::bug, "metrics::u_chart: an area of {}", areas[i]);
    events += static_cast<double>(counts[i]);
    opportunity += areas[i];
  }
  UChart chart;
  chart.mean = events / opportunity;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double reach = 3 * std::sqrt(chart.mean / areas[i]);
    const Bounds limits{std::max(0.0, chart.mean - reach), chart.mean + reach};
    const double rate = static_cast<double>(counts[i]) / areas[i];
    if (rate < limits.lower || rate > limits.upper) chart.beyond.push_back(i);
    if (chart.mean * areas[i] < k_low_count) chart.low_counts = true;
    chart.limits.push_back(limits);
  }
  return chart;
}

}  // namespace sitrep::metrics
