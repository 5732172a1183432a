#include "store/gc.hpp"

#include <doctest/doctest.h>

#include "store/care.hpp"
#include "store/diff.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using store::DryRun;
using store::Pass;
using test::answer;
using test::reading;
using test::run;
using test::writing;

namespace {

constexpr std::int64_t k_day = 86'400, k_now = 1000 * k_day;
constexpr Seconds k_keep = std::chrono::days(300);  // the cut is at day 700

/// A risk of many states, one that vanished long ago, a milestone whose date moved, two series, rejects and runs.
void fill(store::Store& store) {
  const auto risk = [&](std::int64_t day, std::vector<test::TestRow> rows) {
    run(store, test::entity("risk"), Pass::full, day * k_day, rows);
  };
  risk(100, {{"1", {{"title", "a"}}}, {"gone", {{"title", "x"}}}});
  risk(200, {{"1", {{"title", "b"}}}});
  risk(650, {{"1", {{"title", "c"}}}});
  risk(900, {{"1", {{"title", "d"}}}});
  const auto milestone = [&](std::int64_t day, std::string_view title, std::string_view due) {
    run(store, test::entity("milestone"), Pass::full, day * k_day, {{"m", {{"title", title}, {"due_date", due}}}},
        store::Shrink::allow, "milestones");
  };
  milestone(100, "first", "2020-01-01");
  milestone(200, "renamed", "2020-01-01");
  milestone(300, "renamed", "2020-02-01");
  milestone(400, "renamed again", "2020-02-01");
  const auto sample = [&](std::int64_t observed, const char* name, std::int64_t day, double value) {
    run(store, test::entity("measure"), Pass::partial, observed * k_day,
        {{"", {{"name", name}, {"at", day * k_day}, {"value", value}}}}, store::Shrink::allow, "m");
  };
  sample(100, "old", 100, 1);
  sample(110, "old", 110, 2);
  sample(120, "busy", 120, 3);
  sample(710, "busy", 710, 4);
  sample(720, "busy", 710, 5);  // corrected
}

std::string removed(store::Store& store, const store::Retention& retention, DryRun dry_run = DryRun::no) {
  std::string text;
  for (const auto& removal : store::collect_garbage(store, retention, dry_run))
    text += fmt::format("{}{}:{}+{}", text.empty() ? "" : " ", removal.what, removal.rows, removal.dated_rows);
  return text;
}

}  // namespace

TEST_CASE("store::collect_garbage removes what ended before the cut and keeps what reports need") {
  auto store = store::Store::memory(writing(k_now));
  fill(store);
  const store::Retention retention{{"risk", k_keep}, {"milestone", k_keep}, {"measure", k_keep}};
  const auto before = answer(store, "SELECT count(*) FROM risk_history");
  CHECK(removed(store, retention, DryRun::yes) == "measure:2+0 milestone:2+1 risk:3+0");
  CHECK(answer(store, "SELECT count(*) FROM risk_history") == before);

  CHECK(removed(store, retention) == "measure:2+0 milestone:2+1 risk:3+0");
  CHECK(answer(store, "SELECT title, observed_at / 86400 FROM risk_history ORDER BY observed_at") == "c|650 d|900");
  CHECK(answer(store, "SELECT title, due_date FROM milestone_history ORDER BY observed_at") ==
        "renamed|2020-01-01 renamed again|2020-02-01");
  // "old" keeps its newest sample, whatever its age; a correction after the cut stays.
  CHECK(answer(store,
               "SELECT name, at / 86400, value, superseded_at IS NULL FROM measure_history ORDER BY name, "
               "observed_at") == "busy|710|4.0|0 busy|710|5.0|1 old|110|2.0|1");
  CHECK(store::check(store).empty());
  CHECK(removed(store, retention) == "measure:0+0 milestone:0+1 risk:0+0");
}

TEST_CASE("store::collect_garbage keeps the last good run and the last good full pass of a stream") {
  auto store = store::Store::memory(writing(k_now));
  const auto& risk = test::entity("risk");
  for (const auto& [day, pass] :
       {std::pair{10, Pass::full}, {20, Pass::full}, {30, Pass::partial}, {40, Pass::partial}})
    run(store, risk, pass, day * k_day, {{"1", {{"title", "x"}}}});
  {
    store::StreamWriter broken(store, "src", "s", risk, Pass::partial, unix_time(50 * k_day));
    store::RunFacts facts;
    facts.started_at = facts.finished_at = unix_time(50 * k_day);
    broken.set_facts(facts);
    broken.reject("no id", "{}", "page 1");
    broken.fail("broken");
  }
  const auto streams = answer(store, "SELECT * FROM stream");
  CHECK(removed(store, {{"sync_run", k_keep}}) == "sync_run:3+0");
  CHECK(answer(store, "SELECT observed_at / 86400, pass FROM sync_run ORDER BY id") == "20|full 40|partial");
  CHECK(answer(store, "SELECT * FROM stream") == streams);
  CHECK(answer(store, "SELECT count(*) FROM reject") == "1");
  CHECK(removed(store, {{"reject", k_keep}}) == "reject:0+0");  // no full pass since: it stands
  store.db().execute("UPDATE main.reject_log SET last_at = 1");
  CHECK(removed(store, {{"reject", k_keep}}) == "reject:1+0");
}

TEST_CASE("store: as of a moment whose past gc removed is refused, later ones answer as before") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing(k_now));
    fill(store);
  }
  const auto at = [&](std::int64_t day) {
    auto store = store::Store::open(dir / "s.db", reading(day * k_day, k_now));
    return answer(store, "SELECT title FROM risk") + answer(store, "SELECT name, value FROM measure ORDER BY name");
  };
  const auto later = at(705), now = at(990);
  CHECK(at(600).starts_with("b"));
  {
    auto store = store::Store::open(dir / "s.db", writing(k_now));
    removed(store, {{"risk", k_keep}});
  }
  CHECK_THROWS_WITH_AS(at(600), doctest::Contains("removed the past of risk before 1971-12-02T00:00:00Z"), Error);
  CHECK(at(705) == later);
  CHECK(at(990) == now);
  auto store = store::Store::open(dir / "s.db", reading(990 * k_day, k_now));
  const auto changes = [&](std::string_view name, std::int64_t day) {
    return store::diff(store, *store.find_entity(name), unix_time(day * k_day), unix_time(k_now), {});
  };
  CHECK_THROWS_WITH_AS(changes("risk", 600), doctest::Contains("removed its past before 1971-12-02T00:00:00Z"), Error);
  CHECK_NOTHROW(changes("risk", 705));
  CHECK_NOTHROW(changes("incident", 600));
  CHECK(store::whole_since(store.db(), "risk") == unix_time(700 * k_day));
  CHECK_FALSE(store::whole_since(store.db(), "incident"));
}

TEST_CASE("store: as of a moment less than three years behind removed samples its forecasts are not what they were") {
  auto store = store::Store::memory(writing(k_now));
  store.db().execute(fmt::format("INSERT INTO removed_past VALUES ('capacity_sample', {})", 700 * k_day));
  CHECK_THROWS_WITH_AS(store::refuse_removed_past(store.db(), unix_time(1794 * k_day)),
                       doctest::Contains("choose a moment from 1974-12-01T00:00:00Z on"), Error);
  CHECK_NOTHROW(store::refuse_removed_past(store.db(), unix_time(1795 * k_day)));
}

TEST_CASE("store::check_retention refuses what reports would miss, and names it does not know") {
  const auto entities = model::built_in_entities();
  CHECK_NOTHROW(store::check_retention({{"incident", std::chrono::days(270)}, {"reject", k_keep}}, entities, "--keep"));
  CHECK_THROWS_WITH_AS(store::check_retention({{"incident", std::chrono::days(269)}}, entities, "--keep"),
                       "--keep: incident is kept for 270 days at least: that is how far reports look back", Error);
  CHECK_THROWS_WITH_AS(store::check_retention({{"capacity_sample", std::chrono::days(400)}}, entities, "--keep"),
                       "--keep: capacity_sample is kept for 1365 days at least: that is how far reports look back",
                       Error);
  CHECK_THROWS_WITH_AS(store::check_retention({{"incidnet", k_keep}}, entities, "[retention]"),
                       doctest::Contains("did you mean 'incident'"), Error);
}

TEST_CASE("store::give_back_space makes the file smaller when much of it is free") {
  const test::TempDir dir;
  auto store = store::Store::open(dir / "s.db", writing(k_now));
  CHECK(store::give_back_space(store) == 0);
  store.db().execute(
      "CREATE TABLE main.filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300) SELECT "
      "zeroblob(4000) AS x FROM n; DROP TABLE main.filler");
  CHECK(store::give_back_space(store) > 1'000'000);
  CHECK(store::check(store).empty());
}
