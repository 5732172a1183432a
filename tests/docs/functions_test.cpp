#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "docs/engine.hpp"
#include "docs/parameters.hpp"
#include "docs/sample.hpp"
#include "render/page.hpp"

using namespace sitrep;
using test::SampleStore;

namespace {

/// The text that a template gives over the sample store.
std::string rendered(const std::string& text, docs::Records records = docs::Records::kept) {
  static const SampleStore sample;
  auto store = sample.open();
  const auto inputs = sample.inputs(store);
  const docs::Catalog catalog(std::nullopt);
  docs::Engine engine(inputs, catalog);
  docs::TemplateFile file;
  file.name = file.shown_as = "t.md";
  file.source = config::parse_template(text, "t.md");
  const docs::Subject subject{docs::last_complete(PeriodLength::week, inputs.now, inputs.calendar), {}, {}, records};
  auto result = engine.render(file, subject);
  render::Page page;
  page.markdown = result.markdown;
  page.figures = result.figures;
  auto markdown = render::to_markdown(page);
  while (markdown.ends_with('\n')) markdown.pop_back();
  return markdown;
}

/// What rendering it fails with.
std::string refusal(const std::string& text) {
  try {
    return "rendered: " + rendered(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::user_code);
    return error.what();
  }
}

}  // namespace

TEST_CASE("docs filters write dates in the workspace's zone and numbers as people read them") {
  struct Case {
    const char *text, *expected;
  };
  const Case cases[] = {
      {"{{ now | date }}", "2026-11-16"},
      {"{{ now | time }}", "2026-11-16 08:00 PST"},
      {"{{ (now - 9 * 3600) | date }}", "2026-11-15"},
      {"{{ now | rfc3339 }}", "2026-11-16T16:00:00Z"},
      {"{{ '2026-12-05' | day }}", "Dec\u00a05"},
      {"{{ '2027-01-09' | day }}", "Jan\u00a09, 2027"},
      {"{{ none | date }} {{ none | day }} {{ none | time }} {{ none | percent }}", "n/a n/a n/a n/a"},
      {"{{ 12000 | duration }}", "3 h 20 m"},
      {"{{ 1e19 | unit('s') }}", "10,000,000,000,000,000,000\u00a0s"},
      {"{{ 0.8312 | percent }}", "83\u00a0%"},
      {"{{ 1234.5 | number }}", "1,234.5"},
      {"{{ 12.34 | unit('TB') }}", "12.3\u00a0TB"},
      {"{{ '2026-11-20' | days_from_now }}", "4"},
      {"{{ [1, 2, 3] | count_of('row') }}, {{ 1 | count_of('row') }}", "3 rows, 1 row"},
      {"{{ 'Checkout: GA!' | slug }}", "checkout-ga"},
      {"{{ 'a|b' | link('https://x.example') }}", "[a\\|b](https://x.example)"},
      {"{{ 'a*b' | md }}", "a\\*b"},
      {"{{ 'a*b' }}", "a\\*b"},
      {"{{ business_days('2026-11-09', '2026-11-16') }}", "5"},
      {"{{ business_days('2026-11-09', '2026-11-16', [{'from_date': '2026-11-11', 'to_date': '2026-11-11'}]) }}", "4"},
      {"{{ business_days('2026-11-16', '2026-11-13') }}", "-1"},
      {"{{ badge('red') }} {{ badge('green', 'on time') }}", "🔴 red 🟢 on time"},
      {"{{ period.label }} {{ period.from_date }} {{ period.last_date }}", "week of 2026-11-09 2026-11-09 2026-11-15"},
      {"{{ workspace.name }} {{ workspace.timezone }}", "Payments infrastructure America/Los_Angeles"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.text));
    CHECK(rendered(c.text) == c.expected);
  }
}

TEST_CASE("docs query gives rows of named and of written SQL, with typed parameters") {
  CHECK(rendered("{{ query('select name from program order by name') | map(attribute='name') | join(', ') }}") ==
        "Checkout 3, Edge consolidation, Ledger migration");
  CHECK(rendered("+++\ntitle = \"t\"\n[queries]\nn = \"select count(*) as n from milestone where program_id = "
                 ":p\"\n+++\n{{ query('n', p='P1')[0].n }}") == "1");
  CHECK(rendered("{{ query('select :from as a, :to as b, :today as c')[0] | list | length }}") == "3");
  CHECK(rendered("{{ query('select :x is null as x', x=none)[0].x }}") == "1");
  CHECK(rendered("{{ query('select 1 as a, 2 as b, 3 as a union all select 4, 5, null') | safe }}") ==
        "[{'a': 3, 'b': 2}, {'a': None, 'b': 5}]");
  // Not a parameter: a text, a comment.
  CHECK(rendered("{{ query(\"select ':x' as a /* :y */\")[0].a }}") == ":x");
}

TEST_CASE("docs query keeps SQL in its box and says what is wrong") {
  struct Case {
    const char *text, *part;
  };
  const Case cases[] = {{"{{ query('opn') }}", "neither a query of [queries] nor SQL"},
                        {"{{ 1e19 | duration }}", "duration: 1e+19 seconds are too long"},
                        {"{{ -9223372036854775807 | duration }}", "too long"},
                        {"{{ 1e30 | date }}", "date: 1e+30 is not a time in Unix seconds"},
                        {"{{ 5000000000000 | time }}", "outside of the years 0001 to 9999"},
                        {"{{ query('select :nobody as x') }}", "nothing sets :nobody"},
                        {"{{ query('select nope from incident') }}", "nope"},
                        {"{{ query('select 1; select 2') }}", "query SQL"},
                        {"{{ query('with x as (select 1) delete from incident') }}", "query SQL"},
                        {"{{ metric('incidnets') }}", "incidents"},
                        {"{{ changes(entities=['incidnt']) }}", "did you mean 'incident'"},
                        {"{{ forecast('nothing like it') }}", "no capacity resource"},
                        {"{{ freshness('soon') }}", "not a duration"},
                        {"{{ table([{'a': 1}], ['b']) }}", "no column 'b'"},
                        {"{{ chart.bar([{'a': 1}], 'a', 'z') }}", "no column 'z'"},
                        {"{{ chart.bar([], 'a', 'z', colour='red') }}", "no argument 'colour'"},
                        {"{{ 'x' | date }}", "not a day"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.text));
    const auto message = refusal(c.text);
    CAPTURE(message);
    CHECK(message.find(c.part) != std::string::npos);
    CHECK(message.starts_with("t.md:1:"));
  }
}

TEST_CASE("docs table aligns numbers, escapes texts and keeps what is Markdown already") {
  CHECK(rendered("{{ table([{'a': 'x|y', 'n': 1200}, {'a': none, 'n': none}], {'a': 'name', 'n': 'count'}) }}") ==
        "| name | count |\n| --- | ---: |\n| x\\|y | 1,200 |\n|  |  |");
  CHECK(rendered("{{ table([{'a': badge('red')}]) }}") == "| a |\n| --- |\n| 🔴 red |");
  CHECK(rendered("{{ table([]) }}") == "none");
}

TEST_CASE("docs charts become figures, and their text in Markdown") {
  CHECK(rendered("{{ chart.spark([1, 2, 3]) }} inline") == "▁▅█ inline");
  CHECK(rendered("x {{ chart.states(['green', 'red', none]) }}") == "x ▂█░");
  CHECK(rendered("{{ chart.bar([{'w': 'W1', 'n': 2}], 'w', 'n', title='T') }}") ==
        "**T**\n\n| | n |\n| --- | ---: |\n| W1 | 2 |");
  CHECK(rendered("{{ chart.gantt([{'title': 'GA', 'due_date': '2026-12-01'}]) }}").find("2026-12-01") !=
        std::string::npos);
  CHECK(rendered("{{ chart.line([{'at': none, 'value': 1}, {'at': 0, 'value': 2}], title='T') }}") ==
        "**T (without 1 row that no time is known of)**  \n▄  2 throughout");
  CHECK(rendered("{{ chart.heatmap([{'d': 'Mon', 'h': '8', 'n': 3}], 'd', 'h', 'n') }}").find("| Mon | 3 |") !=
        std::string::npos);
}

TEST_CASE("docs metric, forecast, freshness and changes tell what the store knows") {
  CHECK(rendered("{{ metric('incidents').n > 0 }} {{ metric('incidents', program='Edge consolidation').program }}") ==
        "True Edge consolidation");
  CHECK(rendered("{{ metric('time_to_mitigate').reportable }}") != "");
  // The sample keeps what its JSON shows: records=false spares work, it does not take anything from the JSON.
  CHECK(rendered("{% set m = metric('incidents') %}{{ m.records | length > 0 }} {{ metric('incidents', "
                 "records=false).records == m.records }}") == "True True");
  CHECK(rendered("{% set m = metric('incidents') %}{{ m.records | length > 0 }} {{ metric('incidents', "
                 "records=false).records | length }}",
                 docs::Records::none) == "True 0");
  CHECK(rendered("{{ forecast()[0].name }} {{ forecast()[0].state }} {{ forecast()[0].order_by is not none }}") ==
        "ledger-db disk dated True");
  CHECK(rendered("{{ forecast('edge cpu').state }} {{ forecast('silent').reason }}") == "no growth no samples");
  CHECK(rendered("{% set f = freshness() %}{{ f.total }} {{ f.fresh }} {{ f.streams | selectattr('stale') | "
                 "map(attribute='stream') | sort | join(',') }}") == "12 9 milestones,resources,samples");
  CHECK(rendered("{% for c in changes(entities='milestone') %}{{ c.title }}: {% for f in c.fields %}{{ f.column }} {{ "
                 "f.days }}{% endfor %}; {% endfor %}") == "dual-write at 100 %: due_date 23; ");
}

TEST_CASE("docs::read_parameters reads by type and refuses the rest") {
  const auto header = config::parse_template(
                          "+++\ntitle = \"t\"\n[params]\nn = { type = \"integer\", default = \"3\" }\nd = { type = "
                          "\"date\", default = \"\" }\n"
                          "l = { type = \"list\", default = \"a, b\" }\nm = { type = \"list\", default = [\"a, b\", "
                          "\"c\"], choices = [\"a, b\", \"c\"] }\nk = { type = \"text\", choices = [\"x\", "
                          "\"y\"], doc = \"which\" }\n+++\n",
                          "t.md")
                          .header;
  const auto read = [&](const std::map<std::string, std::string>& given) {
    return docs::read_parameters(header, given, unix_time(test::k_now), test::pacific());
  };
  auto values = read({{"k", "x"}});
  CHECK(values.at("n").integer() == 3);
  CHECK(values.at("d").is_none());
  CHECK(values.at("l").list().size() == 2);
  CHECK(values.at("m").list().size() == 2);
  CHECK(values.at("m").list()[0].string() == "a, b");
  CHECK(read({{"k", "x"}, {"m", "c,c"}}).at("m").list().size() == 2);
  CHECK_THROWS_WITH_AS(read({{"k", "x"}, {"m", "c,d"}}), "parameter 'm': 'd' is not one of a, b, c", Error);
  CHECK(read({{"k", "y"}, {"d", "-7d"}}).at("d").string() == "2026-11-09");
  CHECK_THROWS_WITH_AS(read({}), "parameter 'k' is missing (which); give it as --param k=…", Error);
  CHECK_THROWS_WITH_AS(read({{"k", "z"}}), "parameter 'k': 'z' is not one of x, y", Error);
  CHECK_THROWS_WITH_AS(read({{"k", "x"}, {"d", "soon"}}),
                       "parameter 'd': 'soon' is not a day such as 2026-11-16, -7d or last-monday", Error);
}

TEST_CASE("docs::render_on_data fills a template without a store") {
  docs::TemplateFile file;
  file.name = file.shown_as = "t.md";
  file.source.body = "{{ who }}: {{ 0.5 | percent }} {{ badge('green') }}";
  const docs::Catalog catalog(std::nullopt);
  CHECK(docs::render_on_data(file, "{\"who\":\"a|b\"}", catalog, {}, {}).markdown.starts_with("a\\|b: 50\u00a0% "));
  CHECK_THROWS_AS(docs::render_on_data(file, "[]", catalog, {}, {}), Error);
  file.source.body = "{{ query('select 1') }}";
  CHECK_THROWS_AS(docs::render_on_data(file, "{}", catalog, {}, {}), Error);
}

TEST_CASE("docs: counts below two have no control limits, and charts refuse what can't be drawn") {
  docs::TemplateFile file;
  file.name = file.shown_as = "t.md";
  const docs::Catalog catalog(std::nullopt);
  const auto rendered = [&](const std::string& body) {
    file.source.body = body;
    return docs::render_on_data(file, R"({"rows":[{"w":"1","n":0},{"w":"2","n":1}]})", catalog, {}, {}).markdown;
  };
  CHECK(rendered("{% set l = control_limits(rows * 12, 'w', 'n') %}{{ l.reason }} {{ l.signals | length }}")
            .starts_with("too few events for limits 0"));
  const struct {
    std::string body, message;
  } refused[] = {
      {"{{ chart.spark([1e308, -1e308]) }}", "chart.spark: 1e+308 is too large for a chart"},
      {"{{ chart.bar([{'x': 'a', 'y': 1e200}], 'x', 'y') }}", "chart.bar: 1e+200 is too large for a chart"},
      {"{{ chart.heatmap([{'d': 'Mon', 'h': 8, 'n': 3}] * 2, 'd', 'h', 'n') }}",
       "chart.heatmap: two rows say what is at 'Mon', '8'; add them up in SQL"},
      {"{{ chart.line([{'at': 1790000000000, 'value': 1}]) }}", "divide milliseconds by 1000"},
      {"{{ chart.bar(rows, 'w', 'count') }}", "the rows have no column 'count'; they have w, n"},
  };
  for (const auto& c : refused) {
    CAPTURE(c.body);
    CHECK_THROWS_WITH_AS(rendered(c.body), doctest::Contains(c.message.c_str()), Error);
  }
}
