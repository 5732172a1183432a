#pragma once

#include <cstdint>

/// Distribution functions that the intervals and tests need. Relative accuracy about 1e-10 for shapes up to 1e6; every
/// argument outside its range is Error{bug}: callers check data before they ask for statistics.
namespace sitrep::metrics {

/// Regularised lower incomplete gamma P(a, x), a > 0, x >= 0. DLMF 8.7.1 (series) and 8.9.2 (continued fraction).
double gamma_p(double a, double x);
/// Q(a, x) = 1 - P(a, x), computed without cancellation.
double gamma_q(double a, double x);
/// The x with P(a, x) = p, 0 <= p < 1.
double gamma_p_inverse(double a, double p);

/// Regularised incomplete beta I_x(a, b), a, b > 0, 0 <= x <= 1. DLMF 8.17.22 (continued fraction).
double beta_i(double a, double b, double x);
/// The x with I_x(a, b) = p, 0 <= p <= 1.
double beta_i_inverse(double a, double b, double p);

double normal_cdf(double z);
/// 0 < p < 1.
double normal_quantile(double p);

/// P(X > x) of chi-squared with `degrees` of freedom.
double chi_squared_upper(double x, double degrees);
double chi_squared_quantile(double p, double degrees);

/// P(|T| > |t|) of Student's t.
double student_two_sided(double t, double degrees);
/// The t with P(T <= t) = p.
double student_quantile(double p, double degrees);

/// P(X <= k) and P(X = k) of Binomial(n, p). k < 0 gives 0, k >= n gives 1 for the CDF.
double binomial_cdf(std::int64_t k, std::int64_t n, double p);
double binomial_pmf(std::int64_t k, std::int64_t n, double p);

/// log Gamma(x), x > 0, without the global that std::lgamma writes.
double log_gamma(double x);

}  // namespace sitrep::metrics
