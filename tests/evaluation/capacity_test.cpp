#include "evaluation/capacity.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "evaluation/capacity_plan.hpp"
#include "world.hpp"

using namespace sitrep;
using doctest::Approx;
using evaluation::CapacityRequest;
using test::World;

namespace {

/// Daily samples of 200 days: `per_day` of growth that ends at `last`.
void put_resource(World& world, std::string_view id, World::Cells cells, double last, double per_day) {
  world.put("capacity_resource", {{std::string(id), std::move(cells)}});
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int day = 0; day < 200; ++day)
    rows.push_back({"",
                    {{"resource_id", id},
                     {"at", unix_seconds(test::k_now) - day * std::int64_t{86'400} - 60},
                     {"used", last - per_day * day + 0.01 * (day * 37 % 11)}}});
  world.put("capacity_sample", rows);
}

std::vector<evaluation::Resource> read(World& world) {
  evaluation::CapacityOptions options;
  options.now = test::k_now;
  return evaluation::capacity(world.store(), evaluation::Directory(world.store()), options);
}

const evaluation::PlanRow& row(const evaluation::Plan& plan, std::string_view name) {
  const auto at = std::find_if(plan.rows.begin(), plan.rows.end(), [&](const auto& r) { return r.name == name; });
  REQUIRE(at != plan.rows.end());
  return *at;
}

}  // namespace

TEST_CASE("evaluation::capacity: demand of approved launches is in the runway from the launch's date on") {
  World world;
  put_resource(world, "R1", {{"name", "disk"}, {"unit", "TB"}, {"capacity_limit", 110.0}, {"lead_time_days", 10.0}},
               100, 0.1);
  const auto without = read(world);
  CHECK_FALSE(without[0].runway.first);  // 10 days of growth a TB: 100 days away, beyond a quarter of the history
  world.put("launch_review", {{"L1", {{"title", "Wallets"}, {"status", "approved"}, {"target_date", "2026-12-01"}}},
                              {"L2", {{"title", "Cards"}, {"status", "in review"}, {"target_date", "2026-11-20"}}}});
  world.put("capacity_request",
            {{"Q1", {{"resource_id", "R1"}, {"launch_id", "L1"}, {"amount", 20.0}, {"status", "open"}}},
             {"Q2", {{"resource_id", "R1"}, {"launch_id", "L2"}, {"amount", 20.0}, {"status", "open"}}}});
  const auto with = read(world);
  REQUIRE(with[0].runway.first);
  CHECK(format_date(std::chrono::floor<std::chrono::days>(*with[0].runway.first)) == "2026-12-01");
  CHECK(with[0].launch_demand == 20);
  CHECK(with[0].describe().ends_with("approved launches add 20 TB"));
  CHECK(with[0].runway.headroom > 0.05);  // today nothing of it is there
}

TEST_CASE("evaluation: a resource that its source has stopped to measure has days without a sample") {
  World world;
  std::vector<std::pair<std::string, World::Cells>> samples;
  for (int day = 20; day > 0; --day) {
    for (const std::string_view resource : {"on", "off", "once"}) {
      if ((resource == "off" && day < 6) || (resource == "once" && day == 10)) continue;
      samples.push_back({std::string(resource) + std::to_string(day),
                         {{"resource_id", resource}, {"at", unix_seconds(test::k_now) - day * 86'400}, {"used", 1.0}}});
    }
  }
  // The day that is under way has been measured of one of them.
  samples.push_back({"on0", {{"resource_id", "on"}, {"at", unix_seconds(test::k_now) - 60}, {"used", 1.0}}});
  world.put("capacity_sample", samples);
  const auto gaps = world.evaluator().evaluate("gaps_in_samples", world.week());
  CHECK(gaps.value == 2);
  CHECK(gaps.n == 3);
  REQUIRE(gaps.items.size() == 2);
  CHECK(gaps.items[0].label == "off: 5 of 20 days without a sample");
  CHECK(gaps.items[1].label == "once: 1 of 20 days without a sample");
}

TEST_CASE("evaluation::capacity: requests are held against the forecast, and what nobody uses is idle") {
  World world;
  put_resource(world, "flat", {{"name", "flat"}, {"unit", "cores"}, {"capacity_limit", 100.0}, {"unit_cost", 5.0}}, 40,
               0);
  put_resource(world, "grows", {{"name", "grows"}, {"unit", "TB"}, {"capacity_limit", 110.0}, {"unit_cost", 5.0}}, 100,
               0.5);
  world.put(
      "capacity_request",
      {{"Q1", {{"resource_id", "flat"}, {"amount", 50.0}, {"needed_date", "2026-12-01"}, {"status", "open"}}},
       {"Q2", {{"resource_id", "grows"}, {"amount", 50.0}, {"needed_date", "2026-12-31"}, {"status", "open"}}},
       {"Q3", {{"resource_id", "grows"}, {"amount", 1.0}, {"status", "open"}}},
       {"Q4", {{"resource_id", "grows"}, {"amount", 1.0}, {"needed_date", "2028-01-01"}, {"status", "open"}}},
       {"Q5", {{"resource_id", "grows"}, {"amount", 9.0}, {"needed_date", "2026-12-31"}, {"status", "rejected"}}}});
  const auto all = read(world);
  const auto& flat = all[0].id == "flat" ? all[0] : all[1];
  const auto& grows = all[0].id == "flat" ? all[1] : all[0];
  REQUIRE(flat.requests.size() == 1);
  CHECK(flat.requests[0].support == CapacityRequest::Support::unsupported);
  CHECK(flat.requests[0].over == 50);
  REQUIRE(grows.requests.size() == 3);
  for (const auto& q : grows.requests) {
    CAPTURE(q.id);
    CHECK((q.support == CapacityRequest::Support::supported) == (q.id == "Q2"));
    if (q.id == "Q2") CHECK(q.over > 30);  // 122 by then against 110: 12 of the 50 are needed
    if (q.id == "Q3") CHECK(q.reason == "says no date");
    if (q.id == "Q4") CHECK(q.reason.ends_with("further than the history lets one see"));
  }
  REQUIRE(flat.idle);
  CHECK(*flat.idle == Approx(60).epsilon(0.02));
  CHECK(*flat.idle_cost() == Approx(300).epsilon(0.02));
  CHECK(*grows.idle == 0);
  auto evaluator = world.evaluator();
  CHECK_FALSE(evaluator.evaluate("requests_unsupported", world.week()).value);  // 2 of 4 cannot be judged
  CHECK(*evaluator.evaluate("idle_cost", world.week()).value == Approx(300).epsilon(0.02));
  CHECK(*evaluator.evaluate("idle_share", world.week()).value == Approx(300.0 / 1050).epsilon(0.02));
}

TEST_CASE("evaluation::parse_growth, parse_addition and parse_headroom read what people write, and refuse the rest") {
  CHECK(evaluation::parse_growth("60%/y").a_year == Approx(0.6));
  CHECK(evaluation::parse_growth("checkout = 5%/m").a_year == Approx(std::pow(1.05, 12) - 1));
  CHECK(evaluation::parse_growth("checkout=5%/m").driver == "checkout");
  CHECK(evaluation::parse_growth("-10%/year").a_year == Approx(-0.1));
  for (const std::string bad : {"60", "60%", "60%/d", "=/y", "-100%/y", "x=nan%/y"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(evaluation::parse_growth(bad), Error);
  }
  CHECK(evaluation::parse_addition("checkout=+20%").is_share);
  CHECK(evaluation::parse_addition("checkout=+20%").amount == Approx(0.2));
  CHECK(evaluation::parse_addition("a=b=4.5").driver == "a=b");
  CHECK_FALSE(evaluation::parse_addition("disk=4.5").is_share);
  CHECK_THROWS_AS(evaluation::parse_addition("disk=much"), Error);
  CHECK_THROWS_AS(evaluation::parse_addition("disk=++4"), Error);
  CHECK(evaluation::parse_headroom("n+2").spare == 2);
  CHECK(evaluation::parse_headroom("20%").share == Approx(0.2));
  CHECK_THROWS_AS(evaluation::parse_headroom("n+3"), Error);
}

TEST_CASE("evaluation::plan: growth compounds per driver, additions come on top, headroom takes the largest away") {
  World world;
  world.put("service", {{"S1", {{"name", "checkout"}, {"team", "pay"}}}});
  const auto region = [](std::string_view name, double limit) {
    return World::Cells{{"name", name},    {"service", "checkout"},   {"team", "pay"},          {"kind", "cpu"},
                        {"unit", "cores"}, {"capacity_limit", limit}, {"lead_time_days", 30.0}, {"unit_cost", 10.0}};
  };
  put_resource(world, "eu", region("eu cpu", 100), 50, 0);
  put_resource(world, "us", region("us cpu", 80), 40, 0);
  put_resource(world, "disk", {{"name", "disk"}, {"capacity_limit", 1000.0}}, 100, 0);
  const auto resources = read(world);
  evaluation::PlanOptions options;
  options.now = test::k_now;
  options.until = test::k_now + std::chrono::seconds{static_cast<std::int64_t>(365.25 * 86'400)};
  options.growths = {evaluation::parse_growth("60%/y"), evaluation::parse_growth("checkout=10%/y")};
  options.additions = {evaluation::parse_addition("eu cpu=+20%"), evaluation::parse_addition("us cpu=4")};
  const auto plan = evaluation::plan(resources, options);
  CHECK(row(plan, "disk").demand_until == Approx(160).epsilon(0.01));
  const auto& eu = row(plan, "eu cpu");
  CHECK(eu.demand_now == Approx(60).epsilon(0.01));
  CHECK(eu.demand_until == Approx(50 * 1.6 * 1.1 * 1.2).epsilon(0.01));
  CHECK(eu.missing == Approx(5.6).epsilon(0.05));
  CHECK(*eu.cost == Approx(56).epsilon(0.05));
  REQUIRE(eu.full_at);
  CHECK(*eu.full_at - *eu.order_by == std::chrono::days{30});
  CHECK(row(plan, "us cpu").demand_until == Approx(40 * 1.6 * 1.1 + 4).epsilon(0.01));
  CHECK(row(plan, "us cpu").missing == 0);
  CHECK(plan.rows.front().name == "eu cpu");  // what is to order first

  options.headroom = evaluation::parse_headroom("n+1");
  const auto spare = evaluation::plan(resources, options);
  const auto& both = row(spare, "checkout cpu (2 of them)");
  CHECK(both.limit == 180);
  CHECK(both.usable == 80);
  CHECK(row(spare, "disk").usable == 1000);  // of no service: nothing is known to take over
  options.headroom = evaluation::parse_headroom("n+2");
  CHECK(row(evaluation::plan(resources, options), "checkout cpu (2 of them)").usable == 0);
  options.growths = {evaluation::parse_growth("chekout=10%/y")};
  CHECK_THROWS_WITH_AS(
      evaluation::plan(resources, options),
      "'chekout' is no capacity resource, nor a service, team, program, kind or region of one; did you "
      "mean 'checkout'?",
      Error);
}
