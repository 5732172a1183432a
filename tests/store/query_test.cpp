#include "store/query.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::reading;
using test::writing;

namespace {

std::string rows_of(store::Query query) {
  std::string text;
  while (query.step()) {
    if (!text.empty()) text += ' ';
    for (int i = 0; i < query.columns(); ++i) {
      if (i > 0) text += '|';
      const auto cell = query.cell(i);
      if (const auto* integer = std::get_if<std::int64_t>(&cell))
        text += std::to_string(*integer);
      else if (const auto* real = std::get_if<double>(&cell))
        text += fmt::format("{}", *real);
      else if (const auto* words = std::get_if<std::string_view>(&cell))
        text += *words;
      else
        text += '-';
    }
  }
  return text;
}

/// A store in a file with one risk that was "old" at 100 and is "new" since 200.
struct Fixture {
  test::TempDir dir;
  Fixture() {
    auto store = store::Store::open(dir / "s.db", writing());
    const auto& risk = test::entity("risk");
    test::run(store, risk, store::Pass::full, 100, {{"1", {{"title", "old"}}}});
    test::run(store, risk, store::Pass::full, 200, {{"1", {{"title", "new"}}}, {"2", {{"title", "later"}}}});
    test::run(store, test::entity("measure"), store::Pass::full, 200,
              {{"", {{"name", "users"}, {"at", std::int64_t{7}}, {"value", 3.5}}}}, store::Shrink::allow, "m");
  }
  store::Store open(std::optional<std::int64_t> as_of = std::nullopt) const {
    return store::Store::open(dir / "s.db", reading(as_of));
  }
};

std::string refusal(store::QueryBox& box, std::string_view sql,
                    std::span<const store::QueryParameter> parameters = {}) {
  try {
    const auto answer = rows_of(box.prepare(sql, parameters));
    return "answered: " + answer;
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::user_code);
    return e.what();
  }
}

}  // namespace

TEST_CASE("store::QueryBox answers over the documented views") {
  const Fixture fixture;
  auto store = fixture.open();
  store::QueryBox box(store);
  const struct {
    const char *sql, *answer;
  } cases[] = {
      {"SELECT id, title FROM risk ORDER BY id", "1|new 2|later"},
      {"SELECT count(*) FROM risk", "2"},
      {"SELECT count(*) FROM risk_history", "3"},
      {"SELECT 1 FROM risk LIMIT 1", "1"},
      {"SELECT r.title FROM temp.risk r WHERE r.source = 'src' AND r.id = '2'", "later"},
      {"SELECT value FROM measure WHERE name = 'users'", "3.5"},
      {"WITH t AS (SELECT id FROM risk) SELECT count(*) FROM t", "2"},
      {"WITH t AS (SELECT id FROM risk) SELECT max(id) FROM t", "2"},
      {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i) FROM n", "10"},
      {"SELECT count(*) FROM (SELECT DISTINCT source FROM risk UNION SELECT 'x')", "2"},
      {"SELECT a.id FROM risk a JOIN risk b ON a.id = b.id WHERE a.id IN (SELECT id FROM risk WHERE title = 'new')",
       "1"},
      {"SELECT value FROM json_each('[4,5]')", "4 5"},
      {"SELECT row_number() OVER (ORDER BY id), lower(title) FROM risk", "1|new 2|later"},
      {"SELECT stream, rows FROM stream ORDER BY 1 -- the end", "m|1 s|2"},
      {"SELECT count(*) FROM sync_run; /* and nothing */ ;", "3"},
      {"EXPLAIN QUERY PLAN SELECT 1", "1|0|0|SCAN CONSTANT ROW"},
      {"SELECT x'00ff', NULL, 1.5", "00ff|-|1.5"},
      {"SELECT 1/0, 'a' + 1", "-|1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.sql);
    CHECK(rows_of(box.prepare(c.sql)) == c.answer);
  }
}

TEST_CASE("store::QueryBox: the time in which somebody reads the rows is not the query's") {
  const Fixture fixture;
  auto store = fixture.open();
  store::QueryLimits limits;
  limits.time = std::chrono::milliseconds(500);
  store::QueryBox box(store, limits);
  auto query = box.prepare(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40000) SELECT i FROM n WHERE i % 20000 = "
      "0");
  REQUIRE(query.step());
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  CHECK(query.step());
  CHECK_FALSE(query.step());
}

TEST_CASE("89: store::QueryBox refuses by name what could write, reach another file or differ from run to run") {
  const Fixture fixture;
  auto on_file = fixture.open();
  auto in_memory = store::Store::memory(writing());
  const struct {
    const char *sql, *says;
  } cases[] = {
      {"ATTACH 'x.db' AS x", "ATTACH is not allowed"},
      {"PRAGMA user_version", "PRAGMA user_version is not allowed"},
      {"INSERT INTO risk (id) VALUES (1)", "INSERT is not allowed"},
      {" -- x\n insert INTO risk_current (id) VALUES (1)", "INSERT is not allowed"},
      {"DELETE FROM source_name", "DELETE is not allowed"},
      {"UPDATE risk SET title = 1", "UPDATE is not allowed"},
      {"WITH x AS (SELECT 1) INSERT INTO risk (id) SELECT 1 FROM x", "not"},
      {"EXPLAIN DROP TABLE source_name", "reading source_name is not allowed"},
      {"CREATE TEMP TABLE t (a)", "CREATE is not allowed"},
      {"CREATE TABLE t (a)", "CREATE is not allowed"},
      {"DROP VIEW risk", "DROP is not allowed"},
      {"VACUUM", "VACUUM is not allowed"},
      {"VACUUM INTO 'x.db'", "VACUUM is not allowed"},
      {"BEGIN", "BEGIN is not allowed"},
      {"SAVEPOINT x", "SAVEPOINT is not allowed"},
      {"ANALYZE", "ANALYZE is not allowed"},
      {"REINDEX", "REINDEX is not allowed"},
      {"SELECT load_extension('x')", "function load_extension() is not allowed"},
      {"SELECT random()", "function random() is not allowed"},
      {"SELECT hex(randomblob(4))", "function randomblob() is not allowed"},
      {"SELECT changes()", "function changes() is not allowed"},
      {"SELECT * FROM risk_current", "reading risk_current is not allowed"},
      {"SELECT count(*) FROM \"Risk_Current\"", "reading risk_current is not allowed"},
      {"SELECT count(*) FROM 'risk_past'", "reading risk_past is not allowed"},
      {"SELECT count(*) FROM ('risk_past')", "reading risk_past is not allowed"},
      {"SELECT 1 IN 'risk_past'", "reading risk_past is not allowed"},
      {"SELECT 1 = 'x', (SELECT count(*) FROM 'risk_past')", "reading risk_past is not allowed"},
      {"SELECT * FROM [risk_past]", "reading risk_past is not allowed"},
      {"SELECT * FROM `risk_past`", "reading risk_past is not allowed"},
      {"WITH risk AS (SELECT * FROM risk_current) SELECT title FROM risk", "reading risk_current is not allowed"},
      {"SELECT title FROM main.risk", "reading main. is not allowed"},
      {"SELECT count(*) FROM \"main\" /* x */ . risk", "reading main. is not allowed"},
      {"SELECT * FROM main.sync_run", "reading main. is not allowed"},
      {"SELECT * FROM sqlite_schema", "reading sqlite_master is not allowed"},
      {"SELECT count(*) FROM sqlite_master", "not allowed"},
      {"SELECT * FROM sqlite_temp_schema", "not allowed"},
      {"SELECT * FROM pragma_table_info('risk')", "reading pragma_table_info is not allowed"},
      {"SELECT count(*) FROM pragma_database_list", "not allowed"},
      {"SELECT * FROM dbstat", "reading dbstat is not allowed"},
      {"SELECT 1; SELECT 2", "a second statement is not allowed"},
      {"SELECT 1; /* hidden */ DELETE FROM risk", "a second statement is not allowed"},
      {"SELECT 1;\n--\nDROP TABLE x", "a second statement is not allowed"},
      {"SELECT 1; garbage", "a second statement is not allowed"},
      {"", "there is no statement"},
      {" -- nothing\n", "there is no statement"},
      {"SELECT * FROM risc", "no such table: risc; did you mean 'risk'?"},
      {"SELECT titel FROM risk", "query:1:8: no such column: titel"},
      {"SELECT 1\nFROM risk WHERE", "query"},
  };
  for (auto* store : {&on_file, &in_memory}) {
    store::QueryBox box(*store);
    for (const auto& c : cases) {
      CAPTURE(c.sql);
      const auto message = refusal(box, c.sql);
      CHECK_MESSAGE(message.find(c.says) != std::string::npos, message);
      CHECK_MESSAGE(message.find("answered") == std::string::npos, message);
    }
    CHECK(rows_of(box.prepare("SELECT 1")) == "1");  // and goes on working
    CHECK(rows_of(box.prepare("SELECT count(*) FROM risk WHERE title = 'outbox' OR title <>/* x */ 'risk_past'")) !=
          "");  // a service may be called so
  }
  CHECK(test::answer(in_memory, "SELECT count(*) FROM main.risk_current") ==
        "0");  // the lent connection is itself again
}

TEST_CASE("store::QueryBox as of a past moment tells nothing of later") {
  const Fixture fixture;
  auto store = fixture.open(150);
  store::QueryBox box(store);
  CHECK(rows_of(box.prepare("SELECT id, title FROM risk")) == "1|old");
  CHECK(rows_of(box.prepare("SELECT title, superseded_at FROM risk_history")) == "old|-");
  CHECK(rows_of(box.prepare("SELECT count(*) FROM measure")) == "0");
  CHECK(rows_of(box.prepare("SELECT stream, rows FROM stream")) == "s|1");
  CHECK(rows_of(box.prepare("SELECT count(*), max(finished_at) FROM sync_run")) == "1|100");
  for (const char* sql :
       {"SELECT title FROM main.risk", "SELECT count(*) FROM main.measure", "SELECT title FROM risk_current",
        "WITH risk AS (SELECT * FROM main.risk_current) SELECT count(*) FROM risk",
        "SELECT (SELECT max(title) FROM main.risk)", "SELECT seq FROM sqlite_sequence", "SELECT * FROM main.stream"}) {
    CAPTURE(sql);
    CHECK(refusal(box, sql).find("answered") == std::string::npos);
  }
}

TEST_CASE("store::QueryBox binds parameters by name and typed as they are written") {
  const Fixture fixture;
  auto store = fixture.open();
  store::QueryBox box(store);
  const auto with = [](std::string value) { return std::vector<store::QueryParameter>{{"x", std::move(value)}}; };
  const struct {
    const char *value, *type;
  } cases[] = {{"42", "integer"}, {"-7", "integer"}, {"0.5", "real"}, {"007", "text"},
               {"1e3", "text"},   {"", "text"},      {" 1", "text"},  {"a'b", "text"}};
  for (const auto& c : cases) {
    CAPTURE(c.value);
    CHECK(rows_of(box.prepare("SELECT typeof(:x) || CAST(:x AS TEXT)", with(c.value))) ==
          std::string(c.type) + c.value);
  }
  const auto typed = [](store::Value value) {
    return std::vector<store::QueryParameter>{{"x", "1", std::move(value)}};
  };
  CHECK(rows_of(box.prepare("SELECT typeof(:x)", typed(std::string("42")))) == "text");
  CHECK(rows_of(box.prepare("SELECT typeof(:x)", typed(std::int64_t{42}))) == "integer");
  CHECK(rows_of(box.prepare("SELECT typeof(:x)", typed(4.5))) == "real");
  CHECK(rows_of(box.prepare("SELECT typeof(:x)", typed(std::monostate{}))) == "null");
  CHECK(rows_of(box.prepare("SELECT title FROM risk WHERE id = $x", with("2"))) ==
        "later");  // a number meets a text id
  CHECK(refusal(box, "SELECT :y", with("1")).find(":y has no value; give it with --param y=VALUE") !=
        std::string::npos);
  CHECK(refusal(box, "SELECT 1", with("1")).find("no parameter :x") != std::string::npos);
  CHECK(refusal(box, "SELECT ?").find("write a parameter as :name") != std::string::npos);
}

TEST_CASE("store::QueryBox keeps statements: the same text again, inside itself, after a refusal and after a stop") {
  const Fixture fixture;
  auto store = fixture.open();
  store::QueryBox box(store);
  constexpr std::string_view k_title = "SELECT title FROM risk WHERE id = :id";
  const auto title = [&](const std::string& id) {
    const std::vector<store::QueryParameter> parameters{{"id", {}, store::Value(id)}};
    return rows_of(box.prepare(k_title, parameters));
  };
  CHECK(title("1") == "new");
  CHECK(title("2") == "later");
  CHECK(title("3") == "");
  const auto unbound = refusal(box, k_title);
  CHECK(unbound.find(":id has no value") != std::string::npos);
  CHECK(title("1") == "new");
  auto outer = box.prepare("SELECT id FROM risk ORDER BY id");
  REQUIRE(outer.step());
  CHECK(rows_of(box.prepare("SELECT id FROM risk ORDER BY id")) == "1 2");
  CHECK(outer.step());
  CHECK_FALSE(outer.step());
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(refusal(box, "DELETE FROM risk").starts_with("answered"));
    CHECK(refusal(box, "SELECT 1; SELECT 2").find("second statement") != std::string::npos);
  }
}

TEST_CASE("90: store::QueryBox stops what needs too much and goes on") {
  const Fixture fixture;
  auto store = fixture.open();
  store::QueryLimits quick, small;
  quick.time = std::chrono::milliseconds(100);
  small.memory_bytes = 16 << 20;
  const struct {
    const char* name;
    const store::QueryLimits& limits;
    const char *sql, *says;
  } cases[] = {
      {"recursion without end", quick,
       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", "stopped after 0.1 s"},
      {"cross join", quick,
       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT count(*) FROM n a, n b, n c, "
       "n d, n e, n f",
       "stopped after 0.1 s"},
      {"huge blob", small, "SELECT zeroblob(2147483647)", "longer than"},
      {"text that grows", small,
       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT "
       "length(group_concat(printf('%01000d', i))) FROM n",
       "memory"},
      {"an aggregate that collects", small,
       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9000000) SELECT median(i) FROM n",
       "memory"},
      {"deep expression", small, nullptr, "query"},
  };
  std::string deep = "SELECT 1";
  for (int i = 0; i < 500; ++i) deep += "+(1";
  deep.append(500, ')');
  for (const auto& c : cases) {
    CAPTURE(c.name);
    store::QueryBox box(store, c.limits);
    const auto message = refusal(box, c.sql == nullptr ? deep : c.sql);
    CHECK_MESSAGE(message.find("answered") == std::string::npos, message);
    CHECK_MESSAGE(message.find(c.says) != std::string::npos, message);
  }
  store::QueryBox box(store);
  CHECK(rows_of(box.prepare("SELECT count(*) FROM risk WHERE title <> 'main.'")) == "2");
}

TEST_CASE("91: store::QueryBox shows what cannot be computed as absent or as an error, not as a number") {
  auto store = store::Store::memory(writing());
  store::QueryBox box(store);
  CHECK(rows_of(box.prepare("SELECT 1/0, 1.0/0, 5 % 0, sqrt(-1), NULL + 1")) == "-|-|-|-|-");
  CHECK(refusal(box, "SELECT sum(x) FROM (SELECT 9223372036854775807 x UNION ALL SELECT 1)").find("integer overflow") !=
        std::string::npos);
  CHECK(rows_of(box.prepare("SELECT avg(started_at), max(title) FROM incident")) == "-|-");
}
