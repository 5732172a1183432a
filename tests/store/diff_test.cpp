#include "store/diff.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <random>
#include <set>

#include "store/history.hpp"
#include "store/status.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using store::Pass;
using test::reading;
using test::run;
using test::writing;

namespace {

std::string text(const store::Value& value) {
  if (const auto* words = std::get_if<std::string>(&value)) return *words;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  return "-";
}

std::string summary(const std::vector<store::Change>& changes) {
  std::string lines;
  for (const auto& change : changes) {
    lines += fmt::format("{} {} '{}' at {}", name(change.kind), change.id, change.title, unix_seconds(change.at));
    for (const auto& field : change.fields) {
      lines += fmt::format(" {}: {} > {}", field.column, text(field.before), text(field.after));
      if (field.days) lines += fmt::format(" ({} days)", *field.days);
    }
    lines += '\n';
  }
  return lines;
}

const model::Entity& milestone() { return test::entity("milestone"); }

void fill(store::Store& store) {
  run(store, milestone(), Pass::full, 100,
      {{"1", {{"title", "one"}, {"due_date", "2026-10-30"}}}, {"2", {{"title", "two"}}}, {"3", {{"title", "three"}}}});
  run(store, milestone(), Pass::full, 200,
      {{"1", {{"title", "one"}, {"due_date", "2026-11-15"}}}, {"2", {{"title", "2"}}}, {"3", {{"title", "three"}}}});
  run(store, milestone(), Pass::full, 300,
      {{"1", {{"title", "one"}, {"due_date", "2026-12-08"}}}, {"2", {{"title", "two"}}}, {"4", {{"title", "four"}}}});
  run(store, milestone(), Pass::full, 400,
      {{"1", {{"title", "one"}, {"due_date", "2026-12-08"}}},
       {"2", {{"title", "two"}}},
       {"3", {{"title", "three"}}},
       {"4", {{"title", "four"}}}});
}

}  // namespace

TEST_CASE("store::diff compares any two moments, field by field") {
  auto store = store::Store::memory(writing());
  fill(store);
  const struct {
    const char* name;
    std::int64_t from, to;
    const char* expected;
  } cases[] = {
      {"nothing before the first", 0, 99, ""},
      {"all are new", 0, 150, "added 1 'one' at 100\nadded 2 'two' at 100\nadded 3 'three' at 100\n"},
      {"a slip and a new name", 100, 200,
       "changed 1 'one' at 200 due_date: 2026-10-30 > 2026-11-15 (16 days)\nchanged 2 '2' at 200 title: two > 2\n"},
      {"changed back is no change, two slips are one", 100, 300,
       "changed 1 'one' at 300 due_date: 2026-10-30 > 2026-12-08 (39 days)\nremoved 3 'three' at 300\nadded 4 'four' "
       "at 300\n"},
      {"removed and there again is no change", 250, 400,
       "changed 1 'one' at 300 due_date: 2026-11-15 > 2026-12-08 (23 days)\nchanged 2 'two' at 300 title: 2 > "
       "two\nadded 4 'four' at 300\n"},
      {"there again", 300, 400, "restored 3 'three' at 400\n"},
      {"the same moment", 300, 300, ""},
      {"backwards", 300, 100, ""},
      {"nothing after the last", 400, 9999, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(summary(store::diff(store, milestone(), unix_time(c.from), unix_time(c.to))) == c.expected);
  }
  CHECK_THROWS_AS(store::diff(store, test::entity("measure"), unix_time(0), unix_time(1)), Error);
}

namespace {

/// The differences by their definition: all that is known at each moment, side by side.
std::string by_definition(store::Store& store, std::int64_t from, std::int64_t to) {
  struct State {
    std::string title, due;
    std::int64_t at = 0;
  };
  std::map<std::pair<std::string, std::string>, State> before, after;
  std::map<std::pair<std::string, std::string>, std::int64_t> ended;  // when what held at `from` did
  std::set<std::pair<std::string, std::string>> gone;
  store::Statement rows(store.db(),
                        "SELECT source, id, title, due_date, observed_at, coalesce(superseded_at, 9e9), "
                        "coalesce(deleted_at, 9e9) FROM milestone_history");
  while (rows.step()) {
    const std::pair key{std::string(rows.text(0)), std::string(rows.text(1))};
    const State state{std::string(rows.text(2)), std::string(rows.text(3)), rows.integer(4)};
    const auto held = [&](std::int64_t t) { return rows.integer(4) <= t && rows.integer(5) > t; };
    if (held(from)) before[key] = state, ended[key] = rows.integer(5);
    if (held(to)) after[key] = state;
    if (rows.integer(6) <= from) gone.insert(key);
  }
  std::map<std::pair<std::string, std::string>, std::string> lines;
  const auto line = [&](const auto& key, const std::string& kind, std::int64_t at) -> std::string& {
    return lines[key] = fmt::format("{} {} {} at {}", kind, key.first, key.second, at);
  };
  for (const auto& [key, is] : after) {
    const auto was = before.find(key);
    if (was == before.end()) {
      line(key, gone.contains(key) ? "restored" : "added", is.at);
    } else if (was->second.title != is.title || was->second.due != is.due) {
      auto& text = line(key, "changed", is.at);
      if (was->second.title != is.title) text += fmt::format(" {} > {}", was->second.title, is.title);
      if (was->second.due != is.due) text += fmt::format(" {} > {}", was->second.due, is.due);
    }
  }
  for (const auto& [key, was] : before)
    if (!after.contains(key)) line(key, "removed", ended[key]);
  std::string text;
  for (const auto& [key, words] : lines) text += words + '\n';
  return text;
}

}  // namespace

TEST_CASE("store::diff equals its definition between any two moments of a random past") {
  auto store = store::Store::memory(writing());
  std::mt19937 random(7);
  const auto any = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
  for (std::int64_t at = 100; at <= 1200; at += 50) {
    // Names of sources do not come in the order in which they were first seen.
    const char* source = any(2) == 0 ? "north" : "east";
    std::vector<test::TestRow> rows;
    std::deque<std::string> texts;
    for (unsigned i = 0; i < 12; ++i) {
      if (any(4) == 0) continue;
      const auto& title = texts.emplace_back(fmt::format("title {}", any(3)));
      const auto& due = texts.emplace_back(fmt::format("2026-11-{:02}", 10 + any(3)));
      rows.push_back({fmt::format("M{}", i), {{"title", title}, {"due_date", due}}});
    }
    store::StreamWriter writer(store, source, "s", milestone(), Pass::full, unix_time(at));
    writer.put(test::batch(milestone(), rows));
    writer.finish("{}", store::Shrink::allow);
  }
  for (std::int64_t from = 50; from <= 1250; from += 50)
    for (std::int64_t to = from + 50; to <= 1300; to += 50) {
      CAPTURE(from);
      CAPTURE(to);
      std::string found;
      for (const auto& change : store::diff(store, milestone(), unix_time(from), unix_time(to))) {
        found += fmt::format("{} {} {} at {}", name(change.kind), change.source, change.id, unix_seconds(change.at));
        for (const auto& field : change.fields) found += fmt::format(" {} > {}", text(field.before), text(field.after));
        found += '\n';
      }
      REQUIRE(found == by_definition(store, from, to));
    }
}

TEST_CASE("store::diff tells new records from those that are there again by an index, however long the past") {
  auto store = store::Store::memory(writing());
  const auto plan = test::answer(store,
                                 "EXPLAIN QUERY PLAN SELECT 1 FROM main.milestone_past t WHERE t.id = ?1 AND "
                                 "t.source_id = ?2 AND t.deleted_at <= ?3 LIMIT 1");
  CHECK_MESSAGE(plan.find("milestone_past_gone") != std::string::npos, plan);
}

TEST_CASE("store::diff and store::history as of a past moment tell nothing of later") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing());
    fill(store);
  }
  auto store = store::Store::open(dir / "s.db", reading(250));
  CHECK(summary(store::diff(store, milestone(), unix_time(150), unix_time(9999))) ==
        "changed 1 'one' at 200 due_date: 2026-10-30 > 2026-11-15 (16 days)\nchanged 2 '2' at 200 title: two > 2\n");
  const auto versions = store::history(store, milestone(), "1", std::nullopt);
  REQUIRE(versions.size() == 2);
  CHECK_FALSE(versions[1].superseded_at);
}

TEST_CASE("store::history lists every state of a record with what changed") {
  auto store = store::Store::memory(writing());
  fill(store);
  const auto one = store::history(store, milestone(), "1", std::nullopt);
  REQUIRE(one.size() == 3);
  CHECK(one[0].changes.empty());
  REQUIRE(one[2].changes.size() == 1);
  CHECK(one[2].changes[0].column == "due_date");
  CHECK(one[2].changes[0].days == 23);
  CHECK(one[1].superseded_at == unix_time(300));
  const auto three = store::history(store, milestone(), "3", "src");
  REQUIRE(three.size() == 2);
  CHECK(three[0].deleted_at == unix_time(300));
  CHECK(three[1].observed_at == unix_time(400));
  CHECK(three[1].changes.empty());
  CHECK(store::history(store, milestone(), "1", "other").empty());
  CHECK(store::history(store, milestone(), "none", std::nullopt).empty());

  run(store, test::entity("slo_sample"), Pass::partial, 100,
      {{"", {{"slo_id", "a"}, {"at", std::int64_t{5}}, {"good", std::int64_t{1}}}}}, store::Shrink::allow, "x");
  run(store, test::entity("slo_sample"), Pass::partial, 200,
      {{"", {{"slo_id", "a"}, {"at", std::int64_t{5}}, {"good", std::int64_t{2}}}}}, store::Shrink::allow, "x");
  const auto sample = store::history(store, test::entity("slo_sample"), R"(["a",5])", std::nullopt);
  REQUIRE(sample.size() == 2);
  CHECK(text(sample[1].changes.at(0).after) == "2");
}

TEST_CASE("store::history finds a record by its id through an index") {
  auto store = store::Store::memory(writing());
  fill(store);
  const auto plan = test::answer(store, "EXPLAIN QUERY PLAN SELECT * FROM milestone_history WHERE id = '1'");
  CHECK_MESSAGE(plan.find("SCAN c") == std::string::npos, plan);
  CHECK_MESSAGE(plan.find("SCAN p") == std::string::npos, plan);
}

TEST_CASE("store::stream_status tells freshness, rows, the last run and where an interrupted one stopped") {
  auto store = store::Store::memory(writing());
  CHECK(store::stream_status(store).empty());
  fill(store);
  {
    store::StreamWriter writer(store, "src", "s", milestone(), Pass::partial, unix_time(500));
    writer.put(test::batch(milestone(), {{"9", {}}}));
    writer.commit("page 2");
    writer.reject("no id", "{}", "page 2");
    writer.fail("503 from the API");
  }
  const auto all = store::stream_status(store);
  REQUIRE(all.size() == 1);
  const auto& status = all[0];
  CHECK(status.source == "src");
  CHECK(status.stream == "s");
  CHECK(status.entity == "milestone");
  CHECK(status.last_success_at == unix_time(400));
  CHECK(status.last_full_at == unix_time(400));
  CHECK(status.rows == 4);
  REQUIRE(status.last_run);
  CHECK(status.last_run->error == "503 from the API");
  CHECK(status.last_run->counts.added == 1);
  CHECK(status.last_run->counts.rejected == 1);
  CHECK(status.interrupted_at == "page 2");
}

TEST_CASE("store: a reject stands until a full pass does not see it again") {
  auto store = store::Store::memory(writing());
  const auto pass = [&](std::int64_t at, bool rejects) {
    store::StreamWriter writer(store, "src", "s", milestone(), Pass::full, unix_time(at));
    writer.put(test::batch(milestone(), {{"9", {}}}));
    if (rejects) writer.reject("no id", "{}", "page 2");
    writer.finish("{}", store::Shrink::refuse);
  };
  const auto standing = [&] {
    store::Statement count(store.db(), "SELECT count(*) FROM reject WHERE standing");
    count.step();
    return count.integer(0);
  };
  pass(100, true);
  CHECK(standing() == 1);
  pass(200, true);
  CHECK(standing() == 1);
  pass(300, false);
  CHECK(standing() == 0);
}

TEST_CASE("store::diff: the date of the next stage is progress and no slip of days") {
  auto store = store::Store::memory(test::writing());
  const auto& milestone = test::entity("milestone");
  const auto see = [&](std::int64_t at, std::string_view stage, std::string_view due) {
    test::run(store, milestone, store::Pass::full, at, {{.id = "m", .cells = {{"stage", stage}, {"due_date", due}}}});
  };
  see(100, "alpha", "2026-03-01");
  see(200, "beta", "2026-06-01");
  see(300, "beta", "2026-06-15");
  const auto days = [&](std::int64_t from, std::int64_t to) {
    for (const auto& change : store::diff(store, milestone, unix_time(from), unix_time(to), {}))
      for (const auto& field : change.fields)
        if (field.column == "due_date") return field.days;
    return std::optional<std::int64_t>(-1);
  };
  CHECK_FALSE(days(100, 200).has_value());
  CHECK(days(200, 300) == 14);
}
