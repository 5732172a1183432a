#include "config/template_header.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace sitrep;

TEST_CASE("config::parse_template splits header and body and keeps line numbers") {
  const auto source = config::parse_template(
      "+++\ntitle = \"Weekly\"\nkind = \"report\"\n[params]\nweeks = 8\nprogram = { type = \"text\", doc = \"which\" "
      "}\n"
      "[queries]\nopen = \"select 1\"\n+++\n# Body\n",
      "weekly.md");
  CHECK(source.header.title == "Weekly");
  CHECK(source.header.kind == config::TemplateHeader::Kind::report);
  REQUIRE(source.header.parameters.size() == 2);
  CHECK(source.header.parameters[0].fallback == "8");
  CHECK(source.header.parameters[0].type == config::TemplateParameter::Type::integer);
  CHECK_FALSE(source.header.parameters[1].fallback.has_value());
  CHECK(source.header.queries.at(0).second == "select 1");
  CHECK(source.body == "# Body\n");
  CHECK(source.body_line == 10);
}

TEST_CASE("config::parse_template takes line ends of Windows, and a header that ends the file") {
  const auto windows = config::parse_template("+++\r\ntitle = \"Weekly\"\r\n+++\r\n# Body\r\nx\r\n", "w.md");
  CHECK(windows.header.title == "Weekly");
  CHECK(windows.body == "# Body\r\nx\r\n");
  CHECK(windows.body_line == 4);
  const auto ended = config::parse_template("+++\ntitle = \"Weekly\"\n+++", "w.md");
  CHECK(ended.header.title == "Weekly");
  CHECK(ended.body.empty());
}

TEST_CASE("config::parse_template keeps the default of a list") {
  const auto parameters = config::parse_template(
                              "+++\n[params]\na = { type = \"list\", default = [\"x, y\", 3, true] }\nb = [\"p\"]\n"
                              "c = { type = \"list\", default = [] }\nd = { type = \"list\", default = \"p, q\" }\n"
                              "e = { type = \"list\" }\n+++\n",
                              "t.md")
                              .header.parameters;
  REQUIRE(parameters.size() == 5);
  CHECK(parameters[0].fallback_items == std::vector<std::string>{"x, y", "3", "true"});
  CHECK(parameters[1].type == config::TemplateParameter::Type::list);
  CHECK(parameters[1].fallback_items == std::vector<std::string>{"p"});
  CHECK(parameters[2].fallback_items == std::vector<std::string>{});
  CHECK(parameters[2].fallback.has_value());
  CHECK(parameters[3].fallback == "p, q");
  CHECK_FALSE(parameters[3].fallback_items.has_value());
  CHECK_FALSE(parameters[4].fallback.has_value());
}

TEST_CASE("config::parse_template takes a file without a header whole") {
  const auto source = config::parse_template("hello\n+++\n", "x.md");
  CHECK(source.body == "hello\n+++\n");
  CHECK(source.body_line == 1);
}

TEST_CASE("config::parse_template blames the template with file, line and column") {
  struct Case {
    const char* name;
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"not closed", "+++\ntitle = \"x\"\n", "t.md:1:1: the header opened by +++ is not closed by a line +++"},
      {"unknown key", "+++\ntitel = \"x\"\n+++\n", "t.md:2:9: unknown key 'titel'; did you mean 'title'?"},
      {"a list as the default of a text", "+++\n[params]\na = { default = [\"x\"] }\n+++\n",
       "t.md:3:17: the default of parameter 'a' must be text, a number, a boolean or a date; with type = \"list\" it "
       "may be a list of these"},
      {"a table as a default", "+++\n[params]\na = { default = { b = 1 } }\n+++\n",
       "t.md:3:17: the default of parameter 'a' must be text, a number, a boolean or a date"},
      {"a list of lists as a default", "+++\n[params]\na = [[1]]\n+++\n",
       "t.md:3:6: the default of parameter 'a' may list text, numbers, booleans and dates"},
      {"unknown kind", "+++\nkind = \"reprot\"\n+++\n",
       "t.md:2:8: 'kind' is 'reprot'; it takes report, document, partial; did you mean 'report'?"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    try {
      config::parse_template(c.text, "t.md");
      FAIL("no error");
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::user_code);
      CHECK(std::string(e.what()) == c.expected);
    }
  }
}
