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
