#include "base/time.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace sitrep;

TEST_CASE("parse_rfc3339 reads what APIs write and refuses what names no moment") {
  struct Case {
    const char* text;
    std::optional<std::int64_t> expected;
  };
  const Case cases[] = {
      {"2015-10-06T21:30:42Z", 1444167042},
      {"2015-10-06 21:30:42Z", 1444167042},
      {"2014-05-14T14:22:39.441-06:00", 1400098959},
      {"2026-01-02T03:04:05.000+0000", 1767323045},
      {"2026-11-21T03:48:23.256172746Z", 1795232903},
      {"2011-05-06T17:00Z", 1304701200},
      {"2011-05-06T03:30-07", 1304677800},
      {"2016-12-31T23:59:60Z", 1483228800},  // a leap second is the next second
      {"0001-01-01T00:00:00Z", -62135596800},
      {"9999-12-31T23:59:59Z", 253402300799},
      {"2023-05-31T10:05:00", std::nullopt},  // no zone
      {"2026-11-21", std::nullopt},
      {"2026-02-29T00:00:00Z", std::nullopt},
      {"2026-01-01T24:00:00Z", std::nullopt},
      {"2026-01-01T12:34:60Z", std::nullopt},
      {"2026-01-01T12:60:00Z", std::nullopt},
      {"10000-01-01T00:00:00Z", std::nullopt},
      {"2026-1-1T00:00:00Z", std::nullopt},
      {"2026-01-01T00:00:00.Z", std::nullopt},
      {"2026-01-01T00:00:00+25:00", std::nullopt},
      {"2026-01-01T00:00:00Zjunk", std::nullopt},
      {"1444167042", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto t = parse_rfc3339(c.text);
    CHECK(t.has_value() == c.expected.has_value());
    if (t && c.expected) CHECK(unix_seconds(*t) == *c.expected);
  }
}

TEST_CASE("parse_time tells naive times and bare dates apart") {
  const auto naive = parse_time("2023-05-31T10:05:00");
  REQUIRE(naive);
  CHECK_FALSE(naive->offset.has_value());
  CHECK_FALSE(naive->date_only);
  const auto day = parse_time("2023-05-31");
  REQUIRE(day);
  CHECK(day->date_only);
}

TEST_CASE("format_utc and parse_rfc3339 are inverse over the centuries") {
  for (std::int64_t s = -62135596800; s < 253402300800; s += 3'155'760'123) {
    const auto text = format_utc(unix_time(s));
    CAPTURE(text);
    CHECK(parse_rfc3339(text) == unix_time(s));
  }
}

TEST_CASE("parse_http_date reads the three forms of RFC 9110 and incident.io's UTC") {
  // the example of RFC 9110, 5.6.7
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == unix_time(784111777));
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == unix_time(784111777));
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == unix_time(784111777));
  CHECK(parse_http_date("Thu, 17 Apr 2025 11:17:18 UTC") == unix_time(1744888638));
  for (const char* wrong : {"", "soon", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nom 1994 08:49:37 GMT",
                            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 PST"})
    CHECK_FALSE(parse_http_date(wrong).has_value());
}

TEST_CASE("parse_duration takes units and their sums, nothing else") {
  struct Case {
    const char* text;
    std::optional<std::int64_t> expected;
  };
  const Case cases[] = {{"90s", 90},     {"5m", 300}, {"2h", 7200}, {"7d", 604800}, {"2w", 1209600},
                        {"1h30m", 5400}, {"0s", 0},   {"", {}},     {"5", {}},      {"m", {}},
                        {"-5m", {}},     {"5 m", {}}, {"1.5h", {}}, {"5y", {}},     {"99999999999999999999s", {}},
                        {"999999w", {}}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto d = parse_duration(c.text);
    CHECK(d.has_value() == c.expected.has_value());
    if (d && c.expected) CHECK(d->count() == *c.expected);
  }
}

TEST_CASE("duration_of and time_of refuse numbers that are no span and no time") {
  CHECK(duration_of(1.5) == Seconds{2});
  CHECK(duration_of(-1.5) == Seconds{-2});
  CHECK_FALSE(duration_of(1e15));
  CHECK_FALSE(duration_of(-1e300));
  CHECK_FALSE(duration_of(std::nan("")));
  CHECK_FALSE(duration_of(HUGE_VAL));
  CHECK(time_of(-0.5) == unix_time(-1));
  CHECK(time_of(253'402'300'799.0) == unix_time(253'402'300'799));
  CHECK_FALSE(time_of(253'402'300'800.0));
  CHECK_FALSE(time_of(-62'135'596'801.0));
  CHECK_FALSE(time_of(std::nan("")));
}

TEST_CASE("format_duration says two units at most and rounds to what it shows") {
  CHECK(format_duration(Seconds{0}) == "0 s");
  CHECK(format_duration(Seconds::min()).starts_with("-106751991167300 d"));
  CHECK(format_duration(Seconds::max()).starts_with("106751991167300 d"));
  CHECK(format_duration(Seconds{59}) == "59 s");
  CHECK(format_duration(Seconds{2520}) == "42 min");
  CHECK(format_duration(Seconds{12000}) == "3 h 20 m");
  CHECK(format_duration(Seconds{7200}) == "2 h");
  CHECK(format_duration(Seconds{187200}) == "2 d 4 h");
  CHECK(format_duration(Seconds{-90}) == "-2 min");
}
