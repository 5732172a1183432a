// Walks as a sync does them: pages ahead of their turn, confirming passes, 304, partitions, child requests, contracts.
#include "sources/walk.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sources/api.hpp"

using namespace sitrep;
using test::answer;
using test::Bench;

namespace {

std::int64_t number_in(const http::Request& request, std::string_view name) {
  const auto text = http::query_value(request.url, name);
  return text ? std::stoll(*text) : 0;
}

/// A list behind an offset paginator: three records a page, whatever is asked for.
http::Response offset_page(const std::vector<std::string>& ids, const http::Request& request, bool with_total = true) {
  const auto offset = static_cast<std::size_t>(number_in(request, "offset"));
  std::string records;
  for (std::size_t i = offset; i < std::min(offset + 3, ids.size()); ++i)
    records += (i > offset ? ",{\"id\":\"" : "{\"id\":\"") + ids[i] + "\"}";
  const auto total = with_total ? ",\"total\":" + std::to_string(ids.size()) : "";
  return answer("{\"data\":[" + records + "]" + total + "}");
}

std::vector<std::string> many(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back("r" + std::to_string(100 + i));
  return ids;
}

constexpr const char* k_offset = R"(
retry.max = 0
rate_limit.max_in_flight = 4
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = { type = "offset", limit = 100, total_path = "total" }
)";

}  // namespace

TEST_CASE("sources::Walk fetches pages of a known list ahead, and their order of arrival changes nothing") {
  Bench bench(k_offset);
  bench.api.concurrent = true;
  bench.api.latency = std::chrono::milliseconds{5};
  const auto ids = many(40);
  bench.api.handler = [&](const http::Request& request) { return offset_page(ids, request); };
  const auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(report.streams[0].counts.added == 40);
  CHECK(bench.api.most > 1);
  CHECK(bench.api.most <= 4);
  const auto rows = bench.value("select group_concat(id, ' ') from (select id from incident order by rowid)");
  Bench serial(k_offset);
  serial.api.handler = bench.api.handler;
  CHECK(serial.sync().streams[0].counts.added == 40);
  CHECK(serial.api.most == 1);
  CHECK(serial.value("select group_concat(id, ' ') from (select id from incident order by rowid)") == rows);
}

TEST_CASE("sources::Walk shows the failure of a page ahead when it is that page's turn") {
  Bench bench(k_offset);
  bench.api.concurrent = true;
  const auto ids = many(40);
  bench.api.handler = [&](const http::Request& request) {
    return number_in(request, "offset") == 9 ? answer("", 500) : offset_page(ids, request);
  };
  sources::SyncOptions each_page;
  each_page.batch_rows = 1;
  const auto report = bench.sync(each_page);
  CHECK(report.streams[0].error.find("page 4: GET http://127.0.0.1:1/api?limit=100&offset=9: 500") !=
        std::string::npos);
  CHECK(bench.value("select count(*) from incident") == "9\n");
}

TEST_CASE("sources::Walk reads a list again when rows moved from page to page, and loses none") {
  struct Case {
    std::string name;
    bool concurrent, with_total;
    std::function<void(std::vector<std::string>&)> change;
  };
  const Case cases[] = {
      {"a row is deleted", false, true, [](auto& ids) { ids.erase(ids.begin()); }},
      {"a row is inserted in front", true, true, [](auto& ids) { ids.insert(ids.begin(), "new"); }},
      {"a row moves to the end", false, false,
       [](auto& ids) {
         ids.push_back(ids.front());
         ids.erase(ids.begin());
       }},
      {"a row is deleted, and nothing tells how many there are", false, false,
       [](auto& ids) { ids.erase(ids.begin()); }},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Bench bench(k_offset);
    bench.api.concurrent = c.concurrent;
    auto ids = many(12);
    bench.api.handler = [&](const http::Request& request) { return offset_page(ids, request, c.with_total); };
    bench.sync();  // so that a lost record would be taken for deleted
    bench.clock.advance(std::chrono::hours{1});
    const auto before = ids;
    int asked = 0;
    bench.api.handler = [&](const http::Request& request) {
      if (++asked == 3) c.change(ids);
      return offset_page(ids, request, c.with_total);
    };
    const auto report = bench.sync();
    CHECK(report.streams[0].error == "");
    for (const auto& id : before) {
      if (std::ranges::find(ids, id) == ids.end()) continue;
      CAPTURE(id);
      CHECK(bench.value("select count(*) from incident where id = '" + id + "'") == "1\n");
    }
    CHECK(report.streams[0].counts.duplicates <= 3);  // at the edges of the pages, not every row of the second pass
  }
}

TEST_CASE("sources::Walk agrees on nothing while the list goes on changing: no deletions, and it says so") {
  Bench bench(k_offset);
  auto ids = many(12);
  bench.api.handler = [&](const http::Request& request) { return offset_page(ids, request); };
  bench.sync();
  bench.clock.advance(std::chrono::hours{1});
  ids.erase(ids.begin() + 11);
  int fresh = 0;
  bench.api.handler = [&](const http::Request& request) {
    if (number_in(request, "offset") == 6) ids.insert(ids.begin(), "new" + std::to_string(++fresh));
    return offset_page(ids, request);
  };
  const auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(report.streams[0].counts.removed == 0);
  REQUIRE_FALSE(report.streams[0].warnings.empty());
  CHECK(report.streams[0].warnings.back().find("changed while it was read, twice") != std::string::npos);
  bench.api.handler = [&](const http::Request& request) { return offset_page(ids, request); };
  bench.clock.advance(std::chrono::hours{1});
  CHECK(bench.sync().streams[0].counts.removed == 1);
}

TEST_CASE("sources::Walk reports a total that is wrong, and reads twice for it only once") {
  Bench bench(k_offset);
  const auto ids = many(7);
  bench.api.handler = [&](const http::Request& request) {
    auto response = offset_page(ids, request);
    response.body.replace(response.body.find("\"total\":7"), 9, "\"total\":9");
    return response;
  };
  const auto first = bench.sync();
  CHECK(first.streams[0].counts.added == 7);
  CHECK(first.streams[0].warnings == std::vector<std::string>{"the API speaks of 9 records and gave 7"});
  CHECK(bench.api.asked.size() == 8);
  const auto second = bench.sync();
  CHECK(second.streams[0].warnings.size() == 1);
  CHECK(bench.api.asked.size() == 4);
}

TEST_CASE("sources::Walk sends what it knows of a page, and a 304 keeps its records without a parse") {
  Bench bench(R"(
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = { type = "cursor", cursor_path = "next", cursor_param = "c" }
)");
  std::map<std::string, std::string> pages = {{"", R"({"data":[{"id":1},{"id":2}],"next":"x"})"},
                                              {"x", R"({"data":[{"id":3}],"next":null})"}};
  bench.api.handler = [&](const http::Request& request) {
    const auto& body = pages[http::query_value(request.url, "c").value_or("")];
    const auto etag = "\"" + std::to_string(std::hash<std::string>{}(body)) + "\"";
    if (http::find_header(request.headers, "If-None-Match") == etag) return answer("", 304);
    return answer(body, 200, {{"ETag", etag}});
  };
  bench.sync();
  CHECK_FALSE(http::find_header(bench.api.requests[0].headers, "If-None-Match").has_value());
  bench.clock.advance(std::chrono::hours{1});
  auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(report.streams[0].not_modified == 2);
  CHECK(report.streams[0].unchanged_since == *parse_rfc3339("2026-11-16T16:00:00Z"));
  CHECK(bench.value("select count(*) from incident") == "3\n");

  pages["x"] = R"({"data":[{"id":4}],"next":null})";  // record 3 is gone: only a whole pass can tell
  bench.clock.advance(std::chrono::hours{1});
  report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(report.streams[0].counts.added == 1);
  CHECK(report.streams[0].counts.removed == 1);
  CHECK(bench.value("select group_concat(id, ' ') from (select id from incident order by id)") == "1 2 4\n");

  bench.config.sources[0].streams[0].definition += " ";  // other columns, other rows of the same page
  bench.clock.advance(std::chrono::hours{1});
  CHECK(bench.sync().streams[0].not_modified == 0);
  sources::SyncOptions full;
  full.full = true;
  CHECK(bench.sync(full).streams[0].not_modified == 0);
}

TEST_CASE(
    "sources::Walk: a list of 304s that ends with a status ends there; one that has become shorter is read again") {
  Bench bench(R"(
retry.max = 0
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = { type = "page_number", end_statuses = [404] }
)");
  int pages = 3;
  bool untagged = false;
  bench.api.handler = [&](const http::Request& request) {
    const auto page = std::max<std::int64_t>(1, number_in(request, "page"));
    if (page > pages) return answer("{}", 404);
    const auto tag = "\"" + std::to_string(page) + "\"";
    if (http::find_header(request.headers, "If-None-Match") == tag) return answer("", 304);
    std::string records;
    for (int i = 0; i < 10; ++i)
      records += (i > 0 ? ",{\"id\":\"" : "{\"id\":\"") + std::to_string(page) + "-" + std::to_string(i) + "\"}";
    return answer("{\"data\":[" + records + "]}", 200,
                  untagged && page == 3 ? http::Headers{} : http::Headers{{"ETag", tag}});
  };
  REQUIRE(bench.sync().streams[0].counts.added == 30);
  bench.clock.advance(std::chrono::hours{1});
  auto report = bench.sync();
  CHECK(report.streams[0].unchanged_since.has_value());
  CHECK(report.streams[0].not_modified == 3);
  CHECK(bench.api.asked.size() == 4);
  CHECK(bench.value("select count(*) from incident") == "30\n");
  pages = 2;
  bench.clock.advance(std::chrono::hours{1});
  sources::SyncOptions allow;
  allow.shrink = store::Shrink::allow;
  report = bench.sync(allow);
  CHECK(report.streams[0].counts.removed == 10);
  CHECK(bench.value("select count(*) from incident") == "20\n");

  // A page that came without an ETag and is gone: what ends the list now was no end before.
  pages = 3;
  bench.clock.advance(std::chrono::hours{1});
  untagged = true;
  CHECK(bench.sync().streams[0].counts.added == 10);
  bench.clock.advance(std::chrono::hours{1});
  bench.sync(allow);
  pages = 2;
  bench.clock.advance(std::chrono::hours{1});
  CHECK(bench.sync(allow).streams[0].counts.removed == 10);
}

TEST_CASE("sources::Walk asks for pages beyond those it knows of, of a numbered list that has long been steady") {
  for (const auto* const type : {"offset", "page_number"}) {
    for (const int pages : {4, 12, 30, 60}) {
      CAPTURE(type);
      CAPTURE(pages);
      Bench bench(fmt::format(R"(
rate_limit.max_in_flight = 4
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = {{ type = "{}", limit = 3, end_statuses = [404] }}
)",
                              type));
      bench.api.concurrent = true;
      const auto ids = many(pages * 3);
      bench.api.handler = [&](const http::Request& request) {
        const bool by_page = request.url.find("page=") != std::string::npos;
        const auto offset = by_page ? (number_in(request, "page") - 1) * 3 : number_in(request, "offset");
        if (offset >= static_cast<std::int64_t>(ids.size())) return answer("{}", 404);
        std::string records;
        for (auto i = static_cast<std::size_t>(offset); i < static_cast<std::size_t>(offset) + 3; ++i)
          records += (records.empty() ? "{\"id\":\"" : ",{\"id\":\"") + ids[i] + "\"}";
        return answer("{\"data\":[" + records + "]}");
      };
      const auto report = bench.sync();
      CHECK(report.streams[0].error == "");
      CHECK(report.streams[0].counts.added == pages * 3);
      const auto asked = static_cast<int>(bench.api.asked.size());
      CHECK(asked >= pages + 1);
      CHECK(asked <= pages + (pages < 8 ? 1 : pages < 32 ? 3 : 5));
      CHECK(bench.api.most <= 4);
    }
  }
}

TEST_CASE("sources::Walk learns anew of each list whether it is steady") {
  constexpr int k_lists = 40;
  std::string values;
  for (int i = 0; i < k_lists; ++i) values += fmt::format("{}\"v{}\"", i > 0 ? ", " : "", i);
  Bench bench(fmt::format(R"(
rate_limit.max_in_flight = 4
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = {{ type = "page_number", limit = 1 }}
params = {{ of = "{{value}}" }}
partitions = [{}]
)",
                          values));
  bench.api.concurrent = true;
  bench.api.handler = [](const http::Request& request) {
    const auto of = http::query_value(request.url, "of").value_or("");
    return answer(number_in(request, "page") > 1 ? R"({"data":[]})" : R"({"data":[{"id":")" + of + R"("}]})");
  };
  const auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(report.streams[0].counts.added == k_lists);
  CHECK(bench.api.asked.size() == 2 * k_lists);
}

TEST_CASE("sources::Walk asks for the next page while the rows of this one are made, and for no page beyond it") {
  const auto config = test::config_of(R"(
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = { type = "cursor", cursor_path = "next", cursor_param = "c" }
)");
  test::Api api;
  api.concurrent = true;
  constexpr int k_pages = 6;
  api.handler = [&](const http::Request& request) {
    const auto page = number_in(request, "c");
    return answer(fmt::format(R"({{"data":[{{"id":"r{}"}}],"next":{}}})", page,
                              page + 1 < k_pages ? std::to_string(page + 1) : "null"));
  };
  const auto& source = config.sources[0];
  const auto& stream = source.streams[0];
  const auto mapping = sources::make_mapping(stream, test::entity);
  test::ApiTransport transport(api);
  test::FakeClock clock{*parse_rfc3339("2026-11-16T16:00:00Z")};
  http::SystemWaiter waiter;
  http::Client client(transport, clock, waiter);
  sources::Session session(source, {}, client, waiter);
  sources::Walk walk(source, stream, mapping, session, client, clock);
  sources::WalkInput input;
  input.max_in_flight = 4;
  input.start.plan.full = input.start.plan.complete = true;
  input.start.position = sources::first_position(stream.paginator);
  const auto asked = [&] {
    const std::scoped_lock lock(api.mutex);
    return api.asked.size();
  };
  std::size_t handed_on = 0;
  walk.run(std::move(input), [&](sources::WalkedPage&&) {
    ++handed_on;
    const std::size_t expected = handed_on < 3 || handed_on == k_pages ? handed_on : handed_on + 1;
    for (int patience = 0; asked() < expected && patience < 3000; ++patience)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    CHECK(asked() == expected);
    return true;
  });
  CHECK(handed_on == k_pages);
  CHECK(api.most == 1);
}

TEST_CASE("sources::Walk asks for several remembered pages at once as long as none has changed") {
  Bench bench(R"(
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "data"
paginator = { type = "cursor", cursor_path = "next", cursor_param = "c" }
)");
  bench.api.concurrent = true;
  bench.api.latency = std::chrono::milliseconds{5};
  constexpr int k_pages = 12;
  int changed = -1;
  bench.api.handler = [&](const http::Request& request) {
    const auto page = number_in(request, "c");
    const auto tag = page == changed ? std::string("\"new\"") : "\"" + std::to_string(page) + "\"";
    if (http::find_header(request.headers, "If-None-Match") == tag) return answer("", 304);
    return answer(fmt::format(R"({{"data":[{{"id":"r{}","name":"{}"}}],"next":{}}})", page, page == changed,
                              page + 1 < k_pages ? std::to_string(page + 1) : "null"),
                  200, {{"ETag", tag}});
  };
  REQUIRE(bench.sync().streams[0].counts.added == k_pages);
  CHECK(bench.api.most == 1);
  bench.clock.advance(std::chrono::hours{1});
  auto report = bench.sync();
  CHECK(report.streams[0].not_modified == k_pages);
  CHECK(bench.api.asked.size() == k_pages);
  CHECK(bench.api.most > 1);
  changed = 7;
  bench.clock.advance(std::chrono::hours{1});
  report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(bench.value("select count(*) from incident") == "12\n");
  CHECK(report.streams[0].counts.removed == 0);
}

TEST_CASE("sources::Walk asks once for each partition, and puts its values where they belong") {
  Bench bench(R"(
[[source.s.stream]]
name = "quotas"
entity = "capacity_resource"
path = "services/{code}/quotas"
params = { region = "{region}" }
partitions = [{ code = "ec2", region = "eu 1" }, { code = "s/3", region = "us" }]
primary_key = ["^.code", "id"]
columns = { name = "n", service = "^.code" }
)");
  bench.api.handler = [](const http::Request&) { return answer(R"([{"id":1,"n":"x"}])"); };
  const auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(bench.api.asked == std::vector<std::string>{"http://127.0.0.1:1/api/services/ec2/quotas?region=eu%201",
                                                    "http://127.0.0.1:1/api/services/s%2F3/quotas?region=us"});
  CHECK(bench.value("select id, service from capacity_resource order by id") ==
        "[\"ec2\",\"1\"]|ec2\n[\"s/3\",\"1\"]|s/3\n");
}

namespace {

constexpr const char* k_children = R"(
[[source.s.stream]]
name = "things"
entity = "incident"
path = "things"
incremental = { cursor_path = "u", start_param = "since" }
columns = { title = "t" }
[[source.s.stream]]
name = "log"
entity = "incident_update"
path = "things/{thing}/log"
parent = { stream = "things", field = "id", param = "thing", only_changed = true }
include_from_parent = ["t"]
columns = { incident_id = "^.id", body = "text" }
)";

/// Two things with a log of one entry each; the second one's log is gone.
http::Response things(const http::Request& request, const std::string& list) {
  if (request.url.find("/log") == std::string::npos) return answer(list);
  if (request.url.find("things/b/") != std::string::npos) return answer("{}", 404);
  const auto from = request.url.find("things/") + 7;
  return answer(R"([{"id":"log of )" + request.url.substr(from, 1) + R"(","text":"hi"}])");
}

}  // namespace

TEST_CASE("sources::Walk asks for the children of each parent record, and of those that changed afterwards") {
  Bench bench(k_children);
  std::string list = R"([{"id":"a","t":"A","u":"2026-11-10T08:00:00Z"},{"id":"b","t":"B","u":"2026-11-11T08:00:00Z"}])";
  bench.api.handler = [&](const http::Request& request) { return things(request, list); };
  auto report = bench.sync();
  REQUIRE(report.streams.size() == 2);
  CHECK(report.streams[1].error == "");
  CHECK(bench.api.asked == std::vector<std::string>{"http://127.0.0.1:1/api/things",
                                                    "http://127.0.0.1:1/api/things/a/log",
                                                    "http://127.0.0.1:1/api/things/b/log"});
  CHECK(bench.value("select id, incident_id, extra from incident_update") == "log of a|a|{\"parent_t\":\"A\"}\n");

  list = R"([{"id":"c","t":"C","u":"2026-11-12T08:00:00Z"}])";
  bench.clock.advance(std::chrono::hours{1});
  report = bench.sync();
  CHECK(bench.api.asked == std::vector<std::string>{"http://127.0.0.1:1/api/things?since=2026-11-11T08%3A00%3A00Z",
                                                    "http://127.0.0.1:1/api/things/c/log"});
  CHECK(report.streams[1].pass == store::Pass::partial);
  CHECK(bench.value("select count(*) from incident_update") == "2\n");

  // The children of a run that failed are asked for again, although the parent stream has gone on.
  list = R"([{"id":"d","t":"D","u":"2026-11-13T08:00:00Z"}])";
  bench.api.handler = [&](const http::Request& request) {
    return request.url.ends_with("/d/log") ? answer("", 403) : things(request, list);
  };
  bench.clock.advance(std::chrono::hours{1});
  CHECK(bench.sync().streams[1].failure == ErrorKind::credentials);
  bench.clock.advance(std::chrono::hours{1});
  bench.sync();
  CHECK(bench.api.asked.front() == "http://127.0.0.1:1/api/things?since=2026-11-12T08%3A00%3A00Z");
}

TEST_CASE("sources::Walk names the parent stream that a child stream lacks") {
  Bench bench(k_children);
  bench.api.handler = [](const http::Request&) { return answer("", 403); };
  sources::SyncOptions only_children;
  only_children.only = {"s.log"};
  const auto report = bench.sync(only_children);
  REQUIRE(report.streams.size() == 2);
  CHECK(report.streams[1].error.find("parent stream failed") != std::string::npos);
}

TEST_CASE("sources::sync keeps to the contract about fields and reports changes once") {
  struct Case {
    std::string contract;
    ErrorKind failure;
    std::int64_t rows, rejected;
  };
  for (const auto& c : {Case{"evolve", ErrorKind::bug, 2, 0}, Case{"freeze", ErrorKind::data, 1, 0},
                        Case{"discard", ErrorKind::bug, 1, 1}}) {
    CAPTURE(c.contract);
    Bench bench(
        "[[source.s.stream]]\nname = \"things\"\nentity = \"incident\"\nwrite_disposition = \"append\"\ncontract = \"" +
        c.contract + "\"\ncolumns = { title = \"t\" }\n");
    bench.api.handler = [](const http::Request&) { return answer(R"([{"id":1,"t":"a"}])"); };
    bench.sync();
    bench.clock.advance(std::chrono::hours{1});
    bench.api.handler = [](const http::Request&) { return answer(R"([{"id":1,"t":"a"},{"id":2,"t":"b","new":1}])"); };
    const auto report = bench.sync();
    CAPTURE(report.streams[0].error);
    CHECK(report.streams[0].failure.value_or(ErrorKind::bug) == c.failure);
    CHECK(report.streams[0].counts.rejected == c.rejected);
    CHECK(bench.value("select count(*) from incident") == std::to_string(c.rows) + "\n");
    if (c.failure == ErrorKind::data) continue;
    REQUIRE(report.streams[0].field_changes.size() == 1);
    CHECK(report.streams[0].field_changes[0].text() == "new field 'new' (number)");
    CHECK(bench.value("select notes from sync_run order by started_at desc limit 1")
              .find(R"("fields":[{"field":"new","change":"new","is":"number"}])") != std::string::npos);
    CHECK(bench.sync().streams[0].field_changes.empty());
  }
}

TEST_CASE("sources::Walk does what response_actions say, and takes a partial answer for no whole") {
  Bench bench(R"(
retry = { max = 1, backoff = "1ms" }
[[source.s.stream]]
name = "things"
entity = "incident"
data_selector = "items"
partial_path = "incomplete"
response_actions = [{ status = 402, action = "ignore" }, { content = "busy", action = "retry" }, { status = 403, content = "secondary", action = "rate_limited" }]
)");
  int asked = 0;
  bench.api.handler = [&](const http::Request&) { return answer("", 402); };
  CHECK_FALSE(bench.sync().first_failure.has_value());
  bench.api.handler = [&](const http::Request&) {
    return ++asked == 1 ? answer(R"({"busy":1})") : answer(R"({"items":[{"id":1},{"id":2}]})");
  };
  CHECK(bench.sync().streams[0].counts.added == 2);
  asked = 0;
  bench.api.handler = [&](const http::Request&) {
    return ++asked == 1 ? answer("secondary rate limit", 403, {{"Retry-After", "0"}})
                        : answer(R"({"items":[{"id":1}],"incomplete":true})");
  };
  bench.clock.advance(std::chrono::hours{1});
  const auto report = bench.sync();
  CHECK(report.streams[0].error == "");
  CHECK(asked == 2);
  CHECK(report.streams[0].counts.removed == 0);
  CHECK(report.streams[0].warnings.front().find("incomplete") != std::string::npos);
}

TEST_CASE("sources::Walk goes on where the last answer said, and deletes what the API calls deleted") {
  Bench bench(R"(
[[source.s.stream]]
name = "tickets"
entity = "ticket"
path = "incremental"
data_selector = "tickets"
paginator = { type = "cursor", cursor_path = "after_cursor", cursor_param = "cursor", has_more_path = "end_of_stream", has_more_when = false }
incremental = { source = "response", state_path = "after_cursor", start_param = "cursor" }
deleted_when = { path = "status", equals = "deleted" }
columns = { subject = "subject" }
)");
  bench.api.handler = [](const http::Request& request) {
    return http::query_value(request.url, "cursor") == "s1"
               ? answer(R"({"tickets":[{"id":1,"status":"deleted"}],"after_cursor":"s2","end_of_stream":true})")
               : answer(R"({"tickets":[{"id":1,"subject":"a"},{"id":2}],"after_cursor":"s1","end_of_stream":true})");
  };
  CHECK(bench.sync().streams[0].counts.added == 2);
  bench.clock.advance(std::chrono::hours{1});
  const auto report = bench.sync();
  CHECK(bench.api.asked.front().ends_with("?cursor=s1"));
  CHECK(report.streams[0].counts.removed == 1);
  CHECK(bench.value("select id from ticket") == "2\n");
}

TEST_CASE("sources::sync walks the streams of a source side by side, and no more requests at once than allowed") {
  std::string toml = "rate_limit.max_in_flight = 3\n";
  for (int i = 0; i < 6; ++i)
    toml += "[[source.s.stream]]\nname = \"s" + std::to_string(i) + "\"\nentity = \"service\"\npath = \"" +
            std::to_string(i) + "\"\n";
  Bench bench(toml);
  bench.api.concurrent = true;
  bench.api.latency = std::chrono::milliseconds{30};
  bench.api.handler = [](const http::Request& request) { return answer("[{\"id\":\"" + request.url + "\"}]"); };
  const auto report = bench.sync();
  CHECK_FALSE(report.first_failure.has_value());
  CHECK(bench.api.most == 3);
  CHECK(bench.value("select count(*) from service") == "6\n");
}
