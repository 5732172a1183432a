#include "evaluation/evaluator.hpp"

#include "evaluation/directory.hpp"

#include <doctest/doctest.h>

#include "world.hpp"

using namespace sitrep;
using doctest::Approx;
using metrics::Verdict;
using test::at;
using test::World;

namespace {

void put_programs(World& world) {
  world.put("program", {{"P1", {{"name", "Ledger migration"}}}, {"P2", {{"name", "Checkout 3"}}}});
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"aliases", R"(["ledger"])"}, {"program", "P1"}}},
                        {"S2", {{"name", "checkout"}, {"program", "Checkout 3"}}}});
}

std::vector<std::pair<std::string, World::Cells>> incidents(int n, int day, std::string_view service,
                                                            const std::string& prefix) {
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int i = 0; i < n; ++i) {
    const auto start = at(day, i % 20);
    rows.push_back({prefix + std::to_string(i),
                    {{"title", "boom"},
                     {"service", service},
                     {"severity", "SEV3"},
                     {"status", "resolved"},
                     {"started_at", start},
                     {"mitigated_at", start + 600 * (i + 1)},
                     {"resolved_at", start + 600 * (i + 1)}}});
  }
  return rows;
}

}  // namespace

TEST_CASE("evaluation::Directory::place fills in what a record does not say, and keeps what it does") {
  World world;
  put_programs(world);
  const evaluation::Directory directory(world.store());
  const auto text = [](const evaluation::Place& place) {
    return place.program + "|" + place.service + "|" + place.team;
  };
  const auto& ledger = directory.place("", "LEDGER");
  const auto& by_alias = directory.place("", "ledger-api");
  CHECK(text(ledger) == text(by_alias));
  CHECK(ledger.program == "Ledger migration");
  CHECK(!ledger.service.empty());
  CHECK(directory.place("checkout 3", "LEDGER", "night shift").program == "Checkout 3");
  CHECK(directory.place("checkout 3", "LEDGER", "night shift").team == "night shift");
  CHECK(text(directory.place("", "strange")) == "|strange|");
  CHECK(text(directory.place("", "")) == text(evaluation::nowhere()));
  CHECK(text(directory.place("*", "")) == text(evaluation::everywhere()));
  for (int i = 0; i < 1000; ++i) directory.place("", "service " + std::to_string(i));
  CHECK(&directory.place("", "LEDGER") == &ledger);  // it stays where it is
}

TEST_CASE("evaluation::Evaluator counts by program through services and aliases, and judges against the week before") {
  World world;
  put_programs(world);
  world.put("incident", incidents(12, 1, "LEDGER", "a"));
  world.put("incident", incidents(2, -6, "ledger-api", "b"));
  world.put("incident", incidents(3, 2, "checkout", "c"));
  world.put("incident", {{"d", {{"title", "drill"}, {"kind", "drill"}, {"service", "ledger"}, {"started_at", at(2)}}}});
  auto evaluator = world.evaluator();
  const auto ledger = evaluator.evaluate("incidents", world.week(), "Ledger migration");
  REQUIRE(ledger.value);
  CHECK(*ledger.value == 12);
  CHECK(ledger.previous == 2);
  CHECK(ledger.judgement.verdict == Verdict::worse);
  REQUIRE(ledger.exclusions.size() == 1);
  CHECK(ledger.exclusions[0].reason == "drill");
  CHECK(ledger.items.size() == evaluation::k_items);
  CHECK(ledger.items_left_out == 7);
  CHECK(*evaluator.evaluate("incidents", world.week()).value == 15);
  CHECK(*evaluator.evaluate("incidents_sev1", world.week()).value == 0);
  CHECK(evaluator.evaluate("incidents", world.week(), "Checkout 3").judgement.reason ==
        "3 events in both periods, needs 6");
}

TEST_CASE("evaluation::Evaluator: durations are medians with intervals; impossible orders are excluded and counted") {
  World world;
  put_programs(world);
  world.put("incident", incidents(9, 1, "checkout", "a"));
  world.put("incident", {{"x",
                          {{"title", "odd"},
                           {"service", "checkout"},
                           {"status", "resolved"},
                           {"started_at", at(3)},
                           {"mitigated_at", at(2)},
                           {"resolved_at", at(3)}}},
                         {"y",
                          {{"title", "no field"},
                           {"service", "checkout"},
                           {"status", "resolved"},
                           {"started_at", at(3)},
                           {"resolved_at", at(4)}}}});
  auto evaluator = world.evaluator();
  const auto r = evaluator.evaluate("time_to_mitigate", world.week(), "Checkout 3");
  REQUIRE(r.value);
  CHECK(*r.value == 3000);
  CHECK(r.n == 9);
  REQUIRE(r.interval);
  CHECK(r.interval_method == "order statistics 2-8");
  CHECK(r.interval->lower == 1200);
  REQUIRE(r.exclusions.size() == 1);
  CHECK(r.exclusions[0].reason == "mitigated before it started");
  CHECK(r.coverage.with == 9);
  CHECK(r.coverage.of == 10);
  CHECK_FALSE(r.p90);
}

TEST_CASE("evaluation::Evaluator: below the least n or coverage there is no value, and it says why") {
  World world;
  put_programs(world);
  world.put("incident", incidents(4, 1, "checkout", "a"));
  auto evaluator = world.evaluator();
  const auto few = evaluator.evaluate("time_to_mitigate", world.week());
  CHECK_FALSE(few.value);
  CHECK(few.not_reportable == "n = 4, needs 6");
  CHECK(few.values == std::vector<double>{600, 1200, 1800, 2400});
  CHECK(evaluator.evaluate("time_to_detect", world.week()).not_reportable ==
        "the field it needs is there in 0 of 4 records, needs 80 %");
  CHECK(evaluator.evaluate("csat", world.week()).not_reportable == "no source gives 'ticket'");
}

TEST_CASE("Evaluator: a milestone belongs to the program of that id in its own source") {
  World world;
  const auto seen = test::k_now - std::chrono::hours{1};
  world.put("program", {{"p1", {{"name", "Alpha"}}}}, seen, "a");
  world.put("program", {{"p1", {{"name", "Beta"}}}}, seen, "b");
  world.put("milestone", {{"M1", {{"program_id", "p1"}, {"title", "late"}, {"due_date", "2026-11-01"}}}}, seen, "b");
  auto evaluator = world.evaluator();
  for (const auto verdicts : {evaluation::Verdicts::yes, evaluation::Verdicts::no}) {
    CHECK(evaluator.evaluate("overdue_milestones", world.week(), {"Beta"}, verdicts).value == 1);
    CHECK(evaluator.evaluate("overdue_milestones", world.week(), {"Alpha"}, verdicts).n == 0);
  }
}

TEST_CASE("Evaluator: a metric needs what it says it needs") {
  World world;
  world.put("incident", {{"I1", {{"title", "down"}, {"started_at", test::at(1)}}}});
  auto evaluator = world.evaluator("[metric.m]\nkind = 'count'\nneeds = ['tickets']\nsql = 'select 1 as n'\n");
  CHECK(evaluator.evaluate("incidents_after_launch", world.week()).not_reportable == "no source gives 'launch_review'");
  CHECK_THROWS_WITH_AS(evaluator.evaluate("m", world.week()),
                       "sitrep.toml:1:1: metric 'm' needs 'tickets', which is no entity", Error);
  world.put("launch_review", {{"L1", {{"title", "cut-over"}}}});
  CHECK(world.evaluator().evaluate("incidents_after_launch", world.week()).value == 0);
}

TEST_CASE("Evaluator: a period that began after the last sync has no count") {
  World world;
  world.put("incident", {{"I1", {{"title", "down"}, {"severity", "SEV1"}, {"started_at", test::at(-9)}}}},
            test::k_week - std::chrono::days{1});
  auto evaluator = world.evaluator();
  const auto count = evaluator.evaluate("incidents", world.week());
  CHECK(count.not_reportable == "'incident' was last synced 2026-11-08, before the period");
  CHECK(!count.value);
  CHECK(evaluator.evaluate("open_sev12", world.week()).reportable());  // what was known then still stands
  world.put("incident", {{"I1", {{"title", "DOWN"}, {"severity", "SEV1"}, {"started_at", test::at(-9)}}}},
            test::k_week + std::chrono::hours{1});
  CHECK(world.evaluator().evaluate("incidents", world.week()).value == 0);
}

TEST_CASE("evaluation::Evaluator: slips come from the milestone's history") {
  World world;
  put_programs(world);
  const auto milestone = [&](std::string_view due, int days_ago) {
    world.put("milestone",
              {{"M1", {{"program_id", "P1"}, {"title", "dual-write"}, {"status", "open"}, {"due_date", due}}}},
              test::k_now - std::chrono::days{days_ago});
  };
  milestone("2026-10-30", 60);
  milestone("2026-11-15", 30);
  milestone("2026-12-08", 3);
  auto evaluator = world.evaluator();
  const auto days = evaluator.evaluate("milestone_slip_days", world.week(), "Ledger migration");
  REQUIRE(days.value);
  CHECK(*days.value == 39);
  CHECK(days.previous == 16);
  REQUIRE(days.items.size() == 1);
  CHECK(days.items[0].label == "dual-write due 2026-12-08, was 2026-11-15, was 2026-10-30: 2 slips, 39 days");
  CHECK(*evaluator.evaluate("milestone_slips", world.week(), "Ledger migration").value == 2);
  CHECK(*evaluator.evaluate("overdue_milestones", world.week(), "Ledger migration").value == 0);
  const auto other = evaluator.evaluate("milestone_slip_days", world.week(), "Checkout 3");
  CHECK_FALSE(other.value);
  CHECK(other.not_reportable == "no data");
}

TEST_CASE("evaluation::Evaluator: overdue actions belong to their incident's program") {
  World world;
  put_programs(world);
  world.put("incident", incidents(1, -20, "checkout", "a"));
  world.put(
      "action_item",
      {{"1",
        {{"incident_id", "a0"}, {"title", "fix"}, {"status", "open"}, {"due_date", "2026-11-10"}, {"owner", "ravi"}}},
       {"2", {{"incident_id", "a0"}, {"title", "later"}, {"status", "open"}, {"due_date", "2026-12-10"}}},
       {"3",
        {{"incident_id", "a0"},
         {"title", "was"},
         {"status", "done"},
         {"due_date", "2026-11-01"},
         {"completed_at", at(1)}}},
       {"4", {{"incident_id", "zz"}, {"title", "lost"}, {"status", "open"}, {"due_date", "2026-11-01"}}}});
  auto evaluator = world.evaluator();
  const auto r = evaluator.evaluate("overdue_actions", world.week(), "Checkout 3");
  REQUIRE(r.value);
  CHECK(*r.value == 1);
  CHECK(r.n == 2);
  REQUIRE(r.items.size() == 1);
  CHECK(r.items[0].label == "fix (a0, due 2026-11-10, owner ravi)");
  CHECK(*evaluator.evaluate("overdue_actions", world.week()).value == 2);
  CHECK(*evaluator.evaluate("overdue_actions", world.week(), "Ledger migration").value == 0);
}

TEST_CASE("evaluation::Evaluator: review age counts business days and skips holidays") {
  World world;
  put_programs(world);
  // Submitted on Monday 2026-11-02; today is Monday 2026-11-16: ten business days, one of them a holiday.
  world.put(
      "calendar",
      {{"h", {{"kind", "holiday"}, {"name", "Day off"}, {"from_date", "2026-11-11"}, {"to_date", "2026-11-11"}}}});
  world.put("launch_review",
            {{"L1",
              {{"title", "Wallets"},
               {"service", "checkout"},
               {"status", "in review"},
               {"submitted_at", at(-7, 9)},
               {"target_date", "2026-11-14"}}},
             {"L2", {{"title", "Done"}, {"service", "checkout"}, {"status", "launched"}, {"submitted_at", at(-90)}}}});
  world.put("launch_approval", {{"A1", {{"launch_id", "L1"}, {"area", "security"}, {"status", "pending"}}}});
  auto evaluator = world.evaluator();
  const auto age = evaluator.evaluate("launch_review_age_days", world.week(), "Checkout 3");
  REQUIRE(age.value);
  CHECK(*age.value == 9);
  CHECK(age.items[0].label == "Wallets waits 9 business days on security");
  CHECK(*evaluator.evaluate("launches_late", world.week(), "Checkout 3").value == 1);
  CHECK(*evaluator.evaluate("launches_blocked", world.week(), "Checkout 3").value == 0);
}

TEST_CASE("evaluation::Evaluator: the error budget is a ratio of sums, and without samples it is unknown") {
  World world;
  put_programs(world);
  world.put("slo",
            {{"A", {{"service", "checkout"}, {"name", "availability"}, {"objective", 0.999}, {"window", "30d"}}},
             {"B", {{"service", "ledger-api"}, {"name", "availability"}, {"objective", 0.999}, {"window", "30d"}}}});
  world.put(
      "slo_sample",
      {{"", {{"slo_id", "A"}, {"at", at(1)}, {"good", std::int64_t{99'950}}, {"total", std::int64_t{100'000}}}},
       {"", {{"slo_id", "A"}, {"at", at(6)}, {"good", std::int64_t{900'000}}, {"total", std::int64_t{900'000}}}}});
  auto evaluator = world.evaluator();
  const auto used = evaluator.evaluate("error_budget_used", world.week(), "Checkout 3");
  REQUIRE(used.value);
  CHECK(*used.value == Approx(0.05));
  const auto silent = evaluator.evaluate("error_budget_used", world.week(), "Ledger migration");
  CHECK_FALSE(silent.value);
  REQUIRE(silent.items.size() == 1);
  CHECK(silent.items[0].label == "ledger-api availability: no samples");
}

TEST_CASE("evaluation::Evaluator: runway against lead time gives what to order") {
  World world;
  put_programs(world);
  world.put(
      "capacity_resource",
      {{"R1",
        {{"name", "ledger-db disk"}, {"service", "ledger-api"}, {"capacity_limit", 540.0}, {"lead_time_days", 35.0}}},
       {"R2",
        {{"name", "checkout cpu"}, {"service", "checkout"}, {"capacity_limit", 540.0}, {"lead_time_days", 35.0}}}});
  std::vector<std::pair<std::string, World::Cells>> samples;
  for (int d = 0; d < 400; ++d) {
    const double wiggle = (d * 7919 % 13) / 13.0;
    samples.push_back({"",
                       {{"resource_id", "R1"},
                        {"at", unix_seconds(test::k_now) - (399 - d) * 86'400},
                        {"used", 100.0 + d + wiggle}}});
    samples.push_back(
        {"",
         {{"resource_id", "R2"}, {"at", unix_seconds(test::k_now) - (399 - d) * 86'400}, {"used", 100.0 + wiggle}}});
  }
  world.put("capacity_sample", samples);
  auto evaluator = world.evaluator();
  CHECK(*evaluator.evaluate("capacity_orders_due", world.week(), "Ledger migration").value == 1);
  CHECK(*evaluator.evaluate("capacity_orders_due", world.week(), "Checkout 3").value == 0);
  const auto days = evaluator.evaluate("runway_days", world.week(), "Ledger migration");
  REQUIRE(days.value);
  CHECK(*days.value == Approx(40).epsilon(0.1));
  CHECK(evaluator.evaluate("runway_days", world.week(), "Checkout 3").not_reportable == "no data; 1 no growth");
  REQUIRE(evaluator.capacity().size() == 2);
  CHECK(evaluator.capacity()[0].name == "ledger-db disk");
  CHECK(evaluator.capacity()[0].order_by);
  CHECK(evaluator.capacity()[1].describe() == "81 % free, no growth: no date");
}

TEST_CASE("evaluation::Evaluator: own definitions, and errors that name them") {
  World world;
  world.put("measure", {{"", {{"name", "paid"}, {"at", at(1)}, {"value", 70.0}}},
                        {"", {{"name", "started"}, {"at", at(1)}, {"value", 100.0}}}});
  auto evaluator = world.evaluator(R"(
[metric.conversion]
title = "Checkout conversion"
kind = "proportion"
better = "higher"
sql = "select sum(value) filter (where name='paid') good, sum(value) filter (where name='started') total from measure where at >= :from and at < :to"
[metric.broken]
kind = "level"
sql = "select nothing from measure"
[metric.shapeless]
kind = "duration"
sql = "select 1 as x from measure"
)");
  const auto r = evaluator.evaluate("conversion", world.week());
  REQUIRE(r.value);
  CHECK(*r.value == Approx(0.7));
  CHECK(r.n == 100);
  CHECK(r.interval_method == "Wilson");
  const auto message = [&](std::string_view metric) {
    try {
      evaluator.evaluate(metric, world.week());
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::user_code);
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(message("broken").starts_with("sitrep.toml:7:1: metric 'broken': "));
  CHECK(message("shapeless").find("gives no column 'value', which a duration needs") != std::string::npos);
  CHECK_THROWS_WITH_AS(evaluator.find("incidnets"),
                       "unknown metric 'incidnets'; did you mean 'incidents'?; see 'sitrep metric list'", Error);
}

TEST_CASE("evaluation::Evaluator::explain shows SQL, rows, sources and formula") {
  World world;
  put_programs(world);
  world.put("incident", incidents(3, 1, "checkout", "a"));
  auto evaluator = world.evaluator();
  const auto e = evaluator.explain("incidents", world.week(), "Checkout 3");
  CHECK(e.row_count == 3);
  CHECK(e.rows.size() == 3);
  CHECK(e.columns.front() == "program");
  REQUIRE(e.sources.size() == 1);
  CHECK(e.sources[0].stream == "incidents");
  CHECK(e.sources[0].last_success_at == test::k_now - std::chrono::hours{1});
  CHECK(e.sql.find("from incident") != std::string::npos);
  CHECK(evaluator.explain("incidents", world.week(), "Ledger migration").row_count == 0);
}
