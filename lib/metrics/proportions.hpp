#pragma once

#include <cstdint>

#include "metrics/verdict.hpp"

/// Shares of n independent trials.
namespace sitrep::metrics {

/// Wilson's score interval; 0 <= successes <= n, n > 0.
/// Source  Wilson (1927), JASA 22; Newcombe (1998), Statistics in Medicine 17:857, method 3.
Bounds wilson(std::int64_t successes, std::int64_t n, double level = 0.95);
/// With continuity correction: Newcombe (1998), method 4.
Bounds wilson_corrected(std::int64_t successes, std::int64_t n, double level = 0.95);

struct DifferenceOfShares {
  double difference = 0;  ///< first share minus second
  Bounds interval;
  double p = 1;  ///< two-sided score test with pooled share (chi-squared without correction)
};

/// Source  Newcombe (1998), Statistics in Medicine 17:873, method 10 (square-and-add of the Wilson limits).
DifferenceOfShares newcombe(std::int64_t successes_1, std::int64_t n_1, std::int64_t successes_2, std::int64_t n_2,
                            double level = 0.95);

/// No event in n trials: the upper bound of its probability, 1 - (1 - level)^(1/n), about 3/n at 95 %.
/// Source  Hanley & Lippman-Hand (1983), JAMA 249.
double upper_bound_of_none(std::int64_t n, double level = 0.95);

}  // namespace sitrep::metrics
