#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

struct Workspace {
  test::TempDir folder;
  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult run(const std::vector<std::string>& args, const std::string& input = {}) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = input});
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Without line ends and what indents: sentences are wrapped.
std::string as_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n';
    if (!blank || !line.ends_with(' ')) line += blank ? ' ' : c;
  }
  return line;
}

}  // namespace

TEST_CASE("health: programs worst first with reasons, always exit 0") {
  const Workspace w;
  const auto all = w.run({"health"});
  CHECK(all.exit_code == 0);
  CHECK(has(as_one_line(all.out),
            "Ledger migration RED ···········█ (declared green) Capacity to order within 14 days: 1: ledger-db disk: "
            "full "));  // the store begins in the last of the twelve weeks
  CHECK(has(all.err, "1 program is declared green and red by the rules"));
  CHECK(all.out.find("Ledger migration") < all.out.find("Checkout 3"));
  const auto one = w.run({"health", "p1"});
  CHECK(has(one.out, "(declared green: watermelon)"));
  CHECK(has(one.out, "rule capacity_orders_due > 0"));
  CHECK_FALSE(has(one.out, "Checkout 3"));
  const auto json = w.run({"health", "--json"});
  CHECK(has(json.out, R"("schema":"sitrep.health/1")"));
  CHECK(has(json.out, R"("dimension":"capacity","color":"red")"));
  CHECK(has(json.out, R"("trend":[{"at":"2026-08-31T16:00:00Z","color":null})"));
  const auto typo = w.run({"health", "Ledger migraton"});
  CHECK(typo.exit_code == 2);
  CHECK(has(typo.err, "did you mean 'Ledger migration'?"));
}

TEST_CASE("check: red is 1, what cannot be judged or is stale is 6, and each format says which") {
  const Workspace w;
  const auto text = w.run({"check"});
  CHECK(text.exit_code == 1);
  CHECK(has(text.out, "fail    red    Ledger migration: "));
  CHECK_FALSE(has(text.out, "pass "));
  const auto junit = w.run({"check", "--format", "junit"});
  CHECK(junit.exit_code == 1);
  CHECK(has(junit.out, "<testcase classname=\"Ledger migration\" name=\"capacity_orders_due\"><failure message="));
  CHECK(has(junit.out, "</testsuites>"));
  const auto github = w.run({"check", "--format", "github"});
  CHECK(has(github.out, "::error title=Ledger migration red::"));
  CHECK_FALSE(has(github.out, "\x1b"));  // a record's title brings one
  CHECK(has(w.run({"check", "--json"}).out, R"("schema":"sitrep.check/1")"));
  write_file(w.folder / "sitrep.toml",
             "[workspace]\nname = \"w\"\n"
             "[[rule]]\nmetric = \"capacity_orders_due\"\nred = \"> 100\"\n"
             "[[rule]]\nmetric = \"open_sev12\"\nyellow = \"> 0\"\n");
  CHECK(w.run({"check"}).exit_code == 0);
  CHECK(w.run({"check", "--fail-on", "yellow"}).exit_code == 1);
  const auto stale = w.run({"check", "--max-age", "30m"});
  CHECK(stale.exit_code == 6);
  CHECK(has(stale.out, "last synced without error: 1 h ago"));
  CHECK(w.run({"check", "--max-age", "2h"}).exit_code == 0);
  CHECK(w.run({"check", "--max-age", "soon"}).exit_code == 2);
}

TEST_CASE("metric: list, show and explain agree, and n/a has a reason") {
  const Workspace w;
  const auto list = w.run({"metric", "list"});
  CHECK(list.exit_code == 0);
  CHECK(has(list.out, "time_to_mitigate"));
  CHECK(has(as_one_line(list.out), "n/a"));
  CHECK(has(list.err, "Benjamini & Hochberg"));
  const auto json = w.run({"metric", "list", "--json", "--dimension", "support"});
  CHECK(has(json.out, R"("metric":"csat")"));
  CHECK(has(json.out, R"("value":null)"));
  CHECK_FALSE(has(json.out, "overdue_actions"));
  const auto show = w.run({"metric", "show", "overdue_actions", "--program", "Ledger migration"});
  CHECK(has(show.out, "1    Overdue action items of Ledger migration, as of 2026-11-16T16:00:00Z"));
  CHECK(has(show.out, "Alert on queue age (INC-1, due 2026-11-10, owner ravi)"));
  const auto explain = w.run({"metric", "explain", "overdue_actions"});
  for (const char* part :
       {"sql:", "select * from action_item", "rows: 1 of 1", "sources:", "src.action_item", "formula:", "excluded:"}) {
    CAPTURE(part);
    CHECK(has(explain.out, part));
  }
  CHECK(has(w.run({"metric", "explain", "overdue_actions", "--json"}).out, R"("row_count":1)"));
  const auto unknown = w.run({"metric", "show", "overdue_action"});
  CHECK(unknown.exit_code == 2);
  CHECK(has(unknown.err, "did you mean 'overdue_actions'?"));
}

TEST_CASE("capacity: list has the order-by date, forecast the method and the naive error beside it") {
  const Workspace w;
  const auto list = w.run({"capacity", "list"});
  CHECK(list.exit_code == 0);
  CHECK(has(list.out, "ledger-db disk"));
  CHECK(has(list.out, "order by"));
  const auto forecast = w.run({"capacity", "forecast", "r1"});
  CHECK(has(forecast.out, "of the naive method"));
  CHECK(has(w.run({"capacity", "forecast", "r1", "--json"}).out, R"("schema":"sitrep.capacity.forecast/1")"));
  CHECK(w.run({"capacity", "forecast", "nothing"}).exit_code == 2);
}

TEST_CASE("forecast: reads CSV with and without header, mends and reports what is odd") {
  const Workspace w;
  std::string csv = "series,at,value\n";
  for (int day = 1; day <= 28; ++day) {
    if (day == 9) continue;
    const auto date = "2026-02-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    csv += "\"a, b\"," + date + "," + std::to_string(100 + day) + "\n";
    csv += "short," + date + "," + (day < 4 ? std::to_string(day) : std::string()) + "\n";
  }
  csv += "\"a, b\",2026-02-28T00:00:00Z,128\n";
  const auto text = w.run({"forecast", "-", "--horizon", "3"}, csv);
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, "1 gap filled in a straight line"));
  CHECK(has(text.out, "1 repeated timestamp"));
  CHECK(has(text.err, "short: not forecast: 3 points, needs 8"));
  const auto json = w.run({"forecast", "-", "--horizon", "3", "--json"}, csv);
  CHECK(has(json.out, R"("at":"2026-03-01T00:00:00Z","value":129)"));
  CHECK(w.run({"forecast", "-"}, "2026-01-01,1\n2026-01-02,x\n").exit_code == 6);
  CHECK(has(w.run({"forecast", "-"}, "2026-01-01,1\n2026-01-02,x\n").err, "standard input:2: 'x' is not a number"));
  CHECK(w.run({"forecast"}).exit_code == 2);
  CHECK(w.run({"forecast", "-", "--interval", "2"}, csv).exit_code == 2);
}

TEST_CASE("capacity show and plan: requests, idle, what-if") {
  const Workspace w;
  const auto show = w.run({"capacity", "show", "checkout cpu"});
  CHECK(show.exit_code == 0);
  CHECK(has(show.out, "request      Q1 50 cores by 2026-12-01: unsupported, by 2026-12-01 at most "));
  CHECK(has(show.out, "a month"));
  CHECK(has(w.run({"capacity", "show", "checkout cpu", "--json"}).out, R"("support":"unsupported")"));
  CHECK(w.run({"capacity", "show", "nothing"}).exit_code == 2);
  const auto plan =
      w.run({"capacity", "plan", "--growth", "300%/y", "--add", "checkout=+20%", "--until", "2027-12-31", "--json"});
  CHECK(plan.exit_code == 0);
  CHECK(has(plan.out, R"("name":"checkout cpu")"));
  CHECK(has(plan.out, R"("growth":"300 %/y, +20 %")"));
  CHECK(has(plan.err, "until 2027-12-31"));
  CHECK(has(w.run({"capacity", "plan", "--growth", "60"}).err, "'60' is not a growth rate"));
  CHECK(has(w.run({"capacity", "plan", "--add", "chekout=1"}).err, "did you mean 'checkout'?"));
  CHECK(w.run({"capacity", "plan", "--until", "2020-01-01"}).exit_code == 2);
}

TEST_CASE("slo: list and show say compliance, budget, burn, and what cannot be said") {
  const Workspace w;
  const auto list = w.run({"slo", "list"});
  CHECK(list.exit_code == 0);
  CHECK(has(list.out, "ledger availability"));
  CHECK(has(list.out, "99.95 %"));
  const auto show = w.run({"slo", "show", "slo-1"});
  CHECK(has(show.out, "ledger-api ledger availability: 99.9 % over month"));
  CHECK(has(show.out, "November 2026 so far"));
  CHECK(has(show.out, "October 2026             99.95 %"));
  CHECK(has(show.out, "budget"));
  CHECK(has(as_one_line(show.out), "n/a: samples are 1 h apart, the short window is 5 min"));
  CHECK(has(w.run({"slo", "show", "slo-1", "--json"}).out, R"("met":true)"));
  const auto unknown = w.run({"slo", "show", "ledger availabilty"});
  CHECK(unknown.exit_code == 2);
  CHECK(has(unknown.err, "did you mean 'ledger availability'?"));
}

TEST_CASE("incident stats and ticket stats: metrics, groups, survival") {
  const Workspace w;
  const auto incidents = w.run({"incident", "stats"});
  CHECK(incidents.exit_code == 0);
  CHECK(has(incidents.out, "Incidents, week of 2026-11-09; in brackets the period before"));
  CHECK(has(incidents.out, "by service    checkout-api 1 (0), ledger-api 0 (1)"));
  CHECK(has(incidents.err, "compared with the period before"));
  CHECK(has(w.run({"incident", "stats", "--json", "--period", "month"}).out, R"("breakdowns":{"severity":)"));
  const auto tickets = w.run({"ticket", "stats"});
  CHECK(tickets.exit_code == 0);
  CHECK(has(tickets.out, "n/a: no source"));
}
