#include "base/period.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

UnixTime utc(std::string_view text) { return *parse_rfc3339(text); }

Calendar los_angeles() { return {Zone::load("America/Los_Angeles"), std::chrono::Monday}; }

}  // namespace

TEST_CASE("last_complete_period is over, and as long as its calendar says") {
  struct Case {
    const char* name;
    PeriodLength length;
    const char *now, *from, *to, *described;
  };
  const Case cases[] = {
      {"Monday morning reports the week before", PeriodLength::week, "2026-11-16T16:00:00Z", "2026-11-09T08:00:00Z",
       "2026-11-16T08:00:00Z", "week of 2026-11-09"},
      {"Sunday night still reports the week before last Monday", PeriodLength::week, "2026-11-16T07:59:59Z",
       "2026-11-02T08:00:00Z", "2026-11-09T08:00:00Z", "week of 2026-11-02"},
      {"the week that the clock changed in has 169 hours", PeriodLength::week, "2026-11-03T00:00:00Z",
       "2026-10-26T07:00:00Z", "2026-11-02T08:00:00Z", "week of 2026-10-26"},
      {"month", PeriodLength::month, "2026-11-16T16:00:00Z", "2026-10-01T07:00:00Z", "2026-11-01T07:00:00Z",
       "October 2026"},
      {"quarter over the turn of the year", PeriodLength::quarter, "2026-01-05T16:00:00Z", "2025-10-01T07:00:00Z",
       "2026-01-01T08:00:00Z", "2025 Q4"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto period = last_complete_period(utc(c.now), c.length, los_angeles());
    CHECK(format_utc(period.from) == c.from);
    CHECK(format_utc(period.to) == c.to);
    CHECK(describe(period, c.length, los_angeles()) == c.described);
    CHECK(previous_period(period, c.length, los_angeles()).to == period.from);
  }
}

TEST_CASE("weeks can start on Sunday") {
  const Calendar calendar{Zone{}, std::chrono::Sunday};
  CHECK(format_utc(period_of(utc("2026-11-21T00:00:00Z"), PeriodLength::week, calendar).from) ==
        "2026-11-15T00:00:00Z");
}

TEST_CASE("parse_time_expression reads the words of the command line in the workspace's zone") {
  struct Case {
    const char* text;
    const char* expected;  // null: refused
  };
  const auto now = utc("2026-11-18T20:00:00Z");  // a Wednesday in Los Angeles
  const Case cases[] = {{"now", "2026-11-18T20:00:00Z"},
                        {"today", "2026-11-18T08:00:00Z"},
                        {"yesterday", "2026-11-17T08:00:00Z"},
                        {"last-monday", "2026-11-16T08:00:00Z"},
                        {"last-wednesday", "2026-11-11T08:00:00Z"},
                        {"-7d", "2026-11-11T20:00:00Z"},
                        {"-90m", "2026-11-18T18:30:00Z"},
                        {"2026-11-01", "2026-11-01T07:00:00Z"},
                        {"2026-11-01T12:00", "2026-11-01T20:00:00Z"},
                        {"2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z"},
                        {"7d", nullptr},
                        {"last-week", nullptr},
                        {"tomorrow", nullptr},
                        {"", nullptr}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto t = parse_time_expression(c.text, now, los_angeles());
    CHECK(t.has_value() == (c.expected != nullptr));
    if (t && c.expected) CHECK(format_utc(*t) == c.expected);
  }
}
