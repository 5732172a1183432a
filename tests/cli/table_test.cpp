#include "cli/table.hpp"

#include "base/error.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using cli::Table;
using Align = Table::Column::Align;
using As = Table::Column::As;

namespace {

Table one_column(As as, Table::Cell cell) { return {{{"value", "", Align::left, as}}, {{std::move(cell)}}}; }

Table two_rows() {
  return {
      {{"name", "Name"}, {"rows", "", Align::right}, {"note", "", Align::left, As::plain, Table::Shown::structured}},
      {{std::string("api"), std::int64_t{1214}, std::string("x")}, {std::string("日本"), {}, {}}}};
}

}  // namespace

TEST_CASE("cli::to_text aligns by display width, shows NULL as - and leaves structured columns out") {
  CHECK(cli::to_text(two_rows(), {}) ==
        "Name  rows\n"
        "api   1214\n"
        "日本     -\n");
}

TEST_CASE("cli::to_text cuts the widest column to fit and marks the cut") {
  const Table table{{{"id"}, {"title"}}, {{std::string("INC-1"), std::string("a title of many words here")}}};
  CHECK(cli::to_text(table, {.width = 20, .longer = cli::TextOptions::Long::cut, .color = false, .zone = {}}) ==
        "id     title\n"
        "INC-1  a title of m…\n");
}

TEST_CASE(
    "cli::to_text continues long cells on further lines where nothing may be left out; numbers and words stay whole") {
  const Table table{{{"id"}, {"title"}, {"rows", "", Align::right}},
                    {{std::string("INC-1"), std::string("a title of many words"), std::int64_t{1234567}},
                     {std::string("INC-2"), std::string("short"), std::int64_t{1}}}};
  CHECK(cli::to_text(table, {.width = 26, .longer = cli::TextOptions::Long::wrapped, .color = false, .zone = {}}) ==
        "id     title          rows\n"
        "INC-1  a title of  1234567\n"
        "       many words\n"
        "INC-2  short             1\n");
}

TEST_CASE("cli::to_text prints records when no narrowing makes a table fit") {
  Table table;
  table.rows.emplace_back();
  for (const char* name : {"first", "second", "third", "fourth"}) {
    table.columns.push_back({name});
    table.rows.front().push_back(std::string(name) + " has a long text");
  }
  CHECK(cli::to_text(table, {.width = 24, .longer = cli::TextOptions::Long::wrapped, .color = false, .zone = {}}) ==
        "first   first has a long\n"
        "        text\n"
        "second  second has a\n"
        "        long text\n"
        "third   third has a long\n"
        "        text\n"
        "fourth  fourth has a\n"
        "        long text\n");
}

TEST_CASE("cli::to_text shows control bytes of a cell as escapes") {
  const Table table{{{"t"}}, {{std::string("\x1b[31mred\nnext")}}};
  CHECK(cli::to_text(table, {}) == "t\n\\x1b[31mred\\nnext\n");
}

TEST_CASE("cli::to_text prints one line per column for a record") {
  auto table = two_rows();
  table.rows.pop_back();
  table.layout = Table::Layout::record;
  CHECK(cli::to_text(table, {}) == "Name  api\nrows  1214\n");
}

TEST_CASE("cli::cell_text shows numbers as people read them") {
  struct Case {
    const char* name;
    Table::Cell cell;
    As as;
    std::string expected;
  };
  const Case cases[] = {{"a time in the zone", std::int64_t{1794844800}, As::time, "2026-11-16 08:00 PST"},
                        {"a ratio", 0.1234, As::percent, "12.3 %"},
                        {"a duration", std::int64_t{12000}, As::duration, "3 h 20 m"},
                        {"a flag", true, As::plain, "yes"},
                        {"an absent value", {}, As::time, "-"},
                        {"a real number", 2.5, As::plain, "2.5"}};
  const auto zone = Zone::load("America/Los_Angeles");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(cli::cell_text(c.cell, c.as, zone) == c.expected);
  }
}

TEST_CASE("cli::to_json keeps NULL, writes times as RFC 3339 and nests JSON cells") {
  const Table table{{{"at", "", Align::left, As::time}, {"extra", "", Align::left, As::json}, {"ratio"}},
                    {{std::int64_t{1794844800}, std::string("{\"a\":[1]}"), {}}}};
  CHECK(cli::to_json(table, "test", unix_time(0)) ==
        "{\"schema\":\"sitrep.test/1\",\"as_of\":\"1970-01-01T00:00:00Z\",\"rows\":[\n"
        "{\"at\":\"2026-11-16T16:00:00Z\",\"extra\":{\"a\":[1]},\"ratio\":null}\n]}\n");
  CHECK(cli::to_json({{{"a"}}, {}}, "test", unix_time(0)) ==
        "{\"schema\":\"sitrep.test/1\",\"as_of\":\"1970-01-01T00:00:00Z\",\"rows\":[]}\n");
}

TEST_CASE("cli::to_json_rows is an array to nest") {
  CHECK(cli::to_json_rows({{{"a"}}, {{std::int64_t{1}}, {true}}}) == "[{\"a\":1},{\"a\":true}]");
  CHECK(cli::to_json_rows({{{"a"}}, {}}) == "[]");
}

TEST_CASE("cli::to_ndjson writes an object per row") {
  CHECK(cli::to_ndjson(two_rows()) ==
        "{\"name\":\"api\",\"rows\":1214,\"note\":\"x\"}\n{\"name\":\"日本\",\"rows\":null,\"note\":null}\n");
}

TEST_CASE("cli::to_csv is safe in a spreadsheet and keeps what is plain") {
  struct Case {
    const char* name;
    Table::Cell cell;
    std::string expected;
  };
  const Case cases[] = {{"a formula", std::string("=1+1"), "\"'=1+1\""},
                        {"a formula behind a tab", std::string("\t=1"), "\"'\t=1\""},
                        {"an expression that starts with minus", std::string("-2+3"), "\"'-2+3\""},
                        {"a call", std::string("@SUM(A1)"), "\"'@SUM(A1)\""},
                        {"a negative number", -2.0, "-2"},
                        {"a negative number as text", std::string("-2"), "-2"},
                        {"a comma", std::string("a,b"), "\"a,b\""},
                        {"a quote", std::string("say \"hi\""), "\"say \"\"hi\"\"\""},
                        {"line breaks", std::string("a\r\nb"), "\"a\r\nb\""},
                        {"empty text differs from NULL", std::string(), "\"\""},
                        {"bytes that are no text", std::string("a\xff"), "a\xef\xbf\xbd"},
                        {"NULL", {}, ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(cli::to_csv(one_column(As::plain, c.cell)) == "value\n" + c.expected + "\n");
  }
}

TEST_CASE("cli::to_markdown escapes what would end a cell or become markup") {
  CHECK(cli::to_markdown(one_column(As::plain, std::string("a|b <script> [x](y) `c`")), {}) ==
        "| value |\n| --- |\n| a\\|b &lt;script> \\[x\\](y) \\`c\\` |\n");
}

TEST_CASE("cli::select keeps the order asked for and refuses names the table does not have") {
  const std::vector<std::string> fields{"rows", "name"};
  CHECK(cli::to_csv(cli::select(two_rows(), fields)) == "rows,name\n1214,api\n,日本\n");
  const std::vector<std::string> wrong{"row"};
  CHECK_THROWS_WITH_AS(cli::select(two_rows(), wrong), "--fields: there is no 'row' here; did you mean 'rows'?", Error);
}

TEST_CASE("cli::select_json cuts rows down to the fields, keeps what stands beside them if named, and refuses others") {
  constexpr auto k_members = R"("rows":[{"id":1,"deep":{"a":[1.50,null]}},{"id":2}],"gates":[{"g":1}])";
  const auto select = [&](std::vector<std::string> fields) { return cli::select_json(k_members, fields); };
  CHECK(select({"deep", "id"}) == R"("rows":[{"deep":{"a":[1.5,null]},"id":1},{"deep":null,"id":2}])");
  CHECK(select({"id", "gates"}) == R"("rows":[{"id":1},{"id":2}],"gates":[{"g":1}])");
  CHECK_THROWS_WITH_AS(select({"gate"}), "--fields: there is no 'gate' here; did you mean 'gates'?", Error);
  CHECK_THROWS_WITH_AS(select({"zzz"}), "--fields: there is no 'zzz' here; there are id, deep, gates", Error);
}
