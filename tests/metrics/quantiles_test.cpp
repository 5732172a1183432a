#include "metrics/quantiles.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;

TEST_CASE("metrics::quantile is type 7") {
  std::vector<double> x{600, 4, 75, 9, 12, 180, 15, 18, 22, 31, 45, 60, 7, 120, 240};
  CHECK(metrics::median(x) == 31);
  CHECK(metrics::quantile(x, 0.9) == Approx(216));
  CHECK(metrics::quantile(x, 0) == 4);
  CHECK(metrics::quantile(x, 1) == 600);
  std::vector<double> four{4, 1, 3, 2};  // R: quantile(1:4) = 1 1.75 2.5 3.25 4
  CHECK(metrics::quantile(four, 0.25) == 1.75);
  CHECK(metrics::quantile(four, 0.75) == 3.25);
  std::vector<double> none;
  CHECK_THROWS_AS(metrics::median(none), Error);
}

TEST_CASE("metrics::median_ranks are the narrowest that keep 95 %") {
  struct Case {
    std::size_t n, low, high;
    double coverage;
  };
  const Case cases[] = {{6, 1, 6, .969},    {8, 1, 8, .992},    {10, 2, 9, .979},
                        {15, 4, 12, .965},  {20, 6, 15, .959},  {25, 8, 18, .957},
                        {30, 10, 21, .957}, {50, 18, 33, .967}, {100, 40, 61, .965}};
  for (const auto& c : cases) {
    CAPTURE(c.n);
    const auto ranks = metrics::median_ranks(c.n);
    REQUIRE(ranks);
    CHECK(ranks->low_rank == c.low);
    CHECK(ranks->high_rank == c.high);
    CHECK(std::abs(ranks->coverage - c.coverage) < 5.1e-4);
  }
  for (const std::size_t n : {0u, 1u, 5u}) CHECK_FALSE(metrics::median_ranks(n));
  std::vector<double> x{4, 7, 9, 12, 15, 18, 22, 31, 45, 60, 75, 120, 180, 240, 600};
  std::reverse(x.begin(), x.end());
  CHECK(metrics::median_interval(x) == metrics::Bounds{12, 120});
}

TEST_CASE("metrics::bootstrap_median_cdf is the exact distribution for n = 15") {
  struct Case {
    std::size_t k;
    double p;
  };
  for (const auto& c :
       {Case{3, .0042}, Case{4, .0255}, Case{5, .0882}, Case{8, .6037}, Case{11, .9745}, Case{12, .9958}}) {
    CAPTURE(c.k);
    CHECK(std::abs(metrics::bootstrap_median_cdf(c.k, 15) - c.p) < 5.1e-5);
  }
}

TEST_CASE("metrics::compare_samples gives Hollander and Wolfe's example 4.1") {
  // Permeability constants of the human chorioamnion at term and at 12 to 26 weeks: one-sided p = 0.1272, estimate
  // 0.305, as R's wilcox.test documents for the same data.
  const std::vector<double> at_term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const std::vector<double> earlier{1.15, 0.88, 0.90, 0.74, 1.21};
  const auto c = metrics::compare_samples(at_term, earlier);
  CHECK(c.p == Approx(2 * 0.1272).epsilon(1e-3));
  CHECK(c.estimate == Approx(0.305));
  CHECK(c.interval.lower < 0);
  CHECK(c.interval.upper > 0.305);
}

TEST_CASE("metrics::compare_samples: estimate and interval are those of all differences, sorted") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    const bool coarse = round % 3 == 0;  // many ties, zeros and negative differences among them
    const auto sample = [&](std::size_t n) {
      std::vector<double> values(n);
      for (auto& v : values)
        v = coarse ? static_cast<double>(random() % 7) - 3 : static_cast<double>(random()) / 1e7 - 200;
      return values;
    };
    const auto a = sample(8 + random() % 60), b = sample(8 + random() % 60);
    std::vector<double> differences;
    for (const double x : a)
      for (const double y : b) differences.push_back(x - y);
    const auto result = metrics::compare_samples(a, b);
    CHECK(result.estimate == metrics::median(differences));
    std::sort(differences.begin(), differences.end());
    // The interval's ends are differences, as far from one end as from the other.
    const auto low = std::ranges::equal_range(differences, result.interval.lower);
    const auto high = std::ranges::equal_range(differences, result.interval.upper);
    REQUIRE_FALSE(low.empty());
    REQUIRE_FALSE(high.empty());
    const auto below = std::pair(low.begin() - differences.begin(), low.end() - differences.begin());
    const auto above = std::pair(differences.end() - high.end(), differences.end() - high.begin());
    CHECK(below.first < above.second);
    CHECK(above.first < below.second);
  }
}

TEST_CASE("metrics::compare_samples: total separation is the smallest p that the sizes allow") {
  const std::vector<double> low{1, 2, 3, 4, 5, 6};
  const std::vector<double> high{11, 12, 13, 14, 15, 16};
  CHECK(metrics::compare_samples(low, high).p == Approx(2.0 / 924));
  CHECK(metrics::compare_samples(low, high).estimate == Approx(-10));
  CHECK(metrics::compare_samples(low, high).interval.upper < 0);
  const std::vector<double> same(8, 3.0);
  CHECK(metrics::compare_samples(same, same).p == 1);
}

TEST_CASE("metrics::compare_durations calls at most 5 % of equal skewed samples different") {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> draw(3, 1.5);
  int different = 0;
  const int runs = 2000;
  for (int i = 0; i < runs; ++i) {
    std::vector<double> a(12);
    std::vector<double> b(9);
    for (auto& x : a) x = std::round(draw(random));  // whole minutes tie
    for (auto& x : b) x = std::round(draw(random));
    different += metrics::compare_durations(a, b, 1).p < 0.05 ? 1 : 0;
  }
  CHECK(different <= runs * 0.05 + 3 * std::sqrt(runs * 0.05 * 0.95));
}
