// alertmanager, docker-registry, statuspage, statuspage-manage.
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using namespace sitrep::test;

TEST_CASE("preset alertmanager: a top-level array; the same alert firing again is another incident") {
  const auto walked = walk("alertmanager", "alerts", {{R"([
    {"annotations":{"summary":"ledger-db is full"},"endsAt":"2026-11-16T16:04:00.256Z","fingerprint":"89eb1bd027af7d7b",
     "receivers":[{"name":"pager"}],"startsAt":"2026-11-16T15:00:00.256Z",
     "status":{"inhibitedBy":[],"silencedBy":["s1"],"state":"suppressed"},"updatedAt":"2026-11-16T15:59:25.259Z",
     "generatorURL":"http://prometheus/graph?g0.expr=x","labels":{"alertname":"Full","service":"ledger-db","team":"storage","severity":"critical"}},
    {"annotations":{},"fingerprint":"89eb1bd027af7d7b","startsAt":"2026-11-16T12:00:00Z",
     "status":{"state":"active","silencedBy":[],"inhibitedBy":[]},"labels":{"alertname":"Full","severity":"page"}},
    {"annotations":{},"fingerprint":"0011","startsAt":"2026-11-16T12:00:00Z","status":{"state":"unprocessed"},
     "labels":{"alertname":"Odd","severity":"purple"}}])"}});
  CAPTURE(walked.error);
  REQUIRE(walked.rows.size() == 3);
  CHECK(walked.at(0, "title") == "ledger-db is full");
  CHECK(walked.at(0, "service") == "ledger-db");
  CHECK(walked.at(0, "team") == "storage");
  CHECK(walked.at(0, "severity") == "SEV2");
  CHECK(walked.at(0, "status") == "acknowledged");
  CHECK(walked.at(0, "kind") == "incident");
  CHECK(walked.at(0, "started_at") == "1794841200");
  CHECK(walked.at(1, "status") == "open");
  CHECK(walked.at(0, "id") != walked.at(1, "id"));
  CHECK(walked.at(2, "severity").empty());
  CHECK(walked.odd == std::vector<std::string>{"severity: not a value of this column"});
  CHECK(walked.requests == std::vector<std::string>{"GET /api/v2/alerts"});
}

TEST_CASE("preset alertmanager: no alerts is an answer, and what is gone has ended") {
  const auto source = preset_source("alertmanager");
  CHECK(source.streams.at(0).write_disposition == config::Stream::Disposition::replace);
  CHECK(source.streams.at(0).allow_shrink);
  const auto walked = walk("alertmanager", "alerts", {{"[]"}});
  CHECK(walked.error.empty());
  CHECK(walked.rows.empty());
  const auto silences = walk("alertmanager", "silences", {{R"([{"id":"c27a23bc","status":{"state":"expired"},
    "comment":"launch window","createdBy":"dana","startsAt":"2026-11-16T10:00:00.775Z","endsAt":"2026-11-16T11:00:00.000Z",
    "matchers":[{"isEqual":true,"isRegex":false,"name":"alertname","value":"Full"}]}])"}});
  REQUIRE(silences.rows.size() == 1);
  CHECK(silences.at(0, "kind") == "maintenance");
  CHECK(silences.at(0, "status") == "resolved");
  CHECK(silences.at(0, "resolved_at") == "1794826800");
}

TEST_CASE("preset alertmanager: its four error shapes, and pages of no use") {
  check_errors("alertmanager", "alerts",
               {{"an object with a code",
                 {R"({"code":602,"message":"filter in query must be of type []"})", 422},
                 "filter in query must be"},
                {"a bare JSON string",
                 {"\"Failed to create silence: start time must be before end time\"", 400},
                 "Failed to create silence"},
                {"an empty body", {"", 404}, "404 Not Found"},
                {"an unsupported media type",
                 {R"({"code":415,"message":"unsupported media type"})", 415},
                 "unsupported media type"}});
  check_strange_pages("alertmanager", "alerts");
}

TEST_CASE("preset docker-registry: bare strings, pages by a relative Link, no Link at the end") {
  const auto walked = walk(
      "docker-registry", "repositories",
      {{R"({"repositories":["a/one","b/two"]})", 200, {{"Link", "</v2/_catalog?last=b%2Ftwo&n=100>; rel=\"next\""}}},
       {R"({"repositories":["c"]})"}});
  CHECK(walked.error.empty());
  CHECK(walked.requests == std::vector<std::string>{"GET /v2/_catalog?n=100", "GET /v2/_catalog?last=b/two&n=100"});
  REQUIRE(walked.rows.size() == 3);
  CHECK(walked.at(1, "id") == "b/two");
  CHECK(walked.at(2, "name") == "c");
}

TEST_CASE("preset docker-registry: an empty catalog, a record that is none, every error shape") {
  CHECK(walk("docker-registry", "repositories", {{R"({"repositories":[]})"}}).error.empty());
  CHECK(walk("docker-registry", "repositories", {{R"({"repositories":null})"}}).error.find("data_selector") !=
        std::string::npos);
  const auto odd = walk("docker-registry", "repositories", {{R"({"repositories":["a",null,{"x":1}]})"}});
  CHECK(odd.rows.size() == 1);
  CHECK(odd.rejects.size() == 2);
  check_errors(
      "docker-registry", "repositories",
      {{"unknown name",
        {R"({"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{}}]})", 404},
        "repository name not known"},
       {"unauthorized",
        {R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]})",
         401,
         {{"WWW-Authenticate", "Bearer realm=\"https://auth\""}}},
        "authentication required",
        ErrorKind::credentials},
       {"a page size that is refused",
        {R"({"errors":[{"code":"PAGINATION_NUMBER_INVALID","message":"invalid number of results requested"}]})", 400},
        "invalid number of results"},
       {"text", {"404 page not found\n", 404}, "404 page not found"}});
  check_strange_pages("docker-registry", "repositories");
}

TEST_CASE("preset statuspage: impact, states, updates and components; each time with the zone that it names") {
  const auto walked = walk("statuspage", "incidents", {{R"({"page":{"id":"p"},"components":[{"id":"c0"}],"incidents":[
    {"id":"i1","name":"API errors","status":"monitoring","impact":"major","started_at":"2026-11-16T08:00:00.123-06:00",
     "monitoring_at":"2026-11-16T15:00:00.000Z","resolved_at":null,"shortlink":"https://stspg.example/1",
     "components":[{"name":"API"},{"name":"Web"}],
     "incident_updates":[{"id":"u2","status":"monitoring","body":"better","display_at":"2026-11-16T15:00:00Z"},
                         {"id":"u1","status":"investigating","body":"bad","display_at":"2026-11-16T14:00:00Z"}]},
    {"id":"i2","name":"Upgrade","status":"completed","impact":"maintenance","started_at":"2026-11-15T08:00:00Z",
     "resolved_at":"2026-11-15T09:00:00Z","components":[],"incident_updates":[]}]})"}});
  REQUIRE(walked.rows.size() == 2);
  CHECK(walked.at(0, "severity") == "SEV2");
  CHECK(walked.at(0, "status") == "mitigated");
  CHECK(walked.at(0, "kind") == "incident");
  CHECK(walked.at(0, "service") == "API");
  CHECK(walked.at(0, "started_at") == "1794837600");
  CHECK(walked.at(0, "mitigated_at") == "1794841200");
  CHECK(walked.at(0, "resolved_at").empty());
  CHECK(walked.at(0, "url") == "https://stspg.example/1");
  CHECK(walked.at(0, "extra") == R"({"impact":"major","components":["API","Web"]})");
  CHECK(walked.at(1, "kind") == "maintenance");
  CHECK(walked.at(1, "severity").empty());
  REQUIRE(walked.children.at(0).size() == 2);
  CHECK(walked.children[0][0].at("incident_id") == "i1");
  CHECK(walked.odd.empty());
}

TEST_CASE("preset statuspage: maintenance, an empty page, a page of something else, errors") {
  const auto maintenance = walk("statuspage", "maintenance", {{R"({"scheduled_maintenances":[{"id":"m","name":"Move",
    "status":"scheduled","scheduled_for":"2026-11-20T01:00:00Z","scheduled_until":"2026-11-20T02:00:00Z"}]})"}});
  CHECK(maintenance.at(0, "kind") == "maintenance");
  CHECK(maintenance.at(0, "status") == "open");
  CHECK(walk("statuspage", "incidents", {{R"({"page":{},"incidents":[]})"}}).error.empty());
  const auto wrong = walk("statuspage", "incidents", {{R"({"page":{},"components":[{"id":"c"}]})"}});
  CHECK(wrong.error.find("the body has the keys page, components") != std::string::npos);
  check_errors("statuspage", "incidents", {{"no such page", {"{\"error\":\"Not found\"}", 404}, "Not found"}});
  check_strange_pages("statuspage", "incidents");
}

TEST_CASE("preset statuspage-manage: a top-level array, page numbers until one is empty") {
  const std::string one = R"([{"id":"i1","name":"API errors","status":"resolved","impact":"critical",
    "started_at":"2026-11-16T08:00:00Z","resolved_at":"2026-11-16T09:00:00Z","components":[{"name":"API"}],
    "incident_updates":[{"id":"u","status":"resolved","body":"done","display_at":"2026-11-16T09:00:00Z"}]}])";
  const std::string two =
      R"([{"id":"i0","name":"Old","status":"postmortem","impact":"none","started_at":"2026-11-01T08:00:00Z"}])";
  const auto walked = walk("statuspage-manage", "incidents", {{one}, {two}, {"[]"}});
  CHECK(walked.error.empty());
  REQUIRE(walked.requests.size() == 3);
  CHECK(walked.requests[1] == "GET /v1/pages/p4g3/incidents?limit=100&page=2");
  CHECK(walked.rows.size() == 2);  // a short page is not the end
  CHECK(walked.at(0, "severity") == "SEV1");
  CHECK(walked.at(1, "status") == "resolved");
  CHECK(walked.raw[0].headers.back().second == "OAuth secret-STATUSPAGE_TOKEN");
  const auto endless = walk("statuspage-manage", "incidents", {{one}, {one}, {one}, {one}});
  CHECK(endless.error.find("repeat") != std::string::npos);
  check_errors(
      "statuspage-manage", "incidents",
      {{"a bad key", {R"({"error":"Could not authenticate"})", 401}, "Could not authenticate", ErrorKind::credentials},
       {"too fast", {R"({"error":"Rate limit exceeded"})", 420, {{"Retry-After", "60"}}}, "420"},
       {"validation", {R"({"error":["Name can't be blank"]})", 422}, "Name can't be blank"}});
  check_strange_pages("statuspage-manage", "incidents");
}
