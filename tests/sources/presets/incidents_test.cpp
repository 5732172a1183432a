// pagerduty, incident-io.
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using namespace sitrep::test;

namespace {

std::string pager_page(const std::string& incidents, const std::string& more) {
  return "{\"incidents\":[" + incidents + "],\"limit\":100,\"offset\":0," + more + "\"total\":null}";
}

constexpr auto k_pager_incident = R"({"id":"PT4KHLK","type":"incident","summary":"[#1234] Fire","incident_number":1234,
  "title":"The server is on fire","created_at":"2026-11-10T21:30:42Z","updated_at":"2026-11-10T21:40:23Z","status":"resolved",
  "html_url":"https://acme.pagerduty.com/incidents/PT4KHLK","service":{"id":"P1","type":"service_reference","summary":"Mail"},
  "resolved_at":"2026-11-10T21:38:23Z","teams":[{"id":"T","summary":"Engineering"}],"acknowledgements":[],
  "priority":{"id":"X","summary":"P2"},"urgency":"high"})";
constexpr auto k_pager_bare = R"({"id":"PB","title":"Quiet","created_at":"2026-11-11T00:00:00Z","status":"acknowledged",
  "service":null,"teams":[],"priority":null,"acknowledgements":[{"at":"2026-11-11T00:05:00Z","acknowledger":{"id":"U"}}]})";

}  // namespace

TEST_CASE("preset pagerduty: incidents in spans of 90 days, pages by the rows received, the end is `more`") {
  auto source = preset_source("pagerduty");
  source.streams[0].incremental->initial_value = "-100d";
  const auto walked = walk(source, "incidents",
                           {{pager_page(k_pager_incident, "\"more\":true,")},
                            {pager_page(k_pager_bare, "\"more\":false,")},
                            {pager_page("", "\"more\":false,")}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  REQUIRE(walked.requests.size() == 3);
  CHECK(walked.requests[0].find("since=2026-08-08T16:00:00Z&until=2026-11-06T16:00:00Z") != std::string::npos);
  CHECK(walked.requests[0].find("limit=100&offset=0") != std::string::npos);
  CHECK(walked.requests[1].find("offset=1") != std::string::npos);
  CHECK(walked.requests[2].find("until=2026-11-16T16:00:00Z") != std::string::npos);
  CHECK(walked.at(0, "title") == "The server is on fire");
  CHECK(walked.at(0, "service") == "Mail");
  CHECK(walked.at(0, "team") == "Engineering");
  CHECK(walked.at(0, "severity") == "SEV2");
  CHECK(walked.at(0, "status") == "resolved");
  CHECK(walked.at(0, "resolved_at") == "1794346703");
  CHECK(walked.at(1, "severity").empty());
  CHECK(walked.at(1, "status") == "acknowledged");
  CHECK(walked.at(1, "acknowledged_at") == "1794355500");
  CHECK(walked.odd.empty());
  const auto& headers = walked.raw[0].headers;
  CHECK(http::find_header(headers, "Authorization") == "Token token=secret-PAGERDUTY_TOKEN");
  CHECK(http::find_header(headers, "Accept") == "application/vnd.pagerduty+json;version=2");
}

TEST_CASE("preset pagerduty: a sync after the first looks 30 days back; more rows than the API serves is an error") {
  const auto source = preset_source("pagerduty");
  const sources::Bookmark bookmark{unix_time(1'794'800'000), unix_time(1'794'800'000)};
  const auto walked = walk(source, "incidents", {{pager_page("", "\"more\":false,")}}, bookmark);
  REQUIRE(walked.requests.size() == 1);
  CHECK(walked.requests[0].find("since=2026-10-17T03:33:20Z") != std::string::npos);
  std::string many;
  for (int i = 0; i < 9950; ++i) {
    many += (i ? "," : "") + ("{\"id\":\"P" + std::to_string(i)) + "\",\"created_at\":\"2026-11-10T00:00:00Z\"}";
  }
  const auto deep = walk(source, "incidents", {{pager_page(many, "\"more\":true,")}}, bookmark);
  CHECK(deep.error.find("10,000") != std::string::npos);
}

TEST_CASE("preset pagerduty: the log of incidents, also from an answer without `more`") {
  const auto source = preset_source("pagerduty");
  const sources::Bookmark bookmark{unix_time(1'794'840'000), unix_time(1'794'840'000)};
  const auto entry = R"({"log_entries":[{"id":"Q02","type":"trigger_log_entry","summary":"Triggered through the API",
    "created_at":"2026-11-16T15:00:00Z","agent":{"id":"A","summary":"Monitoring"},"incident":{"id":"PT4KHLK"},
    "html_url":"https://acme.pagerduty.com/log/Q02"}]})";
  const auto walked = walk(source, "log", {{entry}, {R"({"log_entries":[]})"}}, bookmark);
  CHECK(walked.error.empty());
  REQUIRE(walked.rows.size() == 1);
  CHECK(walked.at(0, "incident_id") == "PT4KHLK");
  CHECK(walked.at(0, "status") == "open");
  CHECK(walked.at(0, "author") == "Monitoring");
}

TEST_CASE("preset pagerduty: services, and every error shape of the API") {
  const auto services = walk("pagerduty", "services", {{R"({"services":[{"id":"S","name":"Mail","teams":null,
    "html_url":"https://acme.pagerduty.com/s"}],"limit":100,"offset":0,"more":false,"total":null})"}});
  CHECK(services.at(0, "name") == "Mail");
  check_errors(
      "pagerduty", "services",
      {{"errors in a list",
        {R"({"error":{"message":"Invalid Input Provided","code":2001,"errors":["Since is invalid.","Until is invalid."]}})",
         400},
        "Since is invalid.; Until is invalid."},
       {"a message alone", {R"({"error":{"message":"Not Found","code":2100}})", 404}, "404 Not Found: Not Found"},
       {"a bad token",
        {R"({"error":{"message":"Invalid token","code":2006}})", 401},
        "Invalid token",
        ErrorKind::credentials},
       {"a plan that lacks it",
        {R"({"error":{"code":2012,"errors":["Account does not have the abilities: teams."],"message":"Account"}})",
         402},
        "does not have the abilities"},
       {"too fast", {R"({"error":{"message":"Rate Limit Exceeded","code":2020}})", 429}, "Rate Limit Exceeded"},
       {"too fast, without a word", {"", 429}, "429 Too Many Requests"}});
  check_strange_pages("pagerduty", "services");
}

TEST_CASE("preset incident-io: times by name, states by category, pages by the cursor until it is absent") {
  const auto incident =
      R"({"id":"01FDAG4SAP5TYPT98WGR2N7W91","reference":"INC-7","name":"Database down","mode":"standard",
    "permalink":"https://app.incident.io/incidents/7","created_at":"2026-11-10T13:28:57.801578Z","updated_at":"2026-11-12T08:00:00Z",
    "incident_status":{"id":"s","category":"learning","name":"Post-mortem"},"severity":{"id":"x","name":"Major","rank":2},
    "incident_timestamp_values":[
      {"incident_timestamp":{"id":"a","name":"Reported at","rank":1},"value":{"value":"2026-11-10T13:28:57.801578Z"}},
      {"incident_timestamp":{"id":"b","name":"Accepted at","rank":2},"value":{"value":"2026-11-10T13:30:00Z"}},
      {"incident_timestamp":{"id":"c","name":"Fixed at","rank":3},"value":null},
      {"incident_timestamp":{"id":"d","name":"Resolved at","rank":4},"value":{"value":"2026-11-10T15:00:00Z"}}],
    "custom_field_entries":[],"postmortem_document_url":"https://docs.example/7"})";
  const auto odd = R"({"id":"01B","name":"Merged one","updated_at":"2026-11-11T08:00:00Z","severity":null,
    "incident_status":{"category":"merged","name":"Merged"}})";
  const auto walked = walk(
      "incident-io", "incidents",
      {{R"({"incidents":[)" + std::string(incident) +
        R"(],"pagination_meta":{"after":"01FDAG4SAP5TYPT98WGR2N7W91","page_size":250,"total_record_count":2}})"},
       {R"({"incidents":[)" + std::string(odd) + R"(],"pagination_meta":{"page_size":250,"total_record_count":2}})"}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  REQUIRE(walked.requests.size() == 2);
  CHECK(walked.requests[1].find("after=01FDAG4SAP5TYPT98WGR2N7W91") != std::string::npos);
  CHECK(walked.total == 2);
  CHECK(walked.at(0, "severity") == "SEV2");
  CHECK(walked.at(0, "status") == "resolved");
  CHECK(walked.at(0, "kind") == "incident");
  CHECK(walked.at(0, "detected_at") == "1794317337");
  CHECK(walked.at(0, "acknowledged_at") == "1794317400");
  CHECK(walked.at(0, "mitigated_at").empty());
  CHECK(walked.at(0, "resolved_at") == "1794322800");
  CHECK(walked.at(0, "postmortem_url") == "https://docs.example/7");
  CHECK(walked.at(1, "kind") == "duplicate");
  CHECK(walked.at(1, "severity").empty());
  CHECK(walked.odd.empty());
}

TEST_CASE("preset incident-io: the next sync asks by day, one day back; an empty list is the end") {
  const sources::Bookmark bookmark{unix_time(1'794'800'000), unix_time(1'794'800'000)};
  const auto walked = walk(preset_source("incident-io"), "incidents",
                           {{R"({"incidents":[],"pagination_meta":{"page_size":250}})"}}, bookmark);
  CHECK(walked.error.empty());
  CHECK(walked.requests.at(0).find("updated_at[gte]=2026-11-15") != std::string::npos);
}

TEST_CASE("preset incident-io: follow-ups, updates, and every error shape of the API") {
  const auto follow_ups = walk("incident-io", "follow_ups", {{R"({"follow_ups":[
    {"id":"F1","incident_id":"01F","title":"Add an alert","status":"not_doing","assignee":{"name":"Dana"},
     "priority":{"name":"High"},"created_at":"2026-11-10T15:00:00Z","completed_at":null}]})"}});
  CHECK(follow_ups.at(0, "status") == "dropped");
  CHECK(follow_ups.at(0, "owner") == "Dana");
  const auto updates = walk("incident-io", "updates", {{R"({"incident_updates":[{"id":"U","incident_id":"01F",
    "created_at":"2026-11-10T14:00:00Z","message":"Failing over","new_incident_status":{"name":"Fixing"},
    "updater":{"user":{"name":"Ravi"}}}],"pagination_meta":{"page_size":250}})"}});
  CHECK(updates.at(0, "body") == "Failing over");
  CHECK(updates.at(0, "author") == "Ravi");
  check_errors(
      "incident-io", "incidents",
      {{"validation",
        {R"({"type":"validation_error","status":422,"request_id":"r","errors":[{"code":"invalid","message":"page_size is too large","source":{"field":"page_size"}}]})",
         422},
        "page_size is too large"},
       {"a bad key",
        {R"({"type":"authentication_error","status":401,"request_id":"r","errors":[{"code":"unauthorized","message":"Invalid API key"}]})",
         401},
        "Invalid API key",
        ErrorKind::credentials},
       {"too fast, the wait in the body",
        {R"({"type":"too_many_requests","status":429,"errors":[{"code":"too_many_requests","message":"Too many requests hit the API too quickly"}],"rate_limit":{"name":"api_key","limit":1200,"retry_after":"Mon, 16 Nov 2026 16:01:00 UTC"}})",
         429},
        "Too many requests"},
       {"not found", {R"({"type":"not_found","status":404,"errors":[]})", 404}, "404 Not Found"}});
  check_strange_pages("incident-io", "incidents");
}
