#include "docs/catalog.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/error.hpp"
#include "docs/template_check.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using docs::Catalog;
using docs::TemplateFile;

TEST_CASE("docs::Catalog finds built-in templates by full and by short name") {
  const Catalog catalog(std::nullopt);
  CHECK(catalog.find("weekly-health").name == "reports/weekly-health.md");
  CHECK(catalog.find("reports/weekly-health.md").origin == TemplateFile::Origin::built_in);
  CHECK(catalog.find("postmortem", config::TemplateHeader::Kind::document).name == "documents/postmortem.md");
  CHECK_THROWS_WITH_AS(catalog.find("weekly-heath", config::TemplateHeader::Kind::report),
                       "no report named 'weekly-heath'; did you mean 'weekly-health'?; known: capacity-review, "
                       "changes, executive-summary, incident-review, launch-calendar, oncall-handoff, ops-review, "
                       "program, slo-compliance, support-health, weekly-health",
                       Error);
}

TEST_CASE("docs::Catalog prefers the workspace's file and never leaves its folder") {
  const test::TempDir dir;
  dir.write("templates/reports/weekly-health.md", "+++\ntitle = \"Mine\"\nkind = \"report\"\n+++\nmine\n");
  dir.write("templates/notes/own.md", "own");
  dir.write("secret.md", "secret");
  std::filesystem::create_symlink(dir / "secret.md", dir / "templates/linked.md");
  const Catalog catalog(dir / "templates");
  CHECK(catalog.find("weekly-health").source.header.title == "Mine");
  CHECK(catalog.built_in("reports/weekly-health.md")->source.header.title != "Mine");
  CHECK(catalog.find("notes/own").text == "own");
  for (const char* name : {"../secret.md", "/etc/passwd", "notes/../../secret.md", "", ".", "a\\b", "notes//own.md"}) {
    CAPTURE(name);
    CHECK_FALSE(catalog.file(name));
  }
  CHECK_THROWS_AS(catalog.file("linked.md"), Error);
  const auto names = catalog.names();
  CHECK(std::count(names.begin(), names.end(), "reports/weekly-health.md") == 1);
  CHECK(std::count(names.begin(), names.end(), "notes/own.md") == 1);
}

TEST_CASE("docs::check_template finds no mistake in what is shipped") {
  const Catalog catalog(std::nullopt);
  for (const auto& name : catalog.names()) {
    CAPTURE(name);
    const auto problems = docs::check_template(*catalog.file(name), catalog);
    CHECK(problems.empty());
    for (const auto& problem : problems) MESSAGE(problem.message);
  }
}

TEST_CASE("docs::check_template finds unknown queries, metrics, charts, arguments and parameters without rendering") {
  const struct {
    std::string name, header, body, problem;
  } cases[] = {
      {"query", "[queries]\nopen = \"select 1\"", "{{ query('opne') | length }}",
       "templates/x.md:6:4: 'opne' is neither a query of [queries] nor SQL; did you mean 'open'?"},
      {"metric", "", "{{ metric('incidnets').text }}",
       "templates/x.md:4:4: no metric 'incidnets'; did you mean 'incidents'?"},
      {"chart", "", "{{ chart.spork([1]) }}", "templates/x.md:4:10: no chart 'spork'; did you mean 'spark'?"},
      {"option of a chart", "", "{{ chart.line([], limt=3) }}",
       "templates/x.md:4:19: chart.line() has no argument 'limt'; did you mean 'limit'?"},
      {"argument", "", "{{ freshness(max_ages='1h').total }}",
       "templates/x.md:4:14: freshness() has no argument 'max_ages'; did you mean 'max_age'?"},
      {"argument that is left out", "", "{{ chart.bar([], y='n') }}",
       "templates/x.md:4:10: chart.bar() needs the argument 'x'"},
      {"argument too many", "", "{{ 'x' | upper(1) }}",
       "templates/x.md:4:10: upper() takes 1 argument but 2 were given"},
      {"argument of a test", "", "{{ 4 is divisibleby }}", "divisibleby() needs the argument 'number'"},
      {"argument of a macro too many", "", "{% macro m(first) %}{{ first }}{% endmacro %}{{ m(1, 2) }}",
       "macro 'm' takes not more than 1 argument"},
      {"member of a loop", "", "{% for i in [1] %}{{ loop.indx }}{% endfor %}",
       "'loop' has no 'indx'; did you mean 'index'?"},
      {"variable of a loop", "", "{% for i in [1] %}{% set z = i %}{% endfor %}{{ z }}",
       "templates/x.md:4:49: 'z' is set nowhere"},
      {"parameter of SQL", "[queries]\nq = \"select 1 where :tema = 1\"", "{{ query('q', team=1) | length }}",
       "templates/x.md: query q: nothing sets :tema; did you mean 'team'?"},
      {"column", "", "{{ query('select titel from incident') | length }}", "no such column: titel"},
      {"view", "", "{{ query('select 1 from incidnet') | length }}", "incidnet"},
      {"included template", "", "{% include 'nope.md' %}", "templates/x.md:4:12: there is no template 'nope.md'"},
      {"parent", "", "{% extends 'reports/weekly-helth.md' %}", "did you mean 'reports/weekly-health.md'?"},
      {"imported name", "", "{% from 'parts.md' import order_txt %}",
       "templates/x.md:4:27: 'parts.md' sets no 'order_txt'; did you mean 'order_text'?"},
      {"member of an imported template", "", "{% import 'parts.md' as p %}{{ p.order_txt(1) }}",
       "templates/x.md:4:34: 'p' has no 'order_txt'; did you mean 'order_text'?"},
      {"filter that is applied", "", "{{ [1] | map('uper') | list }}", "map: no filter 'uper'; did you mean 'upper'?"},
      {"test that is applied", "", "{{ [1] | select('odf') | list }}", "select: no test 'odf'; did you mean 'odd'?"},
      {"test of an attribute", "", "{{ [period] | rejectattr('label', 'definde') | list }}",
       "rejectattr: no test 'definde'; did you mean 'defined'?"},
      {"argument of a filter", "", "{{ 5 | round(metod='x') }}",
       "round() has no argument 'metod'; did you mean 'method'?"},
      {"argument of a macro", "", "{% macro m(first) %}{{ first }}{% endmacro %}{{ m(frist=1) }}",
       "m() has no argument 'frist'; did you mean 'first'?"},
      {"member of the period", "", "{{ period.lable }}",
       "templates/x.md:4:11: 'period' has no 'lable'; did you mean 'label'?"},
      {"member of the workspace", "", "{{ workspace.nam }}", "'workspace' has no 'nam'; did you mean 'name'?"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const test::TempDir folder;
    folder.write("x.md",
                 "+++\nkind = \"report\"\n" + (c.header.empty() ? "" : c.header + "\n") + "+++\n" + c.body + "\n");
    const Catalog catalog(folder.path());
    const auto problems = docs::check_template(*catalog.file("x.md"), catalog);
    REQUIRE(problems.size() == 1);
    CAPTURE(problems.front().message);
    CHECK(problems.front().message.find(c.problem) != std::string::npos);
  }
}

TEST_CASE("docs::check_template finds nothing in what only looks like a mistake") {
  for (const std::string body :
       {"{% include 'nope.md' ignore missing %}", "{% set t = 'x' %}{% include t %}",
        "{% macro m() %}{{ kwargs | length }}{% endmacro %}{{ m(any=1) }}",
        "{% macro m(a) %}{% endmacro %}{% macro m(b) %}{{ b }}{% endmacro %}{{ m(b=1) }}",
        "{% for period in [{'mine': 1}] %}{{ period.mine }}{% endfor %}",
        "{{ period.label }} {{ workspace.review_days }}", "{{ [1] | map('round', method='floor') | list }}",
        "{% import 'parts.md' as p %}{{ p.order_text }}", "{{ [1] | join(*[', ']) }}",
        "{% set z = 1 %}{% block b %}{{ z }}{% endblock %}", "{% if true %}{% set z = 1 %}{% endif %}{{ z }}",
        "{% filter upper %}x{% endfilter %}", "{% if x is defined %}{{ x }}{% endif %}", "{{ x | default('d') }}",
        "{% block a %}x{% endblock %}{{ self.a() }}",
        "{% extends 'parts.md' %}{% block a %}{{ super() }}{% endblock %}",
        "{% macro m(a) %}{{ varargs | length }}{% endmacro %}{{ m(1, 2) }}",
        "{% for i in [1] %}{{ loop.previtem }}{{ loop.cycle('a', 'b') }}{% endfor %}"}) {
    CAPTURE(body);
    const test::TempDir folder;
    folder.write("x.md", "+++\nkind = \"report\"\n+++\n" + body + "\n");
    const Catalog catalog(folder.path());
    const auto problems = docs::check_template(*catalog.file("x.md"), catalog);
    for (const auto& problem : problems) CHECK(problem.message == "");
  }
}

TEST_CASE("docs::check_template names a misspelt function with its place") {
  const test::TempDir dir;
  dir.write("t/x.md", "+++\ntitle = \"x\"\n+++\nfine\n{{ metrc('incidents') }}\n");
  const Catalog catalog(dir / "t");
  const auto problems = docs::check_template(*catalog.file("x.md"), catalog);
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().excerpt == "    5 | {{ metrc('incidents') }}\n      |    ^\n");
  CHECK(problems.front().message == "templates/x.md:5:4: 'metrc' is set nowhere; did you mean 'metric'?");
}

TEST_CASE("docs::callables gives every function, filter and test one line of text") {
  const auto all = docs::callables(Catalog(std::nullopt));
  CHECK(all.size() > 60);
  for (const auto& callable : all) {
    CAPTURE(callable.name);
    CHECK_FALSE(callable.doc.empty());
  }
}
