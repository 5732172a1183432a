#pragma once

#include <span>
#include <vector>

namespace sitrep::metrics {

/// Which of many tests to believe: the false discovery rate stays at most q. Result in the order of p.
/// Source  Benjamini & Hochberg (1995), JRSS B 57:289.
std::vector<bool> benjamini_hochberg(std::span<const double> p, double q = 0.05);

/// The smallest q at which each test would still be believed.
std::vector<double> adjusted_p(std::span<const double> p);

/// Score of a prediction interval, smaller is better: width plus 2/alpha for each unit outside; alpha = 1 - level.
/// Source  Gneiting & Raftery (2007), JASA 102:359, section 6.2 (Winkler 1972).
double interval_score(double lower, double upper, double actual, double level);

}  // namespace sitrep::metrics
