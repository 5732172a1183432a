// [entity.NAME] changes in sitrep.toml while records are there.
#include "store/own_entities.hpp"

#include <doctest/doctest.h>

#include "store/care.hpp"
#include "store/diff.hpp"
#include "store/export.hpp"
#include "store/forget.hpp"
#include "store/query.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using model::ColumnType;
using test::answer;
using Text = std::string_view;

namespace {

model::Entity migration(std::vector<std::pair<std::string, ColumnType>> columns) {
  model::Entity entity;
  entity.name = "migration";
  for (auto& [name, type] : columns) entity.columns.push_back({name, type, "", {}});
  return entity;
}

store::Store open(const test::TempDir& folder, const model::Entity& entity) {
  auto options = test::writing();
  options.own_entities = {entity};
  return store::Store::open(folder / "store.db", options);
}

std::string notes_of(const store::Store& store) {
  std::string text;
  for (const auto& note : store.notes()) text += note + "\n";
  return text;
}

constexpr Text k_history = "SELECT id, percent, extra, superseded_at FROM migration_history ORDER BY id, observed_at";

/// Two versions of one record and one of another.
void fill(const test::TempDir& folder, const model::Entity& entity) {
  auto store = open(folder, entity);
  CHECK(notes_of(store).empty());
  test::run(store, entity, store::Pass::full, 100,
            {{.id = "a", .cells = {{"percent", Text("10")}, {"service", Text("api")}}},
             {.id = "b", .cells = {{"percent", Text("half")}, {"service", Text("db")}}}});
  test::run(store, entity, store::Pass::full, 200,
            {{.id = "a", .cells = {{"percent", Text("25.5")}, {"service", Text("api")}}},
             {.id = "b", .cells = {{"percent", Text("half")}, {"service", Text("db")}}}});
}

const auto k_first = migration({{"percent", ColumnType::text}, {"service", ColumnType::text}});

}  // namespace

TEST_CASE("own entity: another type converts every version and keeps what does not fit") {
  const test::TempDir folder;
  fill(folder, k_first);
  const auto now = migration({{"percent", ColumnType::real}, {"service", ColumnType::text}});
  auto store = open(folder, now);
  CHECK(
      notes_of(store) ==
      "entity migration: column percent is real now, was text: 3 values converted, of which 1 did not fit and is kept "
      "in extra.\"$was\"\n");
  CHECK(answer(store, k_history) == "a|10.0|-|200 a|25.5|-|- b|-|{\"$was\":{\"percent\":\"half\"}}|-");
  CHECK(store::check(store).empty());
  // The source sends the same as numbers: nothing has changed.
  const auto counts = test::run(store, now, store::Pass::partial, 300,
                                {{.id = "a", .cells = {{"percent", 25.5}, {"service", Text("api")}}}});
  CHECK(counts.unchanged == 1);
  CHECK(counts.changed == 0);
}

TEST_CASE("own entity: what a type could not hold comes back with one that can, through as many types as one likes") {
  const test::TempDir folder;
  const auto with = [](ColumnType percent, ColumnType n) { return migration({{"percent", percent}, {"n", n}}); };
  const auto first = with(ColumnType::text, ColumnType::integer);
  const std::int64_t large = 9'007'199'254'740'993;
  {
    auto store = open(folder, first);
    test::run(store, first, store::Pass::full, 100,
              {{.id = "a", .cells = {{"percent", Text("about 50 %")}, {"n", large}}, .extra = R"({"x":1})"},
               {.id = "b", .cells = {{"percent", Text("007")}}}});
  }
  constexpr Text k_all = "SELECT id, percent, n, extra FROM migration ORDER BY id";
  const auto as = [&](ColumnType percent, ColumnType n) {
    auto store = open(folder, with(percent, n));
    return answer(store, k_all);
  };
  CHECK(as(ColumnType::real, ColumnType::real) ==
        R"(a|-|9.00719925474099e+15|{"x":1,"$was":{"percent":"about 50 %","n":9007199254740993}} )"
        R"(b|7.0|-|{"$was":{"percent":"007"}})");
  CHECK(as(ColumnType::integer, ColumnType::boolean) ==
        R"(a|-|-|{"x":1,"$was":{"percent":"about 50 %","n":9007199254740993}} b|7|-|{"$was":{"percent":"007"}})");
  CHECK(as(ColumnType::integer, ColumnType::text) ==
        R"(a|-|9007199254740993|{"x":1,"$was":{"percent":"about 50 %","n":9007199254740993}} )"
        R"(b|7|-|{"$was":{"percent":"007"}})");
  auto store = open(folder, first);
  CHECK(answer(store, k_all) == R"(a|about 50 %|9007199254740993|{"x":1} b|007|-|-)");
  CHECK(store::check(store).empty());
}

TEST_CASE(
    "own entity: the same file again is no change after a type that does not hold all of it, nor after an export") {
  const test::TempDir folder;
  const auto first = migration({{"day", ColumnType::date}}), now = migration({{"day", ColumnType::timestamp}});
  {
    auto store = open(folder, first);
    test::run(store, first, store::Pass::full, 100, {{.id = "a", .cells = {{"day", Text("2026-10-01")}}}});
  }
  const std::int64_t midnight = 1'790'812'800;
  const auto again = [&](store::Store& store, std::int64_t at) {
    return test::run(store, now, store::Pass::full, at, {{.id = "a", .cells = {{"day", midnight}}}});
  };
  std::string exported;
  {
    auto store = open(folder, now);
    CHECK(again(store, 200).changed == 0);
    CHECK(answer(store, "SELECT day, extra FROM migration_history") == R"(1790812800|{"$was":{"day":"2026-10-01"}})");
    store::export_store(store, [&](std::string_view line) { exported += line; });
  }
  auto options = test::writing();
  options.own_entities = {now};
  auto copy = store::Store::open(folder / "copy.db", options);
  store::load_export(copy, exported, "x");
  CHECK(again(copy, 300).changed == 0);
  // A real change does not tell of what was the store's own.
  test::run(copy, now, store::Pass::full, 400, {{.id = "a", .cells = {{"day", midnight + 1}}}});
  const auto changes = store::diff(copy, now, unix_time(300), unix_time(400), {});
  REQUIRE(changes.size() == 1);
  REQUIRE(changes[0].fields.size() == 1);
  CHECK(changes[0].fields[0].column == "day");
}

TEST_CASE("own entity: what a source said that did not fit comes back with a type that can hold it") {
  const test::TempDir folder;
  const auto whole = migration({{"percent", ColumnType::integer}});
  {
    auto store = open(folder, whole);
    test::run(
        store, whole, store::Pass::full, 100,
        {{.id = "a", .cells = {}, .extra = R"({"x":1,"$odd":{"percent":{"value":1.5,"reason":"no whole number"}}})"}});
  }
  const auto real = migration({{"percent", ColumnType::real}});
  auto store = open(folder, real);
  CHECK(answer(store, "SELECT percent, extra FROM migration") == "1.5|{\"x\":1}");
  CHECK(store::check(store).empty());
  const auto counts =
      test::run(store, real, store::Pass::full, 200, {{.id = "a", .cells = {{"percent", 1.5}}, .extra = R"({"x":1})"}});
  CHECK(counts.unchanged == 1);
}

TEST_CASE("own entity: a dropped column leaves no trace in views and changes no record, and comes back") {
  const test::TempDir folder;
  fill(folder, k_first);
  const auto less = migration({{"percent", ColumnType::text}});
  {
    auto store = open(folder, less);
    CHECK(
        notes_of(store) ==
        "entity migration: column service is declared no more: its 3 values stay in the store and come back when it is "
        "declared again\n");
    CHECK_THROWS_AS(answer(store, "SELECT service FROM migration"), Error);
    const auto counts =
        test::run(store, less, store::Pass::full, 300,
                  {{.id = "a", .cells = {{"percent", Text("30")}}}, {.id = "b", .cells = {{"percent", Text("half")}}}});
    CHECK(counts.changed == 1);
    CHECK(counts.unchanged == 1);
  }
  CHECK(notes_of(open(folder, less)).empty());
  auto store = open(folder, k_first);
  CHECK(notes_of(store) == "entity migration: column service is back, with 3 values\n");
  // The state from when the column was not declared has none.
  CHECK(answer(store, "SELECT id, percent, service FROM migration_history ORDER BY id, observed_at") ==
        "a|10|api a|25.5|api a|30|- b|half|db");
}

TEST_CASE("own entity: a column that is back takes what was said of it in between, and its key is told in words") {
  const test::TempDir folder;
  fill(folder, k_first);
  const auto less = migration({{"percent", ColumnType::text}});
  {
    auto store = open(folder, less);
    test::run(store, less, store::Pass::partial, 300,
              {{.id = "a", .cells = {{"percent", Text("30")}}, .extra = R"({"service":"edge","x":1})"}});
  }
  auto again = k_first;
  again.key = {"percent"};
  auto store = open(folder, again);
  CHECK(answer(store, "SELECT service, extra FROM migration WHERE id = 'a'") == "edge|{\"x\":1}");
  CHECK(answer(store, "SELECT count(*) FROM migration_history WHERE service = 'api'") == "2");
  CHECK(notes_of(store).find("the key is percent now, was the record's id") != std::string::npos);
}

TEST_CASE("own entity: a new column takes what records held under its name in extra") {
  const test::TempDir folder;
  const auto before = migration({{"percent", ColumnType::text}});
  {
    auto store = open(folder, before);
    test::run(store, before, store::Pass::full, 100,
              {{.id = "a", .cells = {{"percent", Text("1")}}, .extra = R"({"other":1,"team":"core"})"},
               {.id = "b", .cells = {}, .extra = R"({"team":"edge"})"}});
  }
  const auto now =
      migration({{"percent", ColumnType::text}, {"team", ColumnType::text}, {"due_date", ColumnType::date}});
  auto store = open(folder, now);
  CHECK(notes_of(store) ==
        "entity migration: column team is new: 2 values taken from extra\nentity migration: column due_date is new\n");
  CHECK(answer(store, "SELECT id, team, due_date, extra FROM migration ORDER BY id") ==
        "a|core|-|{\"other\":1} b|edge|-|-");
  const auto counts =
      test::run(store, now, store::Pass::full, 200,
                {{.id = "a", .cells = {{"percent", Text("1")}, {"team", Text("core")}}, .extra = R"({"other":1})"},
                 {.id = "b", .cells = {{"team", Text("edge")}}}});
  CHECK(counts.unchanged == 2);
}

TEST_CASE("own entity: of whom it forgot the store can't know the state under new columns, and says so") {
  const test::TempDir folder;
  fill(folder, k_first);
  {
    auto store = open(folder, k_first);
    REQUIRE(store::forget(store, "api", true).size() == 1);
  }
  const auto more =
      migration({{"percent", ColumnType::text}, {"service", ColumnType::text}, {"team", ColumnType::text}});
  CHECK(notes_of(open(folder, more)) ==
        "entity migration: column team is new\nentity migration: somebody was taken out of 1 record, and the next sync "
        "brings the name back with the new columns: run 'sitrep store forget' again then\n");
}

TEST_CASE("own entity: a reader sees the file as it is until the next writer has brought it along") {
  const test::TempDir folder;
  fill(folder, k_first);
  auto options = test::reading();
  options.own_entities = {migration({{"service", ColumnType::text}, {"team", ColumnType::text}})};
  auto store = store::Store::open(folder / "store.db", options);
  CHECK(answer(store, "SELECT id, service, team FROM migration ORDER BY id") == "a|api|- b|db|-");
  CHECK(store.notes().empty());
}

TEST_CASE("own entity: a query on one that is declared no more is told its name, not that of a table") {
  const test::TempDir folder;
  fill(folder, k_first);
  auto store = store::Store::open(folder / "store.db", test::reading(std::nullopt));
  store::QueryBox box(store);
  CHECK_THROWS_WITH_AS(box.prepare("SELECT * FROM migration"),
                       doctest::Contains("query: reading migration is not allowed"), Error);
}

TEST_CASE("own entity: values as another type, and whether they can go back") {
  struct Case {
    std::string name;
    store::Value value;
    ColumnType from, to;
    store::Value expected;
    bool exact;
  };
  using enum ColumnType;
  const std::int64_t noon = 1'767'268'800, midnight = 1'767'225'600;  // 2026-01-01
  const std::monostate none;
  const Case cases[] = {
      {"digits", std::string("42"), text, integer, std::int64_t{42}, true},
      {"leading zeros are lost", std::string("007"), text, integer, std::int64_t{7}, false},
      {"no number", std::string("many"), text, integer, none, false},
      {"half", 0.5, real, integer, none, false},
      {"whole", 3.0, real, integer, std::int64_t{3}, true},
      {"beyond what doubles hold exactly", std::int64_t{9'007'199'254'740'993}, integer, real, 9007199254740992.0,
       false},
      {"yes", std::string("true"), text, boolean, std::int64_t{1}, true},
      {"two is no boolean", std::int64_t{2}, integer, boolean, none, false},
      {"a boolean as text", std::int64_t{1}, boolean, text, std::string("true"), true},
      {"a moment as text", midnight, timestamp, text, std::string("2026-01-01T00:00:00Z"), true},
      {"a moment's day", noon, timestamp, date, std::string("2026-01-01"), false},
      {"midnight's day", midnight, timestamp, date, std::string("2026-01-01"), true},
      {"a day's start", std::string("2026-01-01"), date, timestamp, midnight, false},
      {"no day", std::string("2026-13-01"), text, date, none, false},
      {"words as JSON", std::string("a b"), text, json, std::string("\"a b\""), true},
      {"a number as JSON", std::int64_t{5}, integer, json, std::string("5"), true},
      {"a text of JSON as text", std::string("\"a b\""), json, text, std::string("a b"), true},
      {"a text of JSON that would come back as a number", std::string("\"5\""), json, text, std::string("5"), false},
      {"quotes that would be lost", std::string("\"a\""), text, json, std::string("\"a\""), false},
      {"a moment of JSON", std::string("\"2026-01-01T00:00:00Z\""), json, timestamp, midnight, true},
      {"an object of JSON as text", std::string("{}"), json, text, std::string("{}"), true},
      {"nothing", none, text, integer, none, true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto converted = store::convert(c.value, c.from, c.to);
    CHECK((converted.value == c.expected));
    CHECK(converted.exact == c.exact);
  }
}

TEST_CASE("own entity: a link that names no record, by id or name, is an orphan") {
  const test::TempDir folder;
  auto entity = migration({{"service", ColumnType::text}});
  entity.columns.front().refers_to = "service";
  auto store = open(folder, entity);
  test::run(store, test::entity("service"), store::Pass::full, 100,
            {{.id = "S1", .cells = {{"name", Text("api")}, {"aliases", Text(R"(["old-api"])")}}}}, store::Shrink::allow,
            "services");
  test::run(store, entity, store::Pass::full, 100,
            {{.id = "a", .cells = {{"service", Text("api")}}},
             {.id = "b", .cells = {{"service", Text("S1")}}},
             {.id = "e", .cells = {{"service", Text("Old-API")}}},
             {.id = "c", .cells = {{"service", Text("db")}}},
             {.id = "d", .cells = {}}});
  CHECK(store::orphans(store) == std::vector<std::string>{"migration.service: 1 name no service"});
}

TEST_CASE("own entity: a changed key gives records the ids that the next import makes, in every version") {
  const test::TempDir folder;
  auto before = migration({{"name", ColumnType::text}, {"team", ColumnType::text}, {"percent", ColumnType::integer}});
  before.key = {"name"};
  auto after = before;
  after.key = {"team", "name"};
  const auto row = [](std::string id, Text name, Text team, std::int64_t percent) {
    return test::TestRow{.id = std::move(id), .cells = {{"name", name}, {"team", team}, {"percent", percent}}};
  };
  {
    auto store = open(folder, before);
    test::run(store, before, store::Pass::full, 100,
              {row("api", "api", "red", 1), row("db", "db", "blue", 2), row("own-7", "web", "blue", 3)});
    test::run(store, before, store::Pass::full, 200, {row("api", "api", "core", 10), row("own-7", "web", "blue", 3)},
              store::Shrink::allow);
  }
  {
    auto store = open(folder, after);
    CHECK(notes_of(store) ==
          "entity migration: the key is team, name now, was name: 2 records renamed in every version, 1 with ids of "
          "their own keep them\n");
    CHECK(answer(store, "SELECT id, percent FROM migration_history ORDER BY id, observed_at") ==
          "[\"blue\",\"db\"]|2 [\"core\",\"api\"]|1 [\"core\",\"api\"]|10 own-7|3");
    CHECK(store::check(store).empty());
    const auto counts = test::run(store, after, store::Pass::full, 300,
                                  {row("[\"core\",\"api\"]", "api", "core", 10), row("own-7", "web", "blue", 3)});
    CHECK(counts.unchanged == 2);
    CHECK(counts.added == 0);
  }
  // Two records of one team cannot both be it: refused, and nothing has changed.
  std::string history;
  {
    auto store = open(folder, after);
    test::run(store, after, store::Pass::partial, 400, {row("[\"core\",\"pay\"]", "pay", "core", 4)});
    history = answer(store, "SELECT * FROM migration_history ORDER BY id, observed_at");
  }
  auto narrow = before;
  narrow.key = {"team"};
  CHECK_THROWS_WITH_AS(open(folder, narrow), doctest::Contains("two records would both be 'core'"), Error);
  auto store = open(folder, after);
  CHECK(answer(store, "SELECT * FROM migration_history ORDER BY id, observed_at") == history);
}
