#include "metrics/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/error.hpp"

namespace sitrep::metrics {
namespace {

constexpr double k_epsilon = std::numeric_limits<double>::epsilon();
constexpr double k_tiny = 1e-300;      // keeps Lentz's denominators from vanishing
constexpr int k_iterations = 200'000;  // the series needs about 6 sqrt(a) terms; a is bounded by counts of events

void require(bool holds, const char* function, const char* what) {
  if (!holds) fail(ErrorKind::bug, "metrics::{}: {}", function, what);
}

double gamma_prefactor(double a, double x) { return std::exp(-x + a * std::log(x) - log_gamma(a)); }

double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n < k_iterations; ++n) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * k_epsilon) break;
  }
  return sum * gamma_prefactor(a, x);
}

double gamma_fraction(double a, double x) {  // modified Lentz, gives Q
  double b = x + 1 - a;
  double c = 1 / k_tiny;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < k_iterations; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < k_tiny) d = k_tiny;
    c = b + an / c;
    if (std::abs(c) < k_tiny) c = k_tiny;
    d = 1 / d;
    h *= d * c;
    if (std::abs(d * c - 1) < k_epsilon) break;
  }
  return h * gamma_prefactor(a, x);
}

double beta_fraction(double a, double b, double x) {
  const double ab = a + b;
  double c = 1;
  double d = 1 - ab * x / (a + 1);
  if (std::abs(d) < k_tiny) d = k_tiny;
  d = 1 / d;
  double h = d;
  for (int m = 1; m < k_iterations; ++m) {
    const auto step = [&](double numerator) {
      d = 1 + numerator * d;
      if (std::abs(d) < k_tiny) d = k_tiny;
      c = 1 + numerator / c;
      if (std::abs(c) < k_tiny) c = k_tiny;
      d = 1 / d;
      h *= d * c;
    };
    step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    step(-(a + m) * (ab + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (std::abs(d * c - 1) < k_epsilon) break;
  }
  return h;
}

/// The root of an increasing function in [low, high]: Newton, with bisection whenever Newton leaves the bracket.
template <class Value, class Slope>
double increasing_root(double low, double high, double start, Value value, Slope slope) {
  double x = std::clamp(start, low, high);
  for (int i = 0; i < 200; ++i) {
    const double f = value(x);
    if (f == 0) return x;
    (f > 0 ? high : low) = x;
    const double g = slope(x);
    double next = g > 0 ? x - f / g : low;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - x) <= 4 * k_epsilon * std::abs(next) || high - low <= k_epsilon * std::abs(high)) return next;
    x = next;
  }
  return x;
}

}  // namespace

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double gamma_p(double a, double x) {
  require(a > 0 && x >= 0, "gamma_p", "needs a > 0 and x >= 0");
  if (x == 0) return 0;
  return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double gamma_q(double a, double x) {
  require(a > 0 && x >= 0, "gamma_q", "needs a > 0 and x >= 0");
  if (x == 0) return 1;
  return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

double gamma_p_inverse(double a, double p) {
  require(a > 0 && p >= 0 && p < 1, "gamma_p_inverse", "needs a > 0 and 0 <= p < 1");
  if (p == 0) return 0;
  // Wilson and Hilferty (1931): the cube root of a gamma variable is nearly normal.
  const double t = 1 - 1 / (9 * a) + normal_quantile(p) / (3 * std::sqrt(a));
  const double start = t > 0 ? a * t * t * t : std::exp((std::log(p) + log_gamma(a + 1)) / a);
  double high = std::max(2 * a, 2 * start) + 10;
  while (gamma_p(a, high) < p) high *= 2;
  // The smaller tail is compared, so that p near 1 keeps its digits.
  return increasing_root(
      0, high, start, [&](double x) { return p < 0.5 ? gamma_p(a, x) - p : (1 - p) - gamma_q(a, x); },
      [&](double x) { return x > 0 ? gamma_prefactor(a, x) / x : 0.0; });
}

double beta_i(double a, double b, double x) {
  require(a > 0 && b > 0 && x >= 0 && x <= 1, "beta_i", "needs a, b > 0 and 0 <= x <= 1");
  if (x == 0 || x == 1) return x;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast below the mean; above it the mirrored one does.
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double beta_i_inverse(double a, double b, double p) {
  require(a > 0 && b > 0 && p >= 0 && p <= 1, "beta_i_inverse", "needs a, b > 0 and 0 <= p <= 1");
  if (p == 0 || p == 1) return p;
  const double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  return increasing_root(
      0, 1, a / (a + b), [&](double x) { return beta_i(a, b, x) - p; },
      [&](double x) {
        return x > 0 && x < 1 ? std::exp((a - 1) * std::log(x) + (b - 1) * std::log1p(-x) - log_beta) : 0.0;
      });
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
  require(p > 0 && p < 1, "normal_quantile", "needs 0 < p < 1");
  if (p > 0.5) return -normal_quantile(1 - p);
  // Abramowitz and Stegun 26.2.23 to 4.5e-4, then Halley's method on erfc.
  const double t = std::sqrt(-2 * std::log(p));
  double z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (int i = 0; i < 4; ++i) {
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double u = (normal_cdf(z) - p) / density;
    z -= u / (1 + z * u / 2);
  }
  return z;
}

double chi_squared_upper(double x, double degrees) { return gamma_q(degrees / 2, x / 2); }

double chi_squared_quantile(double p, double degrees) { return 2 * gamma_p_inverse(degrees / 2, p); }

double student_two_sided(double t, double degrees) {
  require(degrees > 0, "student_two_sided", "needs degrees > 0");
  return beta_i(degrees / 2, 0.5, degrees / (degrees + t * t));
}

double student_quantile(double p, double degrees) {
  require(p > 0 && p < 1 && degrees > 0, "student_quantile", "needs 0 < p < 1 and degrees > 0");
  if (p > 0.5) return -student_quantile(1 - p, degrees);
  const double x = beta_i_inverse(degrees / 2, 0.5, 2 * p);
  return -std::sqrt(degrees * (1 - x) / x);
}

double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  require(n >= 0 && p >= 0 && p <= 1, "binomial_cdf", "needs n >= 0 and 0 <= p <= 1");
  if (k < 0) return 0;
  if (k >= n) return 1;
  return beta_i(static_cast<double>(n - k), static_cast<double>(k) + 1, 1 - p);
}

double binomial_pmf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k == 0 ? 1 : 0;
  if (p >= 1) return k == n ? 1 : 0;
  const auto nd = static_cast<double>(n);
  const auto kd = static_cast<double>(k);
  return std::exp(log_gamma(nd + 1) - log_gamma(kd + 1) - log_gamma(nd - kd + 1) + kd * std::log(p) +
                  (nd - kd) * std::log1p(-p));
}

}  // namespace sitrep::metrics
