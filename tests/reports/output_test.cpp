#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <doctest/doctest.h>

#include <memory>

#include "base/file.hpp"
#include "base/text.hpp"
#include "json/value.hpp"
#include "reports/demo_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;

namespace {

/// What cmark-gfm makes of a text with GitHub's extensions and its rule on raw HTML.
std::string oracle_html(const std::string& markdown) {
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, void (*)(cmark_parser*)> parser(cmark_parser_new(CMARK_OPT_DEFAULT),
                                                                      cmark_parser_free);
  for (const char* extension : {"table", "strikethrough", "tasklist", "autolink", "tagfilter"})
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(extension));
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const std::unique_ptr<cmark_node, void (*)(cmark_node*)> root(cmark_parser_finish(parser.get()), cmark_node_free);
  const std::unique_ptr<char, void (*)(void*)> html(
      cmark_render_html(root.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser.get())), std::free);
  return html.get();
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("reports: Markdown is what GitHub reads: every table is one, nothing is raw HTML, no mark is left over") {
  for (const auto& report : test::example_reports()) {
    CAPTURE(report.name);
    const auto markdown = render::to_markdown(test::example_page(report));
    const auto html = oracle_html(markdown);
    // A delimiter row that made no table, or a row with a wrong number of cells, would show as text with bars.
    std::size_t tables = 0;
    const auto lines = split_views(markdown, '\n');
    for (const auto line : lines)
      if (line.starts_with("| ---") || line.starts_with("|---")) ++tables;
    CHECK(count(html, "<table>") == tables);
    std::size_t rows = 0;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].starts_with("|") && !lines[i].starts_with("| ---")) ++rows;
    CHECK(count(html, "<tr>") == rows);
    CHECK(count(html, "raw HTML omitted") == 0);
    CHECK(count(html, "**") == 0);
    CHECK(count(html, "](") == 0);
    // The same text in our own page: headings and cells are as many.
    const auto page = render::to_html(test::example_page(report));
    CHECK(count(page, "<h2") == count(html, "<h2"));
    CHECK(count(page, "<h1") == 1);
  }
}

TEST_CASE("reports: no number is none, no data is green, and every page says what it rests on") {
  for (const auto& report : test::example_reports()) {
    CAPTURE(report.name);
    const auto& page = test::example_page(report);
    for (const auto& text :
         {render::to_markdown(page), render::to_text(page, 80), render::to_csv(page), render::to_slack(page)}) {
      CAPTURE(text);
      for (const char* part : {" nan", "(nan", "None", "\xEE\x80", "\x1b", "undefined", "{{", "\\*\\*"}) {
        CAPTURE(part);
        CHECK(text.find(part) == std::string::npos);
      }
    }
    CHECK(render::to_markdown(page).find("**Data**: 18 of 18 streams fresh") != std::string::npos);
  }
}

TEST_CASE("reports: text keeps to 80 columns") {
  for (const auto& report : test::example_reports()) {
    CAPTURE(report.name);
    const auto text = render::to_text(test::example_page(report), 80);
    for (const auto line : split_views(text, '\n')) {
      CAPTURE(line);
      CHECK((display_width(line) <= 80 || line.find("http") != std::string_view::npos));
    }
  }
}

TEST_CASE("reports: Slack's summary fits one block and has no table") {
  for (const auto& report : test::example_reports()) {
    CAPTURE(report.name);
    const auto text = render::to_slack(test::example_page(report));
    CHECK(text.size() <= 3010);
    CHECK(text.starts_with("*"));
    CHECK(text.find("| ---") == std::string::npos);
    CHECK(text.find("](") == std::string::npos);
  }
}

TEST_CASE("reports: JSON validates against sitrep report schema") {
  const test::TempDir folder;
  folder.write("schema.json", std::string(docs::report_schema()));
  std::vector<std::string> arguments{"-c", R"(
import json, sys
try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit(77)
schema = json.load(open("schema.json"))
Draft202012Validator.check_schema(schema)
broken = json.load(open("weekly-health.json"))
broken["data"][0]["call"] = "no such call"
assert list(Draft202012Validator(schema).iter_errors(broken)), "the schema takes anything"
for name in sys.argv[1:]:
    for error in Draft202012Validator(schema).iter_errors(json.load(open(name))):
        print(name, list(error.path)[:6], error.message[:200])
        sys.exit(1)
)"};
  for (const auto& report : test::example_reports()) {
    folder.write(report.name + ".json", render::to_json(test::example_page(report)));
    arguments.push_back(report.name + ".json");
  }
  const auto result =
      test::run_program("/usr/bin/python3", arguments, {.folder = folder.path(), .environment = {}, .input = {}});
  if (result.exit_code == 77) {
    MESSAGE("SKIPPED: python3-jsonschema is not installed");
    return;
  }
  CAPTURE(result.out);
  CAPTURE(result.err);
  CHECK(result.exit_code == 0);
}
