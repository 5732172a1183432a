#include <doctest/doctest.h>

#include "json/path.hpp"

using namespace sitrep;

TEST_CASE("json::Path finds values by keys, indexes, wildcards and conditions") {
  json::Document document;
  const auto root = document.parse(R"({
    "a": {"b": [10, 20, 30], "": 1},
    "@odata.nextLink": "n", "x.y": {"z": 5},
    "fields": [{"id": 27641, "value": "no"}, {"id": 27642, "value": "yes"}, {"id": "27642", "value": "late"}],
    "tags": [{"n": "p"}, {}, {"n": "q"}],
    "pair": [1795232995, "1.5"], "null": null})");
  struct Case {
    const char* path;
    const char* expected;  // JSON; nullptr: not there
  };
  const Case cases[] = {
      {"a.b[0]", "10"},
      {"a.b[-1]", "30"},
      {"a.b[-3]", "10"},
      {"a.b[-4]", nullptr},
      {"a.b[3]", nullptr},
      {"a.b.c", nullptr},
      {"a[0]", nullptr},
      {"a.\"\"", "1"},
      {"\"@odata.nextLink\"", "\"n\""},
      {"\"x.y\".z", "5"},
      {"$.\"x.y\".z", "5"},
      {"fields[id=27642].value", "\"yes\""},
      {"fields[\"id\"=\"27642\"].value", "\"yes\""},
      {"fields[id=1].value", nullptr},
      {"tags[*].n", "\"p\""},
      {"pair[1]", "\"1.5\""},
      {"$.pair[0]", "1795232995"},
      {"null", "null"},
      {"null.x", nullptr},
      {"missing", nullptr},
  };
  for (const auto& c : cases) {
    CAPTURE(c.path);
    const auto found = json::Path::parse(c.path).find(root);
    REQUIRE(found.has_value() == (c.expected != nullptr));
    if (found) CHECK(found->to_json() == c.expected);
  }
  CHECK(json::Path::parse("$").find(root)->size() == root.size());
  CHECK(json::Path::parse("[1]").find(*root.get("pair"))->to_json() == "\"1.5\"");
}

TEST_CASE("json::Path::find_all gives each match of a wildcard in document order") {
  json::Document document;
  const auto root =
      document.parse(R"({"groups":[{"alerts":[{"id":1},{"id":2}]},{"alerts":[]},{"alerts":[{"id":3},{}]}]})");
  std::string ids;
  for (const auto& value : json::Path::parse("groups[*].alerts[*].id").find_all(root)) ids += value.to_json();
  CHECK(ids == "123");
  CHECK(json::Path::parse("groups[0].alerts[1].id").find_all(root).size() == 1);
  CHECK(json::Path::parse("nothing[*]").find_all(root).empty());
}

TEST_CASE("json::Path: a condition may look into the element") {
  json::Document document;
  const auto root = document.parse(
      R"({"times":[{"of":{"name":"Reported at"},"value":1},{"of":null,"value":2},{"of":{"name":"Fixed at"},"value":3}]})");
  const auto at = [&](std::string_view path) {
    const auto found = json::Path::parse(path).find(root);
    return found ? found->to_json() : "none";
  };
  CHECK(at("times[of.name=Fixed at].value") == "3");
  CHECK(at("times[of.name=Closed at].value") == "none");
  CHECK(at("times[of.name.x=1].value") == "none");
}

TEST_CASE("json::Path counts the parents it starts from") {
  CHECK(json::Path::parse("a").parents() == 0);
  CHECK(json::Path::parse("^.metric.service").parents() == 1);
  CHECK(json::Path::parse("^^.a").parents() == 2);
  CHECK(json::Path::parse("^.^.a").parents() == 2);
  CHECK(json::Path::parse("^").steps().empty());
  CHECK(json::Path::parse("^[0]").steps().size() == 1);
}

TEST_CASE("json::Path::parse refuses a text that is no path and says where") {
  for (const char* text :
       {"", ".", "a.", "a..b", "a[", "a[]", "a[x]", "a[1", "\"a", "a\"b\"", "a]", "$a", "a^b", "a[=1]"}) {
    CAPTURE(text);
    try {
      json::Path::parse(text);
      FAIL_CHECK("was accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::config);
      CHECK(std::string(error.what()).find(text) != std::string::npos);
    }
  }
}
