#include "sources/field_watch.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using namespace sitrep::sources;

namespace {

/// What changed after a run over these records.
std::string run(std::string& known, std::initializer_list<const char*> records, bool whole = true) {
  FieldWatch watch(known);
  json::Document document;
  for (const char* record : records) watch.observe(document.parse(record));
  std::string text;
  for (const auto& change : watch.changes(whole)) text += change.text() + "; ";
  known = watch.to_json(whole);
  return text;
}

}  // namespace

TEST_CASE("sources::FieldWatch learns at first, then tells what is new, gone or of another type, once") {
  std::string known;
  CHECK(run(known, {R"({"id":1,"name":"a","gone":true})", R"({"id":2,"name":null,"late":1})"}) == "");
  CHECK(run(known, {R"({"id":1.5,"name":"a","gone":true,"late":null})"}) == "");
  CHECK(run(known, {R"({"id":"x","name":"a","sla":[1],"late":2})", R"({"id":"y","name":"b","sla":[],"late":2})"}) ==
        "field 'gone' is gone (was boolean); field 'id' is string, was number; new field 'sla' (list); ");
  CHECK(run(known, {R"({"id":1,"name":"a","sla":[1],"late":2})"}) == "");
  CHECK(run(known, {R"({"id":1})"}, false) == "");
  CHECK(run(known, {R"({"id":1,"name":"a","sla":[1],"late":2})"}) == "");
}

TEST_CASE("sources::FieldWatch says of each record what does not fit") {
  std::string known;
  run(known, {R"({"id":1,"name":"a"})"});
  FieldWatch watch(known);
  json::Document document;
  CHECK_FALSE(watch.observe(document.parse(R"({"id":1,"name":"a"})")).has_value());
  for (int i = 0; i < 2; ++i)
    CHECK(watch.observe(document.parse(R"({"id":1,"name":"a","x":1})")) == "new field 'x' (number)");
  CHECK_FALSE(watch.observe(document.parse(R"({"id":2,"name":null})")).has_value());
}

TEST_CASE("sources::FieldWatch leaves records alone whose keys are data") {
  FieldWatch watch("");
  json::Document document;
  for (int i = 0; i < 1200; ++i) watch.observe(document.parse("{\"k" + std::to_string(i) + "\":1}"));
  CHECK(watch.to_json(true) == "{}");
}
