#include "docs/report.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "docs/sample.hpp"
#include "json/value.hpp"

using namespace sitrep;
using test::SampleStore;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

docs::ReportRequest weekly() {
  docs::ReportRequest request;
  request.name = "weekly-health";
  request.period = docs::last_complete(PeriodLength::week, unix_time(test::k_now), test::pacific());
  return request;
}

render::Page page_of(const SampleStore& sample, const docs::ReportRequest& request) {
  auto store = sample.open();
  const auto inputs = sample.inputs(store);
  const docs::Catalog catalog(std::nullopt);
  docs::Engine engine(inputs, catalog);
  return docs::make_report(engine, request);
}

}  // namespace

TEST_CASE("docs::make_report: the weekly report says what has to be decided") {
  const SampleStore sample;
  const auto page = page_of(sample, weekly());
  const auto markdown = render::to_markdown(page);
  CAPTURE(markdown);
  CHECK(page.title == "Payments infrastructure: program health, week of 2026-11-09");
  CHECK(markdown.starts_with("# Payments infrastructure: program health, week of 2026-11-09\n"));
  for (const char* part :
       {"## Decide this week", "SEV2 open for 2 d", "Order ledger-db disk", "1 postmortem late", "| Ledger migration |",
        "Vendor confirmed the disks", "dual-write at 100 %", "Tap to pay", "## Incidents", "time to mitigate, median",
        "## Launches", "Wallets", "## Capacity", "ledger-db disk", "## Milestones", "2 slips, 39 days",
        "Alert on queue age", "nobody-knows"}) {
    CAPTURE(part);
    CHECK(has(markdown, part));
  }
  CHECK(markdown.find("Order ledger-db disk") < markdown.find("## Programs"));
}

TEST_CASE("docs::make_report: hostile records stay text in every format") {
  const SampleStore sample;
  const auto page = page_of(sample, weekly());
  const auto html = render::to_html(page);
  CHECK(has(html, "&lt;script&gt;alert(1)"));
  CHECK_FALSE(has(html, "<script>alert"));
  CHECK_FALSE(has(html, "href=\"javascript"));
  for (const auto& text : {html, render::to_markdown(page), render::to_text(page, 80), render::to_csv(page)}) {
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\xEE\x80"));
    CHECK_FALSE(has(text, "nan"));
  }
}

TEST_CASE("docs::make_report: the same store gives the same bytes in every format") {
  const SampleStore sample;
  const auto first = page_of(sample, weekly()), second = page_of(sample, weekly());
  CHECK(render::to_markdown(first) == render::to_markdown(second));
  CHECK(render::to_html(first) == render::to_html(second));
  CHECK(render::to_text(first, 100) == render::to_text(second, 100));
  CHECK(render::to_json(first) == render::to_json(second));
  CHECK(render::to_csv(first) == render::to_csv(second));
}

TEST_CASE("docs::make_report: its JSON is the data under a versioned schema") {
  const SampleStore sample;
  const auto text = render::to_json(page_of(sample, weekly()));
  json::Document document;
  const auto root = document.parse(text);
  CHECK(root.get("schema")->string() == "sitrep.report/1");
  CHECK(root.get("report")->string() == "weekly-health");
  CHECK(root.get("now")->string() == "2026-11-16T16:00:00Z");
  CHECK(root.get("span")->get("from")->string() == "2026-11-09T08:00:00Z");
  bool incidents = false;
  for (const auto& member : root.get("data")->members())
    if (member.value.get("call")->string() == "metric" &&
        member.value.get("arguments")->get("name")->string() == "incidents") {
      incidents = true;
      CHECK(member.value.get("result")->get("value")->real().has_value());
    }
  CHECK(incidents);
}

TEST_CASE("docs::make_report: a store without data says so and invents nothing") {
  const SampleStore sample(SampleStore::Data::none);
  const auto page = page_of(sample, weekly());
  const auto markdown = render::to_markdown(page);
  CAPTURE(markdown);
  CHECK(has(markdown, "nothing has been synced yet"));
  CHECK(has(markdown, "No programs are in the store"));
  CHECK(has(markdown, "Not reportable"));
  CHECK_FALSE(has(markdown, "| 0 |"));
  CHECK_FALSE(has(markdown, "🟢"));
}

TEST_CASE("docs::make_report: --program narrows the report to one program") {
  const SampleStore sample;
  auto request = weekly();
  request.program = "P1";
  const auto markdown = render::to_markdown(page_of(sample, request));
  CAPTURE(markdown);
  CHECK(has(markdown, "# Payments infrastructure: Ledger migration: program health"));
  CHECK_FALSE(has(markdown, "Checkout 3"));
  CHECK_FALSE(has(markdown, "Tap to pay"));
  request.program = "Ledgr migration";
  CHECK_THROWS_AS(page_of(sample, request), Error);
}

TEST_CASE("docs::make_report refuses unknown reports and parameters") {
  const SampleStore sample;
  auto request = weekly();
  request.parameters["rowz"] = "3";
  CHECK_THROWS_WITH_AS(page_of(sample, request), "the template has no parameter 'rowz'; did you mean 'rows'?", Error);
  request.parameters = {{"rows", "many"}};
  CHECK_THROWS_WITH_AS(page_of(sample, request), "parameter 'rows': 'many' is not a whole number", Error);
}

TEST_CASE("docs::between refuses a span that ends before it starts") {
  CHECK_THROWS_AS(docs::between(unix_time(10), unix_time(10), unix_time(20), {}), Error);
  const auto period = docs::between(unix_time(86400), unix_time(3 * 86400), unix_time(9 * 86400), {});
  CHECK(period.label == "1970-01-02 to 1970-01-03");
  CHECK(period.window.at == unix_time(9 * 86400));  // levels are of now, as in calendar periods
  CHECK(period.window.previous == Interval{unix_time(-86400), unix_time(86400)});
}
