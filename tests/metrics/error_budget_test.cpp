#include "metrics/error_budget.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;
using metrics::EventCounts;

TEST_CASE("metrics::k_burn_alerts spend what table 5-8 of the SRE workbook says") {
  const Seconds month{30 * 86400};
  const double expected[] = {0.02, 0.05, 0.10};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& alert = metrics::k_burn_alerts[i];
    CHECK(metrics::budget_spent(alert.burn, alert.long_window, month) == Approx(expected[i]));
    CHECK(alert.long_window.count() == 12 * alert.short_window.count());
  }
  CHECK(metrics::time_to_exhaustion(14.4, month) == Seconds{50 * 3600});
}

TEST_CASE("metrics::error_budget is exact at six nines and 10^12 events") {
  CHECK(metrics::allowed_per_billion(0.999999) == 1000);
  CHECK(metrics::allowed_per_billion(0.9995) == 500'000);
  const std::int64_t total = 1'000'000'000'000;
  const auto edge = metrics::error_budget({total - 1'000'000, total}, 0.999999);
  REQUIRE(edge);
  CHECK(edge->met);
  CHECK(edge->used == 1);
  CHECK(edge->left_bad == 0);
  const auto over = metrics::error_budget({total - 1'000'001, total}, 0.999999);
  REQUIRE(over);
  CHECK_FALSE(over->met);
  CHECK(over->left_bad == -1);
  CHECK(*metrics::burn_rate({98'560, 100'000}, 0.999) == Approx(14.4));
  // 43.2 minutes of a 30 day month at 99.9 %, counted in seconds.
  CHECK(metrics::error_budget({30 * 86400, 30 * 86400}, 0.999)->allowed_bad == Approx(43.2 * 60));
}

TEST_CASE("metrics::error_budget: no events are unknown, not good") {
  CHECK_FALSE(metrics::error_budget({0, 0}, 0.999));
  CHECK_FALSE(metrics::burn_rate({0, 0}, 0.999));
}

TEST_CASE("metrics::allowed_per_billion refuses percentages and lost decimals") {
  CHECK_THROWS_WITH_AS(metrics::allowed_per_billion(99.9),
                       "slo objective 99.9 is not a ratio from 0 to below 1; write 99.9 % as 0.999", Error);
  CHECK_THROWS_AS(metrics::allowed_per_billion(1), Error);
  CHECK_THROWS_AS(metrics::allowed_per_billion(0.9999999995), Error);
}

TEST_CASE("metrics::sum refuses impossible counts and overflow") {
  CHECK(metrics::sum(std::vector<EventCounts>{{9, 10}, {1, 90}}).good == 10);
  CHECK_THROWS_AS(metrics::sum(std::vector<EventCounts>{{11, 10}}), Error);
  CHECK_THROWS_AS(metrics::sum(std::vector<EventCounts>{{-1, 10}}), Error);
  const auto most = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(metrics::sum(std::vector<EventCounts>{{most, most}, {1, 1}}), Error);
}
