#include "metrics/counts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "metrics/special.hpp"

namespace sitrep::metrics {
namespace {

constexpr double k_infinity = std::numeric_limits<double>::infinity();

/// Sum of the outcomes of Binomial(n, p) that are at most as likely as k. The mass falls away on both sides of the
/// mode, so that the far boundary is found by bisection.
double two_sided_binomial(std::int64_t k, std::int64_t n, double p) {
  const double limit = binomial_pmf(k, n, p) * (1 + 1e-7);  // ties by rounding count as ties, as in R
  const auto mode =
      std::clamp(static_cast<std::int64_t>(std::floor(static_cast<double>(n + 1) * p)), std::int64_t{0}, n);
  if (k <= mode) {
    std::int64_t low = mode;
    std::int64_t high = n + 1;  // the first outcome above the mode that is unlikely enough
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      if (binomial_pmf(middle, n, p) <= limit)
        high = middle;
      else
        low = middle + 1;
    }
    if (low <= k) return 1;
    return std::min(1.0, binomial_cdf(k, n, p) + (1 - binomial_cdf(low - 1, n, p)));
  }
  std::int64_t low = -1;
  std::int64_t high = mode;  // the last outcome below the mode that is unlikely enough
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (middle < 0 || binomial_pmf(middle, n, p) <= limit)
      low = middle;
    else
      high = middle - 1;
  }
  if (low >= k) return 1;
  return std::min(1.0, binomial_cdf(low, n, p) + (1 - binomial_cdf(k - 1, n, p)));
}

}  // namespace

Bounds poisson_interval(std::int64_t count, double level) {
  if (count < 0) fail(ErrorKind::bug, "metrics::poisson_interval: negative count {}", count);
  const double tail = (1 - level) / 2;
  const auto k = static_cast<double>(count);
  return {count == 0 ? 0 : gamma_p_inverse(k, tail), gamma_p_inverse(k + 1, 1 - tail)};
}

RateComparison compare_rates(std::int64_t count_1, double exposure_1, std::int64_t count_2, double exposure_2,
                             double level) {
  if (count_1 < 0 || count_2 < 0 || !(exposure_1 > 0) || !(exposure_2 > 0)) {
    fail(ErrorKind::bug, "metrics::compare_rates: needs counts >= 0 and exposures > 0");
  }
  RateComparison result;
  const auto k1 = static_cast<double>(count_1);
  const auto k2 = static_cast<double>(count_2);
  if (count_2 > 0) result.ratio = (k1 / exposure_1) / (k2 / exposure_2);
  const double tail = (1 - level) / 2;
  const double lower = count_1 == 0 ? 0 : beta_i_inverse(k1, k2 + 1, tail);
  const double upper = count_2 == 0 ? 1 : beta_i_inverse(k1 + 1, k2, 1 - tail);
  const double scale = exposure_2 / exposure_1;
  result.interval = {lower / (1 - lower) * scale, upper == 1 ? k_infinity : upper / (1 - upper) * scale};
  const std::int64_t sum = count_1 + count_2;
  if (sum == 0) {
    result.interval = {0, k_infinity};
    return result;
  }
  const double share = exposure_1 / (exposure_1 + exposure_2);
  result.p = two_sided_binomial(count_1, sum, share);
  const double below = binomial_cdf(count_1, sum, share);
  const double above = count_1 == 0 ? 1 : beta_i(k1, k2 + 1, share);
  result.p_central = std::min(1.0, 2 * std::min(below, above));
  return result;
}

std::optional<Dispersion> dispersion(std::span<const std::int64_t> counts) {
  if (counts.size() < 2) return std::nullopt;
  const auto n = static_cast<double>(counts.size());
  double sum = 0;
  for (const auto x : counts) sum += static_cast<double>(x);
  if (sum == 0) return std::nullopt;
  Dispersion result;
  result.mean = sum / n;
  double squares = 0;
  for (const auto x : counts) squares += std::pow(static_cast<double>(x) - result.mean, 2);
  result.variance = squares / (n - 1);
  result.statistic = squares / result.mean;
  result.p = chi_squared_upper(result.statistic, n - 1);
  result.phi = result.statistic / (n - 1);
  return result;
}

std::optional<NegativeBinomial> fit_negative_binomial(std::span<const std::int64_t> counts) {
  const auto spread = dispersion(counts);
  if (!spread || spread->variance <= spread->mean) return std::nullopt;
  const double m = spread->mean;
  const auto log_likelihood = [&](double r) {
    double sum = 0;
    for (const auto count : counts) {
      const auto x = static_cast<double>(count);
      sum += log_gamma(x + r) - log_gamma(r) - log_gamma(x + 1) + r * std::log(r / (r + m)) +
             (x > 0 ? x * std::log(m / (r + m)) : 0);
    }
    return sum;
  };
  NegativeBinomial result;
  result.mean = m;
  result.size_moments = m * m / (spread->variance - m);
  // The profile likelihood has one maximum; golden section on log r.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(1e-4);
  double high = std::log(1e6);
  double a = high - golden * (high - low);
  double b = low + golden * (high - low);
  double fa = log_likelihood(std::exp(a));
  double fb = log_likelihood(std::exp(b));
  while (high - low > 1e-9) {
    if (fa < fb) {
      low = a;
      a = b;
      fa = fb;
      b = low + golden * (high - low);
      fb = log_likelihood(std::exp(b));
    } else {
      high = b;
      b = a;
      fb = fa;
      a = high - golden * (high - low);
      fa = log_likelihood(std::exp(a));
    }
  }
  result.size_likelihood = std::exp((low + high) / 2);
  result.log_likelihood = log_likelihood(result.size_likelihood);
  return result;
}

RateComparison compare_overdispersed(std::int64_t count_1, std::int64_t count_2, double phi, double degrees,
                                     double level) {
  if (count_1 < 0 || count_2 < 0 || !(degrees > 0)) {
    fail(ErrorKind::bug, "metrics::compare_overdispersed: needs counts >= 0 and degrees > 0");
  }
  RateComparison result;
  if (count_1 + count_2 == 0) {
    result.interval = {0, k_infinity};
    return result;
  }
  if (count_2 > 0) result.ratio = static_cast<double>(count_1) / static_cast<double>(count_2);
  const double k1 = std::max(static_cast<double>(count_1), 0.5);
  const double k2 = std::max(static_cast<double>(count_2), 0.5);
  const double error = std::sqrt(std::max(phi, 1.0) * (1 / k1 + 1 / k2));
  const double estimate = std::log(k1 / k2);
  const double reach = student_quantile(1 - (1 - level) / 2, degrees) * error;
  result.interval = {std::exp(estimate - reach), std::exp(estimate + reach)};
  result.p = student_two_sided(estimate / error, degrees);
  result.p_central = result.p;
  return result;
}

}  // namespace sitrep::metrics
