// The packed incidents are what the records are, whoever wrote them and whenever.
#include "store/incident_pack.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <random>

#include "store/care.hpp"
#include "store/forget.hpp"
#include "store/query.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;

namespace {

std::string_view kept(std::string text) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(text));
}

test::TestRow incident(std::mt19937& random, int id) {
  test::TestRow row{std::to_string(id), {}};
  const auto maybe = [&](std::string_view column, model::Cell cell) {
    if (random() % 3 != 0) row.cells.emplace_back(column, cell);
  };
  const auto time = [&] { return static_cast<std::int64_t>(random() % 1'000'000) - (random() % 9 == 0 ? 500'000 : 0); };
  maybe("started_at", time());
  maybe("detected_at", time());
  maybe("acknowledged_at", time());
  maybe("mitigated_at", time());
  maybe("resolved_at", time());
  maybe("title", random() % 4 == 0 ? std::string_view() : std::string_view("t"));
  maybe("severity", kept("SEV" + std::to_string(random() % 6)));
  maybe("status", std::string_view(random() % 2 == 0 ? "open" : "resolved"));
  maybe("kind", std::string_view("drill"));
  maybe("program", kept("program " + std::to_string(random() % 3)));
  maybe("service", kept("service " + std::to_string(random() % 300)));
  maybe("cause", std::string_view("disk"));
  return row;
}

/// The packed ones as the view would show them.
std::string packed(store::Store& store, std::int64_t from, store::Earlier earlier) {
  store::Words words;
  const auto as_of = store.options().as_of;
  std::vector<std::string> lines;
  const auto take = [&](const store::PackedIncident& of) {
    if (of.started == store::k_no_time || of.started < from || (as_of && of.observed > unix_seconds(*as_of))) return;
    std::string line;
    for (const auto t : {of.started, of.detected, of.acknowledged, of.mitigated, of.resolved})
      line += (t == store::k_no_time ? "-" : std::to_string(t)) + "|";
    for (const auto w : {of.severity, of.kind, of.status, of.program, of.service, of.cause})
      line += (w == 0 ? "-" : std::string(words[w])) + "|";
    lines.push_back(line + std::to_string(static_cast<int>(of.title)));
  };
  store::read_incidents(store.db(), from, earlier, words, take);
  if (as_of) store::read_held_incidents(store.db(), *as_of, words, [&](const auto& of, auto, auto) { take(of); });
  std::ranges::sort(lines);
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

/// Those earlier ones that it is given beside them change nothing.
std::string packed(store::Store& store, std::int64_t from) {
  auto lines = packed(store, from, store::Earlier::none);
  CHECK(packed(store, from, store::Earlier::serious) == lines);
  return lines;
}

std::string shown(store::Store& store, std::int64_t from) {
  store::Statement rows(store.db(),
                        "SELECT started_at, detected_at, acknowledged_at, mitigated_at, resolved_at, severity, kind, "
                        "status, program, service, cause, CASE WHEN title IS NULL THEN 0 WHEN title = '' THEN 1 ELSE 2 "
                        "END FROM incident WHERE started_at >= ?1");
  rows.bind(from);
  std::vector<std::string> lines;
  while (rows.step()) {
    std::string line;
    for (int i = 0; i < 12; ++i) line += (i > 0 ? "|" : "") + (rows.is_null(i) ? "-" : std::string(rows.text(i)));
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

void compare(store::Store& store) {
  for (const std::int64_t from : {-1'000'000, 0, 400'000, 990'000}) {
    CHECK(packed(store, from) == shown(store, from));
    // The function of SQL counts what the view shows, in SQL of ours and of users.
    const auto span = fmt::format("{}, {}", from, from + 700'000);
    const auto counted = "SELECT * FROM incident_counts(" + span + ") ORDER BY week, program, service, severity, kind";
    const auto plain = fmt::format(
        "SELECT week(started_at), program, service, severity, kind, count(*) FROM incident WHERE started_at >= {} AND "
        "started_at < {} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        from, from + 700'000);
    CHECK(answer(store, counted) == answer(store, plain));
    CHECK(answer(store, "SELECT count(*) FROM incident_counts(" + span + ")") ==
          answer(store, "SELECT count(*) FROM (" + plain + ")"));
    CHECK(answer(store, "SELECT severity, n FROM incident_counts(" + span + ", 'severity') ORDER BY severity") ==
          answer(store, fmt::format("SELECT severity, count(*) FROM incident WHERE started_at >= {} AND started_at < "
                                    "{} GROUP BY severity ORDER BY severity",
                                    from, from + 700'000)));
    store::QueryBox box(store);
    auto query = box.prepare("SELECT sum(n) FROM incident_counts(" + span + ")");
    REQUIRE(query.step());
    const auto sum = query.cell(0);
    const auto* n = std::get_if<std::int64_t>(&sum);
    CHECK(std::to_string(n == nullptr ? 0 : *n) ==
          answer(store, fmt::format("SELECT count(*) FROM incident WHERE started_at >= {} AND started_at < {}", from,
                                    from + 700'000)));
  }
}

}  // namespace

TEST_CASE(
    "store::read_incidents gives what the view shows, after syncs, imports of the past, removals and forgetting") {
  std::mt19937 random(3);
  const test::TempDir dir;
  const auto file = dir / "s.db";
  const auto& entity = test::entity("incident");
  {
    auto store = store::Store::open(file, test::writing());
    for (int run = 1; run <= 12; ++run) {
      CAPTURE(run);
      std::vector<test::TestRow> rows;
      const int n = run == 1 ? 5'000 : 300;  // more than two spans
      for (int i = 0; i < n; ++i) rows.push_back(incident(random, run == 1 ? i : static_cast<int>(random() % 5'200)));
      const bool past = run % 4 == 0;
      store::StreamWriter writer(store, "src", "s", entity, run % 5 == 0 ? store::Pass::full : store::Pass::partial,
                                 unix_time(past ? run * 100 - 250 : run * 100),
                                 past ? store::Moment::exact : store::Moment::after_last);
      writer.put(test::batch(entity, rows));
      if (run % 3 == 0) writer.remove(std::to_string(random() % 5'000));
      writer.finish("{}", store::Shrink::allow);
      compare(store);
      CHECK(store::count_wrong_packs(store.db()) == 0);
    }
    CHECK(answer(store, "SELECT count(*) > 2 FROM main.incident_pack") == "1");
    store::forget(store, "service 7", true);
    CHECK(store::check(store).empty());
    compare(store);
  }
  for (const std::int64_t moment : {150, 450, 720, 1'100}) {
    CAPTURE(moment);
    auto options = test::reading();
    options.as_of = unix_time(moment);
    auto store = store::Store::open(file, options);
    compare(store);
  }
}

TEST_CASE(
    "store::IncidentPacks: a span that a killed writer left is read from its records, and packed by the next one") {
  std::mt19937 random(4);
  const test::TempDir dir;
  const auto& entity = test::entity("incident");
  auto store = store::Store::open(dir / "s.db", test::writing());
  std::vector<test::TestRow> rows;
  for (int i = 0; i < 3'000; ++i) rows.push_back(incident(random, i));
  test::run(store, entity, store::Pass::full, 100, rows);
  {  // the commit of another stream takes the rows along
    store::StreamWriter writer(store, "src", "s", entity, store::Pass::partial, unix_time(200));
    writer.put(test::batch(entity, {incident(random, 7)}));
    test::run(store, test::entity("risk"), store::Pass::full, 200, {{"1", {{"title", "t"}}}}, store::Shrink::allow,
              "other");
    CHECK(answer(store, "SELECT group_concat(span) FROM main.incident_pack") == "1");
    compare(store);
  }
  compare(store);
  test::run(store, entity, store::Pass::partial, 300, {incident(random, 2'999)});
  CHECK(answer(store, "SELECT group_concat(span) FROM main.incident_pack") == "0,1");
  compare(store);
  store.db().execute(
      "UPDATE main.incident_pack SET facts = CAST(substr(facts, 1, length(facts) - 1) || x'ffff7f' AS BLOB) WHERE span "
      "= 1");
  store::Words words;
  CHECK_THROWS_WITH_AS(store::read_incidents(store.db(), -1'000'000, store::Earlier::serious, words,
                                             [](const store::PackedIncident&) {}),
                       doctest::Contains("the packed incidents are damaged"), Error);
  store::rebuild_incident_packs(store.db());
  store.db().execute("UPDATE main.incident_current SET service = 'other' WHERE key = 5");
  REQUIRE(store::check(store).size() == 2);  // the record is not what was written either
  CHECK(store::check(store).front() == "incident: spans packed otherwise than their records are: 1");
  store::rebuild_incident_packs(store.db());
  CHECK(store::check(store).size() == 1);
}

TEST_CASE("store::IncidentPacks follow a first load: records that come again in it, and commits of other writers") {
  const auto& entity = test::entity("incident");
  for (unsigned seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    auto store = store::Store::memory(test::writing());
    store::StreamWriter writer(store, "src", "s", entity, store::Pass::full, unix_time(100));
    store::StreamWriter other(store, "src", "risks", test::entity("risk"), store::Pass::full, unix_time(100));
    for (int page = 0, id = 0; page < 10; ++page) {
      std::vector<test::TestRow> rows;
      for (int i = 0; i < 700; ++i) {
        const bool again = id > 0 && random() % 50 == 0;
        rows.push_back(incident(random, again ? static_cast<int>(random() % static_cast<unsigned>(id)) : id++));
      }
      writer.put(test::batch(entity, rows));
      CHECK(store::count_wrong_packs(store.db()) == 0);
      other.put(test::batch(test::entity("risk"), {{std::to_string(page), {{"title", "t"}}}}));
      other.commit("{}");
      compare(store);
      if (page % 3 == 1) continue;
      writer.commit("{}");
      CHECK(store::count_wrong_packs(store.db()) == 0);
      CHECK(answer(store, "SELECT count(*) FROM incident_pack") ==
            answer(store, fmt::format("SELECT count(DISTINCT key / {}) FROM incident_current", store::k_pack_keys)));
    }
    writer.finish("{}", store::Shrink::allow);
    CHECK(store::count_wrong_packs(store.db()) == 0);
    compare(store);
  }
}

TEST_CASE("store::register_incident_counts: both times have to be given, and reach users' SQL through its guard only") {
  auto store = store::Store::memory(test::writing());
  store::QueryBox box(store);
  auto text = box.prepare("SELECT * FROM incident_counts('2026-01-01', 5)");
  CHECK_THROWS_WITH_AS(text.step(), doctest::Contains("ts() makes one from text"), Error);
  auto by = box.prepare("SELECT * FROM incident_counts(1, 5, 'weeks')");
  CHECK_THROWS_WITH_AS(by.step(), doctest::Contains("'weeks' is none of week, program"), Error);
  CHECK_THROWS_WITH_AS(box.prepare("SELECT * FROM incident_counts(1)"), doctest::Contains("incident_counts(from, to)"),
                       Error);
  CHECK_THROWS_WITH_AS(box.prepare("SELECT * FROM incident_pack"), doctest::Contains("incident_pack is not allowed"),
                       Error);
  auto nothing = box.prepare("SELECT * FROM incident_counts(NULL, 5)");
  CHECK(!nothing.step());
}
