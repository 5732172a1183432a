#include <doctest/doctest.h>

#include "json/records.hpp"

using namespace sitrep;
using json::RecordsIn;

TEST_CASE("json::parse_page rejects only the records with numbers out of range") {
  struct Case {
    const char* name;
    const char* text;
    const char* path;
    RecordsIn in;
    const char* page;
    std::vector<std::pair<std::size_t, std::string>> bad;
  };
  const Case cases[] = {
      {"nothing wrong", R"({"data":[{"id":1}]})", "data", RecordsIn::elements, R"({"data":[{"id":1}]})", {}},
      {"one of three",
       R"({"data":[{"id":1},{"id":2,"v":{"n":[1e400]}},{"id":3}],"more":true})",
       "data",
       RecordsIn::elements,
       R"({"data":[{"id":1},{"id":2,"v":{"n":[null]}},{"id":3}],"more":true})",
       {{1, R"({"id":2,"v":{"n":[1e400]}})"}}},
      {"two numbers in one record",
       R"([{"a":18446744073709551616,"b":1e999}])",
       "$",
       RecordsIn::elements,
       R"([{"a":null,"b":null}])",
       {{0, R"({"a":18446744073709551616,"b":1e999})"}}},
      {"scalars as records", "[1,1e400,3]", "$", RecordsIn::elements, "[1,null,3]", {{1, "1e400"}}},
      {"a path through an index",
       R"({"pages":[[1],[2,1e400]]})",
       "pages[1]",
       RecordsIn::elements,
       R"({"pages":[[1],[2,null]]})",
       {{1, "1e400"}}},
      {"a path through an index from the end",
       R"({"pages":[[1],[2,1e400]]})",
       "pages[-1]",
       RecordsIn::elements,
       R"({"pages":[[1],[2,null]]})",
       {{1, "1e400"}}},
      {"a path through a condition",
       R"({"sets":[{"n":"a","rows":[1]},{"n":"b","rows":[{"v":1},{"v":1e400}]}]})",
       "sets[n=b].rows",
       RecordsIn::elements,
       R"({"sets":[{"n":"a","rows":[1]},{"n":"b","rows":[{"v":1},{"v":null}]}]})",
       {{1, R"({"v":1e400})"}}},
      {"all lists of a wildcard, counted on",
       R"([{"rows":[1,2]},{"rows":[3,1e400]},{"rows":[1e400]}])",
       "[*].rows",
       RecordsIn::elements,
       R"([{"rows":[1,2]},{"rows":[3,null]},{"rows":[null]}])",
       {{3, "1e400"}, {4, "1e400"}}},
      {"a wildcard that leads to the records themselves",
       R"({"edges":[{"node":{"v":1}},{"node":{"v":1e400}}]})",
       "edges[*].node",
       RecordsIn::elements,
       R"({"edges":[{"node":{"v":1}},{"node":{"v":null}}]})",
       {{1, R"({"v":1e400})"}}},
      {"an escaped key on the path",
       R"({"d\u0061ta":[1e400]})",
       "data",
       RecordsIn::elements,
       R"({"data":[null]})",
       {{0, "1e400"}}},
      {"members of an object",
       R"({"data":{"x":{"n":1},"y":{"n":1e400}}})",
       "data",
       RecordsIn::members,
       R"({"data":{"x":{"n":1},"y":{"n":null}}})",
       {{1, R"({"n":1e400})"}}},
      {"the whole value",
       R"({"data":{"n":1e400}})",
       "data",
       RecordsIn::whole,
       R"({"data":{"n":null}})",
       {{0, R"({"n":1e400})"}}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    json::Document document;
    const auto page = json::parse_page(document, c.text, json::Path::parse(c.path), c.in);
    CHECK(page.root.to_json() == c.page);
    REQUIRE(page.bad.size() == c.bad.size());
    for (std::size_t i = 0; i < c.bad.size(); ++i) {
      CHECK(page.bad[i].index == c.bad[i].first);
      CHECK(page.bad[i].raw == c.bad[i].second);
      CHECK(page.bad[i].reason.find("out of range") != std::string::npos);
    }
  }
}

TEST_CASE("json::parse_page keeps refusing a number out of range outside the records, and bad JSON") {
  json::Document document;
  const auto data = json::Path::parse("data");
  CHECK_THROWS_AS(json::parse_page(document, R"({"data":[1],"total":1e400})", data, RecordsIn::elements),
                  json::NumberError);
  CHECK_THROWS_AS(json::parse_page(document, R"({"data":[1e400],})", data, RecordsIn::elements), json::SyntaxError);
  CHECK_THROWS_AS(json::parse_page(document, R"({"a":{"data":[1e400]}})", data, RecordsIn::elements),
                  json::NumberError);
  // In a list that the index from the end does not mean, and behind a wildcard, where there are many ends.
  CHECK_THROWS_AS(json::parse_page(document, R"([[1e400],[1]])", json::Path::parse("[-1]"), RecordsIn::elements),
                  json::NumberError);
  CHECK_THROWS_AS(json::parse_page(document, R"([[[1e400]]])", json::Path::parse("[*][-1]"), RecordsIn::elements),
                  json::NumberError);
}
