// The presets that say experimental = true: each on bodies of the documented shape, with the end of its pages.
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using namespace sitrep::test;

TEST_CASE("preset firehydrant: the next page's number in the body, null at the end, pagination itself null") {
  const auto walked = walk(
      "firehydrant", "incidents",
      {{R"({"data":[{"id":"i1","name":"Down","severity":"SEV2","current_milestone":"mitigated","services":[{"name":"API"}],
      "milestones":[{"type":"detected","occurred_at":"2026-11-10T10:00:00Z"},{"type":"mitigated","occurred_at":"2026-11-10T11:00:00Z"}],
      "started_at":"2026-11-10T09:55:00Z","number":7}],"pagination":{"count":2,"page":1,"items":1,"pages":2,"last":2,"prev":null,"next":2}})"},
       {R"({"data":[{"id":"i2","name":"Slow"}],"pagination":null})"}});
  CHECK(walked.error.empty());
  CHECK(walked.requests.at(1) == "GET /v1/incidents?per_page=100&page=2");
  CHECK(walked.at(0, "status") == "mitigated");
  CHECK(walked.at(0, "mitigated_at") == "1794308400");
  check_errors("firehydrant", "services",
               {{"too fast", {R"({"error":"rate limit exceeded"})", 429}, "rate limit exceeded"}});
}

TEST_CASE("preset opsgenie: paging.next until it is absent") {
  const auto walked = walk(
      "opsgenie", "incidents",
      {{R"({"data":[{"id":"o1","message":"Queue stuck","status":"closed","priority":"P1","createdAt":"2026-11-10T10:00:00Z",
      "impactStartDate":"2026-11-10T09:00:00Z","impactEndDate":"2026-11-10T12:00:00Z","impactedServices":["svc"],"links":{"web":"https://x/o1"}}],
      "paging":{"next":"https://api.opsgenie.com/v1/incidents?limit=100&offset=100"},"took":0.1,"requestId":"r"})"},
       {R"({"data":[],"paging":{"first":"https://api.opsgenie.com/v1/incidents"},"took":0.1})"}});
  CHECK(walked.error.empty());
  CHECK(walked.at(0, "severity") == "SEV1");
  CHECK(walked.at(0, "status") == "resolved");
  CHECK(http::find_header(walked.raw[1].headers, "Authorization") == "GenieKey secret-OPSGENIE_TOKEN");
  check_errors("opsgenie", "services",
               {{"bad key",
                 {R"({"message":"Could not authenticate","took":0.0,"requestId":"r"})", 403},
                 "Could not authenticate",
                 ErrorKind::credentials}});
}

TEST_CASE("preset grafana-oncall: an absolute next, a token without a word, the slash at the end") {
  const auto walked = walk(
      "grafana-oncall", "alert_groups",
      {{R"({"count":2,"next":"https://oncall-prod-us-central-0.grafana.net/oncall/api/v1/alert_groups/?page=2","previous":null,
      "results":[{"id":"I1","title":"CPU","state":"silenced","created_at":"2026-11-10T10:00:00Z","permalinks":{"web":"https://g/1"}}]})"},
       {R"({"count":2,"next":null,"results":[{"id":"I2","title":"Disk","state":"resolved","resolved_at":"2026-11-10T11:00:00Z"}]})"}});
  CHECK(walked.error.empty());
  CHECK(walked.requests.at(0) == "GET /oncall/api/v1/alert_groups/");
  CHECK(http::find_header(walked.raw[0].headers, "Authorization") == "secret-GRAFANA_ONCALL_TOKEN");
  CHECK(walked.at(0, "status") == "acknowledged");
  CHECK(walked.rows.size() == 2);
}

TEST_CASE("preset gitlab: keyed by id, not by number; the Link leads on; errors as text, list and map") {
  const auto walked =
      walk("gitlab", "issues",
           {{R"([{"id":76,"iid":6,"title":"Leak","state":"opened","assignees":[{"name":"Dana"}],"due_date":"2026-12-01",
      "created_at":"2026-11-01T00:00:00.000+02:00","updated_at":"2026-11-02T00:00:00Z","labels":["bug"]}])",
             200,
             {{"Link", "<https://gitlab.com/api/v4/projects/278964/issues?page=2&per_page=100>; rel=\"next\""},
              {"x-total", "2"}}},
            {R"([{"id":77,"iid":7,"title":"Fix","state":"closed","updated_at":"2026-11-03T00:00:00Z"}])"}});
  CHECK(walked.error.empty());
  CHECK(walked.at(0, "id") == "76");
  CHECK(walked.at(0, "status") == "open");
  CHECK(walked.at(1, "status") == "done");
  CHECK(walked.total == 2);
  check_errors("gitlab", "milestones",
               {{"text", {R"({"message":"401 Unauthorized"})", 401}, "401 Unauthorized", ErrorKind::credentials},
                {"a map of lists", {R"({"message":{"title":["can't be blank"]}})", 400}, "can't be blank"},
                {"deep pages",
                 {R"({"error":"Offset pagination has a maximum allowed offset of 50000"})", 405},
                 "maximum allowed offset"},
                {"plain text", {"Retry later\n", 429}, "Retry later"}});
}

TEST_CASE("preset servicenow: everything is a text; an empty page is not the end while the total says more") {
  auto source = preset_source("servicenow");
  source.streams[0].paginator.limit = 1;
  const http::Headers total = {{"X-Total-Count", "3"}};
  const auto walked = walk(
      source, "incidents",
      {{R"({"result":[{"sys_id":"a","short_description":"Mail is down","priority":"1","state":"6","opened_at":"2026-11-10 10:00:00",
      "resolved_at":"","number":"INC001","close_notes":""}]})",
        200, total},
       {R"({"result":[]})", 200, total},
       {R"({"result":[{"sys_id":"c","short_description":"","priority":"","state":"1","opened_at":"2026-11-11 10:00:00"}]})",
        200, total},
       {R"({"result":[]})", 200, total}});
  CAPTURE(walked.error);
  CHECK(walked.error.empty());
  CHECK(walked.rows.size() == 2);
  CHECK(walked.at(0, "severity") == "SEV1");
  CHECK(walked.at(0, "status") == "resolved");
  CHECK(walked.at(0, "started_at") == "1794304800");
  CHECK(walked.at(0, "resolved_at").empty());
  CHECK(walked.odd.empty());
  check_errors(
      "servicenow", "incidents",
      {{"no rights",
        {R"({"error":{"message":"User Not Authorized","detail":"Failed API level ACL Validation"},"status":"failure"})",
         403},
        "User Not Authorized",
        ErrorKind::credentials}});
}

TEST_CASE("preset redmine: a clamped limit skips no row; versions come in one answer") {
  const auto row = [](int id) {
    return "{\"id\":" + std::to_string(id) +
           ",\"subject\":\"s\",\"status\":{\"id\":1,\"name\":\"New\"},\"project\":{\"name\":\"Pay\"},\"updated_on\":"
           "\"2026-11-10T00:00:00Z\"}";
  };
  const auto walked = walk("redmine", "issues",
                           {{"{\"issues\":[" + row(1) + "," + row(2) + "],\"total_count\":3,\"offset\":0,\"limit\":2}"},
                            {"{\"issues\":[" + row(3) + "],\"total_count\":3,\"offset\":2,\"limit\":2}"},
                            {R"({"issues":[],"total_count":3,"offset":3,"limit":2})"}});
  CHECK(walked.error.empty());
  CHECK(walked.rows.size() == 3);
  CHECK(walked.requests.at(1).find("offset=2") != std::string::npos);
  const sources::Bookmark bookmark{unix_time(1'794'800'000), unix_time(1'794'800'000)};
  const auto later = walk(preset_source("redmine"), "issues", {{R"({"issues":[],"total_count":0})"}}, bookmark);
  CHECK(later.requests.at(0).find("updated_on=>=2026-11-16T03:28:20Z") != std::string::npos);
  CHECK(later.raw.at(0).url.find("%3E%3D") != std::string::npos);
  const auto versions =
      walk("redmine", "versions", {{R"({"versions":[{"id":1,"project":{"id":1,"name":"Pay"},"name":"GA","status":"open",
      "due_date":"2026-12-01","description":""}],"total_count":1})"}});
  CHECK(versions.at(0, "due_date") == "2026-12-01");
  CHECK(versions.at(0, "program_id") == "Pay");
  check_errors("redmine", "issues",
               {{"validation",
                 {R"({"errors":["Status is not valid","Project cannot be blank"]})", 422},
                 "Status is not valid; Project cannot be blank"},
                {"refused without a word", {"", 403}, "403 Forbidden", ErrorKind::credentials}});
}

TEST_CASE("preset request-tracker: pages by number until one is empty when the total is null; unset dates are none") {
  const auto page =
      R"({"count":1,"page":1,"pages":null,"per_page":100,"total":null,"items":[{"id":"7","type":"ticket","_url":"https://rt/ticket/7",
      "Subject":"Printer","Status":"open","Queue":{"id":"1","type":"queue","Name":"Support"},"Priority":"0","Created":"2026-11-10T10:00:00Z",
      "Resolved":"1970-01-01T00:00:00Z","Started":"2026-11-10T11:00:00Z"}]})";
  const auto walked = walk("request-tracker", "tickets", {{page}, {R"({"count":0,"page":2,"total":null,"items":[]})"}});
  CHECK(walked.error.empty());
  CHECK(walked.at(0, "product") == "Support");
  CHECK(walked.at(0, "resolved_at").empty());
  CHECK(walked.at(0, "first_response_at") == "1794308400");
  CHECK(http::find_header(walked.raw[0].headers, "Authorization") == "token secret-RT_TOKEN");
  check_errors("request-tracker", "tickets",
               {{"no right", {R"({"message":"Forbidden"})", 403}, "Forbidden", ErrorKind::credentials}});
}

TEST_CASE("preset backstage: with a cursor the filter is not sent again") {
  const auto walked =
      walk("backstage", "components",
           {{R"({"items":[{"kind":"Component","metadata":{"uid":"u1","name":"ledger","annotations":{"tier":"1"}},
      "spec":{"owner":"group:payments","system":"ledger","dependsOn":["component:db"],"type":"service"}}],"totalItems":2,"pageInfo":{"nextCursor":"abc"}})"},
            {R"({"items":[{"metadata":{"uid":"u2","name":"web"},"spec":{}}],"totalItems":2,"pageInfo":{}})"}});
  CHECK(walked.error.empty());
  CHECK(walked.requests.at(0) == "GET /api/catalog/entities/by-query?filter=kind=component&limit=250");
  CHECK(walked.requests.at(1) == "GET /api/catalog/entities/by-query?cursor=abc");
  CHECK(walked.at(0, "depends_on") == R"(["component:db"])");
  CHECK(walked.at(0, "tier") == "1");
}

TEST_CASE("preset google-cloud-status: incidents of a top-level array with their updates") {
  const auto walked =
      walk("google-cloud-status", "incidents", {{R"([{"id":"abc","number":"123","begin":"2026-11-10T10:00:00+00:00",
      "created":"2026-11-10T10:05:00+00:00","end":"2026-11-10T12:00:00+00:00","external_desc":"Elevated errors","severity":"medium",
      "service_name":"Multiple Products","status_impact":"SERVICE_DISRUPTION","affected_products":[{"title":"Cloud Run","id":"x"}],
      "most_recent_update":{"status":"AVAILABLE"},"updates":[{"when":"2026-11-10T10:05:00+00:00","text":"We look","status":"SERVICE_DISRUPTION"}]}])"}});
  CHECK(walked.error.empty());
  CHECK(walked.at(0, "severity") == "SEV2");
  CHECK(walked.at(0, "status") == "resolved");
  CHECK(walked.children.at(0).size() == 1);
}

TEST_CASE("preset odata: a quoted key leads to the next page; preset json-api: a link as text or object") {
  const auto odata =
      walk("odata", "reviews",
           {{R"({"@odata.context":"x","@odata.count":2,"value":[{"Id":"1","Title":"Wallets","Status":"approved"}],
      "@odata.nextLink":"https://service.example.com/odata/v4/Reviews?$skiptoken=a"})"},
            {R"({"value":[{"Id":"2","Title":"Cards","Status":"draft"}]})"}});
  CHECK(odata.error.empty());
  CHECK(odata.rows.size() == 2);
  CHECK(odata.total == 2);
  const auto json_api = walk(
      "json-api", "reviews",
      {{R"({"data":[{"type":"reviews","id":"1","attributes":{"title":"Wallets","status":"approved"}}],"links":{"next":{"href":"/api/reviews?page=2"}}})"},
       {R"({"data":[],"links":{"next":null}})"}});
  CHECK(json_api.error.empty());
  CHECK(json_api.requests.at(1) == "GET /api/reviews?page=2");
  CHECK(json_api.at(0, "title") == "Wallets");
  check_errors(
      "json-api", "reviews",
      {{"errors",
        {R"({"errors":[{"status":"400","title":"Bad","detail":"page is too large","source":{"parameter":"page"}}]})",
         400},
        "page is too large"}});
}

TEST_CASE("preset kubernetes: each limit of a quota is a resource, its use a sample of the moment; quantities; pages") {
  const auto page = [](const std::string& uid, const std::string& next) {
    return "{\"kind\":\"ResourceQuotaList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"" + next +
           "\"},\"items\":[{\"metadata\":{\"uid\":\"" + uid +
           "\",\"name\":\"compute\",\"namespace\":\"payments\",\"labels\":{\"team\":\"pay\"}},"
           "\"spec\":{\"hard\":{\"pods\":\"50\"}},\"status\":{\"hard\":{\"requests.cpu\":\"7500m\",\"limits.memory\":"
           "\"16Gi\","
           "\"pods\":\"50\"},\"used\":{\"requests.cpu\":\"2\",\"limits.memory\":\"512Mi\",\"pods\":\"nine\"}}}]}";
  };
  const auto resources = walk("kubernetes", "resources", {{page("u1", "tok")}, {page("u2", "")}});
  CAPTURE(resources.error);
  REQUIRE(resources.rows.size() == 6);
  CHECK(resources.requests == std::vector<std::string>{"GET /api/v1/resourcequotas?limit=500",
                                                       "GET /api/v1/resourcequotas?limit=500&continue=tok"});
  CHECK(resources.at(0, "id") == R"(["u1","requests.cpu"])");
  CHECK(resources.at(0, "name") == "payments compute requests.cpu");
  CHECK(resources.at(0, "kind") == "requests.cpu");
  CHECK(resources.at(0, "unit") == "cores");
  CHECK(resources.at(0, "team") == "pay");
  CHECK(resources.at(0, "capacity_limit") == "7.5");
  CHECK(resources.at(1, "unit") == "bytes");
  CHECK(resources.at(1, "capacity_limit") == "17179869184");
  CHECK(resources.at(2, "unit") == "pods");

  const auto samples = walk("kubernetes", "samples", {{page("u1", "")}});
  REQUIRE(samples.rows.size() == 3);
  CHECK(samples.at(0, "resource_id") == resources.at(0, "id"));
  CHECK(samples.at(0, "used") == "2");
  CHECK(samples.at(0, "at") == "1794844800");  // the moment of the sync
  CHECK(samples.at(1, "used") == "536870912");
  CHECK(samples.odd == std::vector<std::string>{"used: not a quantity"});

  CHECK(walk("kubernetes", "resources", {{R"({"metadata":{},"items":[]})"}}).rows.empty());
  // The list has expired on the server: once more from its start.
  const auto again = walk("kubernetes", "resources",
                          {{page("u1", "old")},
                           {R"({"kind":"Status","reason":"Expired","message":"too old","code":410})", 410},
                           {page("u1", "")}});
  CHECK(again.error.empty());
  CHECK(again.requests.size() == 3);
  check_errors(
      "kubernetes", "resources",
      {{"not allowed",
        {R"({"kind":"Status","reason":"Forbidden","message":"resourcequotas is forbidden","code":403})", 403},
        "Forbidden: resourcequotas is forbidden",
        ErrorKind::credentials},
       {"too many", {R"({"kind":"Status","reason":"TooManyRequests","message":"slow down"})", 429}, "slow down"}});
  check_strange_pages("kubernetes", "resources");
}

TEST_CASE("preset aws-service-quotas: signed POSTs for each service, empty pages with a token, its errors") {
  const auto quota = [](const std::string& code) {
    return R"({"ServiceCode":"ec2","ServiceName":"Amazon EC2","QuotaCode":")" + code +
           R"(","QuotaArn":"arn:aws:servicequotas:eu-central-1:1:ec2/)" + code +
           R"(","QuotaName":"Running instances","Value":1152.0,"Unit":"None","Adjustable":true,"GlobalQuota":false})";
  };
  const auto walked = walk("aws-service-quotas", "quotas",
                           {{"{\"Quotas\":[" + quota("L-1") + "],\"NextToken\":\"t1\"}"},
                            {R"({"Quotas":[],"NextToken":"t2"})"},
                            {"{\"Quotas\":[" + quota("L-2") + "]}"}});
  CAPTURE(walked.error);
  REQUIRE(walked.rows.size() == 2);
  CHECK(walked.at(0, "name") == "ec2: Running instances");
  CHECK(walked.at(0, "capacity_limit") == "1152");
  CHECK(walked.at(0, "service") == "Amazon EC2");
  CHECK(walked.raw[0].method == "POST");
  CHECK(walked.raw[0].body.find(R"("ServiceCode" : "ec2")") != std::string::npos);
  CHECK(walked.raw[1].body == R"({"MaxResults":100,"ServiceCode":"ec2","NextToken":"t1"})");
  CHECK(walked.raw[2].body.find("\"NextToken\":\"t2\"") != std::string::npos);
  CHECK(walked.raw[0].aws_sigv4 == "aws:amz:eu-central-1:servicequotas");
  CHECK(http::find_header(walked.raw[0].headers, "X-Amz-Target") == "ServiceQuotasV20190624.ListServiceQuotas");
  CHECK(http::find_header(walked.raw[0].headers, "Content-Type") == "application/x-amz-json-1.1");
  check_errors("aws-service-quotas", "quotas",
               {{"a bad key",
                 {R"({"__type":"UnrecognizedClientException","message":"The security token is invalid."})", 400},
                 "UnrecognizedClientException: The security token is invalid."},
                {"not allowed",
                 {R"({"__type":"AccessDeniedException","Message":"User is not authorized"})", 400},
                 "User is not authorized"}});
  check_strange_pages("aws-service-quotas", "quotas");
}
