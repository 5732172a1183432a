#pragma once

#include <optional>
#include <span>
#include <vector>

namespace sitrep::forecast {

struct Line {
  double slope = 0;      ///< unit of y per unit of x
  double intercept = 0;  ///< at x = 0
};

/// The median of all slopes between two points, and the line through the medians with it: up to 29 % of the points may
/// be wild. nullopt when fewer than two x differ. O(n^2): callers thin long series.
/// Source  Theil (1950); Sen (1968), JASA 63:1379.
std::optional<Line> theil_sen(std::span<const double> x, std::span<const double> y);
/// x = 0, 1, 2, …
std::optional<Line> theil_sen(std::span<const double> y);

struct SlopeInterval {
  double lower = 0, upper = 0;
};
/// Sen's interval of the slope, ranks (N -+ C) / 2 to the nearest; independent errors. nullopt when there are too few
/// slopes for the level.
std::optional<SlopeInterval> sen_interval(std::span<const double> x, std::span<const double> y, double level = 0.95);

struct MannKendall {
  double s = 0;         ///< sum of signs
  double variance = 0;  ///< corrected for ties
  double z = 0;
  double p = 1;  ///< two-sided; independent errors
};
/// Source  Mann (1945); Kendall (1975), Rank Correlation Methods, chapter 4.
MannKendall mann_kendall(std::span<const double> y);

/// Mann-Kendall after the lag-1 autocorrelation is taken out, estimated on the detrended series and corrected for its
/// small-sample bias: what "a significant trend" may be said from.
/// Source  Kulkarni & von Storch (1995), Meteorologische Zeitschrift 4; Wang & Swail (2001), Journal of Climate 14.
MannKendall mann_kendall_prewhitened(std::span<const double> y);

/// The middle value, or the mean of the two middle ones. At least one value.
double median(std::vector<double> values);

/// Least squares over t = 1 … n.
Line least_squares(std::span<const double> y);

}  // namespace sitrep::forecast
