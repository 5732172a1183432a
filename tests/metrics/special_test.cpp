#include "metrics/special.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;

TEST_CASE("metrics::gamma_p agrees with closed forms") {
  // P(1, x) = 1 - e^-x; P(1/2, x) = erf(sqrt x); Q(3, x) = e^-x (1 + x + x^2/2).
  for (const double x : {0.01, 0.5, 1.0, 2.5, 7.0, 30.0}) {
    CAPTURE(x);
    CHECK(metrics::gamma_p(1, x) == Approx(1 - std::exp(-x)).epsilon(1e-12));
    CHECK(metrics::gamma_p(0.5, x) == Approx(std::erf(std::sqrt(x))).epsilon(1e-12));
    CHECK(metrics::gamma_q(3, x) == Approx(std::exp(-x) * (1 + x + x * x / 2)).epsilon(1e-11));
  }
}

TEST_CASE("metrics::chi_squared_quantile gives the printed tables") {
  // NIST/SEMATECH e-Handbook, table 1.3.6.7.4, upper critical values.
  struct Case {
    double p, degrees, expected;
  };
  const Case cases[] = {{0.95, 1, 3.841},   {0.95, 10, 18.307},    {0.99, 5, 15.086},
                        {0.90, 30, 40.256}, {0.999, 100, 149.449}, {0.05, 10, 3.940}};
  for (const auto& c : cases) {
    CAPTURE(c.degrees);
    CHECK(std::round(metrics::chi_squared_quantile(c.p, c.degrees) * 1000) / 1000 == Approx(c.expected));
    CHECK(metrics::chi_squared_upper(metrics::chi_squared_quantile(c.p, c.degrees), c.degrees) ==
          Approx(1 - c.p).epsilon(1e-10));
  }
}

TEST_CASE("metrics::gamma_p_inverse undoes gamma_p over seven decades of shape") {
  for (const double a : {0.3, 1.0, 7.5, 100.0, 5000.0, 1e6}) {
    for (const double p : {1e-8, 0.025, 0.5, 0.975, 1 - 1e-9}) {
      CAPTURE(a);
      CAPTURE(p);
      CHECK(metrics::gamma_p(a, metrics::gamma_p_inverse(a, p)) == Approx(p).epsilon(1e-7));
    }
  }
}

TEST_CASE("metrics::beta_i agrees with closed forms and its inverse undoes it") {
  for (const double x : {0.01, 0.3, 0.5, 0.9, 0.999}) {
    CAPTURE(x);
    CHECK(metrics::beta_i(1, 1, x) == Approx(x));
    CHECK(metrics::beta_i(3, 1, x) == Approx(x * x * x).epsilon(1e-12));
    CHECK(metrics::beta_i(0.5, 0.5, x) == Approx(2 / std::numbers::pi * std::asin(std::sqrt(x))).epsilon(1e-12));
    CHECK(metrics::beta_i(42, 15, x) == Approx(1 - metrics::beta_i(15, 42, 1 - x)).epsilon(1e-9));
  }
  for (const double p : {1e-6, 0.025, 0.5, 0.975}) {
    CAPTURE(p);
    CHECK(metrics::beta_i(41, 16, metrics::beta_i_inverse(41, 16, p)) == Approx(p).epsilon(1e-9));
    CHECK(metrics::beta_i(0.5, 2000, metrics::beta_i_inverse(0.5, 2000, p)) == Approx(p).epsilon(1e-9));
  }
}

TEST_CASE("metrics::normal_quantile and student_quantile give the printed tables") {
  CHECK(metrics::normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-14));
  CHECK(metrics::normal_quantile(0.995) == Approx(2.575829303548901).epsilon(1e-14));
  CHECK(metrics::normal_quantile(1e-10) == Approx(-6.361340902404056).epsilon(1e-12));
  CHECK(metrics::normal_cdf(metrics::normal_quantile(0.123)) == Approx(0.123).epsilon(1e-14));
  // NIST/SEMATECH e-Handbook, table 1.3.6.7.2.
  CHECK(metrics::student_quantile(0.975, 11) == Approx(2.201).epsilon(2e-4));
  CHECK(metrics::student_quantile(0.95, 5) == Approx(2.015).epsilon(2e-4));
  CHECK(metrics::student_two_sided(2.201, 11) == Approx(0.05).epsilon(1e-3));
}

TEST_CASE("metrics::binomial_cdf adds up the probabilities") {
  double sum = 0;
  for (int k = 0; k <= 16; ++k) {
    sum += metrics::binomial_pmf(k, 16, 0.3);
    CHECK(metrics::binomial_cdf(k, 16, 0.3) == Approx(sum).epsilon(1e-12));
  }
  CHECK(metrics::binomial_cdf(-1, 16, 0.3) == 0);
  CHECK(metrics::binomial_cdf(16, 16, 0.3) == 1);
}

TEST_CASE("metrics special functions refuse arguments outside their range") {
  CHECK_THROWS_AS(metrics::gamma_p(0, 1), Error);
  CHECK_THROWS_AS(metrics::beta_i(1, 1, 1.5), Error);
  CHECK_THROWS_AS(metrics::normal_quantile(0), Error);
}
