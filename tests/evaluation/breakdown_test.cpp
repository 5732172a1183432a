#include "evaluation/breakdown.hpp"

#include <doctest/doctest.h>

#include "world.hpp"

using namespace sitrep;
using evaluation::Scope;
using test::at;
using test::World;

TEST_CASE("evaluation::incident_breakdowns counts both periods by service, cause, weekday and office hours") {
  World world;
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"aliases", R"(["ledger"])"}, {"program", "P1"}}}});
  const auto incident = [](std::string_view service, std::int64_t when, std::string_view cause,
                           std::string_view kind = "incident") {
    return World::Cells{{"title", "x"}, {"service", service}, {"started_at", when}, {"cause", cause}, {"kind", kind}};
  };
  world.put("incident", {{"1", incident("ledger", at(0, 10), "config")},
                         {"2", incident("ledger-api", at(0, 20), "config")},
                         {"3", incident("other", at(5, 10), "disk")},
                         {"4", incident("ledger-api", at(-7, 10), "config")},
                         {"5", incident("ledger-api", at(1, 10), "drill", "drill")}});
  const auto all = evaluation::incident_breakdowns(world.store(), world.week(), {}, Calendar{});
  const auto group = [&](std::string_view by, std::string_view name) {
    for (const auto& b : all) {
      if (b.by != by) continue;
      for (const auto& g : b.groups) {
        if (g.name == name) return std::pair(g.now, g.before);
      }
    }
    return std::pair(std::int64_t{0}, std::int64_t{0});
  };
  CHECK(group("service", "ledger-api") == std::pair(std::int64_t{2}, std::int64_t{1}));
  CHECK(group("cause", "drill") == std::pair(std::int64_t{0}, std::int64_t{0}));
  CHECK(group("weekday", "1 Monday") == std::pair(std::int64_t{2}, std::int64_t{1}));
  CHECK(group("hours", "out of hours") == std::pair(std::int64_t{2}, std::int64_t{0}));
  CHECK(group("severity", "(none)") == std::pair(std::int64_t{3}, std::int64_t{1}));
  const auto one = evaluation::incident_breakdowns(world.store(), world.week(), Scope::of_service("other"), Calendar{});
  CHECK(one[1].groups.size() == 1);
}

TEST_CASE("evaluation::action_survival counts what is open for as long as it was seen open") {
  World world;
  const auto action = [](int days_ago, std::optional<int> done_after, std::string_view status) {
    const auto created = unix_seconds(test::k_now) - days_ago * std::int64_t{86'400};
    World::Cells cells{{"title", "x"}, {"created_at", created}, {"status", status}};
    if (done_after) cells.emplace_back("completed_at", created + *done_after * std::int64_t{86'400});
    return cells;
  };
  world.put("action_item", {{"1", action(40, 10, "done")},
                            {"2", action(40, 20, "done")},
                            {"3", action(15, std::nullopt, "open")},
                            {"4", action(40, std::nullopt, "dropped")},
                            {"5", action(40, -1, "done")},
                            {"6", action(400, 10, "done")}});
  const auto s = evaluation::action_survival(world.store(), world.week(), {});
  CHECK(s.n == 3);
  CHECK(s.open == 1);
  CHECK(s.left_out == 2);
  REQUIRE(s.curve.size() == 2);
  CHECK(s.curve[0].survival == doctest::Approx(2.0 / 3));
  CHECK(s.curve[1].at_risk == 1);  // the open one left after 15 days
  CHECK(s.curve[1].survival == 0);
}

TEST_CASE("evaluation::Evaluator::compare keeps only changes that hold among all, and says how many were tested") {
  World world;
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int i = 0; i < 13; ++i) rows.push_back({"n" + std::to_string(i), {{"title", "x"}, {"started_at", at(1, i)}}});
  for (int i = 0; i < 3; ++i) rows.push_back({"b" + std::to_string(i), {{"title", "x"}, {"started_at", at(-6, i)}}});
  world.put("incident", rows);
  auto evaluator = world.evaluator();
  const auto alone = evaluator.evaluate("incidents", world.week());
  CHECK(alone.judgement.verdict == metrics::Verdict::worse);  // p = 0.021
  const auto& all = evaluator.compare(world.week());
  CHECK(all.tested >= 1);
  CHECK(all.results.size() == evaluator.metrics().size());
  const auto* among = all.find("incidents");
  REQUIRE(among);
  CHECK(among->value == alone.value);
  const bool holds = *among->judgement.p * static_cast<double>(all.tested) <= 0.05;
  CHECK((among->judgement.verdict == metrics::Verdict::worse) == holds);
}
