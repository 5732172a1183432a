#include "metrics/proportions.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;

namespace {
bool near(double a, double b) { return std::abs(a - b) < 5.1e-5; }
}  // namespace

TEST_CASE("metrics::wilson gives Newcombe's (1998) worked cases") {
  struct Case {
    std::int64_t x, n;
    double lower, upper, lower_corrected, upper_corrected;
  };
  const Case cases[] = {{81, 263, .2553, .3662, .2535, .3682},
                        {15, 148, .0624, .1605, .0598, .1644},
                        {0, 20, 0, .1611, 0, .2005},
                        {1, 29, .0061, .1718, .0018, .1963}};
  for (const auto& c : cases) {
    CAPTURE(c.x);
    CHECK(near(metrics::wilson(c.x, c.n).lower, c.lower));
    CHECK(near(metrics::wilson(c.x, c.n).upper, c.upper));
    CHECK(near(metrics::wilson_corrected(c.x, c.n).lower, c.lower_corrected));
    CHECK(near(metrics::wilson_corrected(c.x, c.n).upper, c.upper_corrected));
  }
  CHECK(near(metrics::wilson(10, 10).lower, .7225));
  CHECK(metrics::wilson(10, 10).upper == 1);
  CHECK(near(metrics::wilson(45, 50).lower, .7864));
  CHECK(near(metrics::wilson(45, 50).upper, .9565));
  CHECK_THROWS_AS(metrics::wilson(3, 2), Error);
  CHECK_THROWS_AS(metrics::wilson(0, 0), Error);
}

TEST_CASE("metrics::newcombe gives method 10's worked cases") {
  struct Case {
    std::int64_t x1, n1, x2, n2;
    double d, lower, upper;
  };
  const Case cases[] = {
      {56, 70, 48, 80, .20, .0524, .3339}, {9, 10, 3, 10, .60, .1705, .8090}, {10, 10, 0, 20, 1, .6791, 1}};
  for (const auto& c : cases) {
    CAPTURE(c.x1);
    const auto d = metrics::newcombe(c.x1, c.n1, c.x2, c.n2);
    CHECK(d.difference == Approx(c.d));
    CHECK(near(d.interval.lower, c.lower));
    CHECK(near(d.interval.upper, c.upper));
  }
  CHECK(metrics::newcombe(10, 10, 10, 10).p == 1);
}

TEST_CASE("metrics::upper_bound_of_none is about three over n") {
  CHECK(metrics::upper_bound_of_none(1000) == Approx(.0029913).epsilon(1e-4));
  CHECK(metrics::upper_bound_of_none(10'000) == Approx(.00029953).epsilon(1e-4));
}
