#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sitrep::forecast {

struct SeasonTest {
  double autocorrelation = 0;  ///< r_m
  double limit = 0;            ///< 1.645 / sqrt(n) * sqrt(1 + 2 sum_{i<m} r_i^2)
  bool seasonal() const { return autocorrelation > limit || -autocorrelation > limit; }
};

/// Is there a season of m steps, at 90 %? nullopt for m < 2 or fewer than 3 m values or a constant series.
/// Source  the M4 benchmarks (Makridakis et al. 2020, after Assimakopoulos & Nikolopoulos 2000).
std::optional<SeasonTest> season_test(std::span<const double> y, std::size_t m);

/// The candidate whose autocorrelation stands out most after the trend is taken out (a trend correlates at every lag);
/// 1 when none is positive and beyond its limit.
std::size_t detect_season(std::span<const double> y, std::span<const std::size_t> candidates);

struct SeasonalIndices {
  std::vector<double> index;  ///< of step t mod m; factors around 1, or offsets around 0
  bool multiplicative = true;

  std::vector<double> adjust(std::span<const double> y) const;
  /// Puts the season back into values that follow `history` values.
  void restore(std::span<double> forecast, std::size_t history) const;
};

/// Classical decomposition by a centred moving average: factors when every value is positive, else offsets. nullopt for
/// fewer than two whole seasons. Source  Hyndman & Athanasopoulos, FPP3, 3.4.
std::optional<SeasonalIndices> decompose(std::span<const double> y, std::size_t m);

}  // namespace sitrep::forecast
