#include "forecast/runway.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

using namespace sitrep;
using doctest::Approx;
using forecast::Runway;
using model::Sample;

namespace {

const UnixTime k_now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 16};

/// Daily samples up to k_now.
std::vector<Sample> days(std::size_t n, double first, double per_day, double noise_size = 0.5) {
  std::mt19937_64 random(17);
  std::normal_distribution<double> noise(0, noise_size);
  std::vector<Sample> samples;
  for (std::size_t d = 0; d < n; ++d) {
    const auto age = static_cast<std::int64_t>(n - 1 - d);
    samples.push_back({k_now - std::chrono::days{age}, first + per_day * static_cast<double>(d) + noise(random)});
  }
  return samples;
}

Runway run(const std::vector<Sample>& samples, double limit, double added = 0) {
  forecast::RunwayOptions options;
  options.now = k_now;
  options.limit = limit;
  options.added = {{k_now, added}};
  return forecast::runway(samples, options);
}

}  // namespace

TEST_CASE("forecast::runway dates the crossing with a range around it") {
  const auto r = run(days(400, 100, 1), 540);  // 499 now, the limit in 41 days
  REQUIRE(r.state == Runway::State::dated);
  REQUIRE(r.first);
  REQUIRE(r.last);
  const auto expected = k_now + std::chrono::days{41};
  CHECK(*r.first <= expected);
  CHECK(*r.last >= expected);
  CHECK(*r.last - *r.first < std::chrono::days{14});
  CHECK(r.growth_per_day == Approx(1).epsilon(0.05));
  CHECK(r.headroom == Approx(1 - r.used / 540));
}

TEST_CASE("forecast::runway: added demand brings the date nearer") {
  CHECK(*run(days(400, 100, 1), 540, 20).first < *run(days(400, 100, 1), 540).first);
  forecast::RunwayOptions options;
  options.now = k_now;
  options.limit = 540;
  options.added = {{k_now + std::chrono::days{10}, 100}};  // 499 now, 509 by then
  const auto r = forecast::runway(days(400, 100, 1), options);
  CHECK(r.headroom > 0);
  CHECK(r.expected == k_now + std::chrono::days{10});
}

TEST_CASE("forecast::runway: a day under way bends nothing down, and its newest sample is what is used") {
  // Every day has its peak in the evening; today there is no evening yet.
  std::vector<Sample> whole;
  for (const auto& day : days(400, 100, 1))
    for (const auto& [hour, share] : {std::pair{2, 0.3}, std::pair{10, 0.6}, std::pair{18, 1.0}, std::pair{23, 0.5}})
      whole.push_back({day.at - std::chrono::days{1} + std::chrono::hours{hour}, day.value * share});
  auto begun = whole;
  begun.push_back({k_now + std::chrono::hours{2}, 150});
  begun.push_back({k_now + std::chrono::hours{10}, 301});
  forecast::RunwayOptions options;
  options.limit = 540;
  options.now = k_now;
  const auto before = forecast::runway(whole, options);
  options.now = k_now + std::chrono::hours{11};
  const auto r = forecast::runway(begun, options);
  CHECK(r.first == before.first);
  CHECK(r.last == before.last);
  CHECK(r.used == 301);
  // Nothing is forecast for the day that is there in part; what follows it is what it was.
  CHECK(r.forecast_start == k_now + std::chrono::days{1});
  REQUIRE(r.forecast->values.size() + 1 == before.forecast->values.size());
  CHECK(r.forecast->values.front() == before.forecast->values[1]);
  CHECK(r.forecast->intervals.front().upper.size() == r.forecast->values.size());
  // What is measured once a day is whole when it is measured, an hour more or less.
  CHECK(forecast::is_under_way(k_now + std::chrono::hours{10}, k_now - std::chrono::hours{1}));
  CHECK_FALSE(forecast::is_under_way(k_now + std::chrono::hours{6}, k_now - std::chrono::hours{17}));
  auto daily = days(400, 100, 1);
  daily.push_back({k_now + std::chrono::days{1}, 600});
  options.now = k_now + std::chrono::days{1};
  options.limit = 700;
  CHECK(forecast::runway(daily, options).horizon_end > run(days(400, 100, 1), 700).horizon_end);
}

TEST_CASE("forecast::runway: flat and falling have no date and say so") {
  CHECK(run(days(200, 50, 0), 100).state == Runway::State::no_growth);
  CHECK(run(days(200, 90, -0.2), 100).state == Runway::State::no_growth);
  CHECK_FALSE(run(days(200, 50, 0), 100).first);
}

TEST_CASE("forecast::runway: growth that reaches the limit beyond the horizon is not in sight") {
  const auto r = run(days(200, 50, 0.5), 1000);
  CHECK(r.state == Runway::State::not_in_sight);
  CHECK(r.horizon_end == k_now + std::chrono::days{50});
}

TEST_CASE("forecast::runway: at the limit is full, and data that cannot tell is unknown") {
  CHECK(run(days(50, 100, 1), 120).state == Runway::State::full);
  CHECK(run({}, 120).reason == "no samples");
  CHECK(run(days(50, 100, 1), 0).reason == "no limit");
  CHECK(run(days(5, 10, 1), 120).reason == "5 days of samples, needs 8 days");
  auto old = days(50, 10, 1);
  for (auto& s : old) s.at -= std::chrono::days{30};
  CHECK(run(old, 120).reason == "no samples since 2026-10-17");
  auto future = days(50, 10, 1);
  for (auto& s : future) s.at += std::chrono::days{500};
  CHECK(run(future, 120).reason == "no samples");
}

TEST_CASE("forecast::runway: one clean-up is taken out, and the growth beside it still counts") {
  auto samples = days(400, 100, 1);
  for (std::size_t d = 300; d < samples.size(); ++d) samples[d].value -= 150;
  const auto r = run(samples, 400);  // 349 now
  REQUIRE(r.state == Runway::State::dated);
  CHECK(*r.first <= k_now + std::chrono::days{51});
  CHECK(*r.first >= k_now + std::chrono::days{40});
  REQUIRE_FALSE(r.notes.empty());
  CHECK(r.notes.back().find("taken out of the trend") != std::string::npos);
}

TEST_CASE("forecast::runway: growth in a saw, in stairs or under a week's season has its date") {
  struct Case {
    std::string name;
    double (*shape)(int);
  };
  // Each grows by 0.5 a day; taking its jumps for steps would leave a flat or falling rest.
  const Case cases[] = {{"a jump and a decay every week", [](int t) { return 0.5 * t - 3.0 * (t % 7); }},
                        {"a clean-up every week", [](int t) { return 0.5 * t + 3.0 * (t % 7); }},
                        {"a jump and a decay every month", [](int t) { return 0.5 * t - 1.0 * (t % 30); }},
                        {"stairs", [](int t) { return 15.0 * (t / 30); }},
                        {"quiet weekends", [](int t) { return 0.5 * t - (t % 7 >= 5 ? 5.0 : 0.0); }}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto samples = days(400, 100, 0, 0.5);
    double limit = 0;
    for (int t = 0; t < 440; ++t) limit = std::max(limit, 100 + c.shape(t));  // reached within 40 days
    for (int t = 0; t < 400; ++t) samples[static_cast<std::size_t>(t)].value += c.shape(t);
    const auto r = run(samples, limit);
    CHECK(r.state == Runway::State::dated);
    REQUIRE(r.first);
    CHECK(*r.first <= k_now + std::chrono::days{60});
  }
}

TEST_CASE("forecast::runway: dates alone are those of a whole runway, and are sooner where none can be") {
  int dated = 0, without_forecast = 0;
  for (const double per_day : {-0.2, 0.0, 0.1, 0.5}) {
    for (const double limit : {60.0, 80.0, 120.0, 250.0, 1e4}) {
      for (const double added : {0.0, 40.0}) {
        CAPTURE(per_day);
        CAPTURE(limit);
        CAPTURE(added);
        forecast::RunwayOptions options;
        options.now = k_now;
        options.limit = limit;
        options.origins = 8;
        options.added = {{k_now + std::chrono::days{10}, added}};
        const auto samples = days(120, 30, per_day, 2);
        const auto whole = forecast::runway(samples, options);
        options.dates_only = true;
        const auto dates = forecast::runway(samples, options);
        CHECK(dates.first == whole.first);
        CHECK((dates.state == Runway::State::full) == (whole.state == Runway::State::full));
        dated += dates.first ? 1 : 0;
        without_forecast += dates.forecast ? 0 : 1;
      }
    }
  }
  CHECK(dated > 5);
  CHECK(without_forecast > 5);
}
