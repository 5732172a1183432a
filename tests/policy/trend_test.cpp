#include "policy/trend.hpp"

#include <doctest/doctest.h>

#include <set>

#include "evaluation/world.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using policy::Color;
using test::World;

namespace {

constexpr int k_weeks = 6;

/// Two programs whose milestones, incidents, actions, launches and capacity change from week to week.
void fill(const std::filesystem::path& file) {
  World world(file);
  const auto ago = [](int days) { return test::k_now - std::chrono::days{days}; };
  const auto day = [&](int days) { return format_date(std::chrono::floor<std::chrono::days>(ago(days))); };
  world.put("program", {{"P1", {{"name", "Ledger migration"}, {"status", "green"}}}}, ago(90));
  world.put("program", {{"P2", {{"name", "Checkout"}, {"status", "green"}}}}, ago(20));
  world.put("service", {{"S1", {{"name", "ledger"}, {"program", "P1"}}}, {"S2", {{"name", "pay"}, {"program", "P2"}}}},
            ago(90));
  const std::string first = day(-5), second = day(-40), soon = day(3);
  world.put("milestone", {{"M1", {{"program_id", "P1"}, {"title", "dual-write"}, {"due_date", first}}}}, ago(60));
  world.put("milestone", {{"M1", {{"program_id", "P1"}, {"title", "dual-write"}, {"due_date", second}}}}, ago(10));
  for (int week = 0; week < 10; ++week) {
    const auto id = "I" + std::to_string(week);
    const auto started = unix_seconds(ago(7 * week + 2)), over = started + 5 * 86'400;
    const World::Cells open{{"title", "down"},
                            {"service", week % 2 == 0 ? "ledger" : "pay"},
                            {"severity", "SEV1"},
                            {"cause", "config"},
                            {"started_at", started}};
    auto closed = open;
    closed.emplace_back("resolved_at", over);
    world.put("incident", {{id, open}}, unix_time(started + 600));
    if (unix_time(over) < test::k_now) world.put("incident", {{id, closed}}, unix_time(over + 600));
    const auto action = "A" + std::to_string(week);
    const World::Cells todo{{"title", "fix"}, {"incident_id", id}, {"created_at", started}, {"due_date", soon}};
    auto done = todo;
    done.emplace_back("completed_at", over);
    world.put("action_item", {{action, todo}}, unix_time(started + 600));
    if (week > 4) world.put("action_item", {{action, done}}, unix_time(over + 600));
    const auto launch = "L" + std::to_string(week);
    const World::Cells submitted{{"title", "launch"},
                                 {"service", "ledger"},
                                 {"status", "in review"},
                                 {"target_date", soon},
                                 {"submitted_at", started}};
    auto out = submitted;
    out[2].second = "launched";
    out.emplace_back("launched_at", over);
    world.put("launch_review", {{launch, submitted}}, unix_time(started + 600));
    if (week > 2) world.put("launch_review", {{launch, out}}, unix_time(over + 600));
    const World::Cells gate{
        {"launch_id", launch}, {"area", "security"}, {"status", "pending"}, {"requested_at", started}};
    world.put("launch_approval", {{"G" + std::to_string(week), gate}}, unix_time(started + 600));
  }
  world.put("capacity_resource",
            {{"R", {{"name", "disk"}, {"service", "ledger"}, {"capacity_limit", 100.0}, {"lead_time_days", 20.0}}},
             {"F", {{"name", "far"}, {"service", "pay"}, {"capacity_limit", 1e6}, {"lead_time_days", 20.0}}},
             {"D", {{"name", "day"}, {"service", "pay"}, {"capacity_limit", 100.0}, {"lead_time_days", 20.0}}}},
            ago(90));
  for (int i = 90; i > 0; --i) {
    const auto used = 95.0 - i * 0.8 + i % 3;
    const auto measured = unix_seconds(ago(i));
    world.put("capacity_sample",
              {{"R" + std::to_string(i), {{"resource_id", "R"}, {"at", measured}, {"used", used}}},
               {"F" + std::to_string(i), {{"resource_id", "F"}, {"at", measured}, {"used", used}}}},
              unix_time(measured + 60));
    // More samples before and after the hour that moments look at: the day is under way then.
    for (const int hour : {-4, -1, 5}) {
      const auto at = measured + hour * 3600;
      if (unix_time(at) > test::k_now) continue;
      const World::Cells cells{{"resource_id", "D"}, {"at", at}, {"used", used + hour}};
      world.put("capacity_sample", {{"D" + std::to_string(i * 10 + hour), cells}}, unix_time(at + 60));
    }
  }
}

policy::OpenAsOf opener(const std::filesystem::path& file) {
  return [file](UnixTime as_of) {
    store::Options options;
    options.now = as_of;
    options.as_of = as_of;
    return store::Store::open(file, std::move(options));
  };
}

}  // namespace

TEST_CASE("policy::Trend: each week has the colors that health gives of a store opened as of then") {
  const test::TempDir folder;
  const auto file = folder / "store.db";
  fill(file);
  const auto open = opener(file);
  policy::Trend trend({open, nullptr, Calendar{}, test::k_now, k_weeks, nullptr});
  const auto& colors = trend.colors();
  REQUIRE(colors.size() == 2);
  std::set<std::vector<std::string>> seen;
  for (int i = 0; i < k_weeks; ++i) {
    const auto at = test::k_now - std::chrono::weeks{k_weeks - 1 - i};
    auto store = open(at);
    evaluation::Evaluator::Options options;
    options.now = at;
    evaluation::Evaluator evaluator(store, std::move(options));
    std::size_t known = 0;
    for (const auto& health : policy::health(evaluator, store, nullptr)) {
      CAPTURE(health.program);
      CAPTURE(i);
      const auto& past = colors.at(health.program)[static_cast<std::size_t>(i)];
      CHECK(past.at == at);
      CHECK(past.color == health.color);
      std::vector<std::string> rules;
      for (const auto& dimension : health.dimensions)
        for (const auto& finding : dimension.findings)
          if (finding.color == health.color && (health.color == Color::yellow || health.color == Color::red))
            rules.push_back(finding.rule);
      CHECK(past.rules == rules);
      seen.insert(rules);
      ++known;
    }
    for (const auto& [program, list] : colors) known += list[static_cast<std::size_t>(i)].color ? 0 : 1;
    CHECK(known == 2);  // a program that was not known yet has no color
  }
  CHECK(seen.size() > 2);  // the weeks differ
}

TEST_CASE("policy::Trend: a week whose past gc has removed has no color, and does not stop the others") {
  const test::TempDir folder;
  const auto file = folder / "store.db";
  fill(file);
  {
    store::Options options;
    options.now = test::k_now;
    options.access = store::Access::read_write;
    auto store = store::Store::open(file, std::move(options));
    const auto before = unix_seconds(test::k_now - std::chrono::days{10});
    store.db().execute("INSERT INTO removed_past VALUES ('incident', " + std::to_string(before) + ")");
  }
  policy::Trend trend({opener(file), nullptr, Calendar{}, test::k_now, k_weeks, nullptr});
  const auto& colors = trend.colors().at("Ledger migration");
  REQUIRE(colors.size() == k_weeks);
  for (std::size_t i = 0; i < colors.size(); ++i) CHECK(colors[i].color.has_value() == (i + 2 >= k_weeks));
}

TEST_CASE("policy::Trend: what a moment meets is thrown to whoever asks, and to nobody else") {
  const policy::OpenAsOf broken = [](UnixTime) -> store::Store { fail(ErrorKind::store, "damaged"); };
  policy::Trend asked({broken, nullptr, Calendar{}, test::k_now, 3, nullptr});
  for (int again = 0; again < 2; ++again) CHECK_THROWS_WITH_AS(asked.colors(), "damaged", Error);
  const policy::Trend unasked({broken, nullptr, Calendar{}, test::k_now, 3, nullptr});
}

TEST_CASE("policy::since_before says what changed between the last two moments") {
  using policy::PastColor;
  const std::vector<PastColor> trend{{UnixTime{}, Color::yellow, {"launches_late"}},
                                     {UnixTime{}, Color::red, {"milestone_slip_days"}}};
  CHECK(policy::since_before(trend) == "YELLOW → RED: milestone_slip_days; no longer launches_late");
  CHECK(policy::since_before(std::span(trend).first(1)).empty());
}
