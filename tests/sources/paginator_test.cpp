#include "sources/paginator.hpp"

#include <doctest/doctest.h>

#include "json/path.hpp"
#include "sources/loop_guard.hpp"
#include "sources/paginators/link_header.hpp"
#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

// A page as a server gave it; records below "data".
struct Served {
  std::string body = {};
  http::Headers headers = {};
  int status = 200;
};

std::optional<Position> after(const config::Paginator& paginator, const Position& position, const Served& served) {
  json::Document document;
  http::Response response;
  response.status = served.status;
  response.headers = served.headers;
  PageFacts facts;
  facts.response = &response;
  facts.url = "https://api.example/v1/things?page=1";
  if (!served.body.empty()) {
    facts.body = document.parse(served.body);
    if (const auto data = facts.body->get("data")) {
      facts.rows = static_cast<std::int64_t>(data->size());
      facts.last_record = json::Path::parse("[-1]").find(*data);
    }
  }
  return next_position(paginator, position, facts);
}

struct Case {
  const char* name;
  const char* paginator;
  Position at;
  Served page;
  std::optional<Position> next;
};

void check(const Case& c) {
  CAPTURE(c.name);
  const auto next = after(test::paginator_of(c.paginator), c.at, c.page);
  REQUIRE(next.has_value() == c.next.has_value());
  if (!next) return;
  CHECK(next->number == c.next->number);
  CHECK(next->text == c.next->text);
}

void check_error(const char* paginator, const Position& at, const Served& page, std::string_view says) {
  CAPTURE(paginator);
  CAPTURE(page.body);
  const auto message = test::error_of([&] { after(test::paginator_of(paginator), at, page); });
  CHECK(message.find(says) != std::string::npos);
}

}  // namespace

TEST_CASE("sources::next_position of single_page is always the end") {
  check({"full", R"({ type = "single_page" })", {}, {R"({"data":[1,2],"next":"x","has_more":true})"}, {}});
}

TEST_CASE("sources::next_position of page_number counts up until a page is empty") {
  const char* plain = R"({ type = "page_number", limit_param = "per_page", limit = 2 })";
  const char* flagged = R"({ type = "page_number", has_more_path = "more" })";
  const char* last_flag = R"({ type = "page_number", has_more_path = "last", has_more_when = false })";
  const char* holes =
      R"({ type = "page_number", limit_param = "n", limit = 2, stop_after_empty_page = false, total_path = "total" })";
  for (const Case& c : {
           Case{"full page", plain, {1, ""}, {R"({"data":[1,2]})"}, Position{2, ""}},
           {"a short page is not the end: the server may clamp", plain, {3, ""}, {R"({"data":[1]})"}, Position{4, ""}},
           {"empty page", plain, {3, ""}, {R"({"data":[]})"}, {}},
           {"short page, where it is said to end",
            R"({ type = "page_number", limit_param = "n", limit = 2, stop_after_short_page = true })",
            {3, ""},
            {R"({"data":[1]})"},
            {}},
           {"flag says last", flagged, {1, ""}, {R"({"data":[1,2],"more":false})"}, {}},
           {"flag says more", flagged, {1, ""}, {R"({"data":[1],"more":true})"}, Position{2, ""}},
           {"flag is missing", flagged, {1, ""}, {R"({"data":[1]})"}, Position{2, ""}},
           {"flag of the other polarity", last_flag, {1, ""}, {R"({"data":[1],"last":true})"}, {}},
           {"404 past the end", R"({ type = "page_number", end_statuses = [404] })", {9, ""}, {"", {}, 404}, {}},
           {"empty page before the total", holes, {1, ""}, {R"({"data":[],"total":5})"}, Position{2, ""}},
           {"empty page past the total", holes, {3, ""}, {R"({"data":[],"total":5})"}, {}},
           {"empty page, total null", holes, {1, ""}, {R"({"data":[],"total":null})"}, {}},
           {"a total that is too small does not end it",
            plain,
            {1, ""},
            {R"({"data":[1,2],"total":1})"},
            Position{2, ""}},
       }) {
    check(c);
  }
  check_error(flagged, {1, ""}, {R"({"data":[1],"more":"maybe"})"}, "paginator.has_more_path");
}

TEST_CASE("sources::next_position of offset advances by the rows received") {
  const char* plain = R"({ type = "offset", limit = 100 })";
  for (const Case& c : {
           Case{"clamped to 2 of 100", plain, {10, ""}, {R"({"data":[1,2]})"}, Position{12, ""}},
           {"empty page", plain, {10, ""}, {R"({"data":[]})"}, {}},
           {"more is false (PagerDuty)",
            R"({ type = "offset", has_more_path = "more" })",
            {0, ""},
            {R"({"data":[1],"more":false,"total":null})"},
            {}},
           {"empty page in a list with hidden rows (ServiceNow)",
            R"({ type = "offset", limit = 50, stop_after_empty_page = false, total_header = "X-Total-Count" })",
            {50, ""},
            {R"({"data":[]})", {{"x-total-count", "170"}}},
            Position{100, ""}},
           {"the same past the total",
            R"({ type = "offset", limit = 50, stop_after_empty_page = false, total_header = "X-Total-Count" })",
            {150, ""},
            {R"({"data":[]})", {{"x-total-count", "170"}}},
            {}},
       }) {
    check(c);
  }
  check_error(R"({ type = "offset", limit = 2, maximum_offset = 4 })", {2, ""}, {R"({"data":[1,2]})"},
              "paginator.maximum_offset");
}

TEST_CASE("sources::next_position of cursor follows the token until there is none") {
  const char* plain = R"({ type = "cursor", cursor_path = "meta.next", cursor_param = "after" })";
  const char* flagged =
      R"({ type = "cursor", cursor_path = "meta.next", cursor_param = "after", has_more_path = "more" })";
  for (const Case& c : {
           Case{"token", plain, {}, {R"({"data":[1],"meta":{"next":"abc="}})"}, Position{0, "abc="}},
           {"number as token", plain, {}, {R"({"data":[1],"meta":{"next":2}})"}, Position{0, "2"}},
           {"empty page with a token", plain, {0, "a"}, {R"({"data":[],"meta":{"next":"b"}})"}, Position{0, "b"}},
           {"null", plain, {0, "a"}, {R"({"data":[1],"meta":{"next":null}})"}, {}},
           {"empty text", plain, {0, "a"}, {R"({"data":[1],"meta":{"next":""}})"}, {}},
           {"false", plain, {0, "a"}, {R"({"data":[1],"meta":{"next":false}})"}, {}},
           {"absent", plain, {0, "a"}, {R"({"data":[1]})"}, {}},
           {"token on the last page (Zendesk)",
            flagged,
            {0, "a"},
            {R"({"data":[1],"meta":{"next":"b"},"more":false})"},
            {}},
       }) {
    check(c);
  }
  check_error(flagged, {}, {R"({"data":[1],"more":true})"}, "paginator.cursor_path");
  check_error(plain, {}, {R"({"data":[1],"meta":{"next":{}}})"}, "not a cursor");
  check_error(plain, {}, {R"({"data":[1],"meta":{"next":true}})"}, "not a cursor");
}

TEST_CASE("sources::next_position of last_record goes on from the last record's field") {
  const char* plain = R"({ type = "last_record", cursor_record_path = "id", cursor_param = "starting_after" })";
  const char* flagged =
      R"({ type = "last_record", cursor_record_path = "id", cursor_param = "starting_after", has_more_path = "has_more" })";
  for (const Case& c : {
           Case{"full page", plain, {}, {R"({"data":[{"id":"a"},{"id":"b"}]})"}, Position{0, "b"}},
           {"numbers", plain, {}, {R"({"data":[{"id":17}]})"}, Position{0, "17"}},
           {"empty page", plain, {0, "b"}, {R"({"data":[]})"}, {}},
           {"flag says last", flagged, {}, {R"({"data":[{"id":"a"}],"has_more":false})"}, {}},
           {"flag says more", flagged, {}, {R"({"data":[{"id":"a"}],"has_more":true})"}, Position{0, "a"}},
       }) {
    check(c);
  }
  check_error(plain, {}, {R"({"data":[{"id":"a"},{"name":"b"}]})"}, "paginator.cursor_record_path");
  check_error(flagged, {}, {R"({"data":[],"has_more":true})"}, "no record to go on from");
}

TEST_CASE("sources::next_position of json_link resolves the URL and stays within the origin") {
  const char* plain = R"({ type = "json_link", next_url_path = "next" })";
  for (const Case& c : {
           Case{"absolute",
                plain,
                {},
                {R"({"next":"https://api.example/v1/things?page=2"})"},
                Position{0, "https://api.example/v1/things?page=2"}},
           {"relative path",
            plain,
            {},
            {R"({"next":"/v1/other?c=1"})"},
            Position{0, "https://api.example/v1/other?c=1"}},
           {"query only", plain, {}, {R"({"next":"?page=2"})"}, Position{0, "https://api.example/v1/things?page=2"}},
           {"JSON:API object",
            plain,
            {},
            {R"({"next":{"href":"?p=3"}})"},
            Position{0, "https://api.example/v1/things?p=3"}},
           {"quoted key (OData)",
            R"({ type = "json_link", next_url_path = '"@odata.nextLink"' })",
            {},
            {R"({"@odata.nextLink":"?x=1"})"},
            Position{0, "https://api.example/v1/things?x=1"}},
           {"null", plain, {}, {R"({"next":null})"}, {}},
           {"empty", plain, {}, {R"({"next":""})"}, {}},
           {"false", plain, {}, {R"({"next":false})"}, {}},
           {"absent", plain, {}, {R"({"data":[]})"}, {}},
       }) {
    check(c);
  }
  check_error(plain, {}, {R"({"next":10})"}, "not a URL");
  check_error(plain, {}, {R"({"next":{}})"}, "not a URL");
  check_error(plain, {}, {R"({"next":"javascript:x"})"}, "refused");
  check_error(plain, {}, {R"({"next":"file:///etc/passwd"})"}, "refused");
  check_error(plain, {}, {R"({"next":"https://evil.example/v1/things"})"}, "within one origin");
  check_error(plain, {}, {R"({"next":"//evil.example/"})"}, "within one origin");
  check_error(plain, {}, {R"({"next":"http://api.example/v1/things"})"}, "within one origin");
  check_error(plain, {}, {R"({"next":"https://api.example:8443/"})"}, "within one origin");
}

TEST_CASE("sources::next_position of header_link follows rel=next wherever it stands") {
  const char* plain = R"({ type = "header_link" })";
  for (const Case& c : {
           Case{"after prev, on another path (GitHub)",
                plain,
                {},
                {"[]",
                 {{"Link",
                   R"(<https://api.example/r/1?page=1>; rel="prev", <https://api.example/r/1?page=3>; rel="next")"}}},
                Position{0, "https://api.example/r/1?page=3"}},
           {"without blanks (ServiceNow)",
            plain,
            {},
            {"[]", {{"link", R"(<?o=-1>;rel="prev",<?o=5>;rel="next")"}}},
            Position{0, "https://api.example/v1/things?o=5"}},
           {"unquoted, one of several relations, other parameters first",
            plain,
            {},
            {"[]", {{"Link", "<?a=1>; title=\"x, y; rel=next\"; rel=last, <?b=2>; REL=\"start NEXT\""}}},
            Position{0, "https://api.example/v1/things?b=2"}},
           {"in the second of two headers",
            plain,
            {},
            {"[]", {{"Link", "<?a>; rel=first"}, {"Link", "<?b>; rel=next"}}},
            Position{0, "https://api.example/v1/things?b"}},
           {"another relation",
            R"({ type = "header_link", links_rel = "older" })",
            {},
            {"[]", {{"Link", "<?a>; rel=older"}}},
            Position{0, "https://api.example/v1/things?a"}},
           {"no rel=next on the last page", plain, {}, {"[]", {{"Link", "<?a>; rel=\"first\""}}}, {}},
           {"no header", plain, {}, {"[]"}, {}},
           {"broken header", plain, {}, {"[]", {{"Link", "<?a; rel=next"}}}, {}},
       }) {
    check(c);
  }
  check_error(plain, {}, {"[]", {{"Link", "<https://evil.example/>; rel=next"}}}, "within one origin");
}

TEST_CASE("sources::page_request sets what the paginator carries") {
  const auto params = [](const char* paginator, const Position& position) {
    std::string text;
    for (const auto& [name, value] : page_request(test::paginator_of(paginator), position).params)
      text += name + "=" + value + " ";
    return text;
  };
  CHECK(params(R"({ type = "page_number", base_page = 0, limit_param = "size", limit = 50 })", {0, ""}) ==
        "size=50 page=0 ");
  CHECK(params(R"({ type = "offset", limit = 25 })", {75, ""}) == "limit=25 offset=75 ");
  CHECK(params(R"({ type = "cursor", cursor_path = "n", cursor_param = "after" })", {}) == "");
  CHECK(params(R"({ type = "cursor", cursor_path = "n", cursor_param = "after" })", {0, "x y"}) == "after=x y ");
  const auto first_only = test::paginator_of(
      R"({ type = "cursor", cursor_path = "n", cursor_param = "c", limit_param = "l", limit = 5, resend_params = "first_only" })");
  CHECK_FALSE(page_request(first_only, {}).drop_stream_params);
  CHECK(page_request(first_only, {0, "t"}).drop_stream_params);
  CHECK(page_request(first_only, {0, "t"}).params.size() == 1);
  const auto link = test::paginator_of(R"({ type = "header_link", limit_param = "per_page", limit = 100 })");
  CHECK(page_request(link, {}).params.size() == 1);
  CHECK(page_request(link, {0, "https://api.example/x"}).url == "https://api.example/x");
}

TEST_CASE("sources::LoopGuard ends walks that lead nowhere and names the knob") {
  const auto paginator =
      test::paginator_of(R"({ type = "cursor", cursor_path = "n", cursor_param = "after", max_pages = 50 })");
  SUBCASE("A, B, A") {
    LoopGuard guard(paginator, 0);
    guard.going_to({});
    guard.going_to({0, "A"});
    guard.going_to({0, "B"});
    const auto message = test::error_of([&] { guard.going_to({0, "A"}); });
    CHECK(message.find("after=A") != std::string::npos);
    CHECK(message.find("paginator.cursor_param in sitrep.toml:") != std::string::npos);
  }
  SUBCASE("the same records again") {
    LoopGuard guard(paginator, 0);
    guard.received({}, {1, 1}, 100);
    guard.received({0, "A"}, {2, 2}, 100);
    const auto message = test::error_of([&] { guard.received({0, "B"}, {2, 2}, 100); });
    CHECK(message.find("page 3 repeats page 2 (after=B)") != std::string::npos);
  }
  SUBCASE("empty pages are alike and no loop") {
    LoopGuard guard(paginator, 0);
    for (int i = 0; i < 20; ++i) guard.received({}, {7, 7}, 0);
    CHECK(guard.pages() == 20);
  }
  SUBCASE("a single record may move once") {
    LoopGuard guard(paginator, 0);
    guard.received({}, {1, 1}, 1);
    guard.received({}, {1, 1}, 1);
    CHECK_THROWS_AS(guard.received({}, {1, 1}, 1), Error);
  }
  SUBCASE("fresh pages without end") {
    LoopGuard guard(paginator, 0);
    std::string message;
    for (int i = 0; i < 60 && message.empty(); ++i) {
      message = test::error_of([&] { guard.going_to({0, std::to_string(i)}); });
      if (message.empty()) guard.received({}, {static_cast<std::uint64_t>(i), 0}, 10);
    }
    CHECK(guard.pages() == 50);
    CHECK(message.find("paginator.max_pages") != std::string::npos);
  }
}
