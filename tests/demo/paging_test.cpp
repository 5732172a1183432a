#include "demo/paging.hpp"

#include <doctest/doctest.h>

#include <map>

#include "json/path.hpp"
#include "json/value.hpp"

namespace sitrep::demo {
namespace {

Items numbers(int count) {
  Items items;
  for (int i = 1; i <= count; ++i) items.push_back({"id" + std::to_string(i), unix_time(i), std::to_string(i)});
  return items;
}

Query query(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string at(const std::string& body, const char* path) {
  json::Document document;
  const auto value = json::Path::parse(path).find(document.parse(body));
  return value ? value->to_json() : "(absent)";
}

TEST_CASE("demo::select keeps what was known at the moment and changed since the bound, both included") {
  const auto items = numbers(9);
  CHECK(select(items, unix_time(6), {}).items.size() == 6);
  CHECK(select(items, unix_time(6), unix_time(4)).items.size() == 3);
  CHECK(select(items, unix_time(6), unix_time(7)).items.empty());
}

TEST_CASE("demo paging: each style names its next page until there is none") {
  const auto items = numbers(5);
  const auto all = select(items, unix_time(100), {});

  SUBCASE("cursor") {
    const auto first = cursor_page(all, query({{"limit", "3"}}), "records");
    CHECK(at(first.body, "records") == "[1,2,3]");
    CHECK(at(first.body, "meta.has_more") == "true");
    const auto cursor = at(first.body, "meta.next_cursor");
    const auto second =
        cursor_page(all, query({{"limit", "3"}, {"cursor", cursor.substr(1, cursor.size() - 2)}}), "records");
    CHECK(at(second.body, "records") == "[4,5]");
    CHECK(at(second.body, "meta.next_cursor") == "null");
  }
  SUBCASE("offset, the total only when asked for") {
    const auto page = offset_page(all, query({{"limit", "2"}, {"offset", "2"}}), "records");
    CHECK(at(page.body, "records") == "[3,4]");
    CHECK(at(page.body, "total") == "null");
    CHECK(at(page.body, "more") == "true");
    CHECK(at(offset_page(all, query({{"total", "true"}, {"offset", "4"}}), "records").body, "total") == "5");
  }
  SUBCASE("last record") {
    const auto page = last_record_page(all, query({{"limit", "2"}, {"starting_after", "id3"}}), "/v1/records");
    CHECK(at(page.body, "data") == "[4,5]");
    CHECK(at(page.body, "has_more") == "false");
    CHECK(last_record_page(all, query({{"starting_after", "gone"}}), "/v1/records").status == 400);
  }
  SUBCASE("link in the body") {
    const auto page = json_link_page(all, query({{"size", "4"}}), "http://h/x?since=3", 50);
    CHECK(at(page.body, "links.next") == R"("http://h/x?since=3&from=4&size=4")");
    CHECK(at(json_link_page(all, query({{"from", "4"}, {"size", "4"}}), "http://h/x", 50).body, "links.next") ==
          "null");
  }
  SUBCASE("page number") {
    const auto page = numbered_page(all, query({{"per_page", "2"}, {"page", "3"}}));
    CHECK(at(page.body, "data") == "[5]");
    CHECK(at(page.body, "pagination.next") == "null");
    CHECK(at(numbered_page(all, query({{"per_page", "2"}})).body, "pagination.next") == "2");
  }
  SUBCASE("header Link: prev stands before next, the last page has no next") {
    const auto middle = header_link_page(all, query({{"per_page", "2"}, {"page", "2"}}), "http://h/x");
    REQUIRE(middle.headers.size() == 1);
    CHECK(middle.headers[0].second ==
          "<http://h/x?page=1&per_page=2>; rel=\"prev\", <http://h/x?page=3&per_page=2>; rel=\"next\", "
          "<http://h/x?page=3&per_page=2>; rel=\"last\"");
    CHECK(
        header_link_page(all, query({{"per_page", "2"}, {"page", "3"}}), "http://h/x").headers[0].second.find("next") ==
        std::string::npos);
  }
}

TEST_CASE("demo paging: a limit beyond the API's own is clamped, one that is no number refused") {
  const auto items = numbers(150);
  const auto all = select(items, unix_time(1000), {});
  CHECK(at(offset_page(all, query({{"limit", "1000"}}), "r").body, "limit") == "100");
  for (const char* bad : {"0", "-1", "ten", ""}) {
    CAPTURE(bad);
    CHECK(cursor_page(all, query({{"limit", bad}}), "r").status == 400);
    CHECK(numbered_page(all, query({{"page", bad}})).status == 400);
  }
  CHECK(cursor_page(all, query({{"cursor", "pos_-5"}}), "r").status == 400);
  CHECK(at(offset_page(all, query({{"offset", "9999999999"}}), "r").body, "r") == "[]");
}

}  // namespace
}  // namespace sitrep::demo
