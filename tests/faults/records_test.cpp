// Records, identity, deletions and time: lines 42 to 48 and 55 to 60.
#include "fixture.hpp"

using namespace sitrep::test;

namespace {

constexpr auto k_next = R"(,"next":)";

std::string body(const std::string& records, const std::string& next = "null") {
  return "{\"incidents\":[" + records + "]" + k_next + next + "}";
}

}  // namespace

TEST_CASE("42, 43: of an id that comes again the newest wins, and it is one row") {
  FaultWorkspace workspace;
  workspace.serve(
      {Reply::json(body(R"({"id":"a","name":"1"},{"id":"a","name":"2"},{"id":"a","name":"3"},{"id":"b"})", "\"2\"")),
       Reply::json(body(R"({"id":"b","name":"later"},{"id":"c"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 3);
  CHECK(workspace.count("select count(*) from incident_history") == 3);
  CHECK(workspace.query("select title from incident where id='a'") == "3");
  CHECK(workspace.query("select title from incident where id='b'") == "later");
  CHECK(workspace.count("select sum(duplicates) from sync_run") == 3);
}

TEST_CASE("42, 43: among rows of one id the time of change counts before the place, and their number is shown") {
  FaultWorkspace workspace;
  workspace.stream = FaultWorkspace::default_stream().replace(0, 1, R"(
incremental = { cursor_path = "updated", start_param = "since" }
)");
  const auto row = [](const std::string& id, const std::string& hour, const std::string& name) {
    return R"({"id":")" + id + R"(","updated":"2026-11-10T)" + hour + R"(:00:00Z","name":")" + name + "\"}";
  };
  workspace.serve({Reply::json(body(row("a", "09", "newest") + "," + row("b", "08", "1") + "," +
                                        row("b", "10", "newest") + "," + row("b", "09", "3"),
                                    "\"2\"")),
                   Reply::json(body(row("a", "08", "older, though later") + "," + row("c", "08", "c")))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident_history") == 3);
  CHECK(workspace.query("select group_concat(title) from incident where id in ('a','b')") == "newest,newest");
  CHECK(contains(result.said, "3 records came more than once"));
}

TEST_CASE("44, 47: a record without a usable id, or that is none, is rejected with its reason, never merged") {
  FaultWorkspace workspace;
  workspace.serve(
      {Reply::json(body(R"({"id":null,"name":"1"},{"name":"2"},{"id":"","name":"3"},{"id":{"x":1}},{"id":[1]},)"
                        R"(null,5,"text",[1],{"id":"good"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(workspace.count("select count(*) from incident") == 1);
  CHECK(workspace.count("select count(*) from reject") == 9);
  CHECK(workspace.count("select count(*) from reject where coalesce(reason,'') = ''") == 0);
  CHECK(contains(result.said, "9"));
}

TEST_CASE("45: an integer and its text form are one id; otherwise ids compare as bytes") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(
      body("{\"id\":1},{\"id\":\"1\"},{\"id\":\"a\"},{\"id\":\"A\"},{\"id\":\"\xc3\xa9\"},{\"id\":\"e\xcc\x81\"},"
           "{\"id\":1.0},{\"id\":true}"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 5);  // 1.0 is the integer 1 in JSON
  CHECK(workspace.query("select reason from reject") == "the id (id) is a boolean");
}

TEST_CASE("46: where the records should be but are not, the error lists what is there") {
  const Fault faults[] = {
      {"46: missing", {Reply::json(R"({"items":[],"total":0})")}, 4, {"incidents", "items", "total"}, 1},
      {"46: null", {Reply::json(R"({"incidents":null})")}, 4, {"incidents"}, 1},
      {"46: object", {Reply::json(R"({"incidents":{"a":1}})")}, 4, {"incidents"}, 1},
      {"46: string", {Reply::json(R"({"incidents":"none"})")}, 4, {"incidents"}, 1},
      {"46: an error with status 200", {Reply::json(R"({"error":{"message":"quota used up"}})")}, 4, {"error"}, 1},
      {"46: top-level array", {Reply::json(R"([{"id":"a"}])")}, 4, {"incidents"}, 1},
  };
  check_fails(faults);
}

TEST_CASE("48: a source that is suddenly empty deletes nothing until a person says so") {
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.serve({Reply::json(page({}))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 6);
  CHECK(contains(result.said, "--allow-shrink"));
  CHECK(workspace.contents() == before);
  const auto allowed = workspace.sync({"--allow-shrink"});
  INFO(allowed.said);
  CHECK(allowed.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 0);
  CHECK(workspace.count("select count(*) from incident_history") == 3);
}

TEST_CASE("55: a row that is deleted while an offset walk is on its way costs no other row") {
  FaultWorkspace workspace;
  workspace.stream = R"(paginator = { type = "offset", limit_param = "limit", limit = 3, total_path = "total" }
)";
  std::vector<std::string> ids = {"a", "b", "c", "d", "e", "f", "g", "h"};
  int asked = 0;
  workspace.serve([&](const Received& request) {
    if (++asked == 2) ids.erase(ids.begin());  // the rest moves up: "d" is on no page of the first pass
    const auto offset =
        static_cast<std::size_t>(request.query("offset").empty() ? 0 : std::stoi(request.query("offset")));
    std::string records;
    for (std::size_t i = offset; i < std::min(offset + 3, ids.size()); ++i)
      records += (i > offset ? ",{\"id\":\"" : "{\"id\":\"") + ids[i] + "\"}";
    return Reply::json("{\"incidents\":[" + records + "],\"total\":" + std::to_string(ids.size()) + "}");
  });
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select group_concat(id, '') from (select id from incident where id <> 'a' order by id)") ==
        "bcdefgh");
}

TEST_CASE("58: a 304 keeps the data and says since when; an ETag that lies is outwitted by --full") {
  FaultWorkspace workspace;
  std::string name = "first";
  bool lies = false;
  workspace.serve([&](const Received& request) {
    if (!request.header("If-None-Match").empty() && (lies || request.header("If-None-Match") == "\"" + name + "\""))
      return Reply::status(304);
    return Reply::json(raw_page("{\"id\":\"a\",\"name\":\"" + name + "\"}"), {{"ETag", "\"" + name + "\""}});
  });
  REQUIRE(workspace.sync().exit_code == 0);
  const auto before = workspace.contents();
  const auto unchanged = workspace.sync();
  INFO(unchanged.said);
  CHECK(unchanged.exit_code == 0);
  CHECK(contains(unchanged.said, "unchanged since 2026-11-16T10:00:00Z"));
  CHECK(contains(unchanged.said, "1 not modified"));
  CHECK(workspace.contents() == before);
  name = "second";
  CHECK(workspace.sync().exit_code == 0);
  CHECK(workspace.query("select title from incident") == "second");
  name = "third";
  lies = true;
  CHECK(workspace.sync().exit_code == 0);
  CHECK(workspace.query("select title from incident") == "second");
  CHECK(workspace.sync({"--full"}).exit_code == 0);
  CHECK(workspace.query("select title from incident") == "third");
}

TEST_CASE("56, 57: ties and late rows below the bookmark are found by the look-back") {
  FaultWorkspace workspace;
  workspace.stream = FaultWorkspace::default_stream().replace(0, 1, R"(
incremental = { cursor_path = "updated", start_param = "since", lag = "1h" }
)");
  workspace.serve({Reply::json(
      body(R"({"id":"a","updated":"2026-11-10T08:00:00Z"},{"id":"b","updated":"2026-11-10T09:00:00Z"})"))});
  REQUIRE(workspace.sync().exit_code == 0);
  // The server gives what was updated at or after `since`: one more with the same time, one that came late.
  workspace.serve(
      {Reply::json(body(R"({"id":"b","updated":"2026-11-10T09:00:00Z"},{"id":"tie","updated":"2026-11-10T09:00:00Z"},)"
                        R"({"id":"late","updated":"2026-11-10T08:30:00Z"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.server().requests().back().query("since") == "2026-11-10T08:00:00Z");
  CHECK(workspace.count("select count(*) from incident") == 4);
}

TEST_CASE("59: an update time in the future does not push the bookmark past the present") {
  FaultWorkspace workspace;
  workspace.stream = FaultWorkspace::default_stream().replace(0, 1, R"(
incremental = { cursor_path = "updated", start_param = "since" }
)");
  workspace.serve({Reply::json(
      body(R"({"id":"a","updated":"2026-11-10T08:00:00Z"},{"id":"b","updated":"2031-01-01T00:00:00Z"})"))});
  const auto first = workspace.sync();
  REQUIRE(first.exit_code == 0);
  CHECK(contains(first.said, "the newest change is dated 2031-01-01T00:00:00Z, in the future"));
  workspace.serve({Reply::json(body(R"({"id":"c","updated":"2026-11-16T09:30:00Z"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.server().requests().back().query("since") <= "2026-11-16T10:01:00Z");
}

TEST_CASE("60: a local time that its zone skips is set aside; one that comes twice is the first") {
  FaultWorkspace workspace;
  workspace.stream = "timezone = \"America/New_York\"\ncolumns = { started_at = \"started\" }\n";
  workspace.serve({Reply::json(
      body(R"({"id":"gap","started":"2026-03-08T02:30:00"},{"id":"twice","started":"2026-11-01T01:30:00"},)"
           R"({"id":"said","started":"2026-03-08T02:30:00-05:00"})"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select coalesce(started_at, 'none') from incident where id='gap'") == "none");
  CHECK(workspace.query("select started_at from incident where id='twice'") == "1793511000");
  CHECK(workspace.query("select started_at from incident where id='said'") == "1772955000");
  CHECK(contains(result.said, "a local time that its zone skips"));
}

TEST_CASE("60: an odd date is exact or set aside with its reason, never another moment") {
  struct Case {
    std::string written;   ///< as JSON
    std::string expected;  ///< Unix seconds, "" for NULL
  };
  const Case cases[] = {
      {R"("2026-11-10T08:00:00Z")", "1794297600"},
      {R"("2026-11-10T08:00:00.999999999Z")", "1794297600"},
      {R"("2026-11-10T08:00:00+02:00")", "1794290400"},
      {R"("2026-11-10T08:00:00+0200")", "1794290400"},
      {R"("2026-11-10 08:00:00")", "1794297600"},
      {R"("2026-11-10T08:00Z")", "1794297600"},
      {R"("2026-11-10T03-05")", ""},
      {R"("2026-11-10")", "1794268800"},
      {"1794297600", "1794297600"},
      {"1794297600.75", "1794297600"},
      {"1794297600123", "1794297600"},
      {R"("1794297600")", "1794297600"},
      {"0", ""},
      {"-1", ""},
      {"17", ""},
      {R"("2016-12-31T23:59:60Z")", "1483228800"},
      {R"("2026-11-10T24:00:00Z")", ""},
      {R"("2026-02-30T00:00:00Z")", ""},
      {R"("2026-13-01T00:00:00Z")", ""},
      {R"("10000-01-01T00:00:00Z")", ""},
      {R"("yesterday")", ""},
      {R"("0000-00-00")", ""},
      {R"("")", ""},
      {"null", ""},
      {"true", ""},
  };
  std::string records;
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    records +=
        (i > 0 ? "," : "") + std::string("{\"id\":\"") + std::to_string(i) + "\",\"started\":" + cases[i].written + "}";
  }
  FaultWorkspace workspace;
  workspace.serve({Reply::json(body(records))});
  const auto result = workspace.sync();
  INFO(result.said);
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    INFO(cases[i].written);
    const auto id = std::to_string(i);
    const bool stored = workspace.count("select count(*) from incident where id='" + id + "'") == 1;
    const bool rejected = workspace.count("select count(*) from reject where raw like '%\"id\":\"" + id + "\"%'") == 1;
    CHECK(stored != rejected);
    if (stored) CHECK(workspace.query("select started_at from incident where id='" + id + "'") == cases[i].expected);
  }
  CHECK(workspace.count("select count(*) from incident where started_at = 0") == 0);
}
