#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "base/file.hpp"
#include "reports/demo_workspace.hpp"

// Pages for tests/browser: every standard report, a table of everything that sorts, and hostile records.
using namespace sitrep;

namespace {

render::Page page_of(const std::string& body, const std::string& data) {
  docs::TemplateFile file;
  file.name = file.shown_as = "page.md";
  file.text = file.source.body = body;
  const docs::Catalog catalog(std::nullopt);
  const auto now = unix_time(1'794'844'800);  // 2026-11-16
  auto rendered = docs::render_on_data(file, data, catalog, Calendar{}, now);
  render::Page page;
  page.title = "<script>hit=1</script>";
  page.markdown = std::move(rendered.markdown);
  page.figures = std::move(rendered.figures);
  page.today = Zone().date_of(now);
  return page;
}

constexpr auto k_tables = R"(# Tables

| name | took | due | share | count |
| --- | ---: | --- | ---: | ---: |
| Zebra | 42 min | Dec 15 | 83 % | 1,214 |
| item 10 | 3 h 20 m | Dec 5 | 7.5 % | 9 |
| item 2 | 1 d 2 h | Jan 4, 2027 | 100 % | -2 |
| Äpfel | 45 s | 2025-12-31 | 12 % | 12.5 k |
| zoo | n/a |  | n/a |  |
| row 1 | 50 s | Dec 6 | 13 % | 10 |
| row 2 | 50 s | Dec 6 | 13 % | 10 |
| row 3 | 50 s | Dec 6 | 13 % | 10 |
| row 4 | 50 s | Dec 6 | 13 % | 10 |
| row 5 | 50 s | Dec 6 | 13 % | 10 |
| row 6 | 50 s | Dec 6 | 13 % | 10 |
| row 7 | 50 s | Dec 6 | 13 % | 10 |

## Short

A short table needs no filter; this paragraph is here so that the page says enough to be read without its script, which
only sorts and filters. Everything else on it is there before the script runs, and stays when it does not run at all.

| a | b |
| --- | --- |
| 1 | 2 |
| 2 | 1 |
)";

constexpr auto k_hostile = R"(# Hostile {{ rows[0].title }}

The records of this page try to be more than text: in headings, paragraphs, cells, links, labels of charts and their
descriptions. None of them may run, load, or make an element. This is long enough to be read without the script.

{% for row in rows %}
## {{ row.title }}

{{ row.title }} {{ row.title | link(row.url) }} `{{ row.title }}`

- {{ row.title }}

> {{ row.title }}

{% endfor %}

{{ table(rows) }}

{{ chart.bar(rows, "title", ["n"], title=rows[0].title, description=rows[1].title) }}

{{ chart.gantt(rows, "title", "due", title=rows[2].title) }}

{{ chart.heatmap(rows, "title", "url", "n", title=rows[3].title) }}

{{ chart.control(control_limits(rows, "title", "n"), title=rows[4].title, description=rows[0].title) }}

{{ chart.line(rows, "due", "n", title=rows[5].title, unit=rows[0].title, limit=3, limit_label=rows[1].title) }}

{{ badge("red", rows[0].title) }} {{ badge("green", rows[1].title) }}
)";

constexpr auto k_hostile_data = R"({"rows": [
{"title": "</title><script>hit=1</script>", "url": "javascript:hit=1", "n": 1, "due": "2026-12-01"},
{"title": "<img src=x onerror=hit=1>", "url": "data:text/html,<script>hit=1</script>", "n": 2, "due": "2026-12-02"},
{"title": "\"onmouseover=hit=1 x=\"", "url": "https://a.example/\" onclick=\"hit=1", "n": 3, "due": "2026-12-03"},
{"title": "]]></script><svg onload=hit=1>", "url": "vbscript:hit", "n": 4, "due": "2026-12-04"},
{"title": "--><iframe src=javascript:hit=1></iframe>", "url": " java\u0000script:hit=1", "n": 5, "due": "2026-12-05"},
{"title": "</style><style>@import 'https://evil.example/x.css'</style>", "url": "//evil.example/x", "n": 6, "due": "2026-12-06"},
{"title": "[x](javascript:hit=1) ![y](https://evil.example/y.png) <https://a.example>", "url": "JaVaScRiPt:hit=1", "n": 7, "due": "2026-12-07"},
{"title": "\u202egnp.exe \u001b[31m | a `b` \u0007 \ue000" , "url": "file:///etc/passwd", "n": 8, "due": "2026-12-08"}]})";

}  // namespace

TEST_CASE("reports: pages for the browser") {
  const char* folder = std::getenv("SITREP_BROWSER_PAGES");  // NOLINT(concurrency-mt-unsafe)
  const auto keep = [&](const std::string& name, const std::string& html) {
    CHECK(html.find("<script>hit") == std::string::npos);
    if (folder != nullptr) write_file(std::filesystem::path(folder) / (name + ".html"), html);
  };
  keep("tables", render::to_html(page_of(k_tables, "{}")));
  const auto hostile = page_of(k_hostile, k_hostile_data);
  keep("hostile", render::to_html(hostile));
  const auto text = render::to_text(hostile, 80) + render::to_csv(hostile) + render::to_slack(hostile);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\u202e") == std::string::npos);
  for (const auto& report : test::example_reports()) keep(report.name, render::to_html(test::example_page(report)));
}
