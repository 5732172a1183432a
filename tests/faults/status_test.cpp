// Statuses, waiting and time limits: lines 1 to 14.
#include "fixture.hpp"

using namespace sitrep::test;
using namespace std::chrono_literals;

namespace {

const std::string k_html = "<html><body><h1>502 Bad Gateway</h1></body></html>";

Reply error_body(int status, const std::string& message) {
  return Reply::status(status, "{\"error\":{\"message\":\"" + message + "\"}}", {{"Content-Type", "application/json"}});
}

/// The wait before the last request.
std::chrono::milliseconds last_gap(const FaultWorkspace& workspace) {
  const auto requests = workspace.server().requests();
  const auto gap = requests.at(requests.size() - 1).at - requests.at(requests.size() - 2).at;
  return std::chrono::duration_cast<std::chrono::milliseconds>(gap);
}

}  // namespace

TEST_CASE("sync waits as long as Retry-After asks and its own time when it asks nonsense") {
  struct Case {
    std::string name;
    Reply::Headers headers;
    std::chrono::milliseconds at_least;
    std::chrono::milliseconds at_most;
  };
  const Case cases[] = {
      {"1: seconds", {{"Retry-After", "2"}}, 2000ms, 6s},
      {"2: a date, by a server that lives a year ago",
       {{"Retry-After", "Mon, 17 Nov 2025 10:00:02 GMT"}, {"Date", "Mon, 17 Nov 2025 10:00:00 GMT"}},
       2000ms,
       6s},
      {"2: a date, by our own clock", {{"Retry-After", "Mon, 16 Nov 2026 10:00:02 GMT"}}, 2000ms, 6s},
      {"3: a word", {{"Retry-After", "soon"}}, 5ms, 5s},
      {"3: negative", {{"Retry-After", "-5"}}, 5ms, 5s},
      {"3: an exponent", {{"Retry-After", "1e9"}}, 5ms, 5s},
      {"3: past", {{"Retry-After", "Mon, 17 Nov 2025 10:00:02 GMT"}}, 5ms, 5s},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    FaultWorkspace workspace;
    workspace.serve({Reply::status(429, "", c.headers), Reply::json(page({"a"}))});
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 0);
    CHECK(result.requests == 2);
    CHECK(last_gap(workspace) >= c.at_least);
    CHECK(last_gap(workspace) < c.at_most);
    CHECK(workspace.count("select count(*) from incident") == 1);
  }
}

TEST_CASE("sync gives up where waiting or trying would have no end") {
  const Fault faults[] = {
      {"4: Retry-After of 2,700 years",
       {Reply::status(429, "", {{"Retry-After", "85146854400"}})},
       4,
       {"429", "until"},
       1},
      {"4: Retry-After beyond max_wait", {Reply::status(503, "", {{"Retry-After", "11"}})}, 4, {"max_wait"}, 1},
      {"5: 429 for ever", {Reply::status(429)}, 4, {"429 Too Many Requests", "3 tries"}, 3},
      {"5: 503 for ever", {Reply::status(503)}, 4, {"503 Service Unavailable", "3 tries"}, 3},
      {"7: HTML 502 for ever",
       {Reply::status(502, k_html, {{"Content-Type", "text/html"}})},
       4,
       {"502 Bad Gateway"},
       3},
  };
  check_fails(faults);
}

TEST_CASE("6, 7: sync tries again after 500 and an HTML 502, and -v tells") {
  FaultWorkspace workspace;
  workspace.serve({Reply::status(500), Reply::status(502, k_html), Reply::json(page({"a", "b"}))});
  const auto result = workspace.sync({"-v"});
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(result.requests == 3);
  CHECK(contains(result.said, "try 2 of 3"));
  CHECK(contains(result.said, "try 3 of 3"));
  CHECK_FALSE(contains(result.said, "<h1>"));
  CHECK(workspace.count("select count(*) from incident") == 2);
  CHECK(workspace.count("select count(*) from reject") == 0);
}

TEST_CASE("8, 19: sync asks for page 2 again when it failed, and no row comes twice or is lost") {
  for (const auto& failure :
       {Reply::status(500), Reply::bytes("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{").reset(), Reply().reset(),
        Reply().close()}) {
    FaultWorkspace workspace;
    workspace.serve([&, failed = false](const Received& request) mutable {
      if (request.query("cursor").empty()) {
        return Reply::json(R"({"incidents":[{"id":"a"},{"id":"b"}],"next":"2"})");
      }
      if (!std::exchange(failed, true)) return failure;
      return Reply::json(page({"c"}));
    });
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 0);
    CHECK(result.requests == 3);
    CHECK(workspace.count("select count(*) from incident") == 3);
    CHECK(workspace.count("select count(*) from incident_history") == 3);
  }
}

TEST_CASE("5: what is tried again and again ends with --deadline") {
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.source = "retry = { max = 1000, backoff = \"200ms\", max_backoff = \"200ms\" }\n";
  workspace.serve({Reply::status(503)});
  const auto result = workspace.sync({"--deadline", "2s"});
  INFO(result.said);
  CHECK(result.exit_code == 4);
  CHECK(contains(result.said, "no time left"));
  CHECK(result.requests > 1);
  CHECK(result.took < 30s);
  CHECK(workspace.contents() == before);
}

TEST_CASE("8: a page 2 that fails for good moves no bookmark") {
  FaultWorkspace workspace;
  workspace.stream = FaultWorkspace::default_stream().replace(0, 1, R"(
incremental = { cursor_path = "updated", start_param = "since" }
)");
  const std::string old = R"({"incidents":[{"id":"a","updated":"2026-11-10T08:00:00Z"}]})";
  workspace.serve({Reply::json(old)});
  REQUIRE(workspace.sync().exit_code == 0);
  workspace.serve([](const Received& request) {
    return request.query("cursor").empty()
               ? Reply::json(R"({"incidents":[{"id":"b","updated":"2026-11-15T08:00:00Z"}],"next":"2"})")
               : Reply::status(500);
  });
  CHECK(workspace.sync().exit_code == 4);
  workspace.serve([](const Received&) { return Reply::json(R"({"incidents":[]})"); });
  CHECK(workspace.sync().exit_code == 0);
  CHECK(workspace.server().requests().back().query("since") == "2026-11-10T08:00:00Z");
}

TEST_CASE("sync does not try again what trying cannot mend, and shows what the server says, escaped") {
  const Fault faults[] = {
      {"9: 401", {error_body(401, "bad token")}, 9, {"401 Unauthorized", "bad token"}, 1},
      {"10: 401 with Basic", {Reply::status(401, "", {{"WWW-Authenticate", "Basic realm=\"x\""}})}, 9, {"401"}, 1},
      {"10: 401 with Negotiate", {Reply::status(401, "", {{"WWW-Authenticate", "Negotiate"}})}, 9, {"401"}, 1},
      {"10: 401 with NTLM", {Reply::status(401, "", {{"WWW-Authenticate", "NTLM"}})}, 9, {"401"}, 1},
      {"11: 403", {error_body(403, "no scope \\u001b[31mred")}, 9, {"403 Forbidden", "no scope \\x1b[31mred"}, 1},
      {"11: 404", {error_body(404, "no such\\npage")}, 4, {"404 Not Found", "no such\\npage"}, 1},
      {"11: 410", {error_body(410, "gone")}, 4, {"410 Gone", "gone"}, 1},
      {"11: 422", {error_body(422, "bad filter")}, 4, {"422 Unprocessable Content", "bad filter"}, 1},
      {"11: 404 in plain text with escapes", {Reply::status(404, "404 \x1b]0;x\x07 page not found")}, 4, {"404"}, 1},
      {"11: 404 with an endless line", {Reply::status(404, std::string(500'000, 'x'))}, 4, {"404"}, 1},
      {"11: 400 with a bare JSON string", {Reply::status(400, "\"bad request\"")}, 4, {"400 Bad Request"}, 1},
  };
  check_fails(faults);
}

TEST_CASE("9: a 401 on page 2 publishes no part of the walk") {
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.serve({Reply::json(R"({"incidents":[{"id":"new"}],"next":"2"})"), Reply::status(401)});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 9);
  CHECK(result.requests == 2);
  CHECK(workspace.contents() == before);
}

TEST_CASE("sync ends slow and silent answers and says which limit it was") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  const std::string quick = R"(
timeouts = { connect = "1s", first_byte = "300ms", idle = "300ms", total = "900ms" }
retry = { max = 1, backoff = "10ms" }
)";
  const std::string patient = R"(
timeouts = { connect = "1s", first_byte = "5s", idle = "5s", total = "600ms" }
retry = { max = 1, backoff = "10ms" }
)";
  const std::string body(400, ' ');
  const Fault faults[] = {
      {"12: a body byte at a time", {Reply::bytes(head + "\r\n").drip(body, 50ms)}, 4, {"idle limit"}, 2, quick},
      {"12: a header byte at a time", {Reply().drip(head + body, 50ms)}, 4, {"first byte limit"}, 2, quick},
      {"12: steady but endless", {Reply::bytes(head + "\r\n").drip(body, 2ms)}, 4, {"total limit"}, 2, patient},
      {"13: no answer", {Reply().hold()}, 4, {"first byte limit"}, 2, quick},
      {"13: no answer within the total", {Reply().hold()}, 4, {"total limit"}, 2, patient},
      {"14: silence in the body",
       {Reply::bytes(head + "Content-Length: 99\r\n\r\n{").hold()},
       4,
       {"idle limit"},
       2,
       quick},
  };
  check_fails(faults);
}

TEST_CASE("13: sync names a server that cannot be reached") {
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.base_url = "http://127.0.0.1:" + std::to_string(closed_port());
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 4);
  CHECK(contains(result.said, "cannot connect to " + workspace.base_url));
  CHECK(workspace.contents() == before);
}
