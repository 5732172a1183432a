// How each API says "too many requests", and what its preset makes of that.
#include "sources/answer.hpp"
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using test::preset_source;

namespace {

using Verdict = http::Advice::Verdict;
using Wait = std::optional<std::chrono::milliseconds>;

constexpr UnixTime k_now = unix_time(1'794'844'800);  // 2026-11-16T16:00:00Z

http::Advice advice_of(std::string_view preset, int status, std::string body, http::Headers headers = {}) {
  const auto source = preset_source(preset);
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return sources::advise(source, source.streams.front(), response, k_now);
}

Wait seconds(int count) { return std::chrono::seconds{count}; }

}  // namespace

TEST_CASE("each API's way to say 'too many requests' is known, and how long it asks to wait") {
  struct Case {
    std::string name, preset;
    int status;
    std::string body;
    http::Headers headers;
    Wait wait;
  };
  const Case cases[] = {
      {"GitHub: the hour is used up",
       "github",
       403,
       R"({"message":"API rate limit exceeded for user ID 1."})",
       {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1794845100"}},
       seconds(300)},
      {"GitHub: the secondary limit has no end of its own",
       "github",
       403,
       R"({"message":"You have exceeded a secondary rate limit"})",
       {{"x-ratelimit-remaining", "4000"}, {"x-ratelimit-reset", "1794845100"}},
       {}},
      {"PagerDuty",
       "pagerduty",
       429,
       R"({"error":{"message":"Rate Limit Exceeded","code":2020}})",
       {{"ratelimit-reset", "26"}},
       seconds(26)},
      {"PagerDuty without headers or body", "pagerduty", 429, "", {}, {}},
      {"Statuspage as it was", "statuspage-manage", 420, "", {}, {}},
      {"incident.io: a date in the body",
       "incident-io",
       429,
       R"({"type":"rate_limit","rate_limit":{"retry_after":"Mon, 16 Nov 2026 16:00:30 UTC"}})",
       {},
       seconds(30)},
      {"Zendesk in plain text",
       "zendesk",
       429,
       "Number of allowed API requests per minute exceeded",
       {{"ratelimit-reset", "41"}},
       seconds(41)},
      {"Jira: a moment without seconds", "jira", 429, "", {{"X-RateLimit-Reset", "2026-11-16T16:02Z"}}, seconds(120)},
      {"GitLab", "gitlab", 429, "Retry later", {{"RateLimit-Reset", "1794844860"}}, seconds(60)},
      {"ServiceNow", "servicenow", 429, "", {{"X-RateLimit-Reset", "1794844810"}}, seconds(10)},
      {"Opsgenie", "opsgenie", 429, "", {{"X-RateLimit-Period-In-Sec", "60"}}, seconds(60)},
      {"Kubernetes", "kubernetes", 429, R"({"kind":"Status"})", {}, {}},
      {"AWS", "aws-service-quotas", 400, R"({"__type":"TooManyRequestsException"})", {}, {}},
      {"FireHydrant", "firehydrant", 429, R"({"error":"rate limit exceeded"})", {}, {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto advice = advice_of(c.preset, c.status, c.body, c.headers);
    CHECK(advice.verdict == Verdict::rate_limited);
    CHECK(advice.wait == c.wait);
  }
}

TEST_CASE("what is no limit is not taken for one") {
  CHECK(advice_of("github", 403, R"({"message":"Resource not accessible by personal access token"})",
                  {{"x-ratelimit-remaining", "4999"}})
            .verdict == Verdict::by_status);
  CHECK(advice_of("aws-service-quotas", 400, R"({"__type":"AccessDeniedException"})").verdict == Verdict::by_status);
  CHECK(advice_of("pagerduty", 400, "{}").verdict == Verdict::by_status);
}

TEST_CASE("the last request of a quota is answered, and the next one waits for the reset") {
  const auto last =
      advice_of("github", 200, "[]", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1794844830"}});
  CHECK(last.verdict == Verdict::by_status);
  CHECK(last.wait == seconds(30));
  CHECK_FALSE(advice_of("github", 200, "[]", {{"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", "1794844830"}})
                  .wait.has_value());
}
