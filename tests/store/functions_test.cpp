#include "store/functions.hpp"

#include <doctest/doctest.h>

#include "store/support.hpp"

using namespace sitrep;
using test::answer;

namespace {

store::Store store_in(const char* zone, const char* now) {
  auto options = test::writing(unix_seconds(*parse_rfc3339(now)));
  options.calendar.zone = Zone::load(zone);
  return store::Store::memory(options);
}

}  // namespace

TEST_CASE("SQL functions of time follow the workspace's zone and the store's now") {
  auto store = store_in("America/Los_Angeles", "2026-11-16T08:00:00Z");
  const struct {
    const char *sql, *answer;
  } cases[] = {
      {"iso(ts('2026-11-01'))", "2026-11-01T07:00:00Z"},
      {"iso(ts('2026-11-02'))", "2026-11-02T08:00:00Z"},
      {"iso(ts('2026-11-01T00:00:00Z'))", "2026-11-01T00:00:00Z"},
      {"iso(ts('-7d'))", "2026-11-09T08:00:00Z"},
      {"iso(ts('now'))", "2026-11-16T08:00:00Z"},
      {"ts(5)", "5"},
      {"ts(NULL)", "-"},
      {"iso(NULL)", "-"},
      {"week(ts('2026-11-15'))", "2026-11-09"},
      {"week(ts('2026-11-16'))", "2026-11-16"},
      {"day(ts('2026-11-01T06:59:59Z'))", "2026-10-31"},
      {"local(ts('2026-11-01T06:59:59Z'))", "2026-10-31 23:59:59"},
      {"local(ts('2026-11-02T07:30:00Z'))", "2026-11-01 23:30:00"},  // the day that clocks went back
      {"strftime('%w %H', local(ts('2026-11-02T08:30:00Z')))", "1 00"},
      {"local(NULL)", "-"},
      {"day(ts('2026-11-01T07:00:00Z'))", "2026-11-01"},
      {"day(NULL)", "-"},
      {"month(ts('2026-11-01T06:59:59Z'))", "2026-10"},
      {"month(ts('2026-11-01T07:00:00Z'))", "2026-11"},
      {"month(ts('2026-12-31'))", "2026-12"},
      {"duration(12000)", "3h 20m"},
      {"duration(59)", "59s"},
      {"duration(60)", "1m"},
      {"duration(90061)", "1d 1h"},
      {"duration(-90)", "-1m 30s"},
      {"duration(0)", "0s"},
      {"duration(NULL)", "-"},
      {"datetime('now')", "2026-11-16 08:00:00"},
      {"CURRENT_TIMESTAMP", "2026-11-16 08:00:00"},
      {"unixepoch('now')", "1794816000"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.sql);
    CHECK(answer(store, std::string("SELECT ") + c.sql) == c.answer);
  }
  for (const char* sql : {"ts('soon')", "ts('')", "iso('x')", "iso(1e300)", "week(-1e18)", "duration('x')",
                          "day(ts('0001-01-01T00:00:00Z'))", "month(ts('0001-01-01T00:00:00Z'))"}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(answer(store, std::string("SELECT ") + sql), Error);
  }
}

TEST_CASE("SQL percentile and median interpolate as type 7 of Hyndman and Fan") {
  auto store = store_in("UTC", "2026-01-01T00:00:00Z");
  const std::string values =
      " FROM (SELECT 15 x UNION ALL SELECT 20 UNION ALL SELECT 35 UNION ALL SELECT NULL UNION ALL SELECT 40 UNION ALL "
      "SELECT 50)";
  const struct {
    const char *expression, *answer;
  } cases[] = {
      // Values and results: R 4.2, quantile(c(15, 20, 35, 40, 50), p, type = 7).
      {"percentile(x, 0)", "15.0"},   {"percentile(x, 0.05)", "16.0"}, {"percentile(x, 0.3)", "23.0"},
      {"percentile(x, 0.4)", "29.0"}, {"percentile(x, 1)", "50.0"},    {"median(x)", "35.0"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.expression);
    CHECK(answer(store, "SELECT " + std::string(c.expression) + values) == c.answer);
  }
  CHECK(answer(store, "SELECT median(x) FROM (SELECT NULL x)") == "-");
  CHECK(answer(store, "SELECT median(1) WHERE 0") == "-");
  CHECK(answer(store,
               "SELECT k, median(v) FROM (SELECT 1 k, 2 v UNION ALL SELECT 1, 4 UNION ALL SELECT 2, 9) GROUP BY k") ==
        "1|3.0 2|9.0");
  for (const char* sql :
       {"percentile(1, 2)", "percentile(1, -0.1)", "percentile(1, 'x')", "percentile(1, NULL)", "median('x')"}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(answer(store, std::string("SELECT ") + sql), Error);
  }
}
