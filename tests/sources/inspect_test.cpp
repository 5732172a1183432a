#include "sources/inspect.hpp"

#include <doctest/doctest.h>

#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

Inspection inspected(std::string_view body, std::string_view stream = "entity = \"incident\"\n",
                     http::Headers headers = {}) {
  http::Response response;
  response.status = 200;
  response.headers = std::move(headers);
  response.body = body;
  return inspect(test::stream_of(stream), response);
}

/// "knob = value" of the suggestions, a line each.
std::string suggested(const Inspection& inspection) {
  std::string text;
  for (const auto& s : inspection.suggestions) text += s.knob + " = " + s.value + "\n";
  return text;
}

}  // namespace

TEST_CASE("sources::inspect tells mapped fields with samples from fields that no column takes") {
  const auto found = inspected(
      R"({"data":[{"id":1,"t":"Down","svc":{"name":"api","tier":1},"tags":[{"k":"a"},{"k":"b"}],"f":[{"id":7,"v":"x"}],"a.b":1},
                  {"id":2,"t":null,"svc":null}],"more":false})",
      "entity = \"incident\"\ndata_selector = \"data\"\ncolumns = { title = \"t\", service = \"svc.name\", "
      "cause = \"f[id=7].v\", kind = { default = \"drill\" } }\n");
  CHECK(found.shape == "object: data (list of 2 objects), more");
  CHECK(found.records == 2);
  REQUIRE(found.mapped.size() == 4);
  CHECK(found.mapped[0].column == "title");
  CHECK(found.mapped[0].filled == 1);
  CHECK(found.mapped[0].sample == "Down");
  CHECK(found.mapped[3].filled == 2);
  std::string unmapped;
  for (const auto& field : found.unmapped) unmapped += field.path + " ";
  CHECK(unmapped == "svc.tier tags[*].k f[*].id \"a.b\" ");
  CHECK(found.unmapped[0].sample == "1");
}

TEST_CASE("sources::inspect suggests where the records are when data_selector leads to no list") {
  CHECK(suggested(inspected(R"({"page":{"x":1},"result":{"items":[{"id":1}],"odd.key":[{"id":2}]},"tags":["a"]})",
                            "entity = \"incident\"\ndata_selector = \"data\"\n")) ==
        "data_selector = \"result.items\"\ndata_selector = \"result.\\\"odd.key\\\"\"\n");
  CHECK(suggested(inspected(R"([{"id":1}])")).empty());
}

TEST_CASE("sources::inspect suggests a paginator from what the page says, and none where there is one") {
  struct Case {
    const char* body;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"d":[{"id":1}],"next":"https://api/x?page=2"})", "type = \"json_link\", next_url_path = 'next'"},
      {R"({"d":[{"id":1}],"@odata.nextLink":"https://api/x"})", "next_url_path = '\"@odata.nextLink\"'"},
      {R"({"d":[{"id":1}],"nextPageToken":"tok"})",
       "cursor_path = \"nextPageToken\", cursor_param = \"nextPageToken\""},
      {R"({"d":[{"id":1}],"meta":{"after_cursor":"x"}})", "cursor_param = \"page[after]\""},
      {R"({"d":[{"id":1}],"has_more":true})", "type = \"last_record\""},
      {R"({"d":[{"id":1}],"offset":0,"limit":25,"more":true,"total":null})", "type = \"offset\""},
      {R"({"d":[{"id":1}],"startAt":0,"maxResults":50,"total":7})", "offset_param = \"startAt\""},
      {R"({"d":[{"id":1}],"page":1,"total":7})", "type = \"page_number\""},
  };
  for (const auto& c : cases) {
    const std::string body = c.body;
    CAPTURE(body);
    const auto text = suggested(inspected(body, "entity = \"incident\"\ndata_selector = \"d\"\n"));
    CAPTURE(text);
    CHECK(text.find(c.expected) != std::string::npos);
  }
  CHECK(suggested(inspected(R"([{"id":1}])", "entity = \"incident\"\n", {{"Link", "</x?page=2>; rel=\"next\""}})) ==
        "paginator = { type = \"header_link\" }\n");
  CHECK(suggested(inspected(R"({"d":[{"id":1}],"next":null,"has_more":false})",
                            "entity = \"incident\"\ndata_selector = \"d\"\npaginator = { type = \"page_number\" }\n"))
            .empty());
  CHECK(suggested(inspected(R"({"d":[{"id":1}],"next":null})", "entity = \"incident\"\ndata_selector = \"d\"\n"))
            .empty());
}

TEST_CASE("sources::inspect suggests the cursor of incremental syncs; a body that is no JSON suggests nothing") {
  CHECK(suggested(inspected(R"([{"id":1,"fields":{"updated":"2026-11-16T00:00:00Z"}}])")) ==
        "incremental = { cursor_path = \"fields.updated\", start_param = \"…\" }\n");
  const auto none = inspected("<html>");
  CHECK(none.shape.empty());
  CHECK(none.suggestions.empty());
}
