#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "metrics/verdict.hpp"

/// Counts of events: exact Poisson statistics, and what to do when events come in clusters.
namespace sitrep::metrics {

/// Exact interval of a Poisson mean from one count.
/// Source  Garwood (1936), Biometrika 28: [chi2(a/2; 2k)/2, chi2(1-a/2; 2k+2)/2].
Bounds poisson_interval(std::int64_t count, double level = 0.95);

struct RateComparison {
  std::optional<double> ratio;  ///< first rate over the second; absent when the second count is 0
  Bounds interval;              ///< of the ratio; the upper bound is infinite when the second count is 0
  double p = 1;          ///< two-sided, sum of the outcomes not more likely than the one seen (as R's poisson.test)
  double p_central = 1;  ///< twice the smaller tail: below 1 - level exactly when the interval leaves 1 out
};

/// Two counts over exposures of one unit, both exposures > 0: given their sum, the first is binomial.
/// Source  Przyborowski & Wilenski (1940), Biometrika 31; interval by Clopper & Pearson (1934).
RateComparison compare_rates(std::int64_t count_1, double exposure_1, std::int64_t count_2, double exposure_2,
                             double level = 0.95);

struct Dispersion {
  double mean = 0;
  double variance = 0;   ///< sample variance, n - 1
  double statistic = 0;  ///< D = sum (x - m)^2 / m
  double p = 1;          ///< P(chi2_{n-1} > D): small when counts vary more than Poisson
  double phi = 1;        ///< D / (n - 1), the quasi-Poisson factor of the variance
};

/// Fisher's index of dispersion over equally long periods. nullopt for fewer than two counts or when all are 0.
/// Source  Fisher (1950), Biometrics 6; quasi-Poisson: McCullagh & Nelder, Generalized Linear Models, 6.2.3.
std::optional<Dispersion> dispersion(std::span<const std::int64_t> counts);

struct NegativeBinomial {
  double mean = 0;
  double size_moments = 0;     ///< r of Var = m + m^2 / r, by moments
  double size_likelihood = 0;  ///< r, by maximum likelihood
  double log_likelihood = 0;   ///< at size_likelihood
};

/// nullopt when the counts are not over-dispersed (then r is infinite: Poisson).
/// Source  Johnson, Kemp & Kotz, Univariate Discrete Distributions, 3rd ed., 5.8.
std::optional<NegativeBinomial> fit_negative_binomial(std::span<const std::int64_t> counts);

/// Two counts of equally long periods whose variance is phi times their mean, phi estimated with `degrees` of freedom.
/// The ratio's interval is on the log scale, 1/2 added to a count of 0; phi below 1 counts as 1.
/// Source  McCullagh & Nelder, 6.2.3: quasi-likelihood, Student's t for the estimated scale.
RateComparison compare_overdispersed(std::int64_t count_1, std::int64_t count_2, double phi, double degrees,
                                     double level = 0.95);

}  // namespace sitrep::metrics
