#include "metrics/control_charts.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using doctest::Approx;
using metrics::Signal;

TEST_CASE("metrics::xmr_limits gives the NIST handbook's flow rate chart") {
  const std::vector<double> flow{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1};
  const auto limits = metrics::xmr_limits(flow);
  REQUIRE(limits);
  CHECK(limits->mean == Approx(50.81));
  CHECK(limits->mean_moving_range == Approx(1.87778).epsilon(1e-5));
  CHECK(limits->upper == Approx(55.8041).epsilon(4e-5));  // the handbook rounds 3 / 1.128 to more digits than 2.66
  CHECK(limits->lower == Approx(45.8159).epsilon(4e-5));
  CHECK_FALSE(metrics::xmr_limits(std::vector<double>{1}));
}

TEST_CASE("metrics::signals names each rule once, where it completes") {
  const metrics::XmrLimits limits{.mean = 10, .mean_moving_range = 1, .lower = 7, .upper = 13, .moving_range_upper = 3};
  struct Case {
    const char* name;
    std::vector<double> points;
    std::vector<metrics::SignalAt> expected;
  };
  const Case cases[] = {
      {"quiet", {10, 11, 9, 10.5, 9.5}, {}},
      {"one beyond", {10, 13.1, 10}, {{1, Signal::beyond_limit, true}}},
      {"below", {6.9}, {{0, Signal::beyond_limit, false}}},
      {"on the limit is inside", {13}, {}},
      {"eight above", {11, 11, 11, 11, 11, 11, 11, 11, 11}, {{7, Signal::eight_one_side, true}}},
      {"seven is not eight", {11, 11, 11, 11, 11, 11, 11, 10}, {}},
      {"two of three", {12.5, 10, 12.5}, {{2, Signal::two_of_three, true}}},
      {"two on different sides", {12.5, 10, 7.5}, {}},
      {"two of four", {12.5, 10, 10, 12.5}, {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(metrics::signals(c.points, limits) == c.expected);
  }
}

TEST_CASE("metrics::u_chart computes limits for each area") {
  const std::vector<std::int64_t> counts{3, 5, 2, 8, 1, 4, 12, 3};
  const std::vector<double> areas{10, 12, 9, 11, 10, 10, 12, 8};
  const auto chart = metrics::u_chart(counts, areas);
  REQUIRE(chart);
  CHECK(chart->mean == Approx(0.4634146).epsilon(1e-6));
  const double upper[] = {1.1092, 1.0530, 1.1442, 1.0792, 1.1092, 1.1092, 1.0530, 1.1855};
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(chart->limits[i].upper == Approx(upper[i]).epsilon(5e-5));
    CHECK(chart->limits[i].lower == 0);
  }
  CHECK(chart->beyond.empty());
  CHECK_FALSE(chart->low_counts);
  CHECK(metrics::u_chart(std::vector<std::int64_t>{1, 0}, std::vector<double>{1, 1})->low_counts);
}
