#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "demo/api.hpp"
#include "demo/sample.hpp"
#include "demo/workspace.hpp"
#include "policy/health.hpp"
#include "sources/sync.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

// What `sitrep demo` does with the parts: the written workspace, synced over real HTTP, week by week.
namespace sitrep::demo {
namespace {

std::int64_t number(store::Store& store, const char* sql) {
  store::Statement statement(store.db(), sql);
  REQUIRE(statement.step());
  return statement.integer(0);
}

TEST_CASE("demo: the workspace syncs from the API week by week into one history") {
  const auto& org = sample();
  test::TempDir folder;
  const FixedClock clock(org.now);
  Api api(org, clock, new_token());
  write_workspace(folder.path() / "demo", {org.seed, org.now, api.port()}, api.token());
  const auto config = config::load(folder.path() / "demo/sitrep.toml", {}, {});
  std::map<std::string, std::int64_t> rejected, changed, odd;
  for (const int week : {0, 6, 7}) {
    api.show(org.week(week));
    store::Options options;
    options.access = store::Access::read_write;
    options.now = org.week(week);
    options.calendar = config.calendar;
    auto store = store::Store::open(folder.path() / "demo/.sitrep/store.db", options);
    const FixedClock then(org.week(week));
    const auto report =
        sources::sync(config, {}, {store, then, {{}, {}, folder.path() / "demo"}, [&](const config::Source& source) {
                                     return sources::curl_transport(source, folder.path() / "demo", "sitrep/test");
                                   }});
    for (const auto& stream : report.streams) {
      CAPTURE(stream.source + "." + stream.stream);
      CHECK(stream.error == "");
      rejected[stream.stream] += stream.counts.rejected;
      changed[stream.stream] += stream.counts.changed;
      for (const auto& [what, count] : stream.odd) odd[what.first] += count;
    }
  }
  CHECK(rejected["follow_ups"] == 3);
  CHECK(changed["milestones"] >= 3);
  CHECK(changed["reviews"] >= 3);
  CHECK(odd["severity"] >= 6);

  store::Options options;
  options.access = store::Access::read_write;
  options.now = org.now;
  auto store = store::Store::open(folder.path() / "demo/.sitrep/store.db", options);
  CHECK(number(store, "select count(*) from incident") == static_cast<std::int64_t>(org.incidents.size()));
  CHECK(number(store, "select count(*) from launch_review") == 120);
  CHECK(number(store, "select count(*) from ticket") == static_cast<std::int64_t>(org.tickets.size()));
  CHECK(number(store, "select count(*) from action_item") == static_cast<std::int64_t>(org.action_items.size()) - 3);
  CHECK(number(store, "select count(*) from service") == 25);
  std::size_t gates = 0;
  for (const auto& review : org.launches)
    gates += review.submitted && *review.submitted <= org.now ? review.gates.size() : 0;
  CHECK(number(store, "select count(*) from launch_approval") == static_cast<std::int64_t>(gates));
  CHECK(number(store,
               "select count(*) from capacity_sample s where not exists (select 1 from capacity_resource r where "
               "r.source = s.source and r.id = s.resource_id)") == 0);
  CHECK(number(store, "select count(distinct resource_id) from capacity_sample") == 60);
  CHECK(number(store, "select count(*) from capacity_sample") > 40'000);
  CHECK(number(store, "select count(*) from incident_update where incident_id is null or at is null") == 0);
  CHECK(number(store, "select count(*) from launch_approval where launch_id is null or status is null") == 0);
  CHECK(number(store, "select count(*) from incident where resolved_at < started_at") == 3);
  CHECK(number(store, "select count(distinct due_date) from milestone_history where title = 'dual-write at 100 %'") ==
        3);
  for (const char* sql : {"select count(*) from incident where service is null or started_at is null",
                          "select count(*) from ticket where created_at is null or service is null",
                          "select count(*) from capacity_sample where at is null or resource_id is null",
                          "select count(*) from slo_sample where good is null",
                          "select count(*) from measure where value is null or at is null",
                          "select count(*) from launch_review where target_date is null or title is null"}) {
    CAPTURE(sql);
    CHECK(number(store, sql) == 0);
  }

  evaluation::Evaluator::Options at;
  at.now = org.now;
  at.calendar = config.calendar;
  at.own = config.metrics;
  evaluation::Evaluator evaluator(store, std::move(at));
  std::map<std::string, std::string> colors;  // by program and dimension, what is not green
  for (const auto& program : policy::health(evaluator, store, &config)) {
    colors[program.program] = policy::name(program.color);
    for (const auto& dimension : program.dimensions) {
      if (dimension.color == policy::Color::green) continue;
      colors[program.program + " " + dimension.name] = policy::name(dimension.color);
      INFO(program.program, ": ", dimension.name, ": ", dimension.findings.front().reason);
      CHECK((program.program != "Edge consolidation"));
    }
  }
  CHECK(colors["Ledger migration"] == "red");
  CHECK(colors["Ledger migration schedule"] == "red");
  CHECK(colors["Ledger migration capacity"] == "red");
  CHECK(colors["Ledger migration follow-through"] == "yellow");
  CHECK(colors["Checkout 3"] == "yellow");
  CHECK(colors["Checkout 3 launches"] == "yellow");
  CHECK(colors["Edge consolidation"] == "green");
  CHECK(colors["Support tooling"] == "grey");
}

}  // namespace
}  // namespace sitrep::demo
