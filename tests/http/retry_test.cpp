#include "http/retry.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("http::retry_delay doubles, stops at the cap and honours Retry-After") {
  struct Case {
    std::string name;
    int attempt;
    std::optional<milliseconds> retry_after;
    milliseconds expected;
  };
  const Case cases[] = {
      {"first attempt waits the base", 1, {}, 100ms},
      {"second doubles", 2, {}, 200ms},
      {"fifth", 5, {}, 1600ms},
      {"the cap holds", 7, {}, 5000ms},
      {"a large attempt does not overflow", 100000, {}, 5000ms},
      {"Retry-After wins when longer, even past the cap", 1, 9000ms, 9000ms},
      {"Retry-After never shortens", 5, 1000ms, 1600ms},
      {"Retry-After of zero", 1, 0ms, 100ms},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(http::retry_delay(c.attempt, 100ms, 5000ms, c.retry_after) == c.expected);
  }
}

TEST_CASE("http::parse_retry_after reads seconds and dates and nothing else") {
  const auto now = *parse_rfc3339("2026-11-16T08:00:00Z");
  struct Case {
    std::string name;
    std::string value;
    std::optional<UnixTime> server_now;
    std::optional<milliseconds> expected;
  };
  const Case cases[] = {
      {"seconds", "2", {}, 2000ms},
      {"blanks around", " 120 ", {}, 120'000ms},
      {"zero", "0", {}, 0ms},
      {"date", "Mon, 16 Nov 2026 08:00:30 GMT", {}, 30'000ms},
      {"date in UTC, as incident.io writes it", "Mon, 16 Nov 2026 08:00:30 UTC", {}, 30'000ms},
      {"date by a server whose clock is a year ahead", "Tue, 16 Nov 2027 08:00:30 GMT",
       parse_rfc3339("2027-11-16T08:00:00Z"), 30'000ms},
      {"past date", "Mon, 16 Nov 2026 07:59:59 GMT", {}, std::nullopt},
      {"word", "soon", {}, std::nullopt},
      {"negative", "-5", {}, std::nullopt},
      {"exponent", "1e9", {}, std::nullopt},
      {"fraction", "1.5", {}, std::nullopt},
      {"empty", "", {}, std::nullopt},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(http::parse_retry_after(c.value, c.server_now, now) == c.expected);
  }
}

TEST_CASE("http::parse_retry_after keeps an absurd number long and safe to add to a clock") {
  const auto now = *parse_rfc3339("2026-11-16T08:00:00Z");
  for (const std::string value : {"85146854400", "9223372036854775807", "99999999999999999999999999"}) {
    CAPTURE(value);
    const auto wait = http::parse_retry_after(value, {}, now);
    REQUIRE(wait);
    CHECK(*wait > std::chrono::years{2000});
    CHECK(now + std::chrono::ceil<Seconds>(*wait) > now);
  }
}
