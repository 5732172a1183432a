#include "forecast/trend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace sitrep::forecast {
namespace {

std::vector<double> slopes(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) fail(ErrorKind::bug, "forecast::theil_sen: x and y differ in length");
  std::vector<double> result;
  result.reserve(x.size() * (x.size() - std::min<std::size_t>(x.size(), 1)) / 2);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      if (x[i] != x[j]) result.push_back((y[j] - y[i]) / (x[j] - x[i]));
    }
  }
  return result;
}

/// The same for x = 0, 1, 2, …: by distance, so that neighbours are divided by the same.
std::vector<double> slopes(std::span<const double> y) {
  std::vector<double> result(y.size() * (y.size() - std::min<std::size_t>(y.size(), 1)) / 2);
  auto at = result.begin();
  for (std::size_t apart = 1; apart < y.size(); ++apart)
    at = std::transform(
        y.begin() + static_cast<std::ptrdiff_t>(apart), y.end(), y.begin(), at,
        [by = static_cast<double>(apart)](double later, double earlier) { return (later - earlier) / by; });
  return result;
}

double middle_of(std::span<double> values, std::size_t rank, bool of_two) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), middle, values.end());
  return of_two ? 0.5 * (*middle + *std::max_element(values.begin(), middle)) : *middle;
}

double tie_corrected_variance(std::span<const double> y) {
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  double variance = term(static_cast<double>(y.size()));
  std::vector<double> sorted(y.begin(), y.end());
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    variance -= term(static_cast<double>(end - i));
    i = end;
  }
  return variance / 18;
}

/// P(Z > z) of the standard normal.
double upper_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

/// The z with P(Z > z) = p, by bisection: used once per interval.
double upper_quantile(double p) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (upper_tail(middle) > p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double median(std::vector<double> values) {
  constexpr std::size_t k_many = 512, k_sampled = 64;
  const auto rank = values.size() / 2;
  const bool of_two = values.size() % 2 == 0;
  if (values.size() < k_many) return middle_of(values, rank, of_two);
  // A sample says between which values the middle nearly always is: those are a third of all, and finding them takes no
  // branch that a processor could not foresee.
  std::array<double, k_sampled> sample{};
  for (std::size_t i = 0; i < k_sampled; ++i) sample[i] = values[i * values.size() / k_sampled];
  std::ranges::sort(sample);
  const double low = sample[k_sampled / 2 - 10], high = sample[k_sampled / 2 + 10];
  std::vector<double> near(values.size());
  std::size_t below = 0, kept = 0;
  for (const double value : values) {
    near[kept] = value;
    below += value < low ? 1 : 0;
    kept += value >= low && value <= high ? 1 : 0;
  }
  if (below + 1 > rank || rank >= below + kept) return middle_of(values, rank, of_two);
  return middle_of(std::span(near).first(kept), rank - below, of_two);
}

std::optional<Line> theil_sen(std::span<const double> x, std::span<const double> y) {
  auto all = slopes(x, y);
  if (all.empty()) return std::nullopt;
  Line line;
  line.slope = median(std::move(all));
  line.intercept = median({y.begin(), y.end()}) - line.slope * median({x.begin(), x.end()});
  return line;
}

std::optional<Line> theil_sen(std::span<const double> y) {
  if (y.size() < 2) return std::nullopt;
  Line line;
  line.slope = median(slopes(y));
  line.intercept = median({y.begin(), y.end()}) - line.slope * (static_cast<double>(y.size() - 1) / 2);
  return line;
}

std::optional<SlopeInterval> sen_interval(std::span<const double> x, std::span<const double> y, double level) {
  auto all = slopes(x, y);
  if (all.empty()) return std::nullopt;
  // Ties in x take pairs away exactly as ties in y do (Sen 1968, section 6).
  const double variance = tie_corrected_variance(x);
  const double c = upper_quantile((1 - level) / 2) * std::sqrt(variance);
  const auto n = static_cast<double>(all.size());
  const auto low = static_cast<std::int64_t>(std::nearbyint((n - c) / 2));
  const auto high = static_cast<std::int64_t>(std::nearbyint((n + c) / 2)) + 1;
  if (low < 1 || high > static_cast<std::int64_t>(all.size())) return std::nullopt;
  std::sort(all.begin(), all.end());
  return SlopeInterval{all[static_cast<std::size_t>(low - 1)], all[static_cast<std::size_t>(high - 1)]};
}

MannKendall mann_kendall(std::span<const double> y) {
  MannKendall result;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = i + 1; j < y.size(); ++j) result.s += (y[j] > y[i] ? 1 : 0) - (y[j] < y[i] ? 1 : 0);
  }
  result.variance = tie_corrected_variance(y);
  if (result.variance > 0 && result.s != 0) {
    result.z = (result.s - (result.s > 0 ? 1 : -1)) / std::sqrt(result.variance);
    result.p = std::min(1.0, 2 * upper_tail(std::abs(result.z)));
  }
  return result;
}

MannKendall mann_kendall_prewhitened(std::span<const double> y) {
  const auto line = theil_sen(y);
  if (!line || y.size() < 4) return mann_kendall(y);
  std::vector<double> rest(y.begin(), y.end());
  double mean = 0;
  for (std::size_t t = 0; t < rest.size(); ++t) {
    rest[t] -= line->slope * static_cast<double>(t);
    mean += rest[t] / static_cast<double>(rest.size());
  }
  double covariance = 0;
  double variance = 0;
  for (std::size_t t = 0; t < rest.size(); ++t) {
    variance += (rest[t] - mean) * (rest[t] - mean);
    if (t > 0) covariance += (rest[t] - mean) * (rest[t - 1] - mean);
  }
  if (variance == 0) return mann_kendall(y);
  const double biased = covariance / variance;  // low by (1 + 3 r) / n (Kendall 1954)
  const double r1 = std::clamp(biased + (1 + 3 * biased) / static_cast<double>(y.size()), 0.0, 0.95);
  std::vector<double> white(y.size() - 1);
  for (std::size_t t = 1; t < y.size(); ++t) white[t - 1] = y[t] - r1 * y[t - 1];
  return mann_kendall(white);
}

Line least_squares(std::span<const double> y) {
  const auto n = static_cast<double>(y.size());
  const double mean_x = (n + 1) / 2;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0;
  double xx = 0;
  for (std::size_t t = 0; t < y.size(); ++t) {
    const double x = static_cast<double>(t + 1) - mean_x;
    xy += x * (y[t] - mean_y);
    xx += x * x;
  }
  const double slope = xx > 0 ? xy / xx : 0;
  return {slope, mean_y - slope * mean_x};
}

}  // namespace sitrep::forecast
