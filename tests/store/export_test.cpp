#include "store/export.hpp"

#include <doctest/doctest.h>

#include <set>

#include "store/care.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;
using Text = std::string_view;

namespace {

std::string exported(store::Store& store) {
  std::string text;
  store::export_store(store, [&](std::string_view line) { text += line; });
  return text;
}

model::Entity migration(bool with_service) {
  model::Entity entity;
  entity.name = "migration";
  entity.columns.push_back({"percent", model::ColumnType::real, "", {}});
  if (with_service) entity.columns.push_back({"service", model::ColumnType::text, "", {}});
  entity.key = {"service"};
  if (!with_service) entity.key.clear();
  return entity;
}

store::Options with(const model::Entity& entity) {
  auto options = test::writing();
  options.own_entities = {entity};
  return options;
}

/// A store with something of everything.
void fill(const test::TempDir& folder) {
  {
    auto store = store::Store::open(folder / "a.db", with(migration(true)));
    const auto& incident = test::entity("incident");
    test::run(
        store, incident, store::Pass::full, 100,
        {{.id = "10", .cells = {{"title", Text("Zürich \"down\"\n")}, {"started_at", std::int64_t{-5}}}},
         {.id = "2", .cells = {{"title", Text("b")}}, .url = "https://example.test/2", .extra = R"({"k":[1,2.5]})"},
         {.id = "gone", .cells = {{"title", Text("c")}}}});
    test::run(store, incident, store::Pass::full, 200,
              {{.id = "2", .cells = {{"title", Text("b2")}}}, {.id = "10", .cells = {{"title", Text("a")}}}});
    const auto& measure = test::entity("measure");
    for (const double value : {1.0, 0.1})
      test::run(store, measure, store::Pass::partial, value == 1.0 ? 100 : 200,
                {{.id = "x", .cells = {{"name", Text("users")}, {"at", std::int64_t{5}}, {"value", value}}},
                 {.id = "y", .cells = {{"name", Text("users")}, {"at", std::int64_t{6}}, {"value", 2.0}}}},
                store::Shrink::allow, "m");
    test::run(store, migration(true), store::Pass::full, 100,
              {{.id = "m", .cells = {{"percent", 50.0}, {"service", Text("api")}}}}, store::Shrink::allow, "own");
    {
      store::StreamWriter writer(store, "other", "s", incident, store::Pass::partial, unix_time(150),
                                 store::Moment::exact);
      writer.put(test::batch(incident, {{.id = "10", .cells = {{"title", Text("same id")}}}}));
      writer.reject("no id", R"({"title":null})", "record 2");
      writer.finish("", store::Shrink::allow);
    }
    store::StreamWriter seen(store, "other", "s", incident, store::Pass::partial, unix_time(160), store::Moment::exact);
    seen.put(test::batch(incident, {{.id = "10", .cells = {{"title", Text("same id")}}}}));
    seen.finish("", store::Shrink::allow);
    store.db().execute(
        "INSERT INTO outbox (idempotency_key, source, verb, subject, method, path, body, body_hash, state, created_at, "
        "updated_at) VALUES ('k', 'l', 'file', 'a.md', 'POST', 'reviews', '{}', 'h', 'pending', 1, 2)");
  }
  auto store = store::Store::open(folder / "a.db", with(migration(false)));  // drops a column that has values
}

}  // namespace

TEST_CASE("store::export_store: an empty store takes it back and exports the same bytes") {
  const test::TempDir folder;
  fill(folder);
  auto original = store::Store::open(folder / "a.db", with(migration(false)));
  const auto text = exported(original);
  CHECK(text.starts_with("{\"sitrep_store\":2}\n"));
  CHECK(text.ends_with(fmt::format("{{\"end\":{}}}\n", std::ranges::count(text, '\n') - 1)));

  auto copy = store::Store::open(folder / "b.db", with(migration(false)));
  const auto loaded = store::load_export(copy, text, "x.ndjson");
  CHECK(loaded.versions == 7);
  CHECK(loaded.samples == 3);
  CHECK(exported(copy) == text);
  CHECK(store::check(copy).empty());
  for (const char* view :
       {"incident_history", "measure_history", "migration_history", "sync_run", "reject", "stream"}) {
    CAPTURE(view);
    const auto sql = fmt::format("SELECT * FROM {} ORDER BY 1, 2, 3, observed_at", view);
    const auto rows = fmt::format("SELECT * FROM {} ORDER BY 1, 2, 3, 4, 5", view);
    CHECK(answer(copy, rows) == answer(original, rows));
  }
  CHECK(store::read_stream_state(copy, "src", "s").bookmark == "{}");
  // What the source sends as before is unchanged in the copy, too: states are known by their content.
  const auto counts =
      test::run(copy, test::entity("incident"), store::Pass::full, 300,
                {{.id = "2", .cells = {{"title", Text("b2")}}}, {.id = "10", .cells = {{"title", Text("a")}}}});
  CHECK(counts.unchanged == 2);
}

TEST_CASE("store::export_store: an entity that is declared no more travels, values of a dropped column too") {
  const test::TempDir folder;
  fill(folder);
  auto original = store::Store::open(folder / "a.db", with(migration(false)));
  const auto text = exported(original);
  {
    auto copy = store::Store::open(folder / "b.db", test::writing());
    store::load_export(copy, text, "x.ndjson");
    CHECK(exported(copy) == text);
  }
  auto again = store::Store::open(folder / "b.db", with(migration(true)));
  CHECK(answer(again, "SELECT id, percent, service FROM migration") == "m|50.0|api");
}

TEST_CASE("store::load_export refuses a line that is there twice, whatever it holds") {
  const test::TempDir folder;
  fill(folder);
  auto original = store::Store::open(folder / "a.db", with(migration(true)));
  const auto text = exported(original);
  std::set<std::string> kinds;
  for (std::size_t at = 0; at < text.size();) {
    const auto line = text.substr(at, text.find('\n', at) + 1 - at);
    const auto kind = line.substr(0, line.find(':'));
    at += line.size();
    if (!line.starts_with("{\"") || line.starts_with("{\"end\"") || !kinds.insert(kind).second || kinds.size() == 1)
      continue;  // the first line is the file's head
    CAPTURE(line);
    auto doubled = text;
    doubled.insert(at, line);
    const auto lines = std::ranges::count(doubled, '\n') - 1;
    doubled.replace(doubled.rfind("{\"end\":"), std::string::npos, fmt::format("{{\"end\":{}}}\n", lines));
    auto copy = store::Store::memory(test::writing());
    try {
      store::load_export(copy, doubled, "x.ndjson");
      FAIL("taken");
    } catch (const Error& error) {
      CAPTURE(error.what());
      CHECK(error.kind() == ErrorKind::data);
      CHECK(std::string_view(error.what()).find("INSERT") == std::string_view::npos);
    }
  }
  CHECK(kinds.size() > 6);
}

TEST_CASE("store::export_store: a changed record changes its own lines and adds one") {
  auto store = store::Store::memory(test::writing());
  const auto& incident = test::entity("incident");
  const auto see = [&](std::int64_t at, Text title) {
    test::run(store, incident, store::Pass::full, at,
              {{.id = "a", .cells = {{"title", Text("calm")}}},
               {.id = "b", .cells = {{"title", title}}},
               {.id = "c", .cells = {{"title", Text("calm")}}}});
  };
  const auto versions = [&] {
    std::vector<std::string> lines;
    store::export_store(store, [&](std::string_view line) {
      if (line.starts_with("{\"version\"")) lines.emplace_back(line);
    });
    return lines;
  };
  see(100, "before");
  const auto before = versions();
  see(200, "after");
  const auto after = versions();
  REQUIRE(before.size() == 3);
  REQUIRE(after.size() == 4);
  CHECK(after[0] == before[0]);
  CHECK(
      after[1] ==
      R"({"version":"incident","source":"src","id":"b","stream":"s","observed_at":100,"superseded_at":200,"row":{"title":"before"}})"
      "\n");
  CHECK(after[2] ==
        R"({"version":"incident","source":"src","id":"b","stream":"s","observed_at":200,"row":{"title":"after"}})"
        "\n");
  CHECK(after[3] == before[2]);
}

TEST_CASE("store::load_export refuses what is no export, and a store with records, and writes nothing then") {
  const test::TempDir folder;
  fill(folder);
  auto original = store::Store::open(folder / "a.db", with(migration(false)));
  const auto text = exported(original);
  struct Case {
    std::string name, text, message;
  };
  const auto half = text.substr(0, text.size() / 2);
  const auto line_end = [&](std::size_t from) { return text.find('\n', from) + 1; };
  const auto last = text.rfind("{\"end\"");
  const auto second = line_end(0);
  const std::string version =
      "{\"sitrep_store\":1}\n{\"stream\":\"t\",\"source\":\"s\",\"entity\":\"incident\"}\n"
      "{\"version\":\"incident\",\"source\":\"s\",\"id\":\"1\",\"stream\":\"t\",\"row\":{},\"observed_at\":";
  const std::string of_version =
      "{\"version\":\"incident\",\"source\":\"s\",\"id\":\"1\",\"stream\":\"t\",\"observed_at\":";
  const std::string stated =
      "{\"sitrep_store\":1}\n{\"stream\":\"t\",\"source\":\"s\",\"entity\":\"incident\"}\n" + of_version;
  const Case cases[] = {
      {"empty", "", "x: is empty"},
      {"another file", "{\"id\":1}\n", "x:1: this is not an export of a sitrep store"},
      {"a later format", "{\"sitrep_store\":3}\n",
       "x:1: this export has format 3 and this sitrep knows 2; upgrade sitrep"},
      {"cut at a line's end", text.substr(0, line_end(text.size() / 2)),
       fmt::format("x:{}: the export is cut off behind this line",
                   std::ranges::count(text.substr(0, line_end(text.size() / 2)), '\n'))},
      {"no more than the first line", "{\"sitrep_store\":2}\n", "x:1: the export is cut off behind this line"},
      {"a line taken out", text.substr(0, second) + text.substr(line_end(second)), "x:"},
      {"a line behind the end", text + "{\"end\":1}\n",
       fmt::format("x:{}: stands behind the last line", std::ranges::count(text, '\n') + 1)},
      {"only the end", text.substr(last), "x:1: this is not an export"},
      {"a version that ends before it begins", version + "7,\"superseded_at\":6}\n",
       "x:3: a version ends before it begins"},
      {"a version removed while it holds", version + "7,\"deleted_at\":8}\n",
       "x:3: a version was removed at another time"},
      {"a column that is none", stated + "7,\"row\":{\"titel\":\"t\"}}\n",
       "x:3: incident has no column 'titel'; did you mean 'title'?"},
      {"a cell of another type", stated + "7,\"row\":{\"started_at\":true}}\n", "x:3: true is no timestamp"},
      {"a word that the column does not have", stated + "7,\"row\":{\"severity\":\"SEV77\"}}\n",
       "x:3: severity: 'SEV77' is not one of SEV1, SEV2"},
      {"an empty id",
       "{\"sitrep_store\":1}\n{\"stream\":\"t\",\"source\":\"s\",\"entity\":\"incident\"}\n{\"version\":\"incident\","
       "\"source\":\"s\",\"id\":\"\",\"stream\":\"t\",\"observed_at\":7,\"row\":{}}\n",
       "x:3: a record has an empty id"},
      {"a date that is none", stated + "7,\"row\":{\"postmortem_due_date\":\"soon\"}}\n", "x:3: \"soon\" is no date"},
      {"extra that is no JSON", stated + "7,\"row\":{\"extra\":\"soon\"}}\n", "x:3: extra is no object of JSON"},
      {"versions that overlap",
       stated + "7,\"superseded_at\":9,\"row\":{}}\n" + of_version + "8,\"superseded_at\":10,\"row\":{}}\n",
       "x: lines of it contradict each other: incident: versions that overlap the next one: 1"},
      {"a pass that is none",
       stated + "7,\"row\":{}}\n{\"run\":1,\"source\":\"s\",\"stream\":\"t\",\"pass\":\"odd\"}\n",
       "x:4: 'odd' is no pass"},
      {"cut", half, "x:"},
      {"a foreign line", "{\"sitrep_store\":1}\n{\"what\":1}\n", "x:2: is no line of an export"},
      {"no stream", "{\"sitrep_store\":1}\n{\"version\":\"incident\",\"source\":\"s\",\"id\":\"1\",\"stream\":\"t\"}\n",
       "x:2: names a stream 't' that no line before declares"},
      {"a member of the wrong type",
       "{\"sitrep_store\":1}\n{\"stream\":\"t\",\"source\":\"s\",\"entity\":\"incident\"}\n{\"version\":\"incident\","
       "\"source\":\"s\",\"id\":\"1\",\"stream\":\"t\",\"observed_at\":\"now\",\"row\":{}}\n",
       "x:3: lacks a member, or one has the wrong type"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto copy = store::Store::open(folder / (c.name + ".db"), with(migration(false)));
    try {
      store::load_export(copy, c.text, "x");
      FAIL("took it");
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::data);
      CHECK(std::string(e.what()).starts_with(c.message));
    }
    CHECK(answer(copy, "SELECT count(*) FROM source_name") == "0");
  }
  CHECK_THROWS_WITH_AS(store::load_export(original, text, "x"), doctest::Contains("the store has records already"),
                       Error);
  // What an earlier sitrep wrote tells nothing of its end.
  auto old = store::Store::open(folder / "old.db", with(migration(false)));
  CHECK(store::load_export(old, version + "7}\n", "x").versions == 1);
}
