#include "sources/sync.hpp"

#include <doctest/doctest.h>

#include "sources/api.hpp"

using namespace sitrep;
using namespace sitrep::sources;
using test::answer;
using test::Bench;

namespace {

// Three pages of two records by page number; page 4 is empty.
http::Response three_pages(const http::Request& request) {
  const std::string page = http::query_value(request.url, "page").value_or("");
  if (page == "1") return answer(R"({"data":[{"id":"a","t":"one"},{"id":"b","t":"two"}]})");
  if (page == "2") return answer(R"({"data":[{"id":"c","t":"three"},{"id":"d","t":"four"}]})");
  if (page == "3") return answer(R"({"data":[{"id":"e","t":"five"},{"id":"f","t":"six"}]})");
  return answer(R"({"data":[]})");
}

constexpr const char* k_paged = R"(
retry.max = 0
[[source.s.stream]]
name = "things"
entity = "incident"
path = "things"
data_selector = "data"
paginator = { type = "page_number" }
columns = { title = "t" }
)";

}  // namespace

TEST_CASE("sources::sync stores every page, and a second run changes nothing") {
  Bench bench(k_paged);
  bench.api.handler = three_pages;
  const auto first = bench.sync();
  REQUIRE(first.streams.size() == 1);
  CHECK(first.streams[0].counts.added == 6);
  CHECK(first.streams[0].pages == 4);
  CHECK(first.streams[0].requests == 4);
  CHECK(first.streams[0].pass == store::Pass::full);
  CHECK_FALSE(first.first_failure.has_value());
  CHECK(bench.value("select id, title, source from incident order by id") ==
        "a|one|s\nb|two|s\nc|three|s\nd|four|s\ne|five|s\nf|six|s\n");
  bench.clock.advance(std::chrono::hours{1});
  const auto second = bench.sync();
  CHECK(second.streams[0].counts.added == 0);
  CHECK(second.streams[0].counts.changed == 0);
  CHECK(second.streams[0].counts.unchanged == 6);
  CHECK(bench.value("select count(*) from incident_history") == "6\n");
}

TEST_CASE("sources::sync goes on at the page where the last run failed, as the same run") {
  Bench bench(k_paged);
  bool down = true;
  bench.api.handler = [&](const http::Request& request) {
    if (down && http::query_value(request.url, "page") == "3") return answer("{\"message\":\"disk\\u001b full\"}", 500);
    return three_pages(request);
  };
  SyncOptions options;
  options.batch_rows = 1;
  const auto failed = bench.sync(options);
  CHECK(failed.first_failure == ErrorKind::network);
  CHECK(failed.streams[0].error.starts_with("s.things: page 3: GET http://127.0.0.1:1/api/things?page=3: 500"));
  CHECK(failed.streams[0].error.find("disk\\x1b full") != std::string::npos);
  CHECK(bench.value("select count(*) from incident") == "4\n");

  down = false;
  bench.clock.advance(std::chrono::minutes{10});
  const auto resumed = bench.sync(options);
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api/things?page=3");
  CHECK(resumed.streams[0].resumed);
  CHECK_FALSE(resumed.first_failure.has_value());
  CHECK(bench.value("select count(*), count(distinct observed_at) from incident_history") == "6|1\n");

  bench.clock.advance(std::chrono::minutes{10});
  CHECK_FALSE(bench.sync(options).streams[0].resumed);
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api/things?page=1");
}

TEST_CASE("sources::sync keeps nothing of a failed walk but whole batches") {
  Bench bench(k_paged);
  bench.api.handler = [](const http::Request& request) {
    return http::query_value(request.url, "page") == "3" ? answer("", 500) : three_pages(request);
  };
  CHECK(bench.sync().first_failure == ErrorKind::network);
  CHECK(bench.value("select count(*) from incident") == "0\n");
  bench.api.handler = three_pages;
  CHECK_FALSE(bench.sync().first_failure.has_value());
  CHECK(bench.api.asked.front().ends_with("page=1"));
  CHECK(bench.value("select count(*) from incident") == "6\n");
}

TEST_CASE("sources::sync starts over when the stream is defined otherwise, or when it is told to") {
  Bench bench(k_paged);
  bench.api.handler = [](const http::Request& request) {
    return http::query_value(request.url, "page") == "2" ? answer("", 500) : three_pages(request);
  };
  SyncOptions each_page;
  each_page.batch_rows = 1;
  bench.sync(each_page);
  SyncOptions full = each_page;
  full.full = true;
  bench.sync(full);
  CHECK(bench.api.asked.front().ends_with("page=1"));
  bench.sync(each_page);
  CHECK(bench.api.asked.front().ends_with("page=2"));
  bench.config.sources[0].streams[0].params.emplace_back("state", "all");
  bench.sync();
  CHECK(bench.api.asked.front().ends_with("?state=all&page=1"));
}

TEST_CASE("sources::sync finishes the other sources when one is broken, and reports the first failed one") {
  Bench bench(std::string(k_paged) + R"(
[source.locked]
base_url = "http://127.0.0.1:2"
auth = { type = "bearer", token = { env = "NO_SUCH_TOKEN" } }
stream = [{ name = "x", entity = "service" }]
[source.last]
base_url = "http://127.0.0.1:3"
retry.max = 0
stream = [{ name = "x", entity = "service" }, { name = "y", entity = "service", path = "y" }]
)");
  bench.api.handler = [](const http::Request& request) {
    if (request.url == "http://127.0.0.1:3") return answer("[]", 404);
    if (request.url == "http://127.0.0.1:3/y") return answer(R"([{"id":1}])");
    return three_pages(request);
  };
  const auto report = bench.sync();
  REQUIRE(report.streams.size() == 4);
  CHECK_FALSE(report.streams[0].failure.has_value());
  CHECK(report.streams[0].counts.added == 6);
  CHECK(report.streams[1].failure == ErrorKind::credentials);
  CHECK(report.streams[1].error.find("NO_SUCH_TOKEN") != std::string::npos);
  CHECK(report.streams[2].failure == ErrorKind::network);
  CHECK(report.streams[3].counts.added == 1);
  CHECK(report.first_failure == ErrorKind::credentials);
  CHECK(report.failed_sources == 2);
  CHECK(report.sources == 3);
  CHECK(bench.value("select source, error is null from sync_run order by source, stream") ==
        "last|0\nlast|1\nlocked|0\ns|1\n");
}

TEST_CASE("sources::sync says what is wrong with answers that are no pages") {
  struct Case {
    const char* name;
    http::Response response;
    ErrorKind kind;
    const char* says;
  };
  const Case cases[] = {
      {"sign-in page", answer("<!DOCTYPE html><html><form>Password</form></html>"), ErrorKind::credentials,
       "sign-in page"},
      {"sign-in page that says it is JSON",
       answer("\n <html>Log in</html>", 200, {{"Content-Type", "application/json"}}), ErrorKind::credentials,
       "sign-in page"},
      {"another HTML page", answer("<html><h1>Welcome</h1></html>"), ErrorKind::network, "HTML page, not JSON"},
      {"401", answer(R"({"error":{"message":"bad key"}})", 401), ErrorKind::credentials, "bad key"},
      {"403 in HTML", answer("<html>no</html>", 403), ErrorKind::credentials, "403 Forbidden"},
      {"404 in plain text", answer("404 page not found", 404), ErrorKind::network, "404 page not found"},
      {"204", answer("", 204), ErrorKind::network, "allow_empty"},
      {"empty 200", answer(" \n"), ErrorKind::network, "empty body"},
      {"304 that nobody asked for", answer("", 304), ErrorKind::network, "304"},
      {"206", answer(R"({"data":[]})", 206), ErrorKind::network, "206"},
      {"cut JSON", answer("{\"data\":[{\"id\":1},\n{\"id\""), ErrorKind::network, "line 2, column 6"},
      {"error object with 200", answer(R"({"errors":["down"]})"), ErrorKind::network, "the keys errors"},
      {"UTF-16", answer(std::string("\xff\xfe{\0}\0", 6)), ErrorKind::network, "UTF-16"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Bench bench(k_paged);
    bench.api.handler = [&](const http::Request&) { return c.response; };
    const auto report = bench.sync();
    CHECK(report.first_failure == c.kind);
    CAPTURE(report.streams[0].error);
    CHECK(report.streams[0].error.starts_with("s.things: page 1: "));
    CHECK(report.streams[0].error.find(c.says) != std::string::npos);
    CHECK(bench.api.asked.size() == 1);
    CHECK(bench.value("select count(*) from incident") == "0\n");
  }
}

TEST_CASE("sources::sync believes `success` rather than the status") {
  Bench bench(std::string(k_paged) +
              "success = { path = \"status\", equals = \"success\" }\nwarnings_path = \"warnings\"\n");
  bench.api.handler = [](const http::Request&) {
    return answer(R"({"status":"error","error":"bad query","data":[]})");
  };
  CHECK(bench.sync().streams[0].error.find("'status' is \"error\", not 'success' (success): bad query") !=
        std::string::npos);
  bench.api.handler = [](const http::Request&) {
    return answer(R"({"status":"success","data":[],"warnings":["partial"]})");
  };
  const auto report = bench.sync();
  CHECK_FALSE(report.first_failure.has_value());
  CHECK(report.streams[0].warnings == std::vector<std::string>{"partial"});
}

TEST_CASE("sources::sync ends walks that go nowhere") {
  Bench bench(k_paged);
  bench.api.handler = [](const http::Request&) { return answer(R"({"data":[{"id":"a"},{"id":"b"}]})"); };
  const auto report = bench.sync();
  CHECK(report.first_failure == ErrorKind::network);
  CHECK(report.streams[0].error.find("page 2 repeats page 1 (page=2)") != std::string::npos);
  CHECK(bench.api.asked.size() == 2);
}

TEST_CASE("sources::sync asks from the start again, once, when the server forgot the cursor") {
  Bench bench(R"(
retry.max = 0
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "items"
paginator = { type = "cursor", cursor_path = "next", cursor_param = "continue" }
)");
  int gone = 1;
  bench.api.handler = [&](const http::Request& request) {
    const std::string cursor = http::query_value(request.url, "continue").value_or("");
    if (cursor.empty()) return answer(R"({"items":[{"id":1}],"next":"t1"})");
    if (gone-- > 0) return answer(R"({"kind":"Status"})", 410);
    return answer(R"({"items":[{"id":2}],"next":""})");
  };
  const auto report = bench.sync();
  CHECK_FALSE(report.first_failure.has_value());
  CHECK(bench.api.asked.size() == 4);
  CHECK(bench.value("select count(*) from incident") == "2\n");
  gone = 5;
  CHECK(bench.sync().first_failure == ErrorKind::network);
  CHECK(bench.api.asked.size() == 4);
}

TEST_CASE("sources::sync asks for what changed since the bookmark, and reconciles from time to time") {
  Bench bench(R"(
[[source.s.stream]]
name = "things"
entity = "incident"
full_every = "2d"
incremental = { cursor_path = "u", start_param = "since", lag = "10m" }
columns = { title = "t" }
)");
  std::string body = R"([{"id":1,"t":"a","u":"2026-11-16T12:00:00Z"},{"id":2,"t":"b","u":"2026-11-16T13:00:00Z"}])";
  bench.api.handler = [&](const http::Request&) { return answer(body); };
  bench.sync();
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api");
  body = R"([{"id":2,"t":"B","u":"2030-01-01T00:00:00Z"}])";
  bench.clock.advance(std::chrono::hours{1});
  auto report = bench.sync();
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api?since=2026-11-16T12%3A50%3A00Z");
  CHECK(report.streams[0].counts.changed == 1);
  CHECK(report.streams[0].pass == store::Pass::partial);
  CHECK(report.streams[0].warnings.size() == 1);  // a change in the future
  CHECK(bench.value("select count(*) from incident") == "2\n");
  body = "[]";
  bench.sync();
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api?since=2026-11-16T16%3A50%3A00Z");
  bench.clock.advance(std::chrono::hours{48});
  report = bench.sync();
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api");
  CHECK(report.first_failure == ErrorKind::data);  // the source is suddenly empty
  CHECK(report.streams[0].error.find("--allow-shrink") != std::string::npos);
  CHECK(bench.value("select count(*) from incident") == "2\n");
  SyncOptions allow;
  allow.shrink = store::Shrink::allow;
  CHECK(bench.sync(allow).streams[0].counts.removed == 2);
  CHECK(bench.value("select count(*) from incident") == "0\n");
}

TEST_CASE("sources::sync puts child rows and rejects where they belong") {
  Bench bench(R"(
[[source.s.stream]]
name = "things"
entity = "incident"
[source.s.stream.columns]
title = "t"
severity = "sev"
updates = { path = "log", list = "rows", entity = "incident_update", parent_key = "incident_id", columns = { body = "text" } }
)");
  bench.api.handler = [](const http::Request&) {
    return answer(
        R"([{"id":"i1","t":"x","sev":"huge","log":[{"id":"u1","text":"hello"},{"id":"u2","text":"bye"}]},{"t":"no id"},{"id":"i2","n":1e999}])");
  };
  const auto report = bench.sync();
  REQUIRE(report.streams.size() == 2);
  CHECK(report.streams[0].counts.added == 1);
  CHECK(report.streams[0].counts.rejected == 2);
  CHECK(report.streams[0].odd.at({"severity", "not a value of this column"}) == 1);
  CHECK(report.streams[1].stream == "things.updates");
  CHECK(report.streams[1].child);
  CHECK(report.streams[1].counts.added == 2);
  CHECK(bench.value("select incident_id, id, body from incident_update order by id") == "i1|u1|hello\ni1|u2|bye\n");
  CHECK(bench.value("select reason, place from reject order by place") ==
        "the id (id) is missing|page 1, record 2\nnumber 1e999 is out of range|page 1, record 3\n");
}

TEST_CASE("sources::sync in a dry run compares and writes nothing") {
  Bench bench(k_paged);
  bench.api.handler = three_pages;
  SyncOptions dry;
  dry.dry_run = true;
  CHECK(bench.sync(dry).streams[0].counts.added == 6);
  CHECK(bench.value("select count(*) from incident_history") == "0\n");
  CHECK(bench.value("select count(*) from sync_run") == "0\n");
  bench.sync();
  CHECK(bench.sync(dry).streams[0].counts.unchanged == 6);
}

TEST_CASE("sources::sync takes the streams that are named, and no others") {
  Bench bench(std::string(k_paged) + "[[source.s.stream]]\nname = \"more\"\nentity = \"service\"\npath = \"more\"\n");
  bench.api.handler = three_pages;
  SyncOptions options;
  options.only = {"s.things"};
  CHECK(bench.sync(options).streams.size() == 1);
  options.only = {"s.thongs"};
  const auto message = test::error_of([&] { bench.sync(options); });
  CHECK(message.find("no source or stream 's.thongs'") != std::string::npos);
  CHECK(message.find("did you mean 's.things'") != std::string::npos);
}

TEST_CASE("sources::sync that is killed and goes on knows the fields of the records before") {
  for (const bool first_ever : {true, false}) {
    CAPTURE(first_ever);
    Bench bench(k_paged);
    bool down = false;
    bench.api.handler = [&](const http::Request& request) {
      const auto page = http::query_value(request.url, "page").value_or("");
      if (down && page == "2") return answer("", 500);
      if (page == "1") return answer(R"({"data":[{"id":"a","t":"one","early":1}]})");
      return answer(page == "2" ? R"({"data":[{"id":"b","late":true}]})" : R"({"data":[]})");
    };
    SyncOptions each_page;
    each_page.batch_rows = 1;
    if (!first_ever) bench.sync(each_page);
    bench.clock.advance(std::chrono::minutes{10});
    down = true;
    bench.sync(each_page);
    down = false;
    bench.clock.advance(std::chrono::minutes{10});
    const auto resumed = bench.sync(each_page);
    CHECK(resumed.streams[0].resumed);
    CHECK(resumed.streams[0].field_changes.empty());
    CHECK(bench.value("select bookmark from main.stream_state")
              .find(R"("fields":{"early":34,"id":36,"late":33,"t":36})") != std::string::npos);
    bench.clock.advance(std::chrono::hours{1});
    CHECK(bench.sync(each_page).streams[0].field_changes.empty());
  }
}

TEST_CASE("sources::sync tells a field that came before a kill as new after it") {
  Bench bench(k_paged);
  bool down = false, grown = false;
  bench.api.handler = [&](const http::Request& request) {
    const auto page = http::query_value(request.url, "page").value_or("");
    if (down && page == "2") return answer("", 500);
    if (page == "1" && grown) return answer(R"({"data":[{"id":"a","t":"one","sla":1}]})");
    return page <= "2" ? answer("{\"data\":[{\"id\":\"" + page + "\",\"t\":\"x\"}]}") : answer(R"({"data":[]})");
  };
  SyncOptions each_page;
  each_page.batch_rows = 1;
  bench.sync(each_page);
  bench.clock.advance(std::chrono::hours{1});
  down = grown = true;
  bench.sync(each_page);
  down = false;
  bench.clock.advance(std::chrono::minutes{5});
  const auto resumed = bench.sync(each_page);
  REQUIRE(resumed.streams[0].field_changes.size() == 1);
  CHECK(resumed.streams[0].field_changes[0].text() == "new field 'sla' (number)");
}

TEST_CASE("sources::sync refuses ids made of something else, and replaces the records when it is told to") {
  const auto with_key = [](std::string_view key) {
    return fmt::format(
        "[[source.s.stream]]\nname = \"things\"\nentity = \"incident\"\npath = \"things\"\nprimary_key = {}\n"
        "columns = {{ title = \"t\" }}\n",
        key);
  };
  Bench bench(with_key("[\"id\"]"));
  bench.api.handler = [](const http::Request&) {
    return answer(R"([{"id":1,"team":"a","t":"one"},{"id":2,"team":"b","t":"two"}])");
  };
  bench.sync();
  bench.clock.advance(std::chrono::hours{1});
  bench.config = test::config_of(with_key("[\"team\"]"));
  SyncOptions full;
  full.full = true;
  for (const auto& options : {SyncOptions{}, full}) {
    const auto report = bench.sync(options);
    CHECK(report.first_failure == ErrorKind::config);
    CHECK(report.streams[0].error.find("ids are made of 'team' now, and those in the store of 'id'") !=
          std::string::npos);
    CHECK(report.streams[0].error.find("'sitrep sync s.things --full --allow-shrink'") != std::string::npos);
    CHECK(bench.api.asked.empty());
    CHECK(bench.value("select id from incident order by id") == "1\n2\n");
    bench.clock.advance(std::chrono::hours{1});
  }
  full.shrink = store::Shrink::allow;
  CHECK_FALSE(bench.sync(full).first_failure.has_value());
  CHECK(bench.value("select id from incident order by id") == "a\nb\n");
  CHECK(bench.value("select id, deleted_at is not null from incident_history order by id") == "1|1\n2|1\na|0\nb|0\n");
  bench.clock.advance(std::chrono::hours{1});
  CHECK_FALSE(bench.sync().first_failure.has_value());
  // Back again: the same question.
  bench.config = test::config_of(with_key("[\"id\"]"));
  CHECK(bench.sync().first_failure == ErrorKind::config);
}
