// github, jira, zendesk, stripe-style.
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using namespace sitrep::test;

TEST_CASE("preset github: issues by the Link to another path, pull requests left out") {
  const auto issue = R"([{"id":1,"number":7,"title":"Leak","state":"closed","state_reason":"completed",
    "html_url":"https://github.com/o/r/issues/7","assignee":{"login":"dana"},"labels":[{"name":"postmortem"},{"name":"p1"}],
    "milestone":{"title":"v2","due_on":"2026-12-01T08:00:00Z"},"created_at":"2026-11-01T00:00:00Z",
    "updated_at":"2026-11-10T00:00:00Z","closed_at":"2026-11-10T00:00:00Z"}])";
  const auto pull = R"([{"id":2,"number":8,"title":"Fix","state":"open","assignee":null,"labels":[],"milestone":null,
    "created_at":"2026-11-02T00:00:00Z","updated_at":"2026-11-11T00:00:00Z","closed_at":null,
    "pull_request":{"html_url":"https://github.com/o/r/pull/8"}}])";
  const auto walked = walk(
      "github", "issues",
      {{issue,
        200,
        {{"Link",
          "<https://api.github.com/repositories/5/issues?per_page=100&page=1>; rel=\"prev\", "
          "<https://api.github.com/repositories/5/issues?per_page=100&page=2>; rel=\"next\", "
          "<https://api.github.com/repositories/5/issues?per_page=100&page=2>; rel=\"last\""}}},
       {pull, 200, {{"Link", "<https://api.github.com/repositories/5/issues?per_page=100&page=1>; rel=\"first\""}}}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  CHECK(walked.requests ==
        std::vector<std::string>{"GET /repos/OWNER/REPOSITORY/issues?state=all&sort=updated&direction=asc&per_page=100",
                                 "GET /repositories/5/issues?per_page=100&page=2"});
  CHECK(walked.at(0, "status") == "done");
  CHECK(walked.at(0, "owner") == "dana");
  CHECK(walked.at(0, "due_date") == "2026-12-01");
  CHECK(walked.at(0, "completed_at") == "1794268800");
  CHECK(walked.rows.size() == 1);
  CHECK(walked.skipped == 1);
  CHECK(walked.rejects.empty());
  CHECK(http::find_header(walked.raw[1].headers, "Authorization") == "Bearer secret-GITHUB_TOKEN");
}

TEST_CASE("preset github: a link to another host is not followed, an empty repository is none") {
  const auto walked =
      walk("github", "milestones", {{"[]", 200, {{"Link", "<https://evil.example/issues?page=2>; rel=\"next\""}}}});
  CHECK(walked.error.find("within one origin only") != std::string::npos);
  CHECK(walk("github", "issues", {{"[]"}}).error.empty());
  const auto milestones = walk("github", "milestones", {{R"([{"id":1,"number":1,"title":"GA","state":"open",
    "due_on":"2026-12-24T08:00:00Z","closed_at":null,"open_issues":3,"closed_issues":9,"creator":{"login":"dana"}}])"}});
  CHECK(milestones.at(0, "due_date") == "2026-12-24");
  CHECK(milestones.at(0, "status") == "open");
  CHECK(milestones.at(0, "stage") == "GA");
}

TEST_CASE("preset github: every error shape of the API") {
  check_errors(
      "github", "issues",
      {{"not found, or not allowed",
        {R"({"message":"Not Found","documentation_url":"https://docs"})", 404},
        "404 Not Found: Not Found"},
       {"a bad token", {R"({"message":"Bad credentials"})", 401}, "Bad credentials", ErrorKind::credentials},
       {"validation",
        {R"({"message":"Validation Failed","errors":[{"resource":"Issue","code":"invalid","field":"since"}]})", 422},
        "Validation Failed"},
       {"issues are off", {R"({"message":"Issues are disabled for this repo"})", 410}, "Issues are disabled"},
       {"too fast", {R"({"message":"API rate limit exceeded for user ID 1."})", 429}, "API rate limit exceeded"},
       {"server error", {R"({"message":"Server Error"})", 500}, "500 Internal Server Error: Server Error"}});
  check_strange_pages("github", "issues");
}

TEST_CASE("preset jira: pages by token until isLast, states by category, an offset without a colon") {
  const auto page = [](const std::string& issues, const std::string& end) {
    return "{\"issues\":[" + issues + "]," + end + "}";
  };
  const auto issue = R"({"id":"10002","key":"PAY-7","fields":{"summary":"Rotate keys","status":{"name":"In Review",
    "statusCategory":{"key":"indeterminate"}},"assignee":{"displayName":"Dana"},"priority":{"name":"High"},
    "created":"2026-11-02T03:04:05.000+0100","updated":"2026-11-10T03:04:05.000+0100","duedate":"2026-12-01",
    "resolutiondate":null,"labels":["postmortem"],"fixVersions":[{"name":"v2"}],"issuetype":{"name":"Task"},
    "description":{"type":"doc","version":1,"content":[]}}})";
  const auto bare =
      R"({"id":"10003","key":"PAY-8","fields":{"summary":"Done","status":{"name":"Done","statusCategory":{"key":"done"}},
    "assignee":null,"resolutiondate":"2026-11-11T00:00:00.000+0000","updated":"2026-11-11T00:00:00.000+0000"}})";
  const auto walked = walk("jira", "issues",
                           {{page(issue, "\"isLast\":false,\"nextPageToken\":\"tok/1==\"")},
                            {page(bare, "\"isLast\":true,\"nextPageToken\":null")}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  REQUIRE(walked.requests.size() == 2);
  CHECK(walked.requests[0].find("jql=project = PAY ORDER BY updated ASC") != std::string::npos);
  CHECK(walked.requests[1].find("nextPageToken=tok/1==") != std::string::npos);
  CHECK(walked.raw[1].url.find("nextPageToken=tok%2F1%3D%3D") != std::string::npos);
  CHECK(walked.at(0, "status") == "open");
  CHECK(walked.at(0, "created_at") == "1793585045");
  CHECK(walked.at(0, "due_date") == "2026-12-01");
  CHECK(walked.at(1, "status") == "done");
  CHECK(walked.at(1, "completed_at") == "1794355200");
  CHECK(walked.odd.empty());
  CHECK(http::find_header(walked.raw[0].headers, "Authorization") ==
        http::basic_authorization("secret-JIRA_EMAIL", "secret-JIRA_TOKEN"));
}

TEST_CASE("preset jira: the next sync asks a day back; a server that ignores the token is found out") {
  const sources::Bookmark bookmark{unix_time(1'794'800'000), unix_time(1'794'800'000)};
  const auto source = preset_source("jira");
  const auto later = walk(source, "issues", {{R"({"issues":[],"isLast":true})"}}, bookmark);
  CHECK(later.requests.at(0).find("jql=project = PAY AND updated >= \"2026-11-15 03:33\" ORDER BY updated ASC") !=
        std::string::npos);
  const Served same{R"({"issues":[{"id":"1","fields":{}},{"id":"2","fields":{}}],"isLast":false,"nextPageToken":"a"})"};
  CHECK(walk(source, "issues", {same, same, same}).error.find("see paginator.cursor_param") != std::string::npos);
  const auto lost = walk(source, "issues", {{R"({"issues":[{"id":"1","fields":{}}],"isLast":false})"}});
  CHECK(lost.error.find("has no cursor at 'nextPageToken'") != std::string::npos);
}

TEST_CASE("preset jira: versions as milestones, and every error shape of the API") {
  const auto walked = walk(
      "jira", "versions",
      {{R"({"self":"https://x","nextPage":"https://YOUR-SITE.atlassian.net/rest/api/3/project/PAY/version?startAt=1",
       "startAt":0,"maxResults":1,"total":2,"isLast":false,"values":[{"id":"1","name":"v1","released":true,
       "releaseDate":"2026-11-01","overdue":false}]})"},
       {R"({"startAt":1,"maxResults":1,"total":2,"isLast":true,"values":[{"id":"2","name":"v2","released":false}]})"}});
  CAPTURE(walked.error);
  REQUIRE(walked.rows.size() == 2);
  CHECK(walked.at(0, "status") == "done");
  CHECK(walked.at(0, "due_date") == "2026-11-01");
  CHECK(walked.at(1, "status") == "open");
  check_errors("jira", "issues",
               {{"a list of messages",
                 {R"({"errorMessages":["The value 'PAY' does not exist for the field 'project'."],"errors":{}})", 400},
                 "The value 'PAY' does not exist"},
                {"errors of fields", {R"({"errorMessages":[],"errors":{"jql":"is too long"}})", 400}, "is too long"},
                {"unbounded JQL",
                 {R"({"errorMessages":["Unbounded JQL queries are not allowed here."]})", 400},
                 "Unbounded JQL"},
                {"a bad token",
                 {"Basic authentication with passwords is deprecated.", 401},
                 "Basic authentication",
                 ErrorKind::credentials},
                {"forbidden",
                 {R"({"message":"Client must be authenticated to access this resource.","status-code":403})", 403},
                 "Client must be authenticated",
                 ErrorKind::credentials},
                {"too fast", {"", 429, {{"X-RateLimit-Reset", "2026-11-16T16:01Z"}}}, "429 Too Many Requests"}});
  check_strange_pages("jira", "issues");
}

TEST_CASE("preset zendesk: pages by cursor until has_more is false, although a cursor still stands there") {
  const auto walked =
      walk("zendesk", "tickets",
           {{R"({"tickets":[{"id":35436,"subject":"Help","status":"solved","priority":null,"via":{"channel":"email"},
      "created_at":"2026-11-10T22:55:29Z","updated_at":"2026-11-11T00:00:00Z","tags":["a"],"group_id":98738,
      "satisfaction_rating":{"score":"good","comment":"fast","reason":"quick"},"url":"https://acme.zendesk.com/api/v2/tickets/35436.json"}],
      "meta":{"has_more":true,"after_cursor":"eyJv","before_cursor":"eyJa"},"links":{"next":"https://acme.zendesk.com/x","prev":null}})"},
            {R"({"tickets":[{"id":35437,"subject":"Slow","status":"open","created_at":"2026-11-12T00:00:00Z",
      "satisfaction_rating":{"score":"unoffered"}}],"meta":{"has_more":false,"after_cursor":"eyJz","before_cursor":"x"},"links":{"next":null}})"}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  CHECK(walked.requests == std::vector<std::string>{"GET /api/v2/tickets.json?page[size]=100",
                                                    "GET /api/v2/tickets.json?page[size]=100&page[after]=eyJv"});
  CHECK(walked.at(0, "id") == "35436");
  CHECK(walked.at(0, "csat_score") == "5");
  CHECK(walked.at(0, "channel") == "email");
  CHECK(walked.at(0, "created_at") == "1794351329");
  CHECK(walked.at(1, "csat_score").empty());
  CHECK(walked.odd.empty());
}

TEST_CASE("preset zendesk: no ticket, and every error shape of the API") {
  CHECK(
      walk("zendesk", "tickets", {{R"({"tickets":[],"meta":{"has_more":false,"after_cursor":null}})"}}).error.empty());
  check_errors(
      "zendesk", "tickets",
      {{"a word and a description",
        {R"({"error":"InvalidPaginationParameter","description":"page[size] must be at most 100"})", 400},
        "page[size] must be at most 100"},
       {"an object",
        {R"({"error":{"title":"Forbidden","message":"You do not have access to this page."}})", 403},
        "You do not have access",
        ErrorKind::credentials},
       {"a bad token",
        {R"({"error":"Couldn't authenticate you"})", 401},
        "Couldn't authenticate you",
        ErrorKind::credentials},
       {"too fast, as text",
        {"Number of allowed API requests per minute exceeded", 429, {{"Retry-After", "26"}}},
        "Number of allowed API requests"},
       {"validation",
        {R"({"error":"RecordInvalid","description":"Record validation errors","details":{"base":[{"description":"x"}]}})",
         422},
        "Record validation errors"}});
  check_strange_pages("zendesk", "tickets");
}

TEST_CASE("preset stripe-style: pages after the last record until has_more is false") {
  const auto walked = walk(
      "stripe-style", "reviews",
      {{R"({"object":"list","url":"/v1/reviews","has_more":true,"data":[
      {"id":"lr_2","name":"Wallets","service":"checkout","status":"in review","phase":"ga","tier":1,
       "target_date":"2026-12-10","submitted_at":1794268800}]})"},
       {R"({"object":"list","has_more":false,"data":[{"id":"lr_1","name":"Cards","status":"launched","tier":"2"}]})"}});
  CAPTURE(walked.error);
  REQUIRE(walked.error.empty());
  CHECK(walked.requests ==
        std::vector<std::string>{"GET /v1/reviews?limit=100", "GET /v1/reviews?limit=100&starting_after=lr_2"});
  CHECK(walked.at(0, "status") == "in review");
  CHECK(walked.at(0, "submitted_at") == "1794268800");
  CHECK(walked.at(1, "tier") == "2");
  const auto source = preset_source("stripe-style");
  CHECK(source.actions.at("file").idempotency == config::Action::Idempotency::header);
}

TEST_CASE("preset stripe-style: an empty list, an empty page that says there is more, every error shape") {
  CHECK(walk("stripe-style", "reviews", {{R"({"object":"list","has_more":false,"data":[]})"}}).error.empty());
  CHECK(walk("stripe-style", "reviews", {{R"({"has_more":true,"data":[]})"}}).error.find("says that there are more") !=
        std::string::npos);
  check_errors(
      "stripe-style", "reviews",
      {{"invalid request",
        {R"({"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such review: 'lr_9'","param":"starting_after"}})",
         400},
        "No such review: 'lr_9'"},
       {"a bad key",
        {R"({"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_***"}})", 401},
        "Invalid API Key",
        ErrorKind::credentials},
       {"no permission",
        {R"({"error":{"message":"The provided key does not have access"}})", 403},
        "does not have access",
        ErrorKind::credentials},
       {"too fast", {R"({"error":{"type":"rate_limit","message":"Too many requests"}})", 429}, "Too many requests"},
       {"an error of theirs",
        {R"({"error":{"type":"api_error","message":"Something went wrong"}})", 500},
        "Something went wrong"}});
  check_strange_pages("stripe-style", "reviews");
}
