// Walks over pages that lead nowhere: lines 49 to 54.
#include "fixture.hpp"

using namespace sitrep::test;

namespace {

constexpr auto k_cursor =
    R"(paginator = { type = "cursor", cursor_path = "next", cursor_param = "cursor", max_pages = 20 }
)";
constexpr auto k_link = R"(paginator = { type = "json_link", next_url_path = "next", max_pages = 20 }
)";
constexpr auto k_number = R"(paginator = { type = "page_number", page_param = "page", max_pages = 20 }
)";

std::string with_next(const std::string& ids, const std::string& next) {
  return "{\"incidents\":[" + ids + "],\"next\":" + next + "}";
}
std::string record(const std::string& id) { return "{\"id\":\"" + id + "\"}"; }

/// A walk that must end in an error without touching what is there.
void check_ends(const std::string& name, const std::string& stream, ScriptedServer::Handler handler, int most_requests,
                const std::vector<std::string>& says) {
  INFO(name);
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.stream = stream;
  workspace.serve(std::move(handler));
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK((result.exit_code == 4 || result.exit_code == 6));
  CHECK(result.requests <= most_requests);
  for (const auto& part : says) CHECK(contains(result.said, part));
  CHECK(workspace.contents() == before);
}

}  // namespace

TEST_CASE("49: a cursor that repeats ends the walk within two more requests") {
  check_ends("49: a cursor that gives itself", k_cursor,
             [](const Received&) { return Reply::json(with_next(record("a"), "\"x\"")); }, 4, {"cursor"});
  check_ends("49: A, B, A", k_cursor,
             [](const Received& request) {
               const auto at = request.query("cursor");
               return Reply::json(with_next(record("r" + at), at == "A" ? "\"B\"" : "\"A\""));
             },
             5, {"cursor"});
}

TEST_CASE("50: endless pages end at max_pages, and a page parameter without effect is named") {
  check_ends("50: fresh pages for ever", k_cursor,
             [](const Received& request) {
               const auto next = std::to_string(request.number + 1);
               return Reply::json(with_next(record("r" + next), "\"" + next + "\""));
             },
             20, {"max_pages"});
  check_ends("50: the page parameter is ignored", k_number,
             [](const Received&) { return Reply::json("{\"incidents\":[" + record("a") + "," + record("b") + "]}"); },
             3, {"page"});
}

TEST_CASE("51: an empty page with a next cursor is not the end") {
  FaultWorkspace workspace;
  workspace.stream =
      R"(paginator = { type = "cursor", cursor_path = "next", cursor_param = "cursor", stop_after_empty_page = false }
)";
  workspace.serve({Reply::json(with_next(record("a"), "\"1\"")), Reply::json(with_next("", "\"2\"")),
                   Reply::json(with_next("", "\"3\"")), Reply::json(with_next(record("b"), "null"))});
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 2);
}

TEST_CASE("51: empty pages that never end are bounded") {
  check_ends(
      "51: empty, and always a next one", k_cursor,
      [](const Received& request) { return Reply::json(with_next("", "\"" + std::to_string(request.number) + "\"")); },
      20, {"max_pages"});
}

TEST_CASE("52: what a next field may hold ends the walk, is resolved, or is refused, never fetched as a file") {
  struct Case {
    std::string name;
    std::string next;
    int requests;  ///< 2: it was followed, to /incidents2
    bool fails;
  };
  const Case cases[] = {
      {"empty text", R"("")", 1, false},
      {"null", "null", 1, false},
      {"false", "false", 1, false},
      {"relative path", R"("incidents2")", 2, false},
      {"absolute path", R"("/incidents2?page=2")", 2, false},
      {"query alone", R"("?page=2")", 2, false},
      {"javascript", "\"javascript:alert(1)\"", 1, true},
      {"file", R"("file:///etc/passwd")", 1, true},
      {"object", R"({"a":1})", 1, true},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    FaultWorkspace workspace;
    workspace.fill();
    const auto before = workspace.contents();
    workspace.stream = k_link;
    workspace.serve({Reply::json(with_next(record("a") + "," + record("b") + "," + record("c"), c.next)),
                     Reply::json(with_next(record("d"), "null"))});
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.requests == c.requests);
    CHECK((result.exit_code != 0) == c.fails);
    if (c.fails) CHECK(workspace.contents() == before);
    CHECK_FALSE(contains(result.said, "root:"));
  }
}

TEST_CASE("53: a next page on another host is refused and gets no secret") {
  ScriptedServer trap({Reply::json(with_next(record("x"), "null"))});
  check_ends("53: in the body", k_link,
             [&](const Received&) { return Reply::json(with_next(record("a"), "\"" + trap.url("/incidents") + "\"")); },
             1, {"127.0.0.1"});
  check_ends("53: in a Link header", "paginator = { type = \"header_link\" }\n",
             [&](const Received&) {
               return Reply::json(with_next(record("a"), "null"),
                                  {{"Link", "<" + trap.url("/incidents") + ">; rel=\"next\""}});
             },
             1, {"127.0.0.1"});
  CHECK(trap.requests().empty());
}

TEST_CASE("54: the records decide where an offset walk ends, not the total") {
  FaultWorkspace workspace;
  workspace.stream = R"(paginator = { type = "offset", limit_param = "limit", limit = 100, total_path = "total" }
)";
  workspace.serve([](const Received& request) {
    const auto offset = request.query("offset").empty() ? 0 : std::stoi(request.query("offset"));
    std::string records;  // a server that clamps the limit to 3, and counts wrongly, each time differently
    for (int i = offset; i < std::min(offset + 3, 8); ++i)
      records += (i > offset ? "," : "") + record("r" + std::to_string(i));
    return Reply::json("{\"incidents\":[" + records + "],\"total\":" + std::to_string(5 + request.number) + "}");
  });
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.count("select count(*) from incident") == 8);
  CHECK(contains(result.said, "the API speaks of"));
}
