#include "base/zone.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace sitrep;

namespace {

std::chrono::local_seconds local(std::string_view text) { return parse_time(text)->local; }
UnixTime utc(std::string_view text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("Zone maps local readings around the changes of the clock") {
  const auto zone = Zone::load("America/Los_Angeles");
  CHECK(zone.to_utc(local("2026-11-16T08:00:00")) == utc("2026-11-16T16:00:00Z"));
  CHECK(zone.abbreviation(utc("2026-11-16T16:00:00Z")) == "PST");
  CHECK(zone.abbreviation(utc("2026-07-16T16:00:00Z")) == "PDT");

  SUBCASE("a reading in the gap of spring never was; it maps to the jump") {
    CHECK_FALSE(zone.exists(local("2026-03-08T02:30:00")));
    CHECK(zone.to_utc(local("2026-03-08T02:30:00")) == utc("2026-03-08T10:00:00Z"));
  }
  SUBCASE("a reading that autumn has twice is the first") {
    CHECK(zone.exists(local("2026-11-01T01:30:00")));
    CHECK(zone.to_utc(local("2026-11-01T01:30:00")) == utc("2026-11-01T08:30:00Z"));
  }
  SUBCASE("the day of the change starts at its own midnight") {
    CHECK(zone.start_of(*parse_date("2026-03-08")) == utc("2026-03-08T08:00:00Z"));
    CHECK(zone.start_of(*parse_date("2026-03-09")) == utc("2026-03-09T07:00:00Z"));
  }
}

TEST_CASE("Zone takes fixed offsets and refuses unknown names") {
  const auto zone = Zone::load("+02:00");
  CHECK(zone.to_utc(local("2026-11-16T08:00:00")) == utc("2026-11-16T06:00:00Z"));
  CHECK(zone.date_of(utc("2026-11-16T23:00:00Z")) == *parse_date("2026-11-17"));
  for (const char* wrong : {"Mars/Olympus", "", "+99:00", "../etc/passwd"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(Zone::load(wrong), Error);
  }
}
