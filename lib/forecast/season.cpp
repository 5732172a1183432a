#include "forecast/season.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "forecast/trend.hpp"

namespace sitrep::forecast {
namespace {

constexpr double k_least_factor = 0.05;  // a season of nearly 0 would blow an adjusted value up

}  // namespace

std::optional<SeasonTest> season_test(std::span<const double> y, std::size_t m) {
  if (m < 2 || y.size() < 3 * m) return std::nullopt;
  const auto n = static_cast<double>(y.size());
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double variance = 0;
  for (const double v : y) variance += (v - mean) * (v - mean);
  if (!(variance > 0)) return std::nullopt;
  double squares = 0;
  double r = 0;
  for (std::size_t lag = 1; lag <= m; ++lag) {
    double sum = 0;
    for (std::size_t t = lag; t < y.size(); ++t) sum += (y[t] - mean) * (y[t - lag] - mean);
    r = sum / variance;
    if (lag < m) squares += r * r;
  }
  return SeasonTest{r, 1.645 / std::sqrt(n) * std::sqrt(1 + 2 * squares)};
}

std::size_t detect_season(std::span<const double> y, std::span<const std::size_t> candidates) {
  if (y.size() < 2) return 1;
  std::vector<double> changes(y.size() - 1);  // differences: neither a trend nor a wandering level looks like a season
  for (std::size_t t = 1; t < y.size(); ++t) changes[t - 1] = y[t] - y[t - 1];
  std::size_t best = 1;
  double most = 1;
  for (const std::size_t m : candidates) {
    const auto test = season_test(changes, m);
    if (!test || !(test->autocorrelation > 0)) continue;
    const double excess = test->autocorrelation / test->limit;
    if (excess > most) {
      most = excess;
      best = m;
    }
  }
  return best;
}

std::vector<double> SeasonalIndices::adjust(std::span<const double> y) const {
  std::vector<double> result(y.begin(), y.end());
  for (std::size_t t = 0; t < result.size(); ++t) {
    const double i = index[t % index.size()];
    result[t] = multiplicative ? result[t] / i : result[t] - i;
  }
  return result;
}

void SeasonalIndices::restore(std::span<double> forecast, std::size_t history) const {
  for (std::size_t h = 0; h < forecast.size(); ++h) {
    const double i = index[(history + h) % index.size()];
    forecast[h] = multiplicative ? forecast[h] * i : forecast[h] + i;
  }
}

std::optional<SeasonalIndices> decompose(std::span<const double> y, std::size_t m) {
  if (m < 2 || y.size() < 2 * m) return std::nullopt;
  SeasonalIndices result;
  result.multiplicative = *std::min_element(y.begin(), y.end()) > 0;
  const std::size_t half = m / 2;
  std::vector<double> sum(m, 0);
  std::vector<double> count(m, 0);
  double window = std::accumulate(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(m), 0.0);
  for (std::size_t t = half; t + half < y.size(); ++t) {
    // An even season needs the mean of two neighbouring windows to be centred.
    const std::size_t start = t - half;
    double level = window / static_cast<double>(m);
    if (m % 2 == 0) {
      if (start + m >= y.size()) break;
      const double next = window - y[start] + y[start + m];
      level = (window + next) / (2 * static_cast<double>(m));
      window = next;
    } else if (start + m < y.size()) {
      window += y[start + m] - y[start];
    }
    if (result.multiplicative && level <= 0) continue;
    sum[t % m] += result.multiplicative ? y[t] / level : y[t] - level;
    count[t % m] += 1;
  }
  double total = 0;
  result.index.resize(m);
  for (std::size_t i = 0; i < m; ++i) {
    if (count[i] == 0) return std::nullopt;
    result.index[i] = sum[i] / count[i];
    total += result.index[i];
  }
  const double mean = total / static_cast<double>(m);
  for (auto& i : result.index) {
    i = result.multiplicative ? std::max(i / mean, k_least_factor) : i - mean;
  }
  return result;
}

}  // namespace sitrep::forecast
