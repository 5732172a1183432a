#include "metrics/survival.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using doctest::Approx;

TEST_CASE("metrics::kaplan_meier gives the curve of the 6-MP trial (Freireich et al. 1963)") {
  std::vector<metrics::Lifetime> weeks;
  for (const double t : {6, 6, 6, 7, 10, 13, 16, 22, 23}) weeks.push_back({t, true});
  for (const double t : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) weeks.push_back({t, false});
  const auto curve = metrics::kaplan_meier(weeks);
  REQUIRE(curve.size() == 7);
  const double expected[] = {0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482};
  for (std::size_t i = 0; i < 7; ++i) CHECK(curve[i].survival == Approx(expected[i]).epsilon(1e-3));
  CHECK(curve[0].at_risk == 21);
  CHECK(curve[0].ended == 3);
  CHECK(curve[6].at_risk == 6);
  CHECK(curve[6].lower == Approx(0.1881).epsilon(1e-3));  // as R's survfit(conf.type = "log-log")
  CHECK(curve[6].upper == Approx(0.6801).epsilon(1e-3));
  CHECK(metrics::median_lifetime(curve) == 23);
  CHECK(metrics::survival_at(curve, 5) == nullptr);
  CHECK(metrics::survival_at(curve, 12)->time == 10);
}

TEST_CASE("metrics::kaplan_meier: nothing ended has no curve, everything ended falls to 0") {
  CHECK(metrics::kaplan_meier({}).empty());
  const metrics::Lifetime open[] = {{3, false}, {4, false}};
  CHECK(metrics::kaplan_meier(open).empty());
  const metrics::Lifetime done[] = {{3, true}, {4, true}};
  const auto curve = metrics::kaplan_meier(done);
  REQUIRE(curve.size() == 2);
  CHECK(curve[1].survival == 0);
  CHECK(curve[1].upper == 0);
  CHECK_FALSE(metrics::median_lifetime(metrics::kaplan_meier(open)));
}
