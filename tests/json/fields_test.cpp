#include "json/fields.hpp"

#include <doctest/doctest.h>

#include "json/path.hpp"

using namespace sitrep;

TEST_CASE("json::Fields finds what a search finds, whatever came before") {
  const std::vector<std::string> names = {"id", "name", "absent", "é", ""};
  const std::vector<std::string> texts = {R"({"id":1,"name":"a"})",
                                          R"({"id":2,"name":"b"})",
                                          R"({"name":"c","id":3})",
                                          R"({"id":4})",
                                          R"({"id":5,"name":"d","x":[1]})",
                                          R"({})",
                                          R"([1,2])",
                                          R"("text")",
                                          R"({"\u00e9":1,"":2,"id":{"id":3}})",
                                          R"({"id":1,"id":2})",
                                          R"({"id":null,"name":0})"};
  json::Document document;
  for (const auto& first : texts) {
    for (const auto& second : texts) {
      CAPTURE(first);
      CAPTURE(second);
      json::Fields fields(names);
      fields.read(document.parse(first));
      const auto shape = fields.shape();
      const auto keys = [&] {
        std::string list;
        for (std::size_t i = 0; i < fields.size(); ++i) list += fields.key(i) + "\n";
        return list;
      };
      const auto before = keys();
      const auto root = document.parse(second);
      fields.read(root);
      CHECK((fields.shape() == shape) == (keys() == before));
      CHECK(fields.size() == (root.is_object() ? root.size() : 0));
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = fields.get(i), searched = root.get(names[i]);
        CHECK((found ? found->to_json() : "-") == (searched ? searched->to_json() : "-"));
      }
      for (std::size_t i = 0; i < fields.size(); ++i)
        CHECK(fields.value(i).to_json() == root.get(fields.key(i))->to_json());
    }
  }
}

TEST_CASE("json::Path::find_after_first goes on where the first step has led") {
  json::Document document;
  const auto root = document.parse(R"({"a":{"b":[{"id":7,"v":1},{"id":8,"v":2}]},"s":3})");
  for (const auto* const text : {"a", "a.b", "a.b[0].v", "a.b[id=8].v", "a.b[*].v", "a.c", "s.x", "s"}) {
    CAPTURE(std::string(text));
    const auto path = json::Path::parse(text);
    const auto first = root.get(std::get<json::Path::Key>(path.steps().front()).name);
    REQUIRE(first);
    const auto whole = path.find(root), rest = path.find_after_first(*first);
    CHECK((rest ? rest->to_json() : "-") == (whole ? whole->to_json() : "-"));
  }
}
