#include "metrics/multiplicity.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sitrep;
using doctest::Approx;

TEST_CASE("metrics::benjamini_hochberg gives the paper's example: 4 of 15, where Bonferroni gives 3") {
  // Benjamini & Hochberg (1995), section 4: thrombolysis in acute myocardial infarction.
  const std::vector<double> p{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                              .0459, .3240, .4262, .5719, .6528, .7590, 1.000};
  const auto believed = metrics::benjamini_hochberg(p, 0.05);
  CHECK(std::count(believed.begin(), believed.end(), true) == 4);
  CHECK(believed[3]);
  CHECK_FALSE(believed[4]);
  CHECK(metrics::benjamini_hochberg({}, 0.05).empty());
}

TEST_CASE("metrics::adjusted_p keeps the order of its input and never falls with p") {
  const std::vector<double> p{0.04, 0.01, 0.03};
  const auto adjusted = metrics::adjusted_p(p);
  CHECK(adjusted[1] == Approx(0.03));
  CHECK(adjusted[2] == Approx(0.04));
  CHECK(adjusted[0] == Approx(0.04));
}

TEST_CASE("metrics::interval_score punishes misses by 2/alpha") {
  CHECK(metrics::interval_score(10, 20, 25, 0.95) == Approx(210));
  CHECK(metrics::interval_score(10, 20, 15, 0.95) == Approx(10));
  CHECK(metrics::interval_score(10, 20, 8, 0.8) == Approx(30));
}
