#include "store/care.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "store/backup.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using store::Pass;
using test::answer;
using test::reading;
using test::run;
using test::writing;

namespace {

void fill(store::Store& store) {
  run(store, test::entity("risk"), Pass::full, 100, {{"1", {{"title", "a"}}}, {"2", {{"title", "b"}}}});
  run(store, test::entity("risk"), Pass::full, 200, {{"1", {{"title", "c"}}}});
  run(store, test::entity("measure"), Pass::partial, 200,
      {{"", {{"name", "n"}, {"at", std::int64_t{1}}, {"value", 1.0}}}}, store::Shrink::allow, "m");
}

}  // namespace

TEST_CASE("store::check is silent about a sound store and names what is wrong with another") {
  auto store = store::Store::memory(writing());
  fill(store);
  CHECK(store::check(store).empty());
  const struct {
    const char *damage, *problem;
  } cases[] = {
      {"UPDATE main.risk_current SET title = 'd'", "risk: versions that say something else than was written: 1"},
      {"UPDATE main.risk_past SET superseded_at = 50, deleted_at = 50 WHERE id = '2'",
       "risk: versions that end before they began: 1"},
      {"UPDATE main.risk_past SET superseded_at = 300 WHERE id = '1'",
       "risk: past versions that last beyond the start of the present one: 1"},
      {"UPDATE main.risk_past SET deleted_at = 5 WHERE id = '2'",
       "risk: removals at another moment than their version's end: 1"},
      {"UPDATE main.risk_current SET stream_id = 99", "risk: rows of no stream: 1"},
      {"INSERT INTO main.risk_past SELECT 90, source_id, id, stream_id, program_id, title, likelihood, impact, owner, "
       "status, mitigation, "
       "due_date, url, extra, 150, NULL, 50, hash FROM main.risk_past WHERE id = '1'",
       "risk: versions that overlap the next one: 1"},
      {"INSERT INTO main.measure_value (series, at, observed_at, value) VALUES (1, 1, 900, 2.0)",
       "measure: samples with two present values: 1"},
      {"INSERT INTO main.measure_value (series, at, observed_at, value) VALUES (7, 1, 900, 2.0)",
       "measure: samples of no series: 1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.problem);
    store.db().execute("SAVEPOINT damage");
    store.db().execute(c.damage);
    CHECK(store::check(store) == std::vector<std::string>{c.problem});
    store.db().execute("ROLLBACK TO damage; RELEASE damage");
  }
}

TEST_CASE("store::orphans names records whose parent the store does not have") {
  auto store = store::Store::memory(writing());
  const auto put = [&](const char* name, std::vector<test::TestRow> rows) {
    run(store, test::entity(name), Pass::full, 100, rows, store::Shrink::allow, name);
  };
  put("incident", {{"I1", {{"title", "x"}}}});
  put("action_item", {{"A1", {{"incident_id", "I1"}}}, {"A2", {{"incident_id", "I2"}}}, {"A3", {{"title", "none"}}}});
  put("program", {{"P1", {{"name", "Ledger"}}}});
  put("milestone",
      {{"M1", {{"program_id", "P1"}}}, {"M2", {{"program_id", "Ledger"}}}, {"M3", {{"program_id", "P9"}}}});
  put("capacity_sample", {{"", {{"resource_id", "R1"}, {"at", std::int64_t{1}}, {"used", 1.0}}}});
  CHECK(store::orphans(store) == std::vector<std::string>{"action_item.incident_id: 1 name no incident",
                                                          "capacity_sample.resource_id: 1 name no capacity_resource",
                                                          "milestone.program_id: 1 name no program"});
  CHECK(store::check(store).empty());
}

TEST_CASE("store::stats counts rows, versions and bytes") {
  auto store = store::Store::memory(writing());
  fill(store);
  const auto stats = store::stats(store);
  REQUIRE(stats.entities.size() == 2);
  CHECK(stats.entities[0].entity == "risk");
  CHECK(stats.entities[0].rows == 1);
  CHECK(stats.entities[0].past_rows == 2);
  CHECK(stats.entities[0].bytes > 0);
  CHECK(stats.entities[1].entity == "measure");
  CHECK(stats.streams == 2);
  CHECK(stats.runs == 3);
  CHECK(stats.file_bytes > stats.entities[0].bytes);
}

TEST_CASE("store::back_up copies a store that is being written, and restore never replaces one") {
  const test::TempDir dir;
  {
    auto writer = store::Store::open(dir / "s.db", writing());
    fill(writer);
    auto reader = store::Store::open(dir / "s.db", reading());
    store::back_up(reader, dir / "b.db");
    CHECK_THROWS_WITH_AS(store::back_up(reader, dir / "b.db"), doctest::Contains("exists already"), Error);
  }
  CHECK_THROWS_WITH_AS(store::restore(dir / "b.db", dir / "s.db"), doctest::Contains("never replaces"), Error);
  CHECK_THROWS_WITH_AS(store::restore(dir / "none.db", dir / "t.db"), doctest::Contains("no backup"), Error);
  store::restore(dir / "b.db", dir / "new/t.db");
  auto copy = store::Store::open(dir / "new/t.db", reading());
  CHECK(answer(copy, "SELECT id, title FROM risk_history ORDER BY observed_at, id") == "1|a 2|b 1|c");
  CHECK(store::check(copy).empty());
}

TEST_CASE("store::restore refuses what is not a sound store and leaves nothing") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing());
    fill(store);
  }
  auto damaged = read_file(dir / "s.db");
  for (std::size_t i = 4096; i < damaged.size(); i += 4096) damaged.replace(i, 16, 16, '\xee');
  const struct {
    const char *name, *says;
    std::string bytes;
  } cases[] = {{"text", "not a sitrep store", "hello"}, {"nothing", "is empty", ""}, {"damaged", "damaged", damaged}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto backup = dir.write("backup.db", c.bytes);
    CHECK_THROWS_WITH_AS(store::restore(backup, dir / "t.db"), doctest::Contains(c.says), Error);
    CHECK_FALSE(std::filesystem::exists(dir / "t.db"));
    CHECK_FALSE(std::filesystem::exists(dir / "t.db.part"));
  }
}
