#include "sources/time_pattern.hpp"

#include <doctest/doctest.h>

#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

TEST_CASE("sources::read_time_pattern reads whole texts and only times that exist") {
  struct Case {
    const char* text;
    const char* pattern;
    const char* local;  // nullptr: refused
    std::optional<int> offset;
  };
  const Case cases[] = {
      {"2026-11-16 08:05:09", "%Y-%m-%d %H:%M:%S", "2026-11-16T08:05:09Z", {}},
      {"16/11/2026", "%d/%m/%Y", "2026-11-16T00:00:00Z", {}},
      {"Nov  6 2026 1:30 PM", "%b %e %Y %I:%M %p", "2026-11-06T13:30:00Z", {}},
      {"12:05 AM, 6 November 2026", "%I:%M %p, %e %B %Y", "2026-11-06T00:05:00Z", {}},
      {"2026-11-16T08:05:09.123456+0200", "%FT%T.%f%z", "2026-11-16T08:05:09Z", 7200},
      {"2026-320", "%Y-%j", "2026-11-16T00:00:00Z", {}},
      {"1795232995", "%s", "2026-11-21T03:49:55Z", 0},
      {"20261116 08:00 UTC", "%Y%m%d %H:%M %Z", "2026-11-16T08:00:00Z", 0},
      {"2026-11-16", "%Y-%m-%d %H", nullptr, {}},
      {"2026-11-16 ", "%Y-%m-%d", nullptr, {}},
      {"2026-02-29", "%Y-%m-%d", nullptr, {}},
      {"2026-366", "%Y-%j", nullptr, {}},
      {"2026-13-01", "%Y-%m-%d", nullptr, {}},
      {"24:00 2026-01-01", "%H:%M %F", nullptr, {}},
      {"13:00 PM 2026-01-01", "%I:%M %p %F", nullptr, {}},
      {"0000-01-01", "%F", nullptr, {}},
      {"99999999999999", "%s", nullptr, {}},
      {"", "%F", nullptr, {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto read = read_time_pattern(c.text, c.pattern);
    REQUIRE(read.has_value() == (c.local != nullptr));
    if (!read) continue;
    CHECK(format_utc(UnixTime{read->local.time_since_epoch()}) == c.local);
    CHECK(read->offset.has_value() == c.offset.has_value());
    if (c.offset) CHECK(read->offset->count() == *c.offset);
  }
}

TEST_CASE("sources::write_time_pattern shows the moment on a clock of the zone") {
  const auto t = *parse_rfc3339("2026-07-04T15:06:07Z");
  CHECK(write_time_pattern(t, "%Y-%m-%d %H:%M", Zone::load("America/Los_Angeles")) == "2026-07-04 08:06");
  CHECK(write_time_pattern(t, "%FT%T%z", Zone::load("+05:30")) == "2026-07-04T20:36:07+0530");
  CHECK(write_time_pattern(t, "%s %% %b %j %I %p", Zone{}) == "1783177567 % Jul 185 03 PM");
  for (int hour = 0; hour < 24; ++hour) {
    const auto moment = t + std::chrono::hours{hour};
    const auto text = write_time_pattern(moment, "%e %B %Y %I:%M:%S %p", Zone{});
    const auto back = read_time_pattern(text, "%e %B %Y %I:%M:%S %p");
    REQUIRE(back.has_value());
    CHECK(UnixTime{back->local.time_since_epoch()} == moment);
  }
}

TEST_CASE("sources::check_time_pattern names an unknown conversion") {
  CHECK(test::error_of([] { check_time_pattern("%Y-%Q"); }).find("'%Q'") != std::string::npos);
  CHECK(test::error_of([] { check_time_pattern("100%"); }).find("'%'") != std::string::npos);
  CHECK(test::error_of([] { check_time_pattern("%Y-%m-%dT%H:%M:%S%z"); }) == "");
}
