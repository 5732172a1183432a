#include "metrics/counts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;

TEST_CASE("metrics::poisson_interval is Garwood's exact interval") {
  struct Case {
    std::int64_t count;
    double lower, upper;
  };
  const Case cases[] = {{0, 0, 3.6889},        {1, 0.0253, 5.5716},    {3, 0.6187, 8.7673},     {5, 1.6235, 11.6683},
                        {10, 4.7954, 18.3904}, {20, 12.2165, 30.8884}, {100, 81.3640, 121.6268}};
  for (const auto& c : cases) {
    CAPTURE(c.count);
    const auto bounds = metrics::poisson_interval(c.count);
    CHECK(std::abs(bounds.lower - c.lower) < 5.1e-5);
    CHECK(std::abs(bounds.upper - c.upper) < 5.1e-5);
  }
  CHECK(metrics::poisson_interval(1'000'000).lower == Approx(998'041).epsilon(1e-5));
  CHECK_THROWS_AS(metrics::poisson_interval(-1), Error);
}

TEST_CASE("metrics::compare_rates: Rothman's radiation example, 41 / 28,010 against 15 / 19,017 person-years") {
  const auto c = metrics::compare_rates(41, 28010, 15, 19017);
  REQUIRE(c.ratio);
  CHECK(*c.ratio == Approx(1.855759).epsilon(1e-6));
  CHECK(c.interval.lower == Approx(1.005684).epsilon(1e-6));
  CHECK(c.interval.upper == Approx(3.609300).epsilon(1e-6));  // by summing the binomial in exact steps
  CHECK(std::abs(c.p - 0.04085) < 5e-6);
  CHECK(c.p_central == Approx(0.0476602).epsilon(1e-5));
}

TEST_CASE("metrics::compare_rates: a count that tripled is not yet evidence") {
  struct Case {
    std::int64_t a, b;
    double p, tolerance;
  };
  const Case cases[] = {{12, 4, 0.0768, 5.1e-5}, {10, 2, 0.0386, 5.1e-5}, {7, 2, 0.18, 5e-3}};
  for (const auto& c : cases) {
    CAPTURE(c.a);
    CHECK(std::abs(metrics::compare_rates(c.a, 7, c.b, 7).p - c.p) < c.tolerance);
    CHECK(metrics::compare_rates(c.b, 7, c.a, 7).p == Approx(metrics::compare_rates(c.a, 7, c.b, 7).p));
  }
  const auto tripled = metrics::compare_rates(12, 1, 4, 1);
  CHECK(*tripled.ratio == Approx(3.0));
  CHECK(std::abs(tripled.interval.lower - 0.909) < 5e-4);
  CHECK(std::abs(tripled.interval.upper - 12.76) < 6e-3);
}

TEST_CASE("metrics::compare_rates handles zeros and large counts") {
  const auto none = metrics::compare_rates(0, 1, 0, 1);
  CHECK_FALSE(none.ratio);
  CHECK(none.p == 1);
  const auto up = metrics::compare_rates(9, 1, 0, 1);
  CHECK_FALSE(up.ratio);
  CHECK(std::isinf(up.interval.upper));
  CHECK(up.interval.lower > 1);
  CHECK(up.p == Approx(2 * std::pow(0.5, 9)));
  const auto down = metrics::compare_rates(0, 1, 9, 1);
  CHECK(down.interval.lower == 0);
  CHECK(down.interval.upper < 1);
  CHECK(metrics::compare_rates(500'000, 1, 500'100, 1).p > 0.9);
}

TEST_CASE("metrics::compare_rates equals the sum over all outcomes not more likely") {
  const std::int64_t n = 14;
  const double share = 3.0 / 8;
  const auto pmf = [&](std::int64_t k) {
    const auto kd = static_cast<double>(k);
    return std::exp(std::lgamma(15.0) - std::lgamma(kd + 1) - std::lgamma(15.0 - kd)) * std::pow(share, kd) *
           std::pow(1 - share, 14 - kd);
  };
  for (std::int64_t a = 0; a <= n; ++a) {
    double expected = 0;
    for (std::int64_t k = 0; k <= n; ++k) expected += pmf(k) <= pmf(a) * (1 + 1e-7) ? pmf(k) : 0;
    CAPTURE(a);
    CHECK(metrics::compare_rates(a, 3, n - a, 5).p == Approx(std::min(1.0, expected)).epsilon(1e-9));
  }
}

TEST_CASE("metrics::dispersion finds clustered counts") {
  const std::vector<std::int64_t> x{3, 5, 2, 8, 1, 4, 12, 3, 2, 6, 0, 5};
  const auto d = metrics::dispersion(x);
  REQUIRE(d);
  CHECK(d->mean == Approx(4.25));
  CHECK(d->variance == Approx(10.93182).epsilon(1e-6));
  CHECK(d->statistic == Approx(28.2941).epsilon(1e-5));
  CHECK(std::abs(d->p - 0.002918) < 5e-7);
  const auto nb = metrics::fit_negative_binomial(x);
  REQUIRE(nb);
  CHECK(nb->size_moments == Approx(2.7032).epsilon(2e-5));
  CHECK(nb->size_likelihood == Approx(3.0601).epsilon(2e-5));
  CHECK(nb->log_likelihood == Approx(-29.26974).epsilon(1e-6));
  CHECK_FALSE(metrics::dispersion(std::vector<std::int64_t>{0, 0, 0}));
  CHECK_FALSE(metrics::fit_negative_binomial(std::vector<std::int64_t>{4, 4, 5, 4}));
}

TEST_CASE("metrics::compare_overdispersed is wider than Poisson and never narrower for phi below 1") {
  const auto wide = metrics::compare_overdispersed(20, 8, 2.5, 11);
  const auto poisson = metrics::compare_overdispersed(20, 8, 1, 11);
  CHECK(wide.p > poisson.p);
  CHECK(wide.interval.lower < poisson.interval.lower);
  CHECK(metrics::compare_overdispersed(20, 8, 0.2, 11).p == poisson.p);
  CHECK_FALSE(metrics::compare_overdispersed(3, 0, 2, 11).ratio);
}
