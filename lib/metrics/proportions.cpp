#include "metrics/proportions.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "metrics/special.hpp"

namespace sitrep::metrics {
namespace {

void require_share(std::int64_t successes, std::int64_t n) {
  if (n <= 0 || successes < 0 || successes > n) {
    fail(ErrorKind::bug, "metrics: a share needs 0 <= {} <= {} and n > 0", successes, n);
  }
}

double z_of(double level) { return normal_quantile(1 - (1 - level) / 2); }

}  // namespace

Bounds wilson(std::int64_t successes, std::int64_t n, double level) {
  require_share(successes, n);
  const auto nd = static_cast<double>(n);
  const double p = static_cast<double>(successes) / nd;
  const double z = z_of(level);
  const double z2 = z * z;
  const double middle = p + z2 / (2 * nd);
  const double reach = z * std::sqrt(p * (1 - p) / nd + z2 / (4 * nd * nd));
  const double scale = 1 + z2 / nd;
  // At 0 and n a limit is exactly the share; rounding must not print it as 1e-17.
  return {successes == 0 ? 0 : (middle - reach) / scale, successes == n ? 1 : (middle + reach) / scale};
}

Bounds wilson_corrected(std::int64_t successes, std::int64_t n, double level) {
  require_share(successes, n);
  const auto nd = static_cast<double>(n);
  const double p = static_cast<double>(successes) / nd;
  const double q = 1 - p;
  const double z = z_of(level);
  const double z2 = z * z;
  const double scale = 2 * (nd + z2);
  const double lower = (2 * nd * p + z2 - 1 - z * std::sqrt(z2 - 2 - 1 / nd + 4 * p * (nd * q + 1))) / scale;
  const double upper = (2 * nd * p + z2 + 1 + z * std::sqrt(z2 + 2 - 1 / nd + 4 * p * (nd * q - 1))) / scale;
  return {successes == 0 ? 0 : std::max(0.0, lower), successes == n ? 1 : std::min(1.0, upper)};
}

DifferenceOfShares newcombe(std::int64_t successes_1, std::int64_t n_1, std::int64_t successes_2, std::int64_t n_2,
                            double level) {
  const Bounds one = wilson(successes_1, n_1, level);
  const Bounds two = wilson(successes_2, n_2, level);
  const auto n1 = static_cast<double>(n_1);
  const auto n2 = static_cast<double>(n_2);
  const double p1 = static_cast<double>(successes_1) / n1;
  const double p2 = static_cast<double>(successes_2) / n2;
  DifferenceOfShares result;
  result.difference = p1 - p2;
  result.interval = {result.difference - std::hypot(p1 - one.lower, two.upper - p2),
                     result.difference + std::hypot(one.upper - p1, p2 - two.lower)};
  const double pooled = static_cast<double>(successes_1 + successes_2) / (n1 + n2);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  if (error > 0) result.p = 2 * normal_cdf(-std::abs(result.difference) / error);
  return result;
}

double upper_bound_of_none(std::int64_t n, double level) {
  if (n <= 0) fail(ErrorKind::bug, "metrics::upper_bound_of_none: needs n > 0");
  return -std::expm1(std::log1p(-level) / static_cast<double>(n));
}

}  // namespace sitrep::metrics
