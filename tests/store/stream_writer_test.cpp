#include "store/stream_writer.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "store/content_hash.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using store::Pass;
using store::Shrink;
using test::answer;
using test::batch;
using test::reading;
using test::run;
using test::TestRow;
using test::writing;

namespace {

const model::Entity& risk() { return test::entity("risk"); }

std::vector<TestRow> titles(const std::vector<std::string>& ids, std::string_view title) {
  std::vector<TestRow> rows;
  for (const auto& id : ids) rows.push_back({id, {{"title", title}}});
  return rows;
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> ids;
  for (int i = from; i < to; ++i) ids.push_back(std::to_string(i));
  return ids;
}

constexpr const char* k_history =
    "SELECT id, title, observed_at, superseded_at, deleted_at FROM risk_history ORDER BY id, observed_at";

}  // namespace

TEST_CASE("store::StreamWriter keeps every state of a record and writes nothing when nothing changed") {
  auto store = store::Store::memory(writing());
  CHECK(run(store, risk(), Pass::full, 100, titles({"a", "b"}, "one")).added == 2);
  const auto same = run(store, risk(), Pass::full, 200, titles({"b", "a"}, "one"));
  CHECK(same.unchanged == 2);
  CHECK(same.added + same.changed + same.removed == 0);
  CHECK(answer(store, k_history) == "a|one|100|-|- b|one|100|-|-");
  CHECK(run(store, risk(), Pass::partial, 300, titles({"a"}, "two")).changed == 1);
  CHECK(run(store, risk(), Pass::full, 400, titles({"a"}, "two")).removed == 1);
  CHECK(answer(store, k_history) == "a|one|100|300|- a|two|300|-|- b|one|100|400|400");
  CHECK(run(store, risk(), Pass::full, 500, titles({"a", "b"}, "two")).added == 1);  // un-removed
  CHECK(answer(store, k_history) == "a|one|100|300|- a|two|300|-|- b|one|100|400|400 b|two|500|-|-");
  CHECK(answer(store, "SELECT id, title FROM risk ORDER BY id") == "a|two b|two");
}

TEST_CASE("store::StreamWriter keeps cells, url and extra of every type to the byte") {
  auto store = store::Store::memory(writing());
  const auto& ticket = test::entity("ticket");
  using namespace std::string_view_literals;
  const TestRow row{
      "7",
      {{"subject", "a\0b\xf0\x9f\x92\xa5"sv}, {"created_at", std::int64_t{-5}}, {"sla_met", std::int64_t{0}}},
      0,
      "https://x/7",
      R"({"k":1})"};
  run(store, ticket, Pass::full, 100, {row});
  store::Statement statement(store.db(), "SELECT subject, created_at, sla_met, csat_score, url, extra FROM ticket");
  REQUIRE(statement.step());
  CHECK(statement.text(0) == "a\0b\xf0\x9f\x92\xa5"sv);
  CHECK(statement.integer(1) == -5);
  CHECK(statement.integer_or_null(2) == 0);
  CHECK(statement.is_null(3));
  CHECK(statement.text(4) == "https://x/7");
  CHECK(statement.text(5) == R"({"k":1})");
  auto changed = row;
  changed.extra = R"({"k":2})";
  CHECK(run(store, ticket, Pass::full, 200, {changed}).changed == 1);
  changed.cells[2].second = std::monostate{};
  CHECK(run(store, ticket, Pass::full, 300, {changed}).changed == 1);  // false is not missing
}

TEST_CASE("store::StreamWriter tells ids apart by their bytes") {
  auto store = store::Store::memory(writing());
  CHECK(run(store, risk(), Pass::full, 100, titles({"a", "A", " a", "1", "01", ""}, "x")).added == 6);
  CHECK(run(store, risk(), Pass::partial, 200, titles({"a", "A", " a", "1", "01", ""}, "x")).unchanged == 6);
}

TEST_CASE("store::StreamWriter takes the newest of a record that comes twice in a run") {
  const struct {
    const char* name;
    std::vector<TestRow> rows;
    const char* title;
  } cases[] = {
      {"equal ranks: the later one", {{"a", {{"title", "x"}}, 1}, {"a", {{"title", "y"}}, 1}}, "y"},
      {"the higher rank came first", {{"a", {{"title", "x"}}, 2}, {"a", {{"title", "y"}}, 1}}, "x"},
      {"the higher rank came last", {{"a", {{"title", "x"}}, 1}, {"a", {{"title", "y"}}, 2}}, "y"},
  };
  for (const auto& c : cases) {
    for (const Pass pass : {Pass::full, Pass::partial}) {
      CAPTURE(c.name);
      for (const bool known : {false, true}) {
        auto store = store::Store::memory(writing());
        if (known) run(store, risk(), Pass::full, 50, titles({"a", "b"}, "old"));
        const auto counts = run(store, risk(), pass, 100, c.rows);
        CHECK(counts.duplicates == 1);
        CHECK(counts.added + counts.changed == 1);
        CHECK(answer(store, "SELECT title FROM risk WHERE id = 'a'") == c.title);
        CHECK(answer(store, "SELECT count(*) FROM risk_history WHERE id = 'a'") == (known ? "2" : "1"));
      }
    }
  }
}

TEST_CASE("store::StreamWriter writes no version for a record listed in an old and in its present state") {
  for (const Pass pass : {Pass::full, Pass::partial}) {
    auto store = store::Store::memory(writing());
    run(store, risk(), Pass::full, 100, titles({"a", "b"}, "now"));
    for (const std::int64_t at : {200, 300}) {
      const auto counts = run(store, risk(), pass, at,
                              {{"a", {{"title", "stale"}}}, {"a", {{"title", "now"}}}, {"b", {{"title", "now"}}}});
      CHECK(counts.changed == 0);
      CHECK(counts.unchanged == 2);
      CHECK(counts.duplicates == 1);
    }
    CHECK(answer(store, k_history) == "a|now|100|-|- b|now|100|-|-");
  }
}

TEST_CASE("store::StreamWriter refuses to delete much unless told to") {
  const struct {
    const char* name;
    int before, seen;
    bool refused;
  } cases[] = {
      {"a tenth", 100, 90, false}, {"more than a tenth", 100, 89, true}, {"few of few", 8, 4, false},
      {"five of few", 8, 3, true}, {"all of one", 1, 0, true},           {"all of many", 50, 0, true},
      {"none", 50, 50, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto store = store::Store::memory(writing());
    run(store, risk(), Pass::full, 100, titles(numbers(0, c.before), "x"));
    const auto rows = titles(numbers(0, c.seen), "y");
    if (!c.refused) {
      CHECK(run(store, risk(), Pass::full, 200, rows, Shrink::refuse).removed == c.before - c.seen);
      continue;
    }
    try {
      run(store, risk(), Pass::full, 200, rows, Shrink::refuse);
      FAIL("it was not refused");
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::data);
      const auto expected = fmt::format(
          "src.s would delete {} of {} records: the API returned {}; if that is true, run again with --allow-shrink",
          c.before - c.seen, c.before, c.seen);
      CHECK(e.what() == expected);
      CHECK(answer(store, "SELECT error FROM sync_run ORDER BY id DESC LIMIT 1") == expected);
    }
    CHECK(answer(store, "SELECT count(*) FROM risk") == std::to_string(c.before));
    CHECK(answer(store, "SELECT count(*) FROM risk WHERE title = 'y'") == std::to_string(c.seen));  // what came is kept
    CHECK(run(store, risk(), Pass::full, 300, rows, Shrink::allow).removed == c.before - c.seen);
  }
}

TEST_CASE("store::StreamWriter replaces all records with others only when told to") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 100, titles(numbers(0, 3), "x"));
  CHECK_THROWS_AS(run(store, risk(), Pass::full, 200, titles(numbers(10, 13), "x"), Shrink::refuse), Error);
}

TEST_CASE("store::StreamWriter commits rows and bookmark together and undoes the rest") {
  auto store = store::Store::memory(writing());
  {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(100));
    writer.put(batch(risk(), titles({"a"}, "x")));
    writer.commit(R"({"page":2})");
    writer.put(batch(risk(), titles({"b"}, "x")));
    writer.reject("no id", "{}", "page 2");
  }
  CHECK(answer(store, "SELECT id FROM risk") == "a");
  CHECK(answer(store, "SELECT count(*) FROM reject") == "0");
  const auto state = store::read_stream_state(store, "src", "s");
  REQUIRE(state.interrupted);
  CHECK(state.interrupted->page_state == R"({"page":2})");
  CHECK(state.interrupted->pass == Pass::full);
  CHECK(state.interrupted->observed_at == unix_time(100));
  CHECK_FALSE(state.last_success_at);
  CHECK(answer(store, "SELECT finished_at, added FROM sync_run") == "-|1");
}

TEST_CASE("store::StreamWriter resumes a full pass with what the first half saw") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 100, titles({"a", "b", "c", "d", "gone"}, "x"));
  {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(200));
    writer.put(batch(risk(), titles({"a"}, "x")));    // unchanged
    writer.put(batch(risk(), titles({"b"}, "new")));  // changed
    writer.put(batch(risk(), titles({"e"}, "x")));    // added
    writer.commit("2");
  }
  const auto state = store::read_stream_state(store, "src", "s");
  REQUIRE(state.interrupted);
  {
    store::StreamWriter writer(store, "src", "s", risk(), state.interrupted->pass, state.interrupted->observed_at);
    CHECK(writer.resumed());
    writer.put(batch(risk(), titles({"c", "d"}, "x")));
    writer.finish("{}", Shrink::refuse);
    CHECK(writer.counts().removed == 1);
    CHECK(writer.counts().unchanged == 2);
  }
  CHECK(answer(store, k_history) ==
        "a|x|100|-|- b|x|100|200|- b|new|200|-|- c|x|100|-|- d|x|100|-|- e|x|200|-|- gone|x|100|200|200");
  CHECK_FALSE(store::read_stream_state(store, "src", "s").interrupted);
  CHECK(answer(store, "SELECT rows FROM stream") == "5");
  CHECK(answer(store, "SELECT count(*) FROM main.seen_chunk") == "0");
}

TEST_CASE("store::StreamWriter that starts anew forgets what an interrupted run saw") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 100, titles({"a", "b", "c"}, "x"));
  {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(200));
    writer.put(batch(risk(), titles({"a"}, "x")));
    writer.commit("2");
  }
  const auto counts = run(store, risk(), Pass::full, 300, titles({"b", "c"}, "x"), Shrink::refuse);
  CHECK(counts.removed == 1);
  CHECK(answer(store, "SELECT id FROM risk ORDER BY id") == "b c");
}

TEST_CASE("store::StreamWriter::fail keeps the error, the page state and nothing half done") {
  auto store = store::Store::memory(writing());
  {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(100));
    writer.put(batch(risk(), titles({"a"}, "x")));
    writer.commit("2");
    writer.put(batch(risk(), titles({"b"}, "x")));
    writer.fail("503 from api.example");
  }
  CHECK(answer(store, "SELECT id FROM risk") == "a");
  CHECK(answer(store, "SELECT error, added FROM sync_run") == "503 from api.example|1");
  CHECK(store::read_stream_state(store, "src", "s").interrupted->page_state == "2");
  {
    // A run that fails before its first row leaves the interrupted one to be resumed.
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(200));
    writer.fail("refused");
  }
  CHECK(store::read_stream_state(store, "src", "s").interrupted->page_state == "2");
  CHECK(answer(store, "SELECT count(*) FROM sync_run WHERE error IS NOT NULL") == "2");
}

TEST_CASE("store::StreamWriter keeps each reject once, with its first and its last run") {
  auto store = store::Store::memory(writing());
  for (const std::int64_t at : {100, 200}) {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(at));
    writer.reject("no id", R"({"title":"x"})", "page 1, record 3");
    writer.reject("no id", at == 100 ? "1" : "2", "page 1, record 4");
    writer.finish("", Shrink::refuse);
    CHECK(writer.counts().rejected == 2);
  }
  CHECK(answer(store, "SELECT source, stream, entity, reason, raw, first_at, last_at FROM reject ORDER BY raw") ==
        "src|s|risk|no id|1|100|100 src|s|risk|no id|2|200|200 src|s|risk|no id|{\"title\":\"x\"}|100|200");
}

TEST_CASE("store::StreamWriter: a reject that was mended and is back is another one") {
  const auto rejecting = [](store::Store& store, std::int64_t at, Pass pass, bool bad) {
    store::StreamWriter writer(store, "src", "s", risk(), pass, unix_time(at));
    store::RunFacts facts;
    facts.started_at = facts.finished_at = unix_time(at);
    writer.set_facts(facts);
    if (bad) writer.reject("no id", "{}", "page 1");
    writer.finish("", Shrink::refuse);
  };
  constexpr std::string_view k_rejects = "SELECT first_at, last_at, standing FROM reject ORDER BY first_at";
  const test::TempDir folder;
  {
    auto store = store::Store::open(folder / "s.db", writing());
    rejecting(store, 100, Pass::partial, true);
    rejecting(store, 150, Pass::full, true);
    rejecting(store, 180, Pass::full, true);
    rejecting(store, 200, Pass::full, false);
    rejecting(store, 300, Pass::partial, true);
    rejecting(store, 400, Pass::partial, true);
    CHECK(answer(store, k_rejects) == "100|180|0 300|400|1");
  }
  // What was known of them at a moment between the first and the last run.
  const std::pair<std::int64_t, const char*> moments[] = {
      {120, "100|100|1"}, {160, "100|150|1"}, {190, "100|180|1"}, {350, "100|180|0 300|300|1"}};
  for (const auto& [at, expected] : moments) {
    auto options = test::reading();
    options.now = unix_time(at);
    options.as_of = unix_time(at);
    auto past = store::Store::open(folder / "s.db", options);
    CHECK(answer(past, k_rejects) == expected);
  }
}

TEST_CASE("store::StreamWriter: snapshots in any order tell of rejects what they tell in order") {
  auto store = store::Store::memory(writing());
  int count = 0;
  const auto told = [&](const std::vector<std::pair<std::int64_t, bool>>& runs) {
    const auto source = fmt::format("src{}", ++count);
    for (const auto& [at, bad] : runs) {
      store::StreamWriter writer(store, source, "s", risk(), Pass::full, unix_time(at), store::Moment::exact);
      store::RunFacts facts;
      facts.started_at = facts.finished_at = unix_time(at);
      writer.set_facts(facts);
      if (bad) writer.reject("no id", "{}", "page 1");
      writer.finish("", Shrink::refuse);
    }
    return answer(store,
                  "SELECT first_at, last_at, standing FROM reject WHERE source = '" + source + "' ORDER BY first_at");
  };
  CHECK(told({{30, true}, {10, true}, {20, false}}) == "10|10|0 30|30|1");
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::vector<std::pair<std::int64_t, bool>> runs;
    for (int i = 1; i <= 7; ++i) runs.emplace_back(10 * i, random() % 2 == 0);
    const auto in_order = told(runs);
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      std::ranges::shuffle(runs, random);
      CHECK(told(runs) == in_order);
    }
  }
}

TEST_CASE("store::StreamWriter lets several streams write in turns") {
  auto store = store::Store::memory(writing());
  {
    store::StreamWriter one(store, "src", "one", risk(), Pass::full, unix_time(100));
    store::StreamWriter two(store, "other", "two", risk(), Pass::full, unix_time(100));
    for (int i = 0; i < 50; ++i) {
      one.put(batch(risk(), titles({std::to_string(i)}, "one")));
      two.put(batch(risk(), titles({std::to_string(i)}, "two")));
      if (i % 7 == 0) one.commit("1");
      if (i % 11 == 0) two.commit("1");
    }
    one.finish("{}", Shrink::refuse);
    two.finish("{}", Shrink::refuse);
  }
  CHECK(answer(store, "SELECT source, count(*) FROM risk GROUP BY 1 ORDER BY 1") == "other|50 src|50");
  CHECK(answer(store, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'risk_by_id'") == "1");
}

TEST_CASE("store::StreamWriter removes a record only by the stream that saw it last") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 100, titles({"a", "b"}, "x"), Shrink::allow, "open");
  run(store, risk(), Pass::full, 200, titles({"b", "c"}, "x"), Shrink::allow, "closed");  // b has moved
  CHECK(run(store, risk(), Pass::full, 300, titles({"a"}, "x"), Shrink::refuse, "open").removed == 0);
  CHECK(answer(store, "SELECT id FROM risk ORDER BY id") == "a b c");
  CHECK(run(store, risk(), Pass::full, 400, titles({"c"}, "x"), Shrink::refuse, "closed").removed == 1);
}

TEST_CASE("87: store::StreamWriter never ends a version before it began, though the clock jumped back") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 5000, titles({"a"}, "x"));
  store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(1000));
  CHECK(writer.observed_at() == unix_time(5001));
  writer.put(batch(risk(), titles({"a"}, "y")));
  writer.finish("{}", Shrink::refuse);
  CHECK(answer(store, k_history) == "a|x|5000|5001|- a|y|5001|-|-");
  run(store, risk(), Pass::full, 100, titles({"a"}, "z"), Shrink::refuse, "another");
  CHECK(answer(store, "SELECT count(*) FROM risk_history WHERE superseded_at < observed_at") == "0");
}

TEST_CASE("store::StreamWriter::remove ends a record that the source calls gone") {
  auto store = store::Store::memory(writing());
  run(store, risk(), Pass::full, 100, titles({"a", "b"}, "x"));
  store::StreamWriter writer(store, "src", "s", risk(), Pass::partial, unix_time(200));
  writer.remove("a");
  writer.remove("unknown");
  writer.finish("{}", Shrink::refuse);
  CHECK(writer.counts().removed == 1);
  CHECK(answer(store, k_history) == "a|x|100|200|200 b|x|100|-|-");
}

TEST_CASE("store::StreamWriter keeps samples of a series and their corrections") {
  auto store = store::Store::memory(writing());
  const auto& sample = test::entity("capacity_sample");
  const auto at = [](std::string_view resource, std::int64_t t, double used) {
    return TestRow{"", {{"resource_id", resource}, {"at", t}, {"used", used}}};
  };
  CHECK(run(store, sample, Pass::partial, 100, {at("disk", 10, 1), at("disk", 20, 2), at("cpu", 10, 5)}).added == 3);
  const auto second = run(store, sample, Pass::full, 200, {at("disk", 20, 3), at("disk", 30, 4), at("cpu", 10, 5)});
  CHECK(second.added == 1);
  CHECK(second.changed == 1);
  CHECK(second.unchanged == 1);
  CHECK(second.removed == 0);  // absent is not gone
  CHECK(answer(store, "SELECT id, used, observed_at FROM capacity_sample ORDER BY resource_id, at") ==
        R"(["cpu",10]|5.0|100 ["disk",10]|1.0|100 ["disk",20]|3.0|200 ["disk",30]|4.0|200)");
  CHECK(answer(store, "SELECT used, superseded_at FROM capacity_sample_history WHERE at = 20 ORDER BY observed_at") ==
        "2.0|200 3.0|-");
  // A page that is fetched twice, and a sample that comes in two states, leave one correction at most.
  run(store, sample, Pass::partial, 300, {at("disk", 20, 9), at("disk", 20, 3), at("disk", 25, 1), at("disk", 25, 2)});
  CHECK(
      answer(
          store,
          "SELECT at, used, observed_at FROM capacity_sample_history WHERE at IN (20, 25) ORDER BY at, observed_at") ==
      "20|2.0|100 20|3.0|200 25|2.0|300");
}

TEST_CASE("store::StreamWriter tells series apart by all parts of their key, absent ones too") {
  auto store = store::Store::memory(writing());
  const auto& measure = test::entity("measure");
  const auto row = [](std::string_view name, model::Cell labels, double value) {
    return TestRow{"", {{"name", name}, {"at", std::int64_t{1}}, {"value", value}, {"labels", labels}}};
  };
  const std::vector<TestRow> rows = {row("users", std::monostate{}, 1), row("users", R"({"a":1})", 2),
                                     row("users", "", 3)};
  CHECK(run(store, measure, Pass::partial, 100, rows).added == 3);
  CHECK(run(store, measure, Pass::partial, 200, rows).unchanged == 3);
  CHECK(answer(store, "SELECT sum(value) FROM measure") == "6.0");
}

TEST_CASE("store::StreamWriter's bulk load leaves the indexes and catches repeats after a kill") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing());
    store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(100));
    writer.put(batch(risk(), titles(numbers(0, 100), "x")));
    writer.commit("2");
    CHECK(answer(store, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'risk_by_id'") == "0");
    writer.put(batch(risk(), titles(numbers(100, 200), "x")));
  }
  auto store = store::Store::open(dir / "s.db", writing());
  CHECK(answer(store, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'risk_by_id'") == "1");
  store::StreamWriter writer(store, "src", "s", risk(), Pass::full, unix_time(100));
  writer.put(batch(risk(), titles(numbers(50, 200), "x")));
  writer.finish("{}", Shrink::refuse);
  CHECK(writer.counts().added == 100);
  CHECK(writer.counts().unchanged == 50);
  CHECK(answer(store, "SELECT count(*), count(DISTINCT id) FROM risk_history") == "200|200");
}

TEST_CASE("store::StreamWriter makes the index of what has changed when something has") {
  auto store = store::Store::memory(writing());
  const auto made = [&] {
    return answer(store, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'risk_by_seen'") == "1";
  };
  run(store, risk(), Pass::full, 100, titles(numbers(0, 20), "x"));
  CHECK_FALSE(made());
  run(store, risk(), Pass::full, 200, titles(numbers(0, 20), "x"));
  CHECK_FALSE(made());
  SUBCASE("a record is new") { run(store, risk(), Pass::partial, 300, titles({"new"}, "x")); }
  SUBCASE("a record is another") { run(store, risk(), Pass::partial, 300, titles({"7"}, "y")); }
  SUBCASE("a record is gone") { run(store, risk(), Pass::full, 300, titles(numbers(0, 19), "x")); }
  SUBCASE("a state of long ago was imported") {
    store::StreamWriter writer(store, "src", "s", risk(), Pass::partial, unix_time(50), store::Moment::exact);
    writer.put(batch(risk(), titles({"7"}, "y")));
    writer.finish("", Shrink::allow);
  }
  CHECK(made());
}

TEST_CASE("store::StreamWriter takes the hashes of who made the rows") {
  auto plain = store::Store::memory(writing()), hashed = store::Store::memory(writing());
  store::ContentHasher hasher(risk());
  const auto put = [&](store::Store& into, bool with_hashes, std::int64_t at, const std::vector<TestRow>& rows) {
    store::StreamWriter writer(into, "src", "s", risk(), Pass::full, unix_time(at));
    auto rows_put = batch(risk(), rows);
    if (with_hashes) hasher.hash(rows_put);
    writer.put(rows_put);
    writer.finish("{}", Shrink::allow);
    return writer.counts().unchanged;
  };
  for (const bool with : {false, true}) put(with ? hashed : plain, with, 100, titles(numbers(0, 30), "x"));
  constexpr const char* k_all = "SELECT id, title, hex(hash) FROM main.risk_current ORDER BY id";
  CHECK(answer(hashed, k_all) == answer(plain, k_all));
  CHECK(put(hashed, false, 200, titles(numbers(0, 30), "x")) == 30);  // one way finds what the other has put
  CHECK(put(plain, true, 200, titles(numbers(0, 30), "x")) == 30);
}

TEST_CASE("store: reports find serious incidents that ended in a period by an index") {
  auto store = store::Store::memory(writing());
  const auto plan = answer(store,
                           "EXPLAIN QUERY PLAN SELECT i.id FROM incident i WHERE i.resolved_at >= :from AND "
                           "i.resolved_at <= :now and i.severity in ('SEV1', 'SEV2')");
  CHECK(plan.find("incident_serious_end (resolved_at>? AND resolved_at<?)") != std::string::npos);
}

TEST_CASE("store: reports find launches that are under way by an index") {
  auto store = store::Store::memory(writing());
  for (const std::string list : {"'draft', 'submitted', 'in review', 'approved'",
                                 "'submitted', 'in review', 'approved'", "'submitted', 'in review'"}) {
    const auto plan = answer(
        store, fmt::format("EXPLAIN QUERY PLAN SELECT l.id FROM launch_review l LEFT JOIN service_name n ON n.name = "
                           "lower(l.service) WHERE l.status in ({})",
                           list));
    CHECK_MESSAGE(plan.find("USING INDEX launch_review_open") != std::string::npos, plan);
  }
}

TEST_CASE("store::Store as of a past moment shows what was known then, under every name") {
  const test::TempDir dir;
  const auto& sample = test::entity("capacity_sample");
  {
    auto store = store::Store::open(dir / "s.db", writing());
    run(store, risk(), Pass::full, 100, titles({"a", "b"}, "old"));
    run(store, sample, Pass::partial, 100, {{"", {{"resource_id", "d"}, {"at", std::int64_t{1}}, {"used", 1.0}}}},
        Shrink::allow, "c");
    run(store, risk(), Pass::full, 200, titles({"a", "c"}, "new"));
    run(store, sample, Pass::partial, 200, {{"", {{"resource_id", "d"}, {"at", std::int64_t{1}}, {"used", 2.0}}}},
        Shrink::allow, "c");
  }
  const struct {
    std::int64_t at;
    const char *risks, *history, *samples, *runs, *streams;
  } cases[] = {
      {99, "", "", "", "0", ""},
      {100, "a|old b|old", "a|-|- b|-|-", "1.0", "2", "s|100|2 c|100|1"},
      {199, "a|old b|old", "a|-|- b|-|-", "1.0", "2", "s|100|2 c|100|1"},
      {200, "a|new c|new", "a|200|- a|-|- b|200|200 c|-|-", "2.0", "4", "s|200|2 c|200|1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.at);
    auto store = store::Store::open(dir / "s.db", reading(c.at));
    CHECK(answer(store, "SELECT id, title FROM risk ORDER BY id") == c.risks);
    CHECK(answer(store, "SELECT id, superseded_at, deleted_at FROM risk_history ORDER BY id, observed_at") ==
          c.history);
    CHECK(answer(store, "SELECT used FROM capacity_sample") == c.samples);
    CHECK(answer(store, "SELECT count(*) FROM sync_run") == c.runs);
    CHECK(answer(store, "SELECT stream, last_success_at, rows FROM stream ORDER BY stream DESC") == c.streams);
  }
}
