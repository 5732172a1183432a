#include "sources/field_watch.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using namespace sitrep::sources;

namespace {

/// A watch, and what reads its records.
struct Watched {
  explicit Watched(std::string_view known) : watch(known) {}
  std::optional<std::string> observe(const std::string& record) {
    fields.read(document.parse(record));
    return watch.observe(fields);
  }
  FieldWatch watch;
  json::Document document;
  json::Fields fields;
};

/// What changed after a run over these records.
std::string run(std::string& known, std::initializer_list<const char*> records, bool whole = true) {
  Watched watched(known);
  for (const char* record : records) watched.observe(record);
  std::string text;
  for (const auto& change : watched.watch.changes(whole)) text += change.text() + "; ";
  known = watched.watch.to_json(whole);
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
  Watched watched(known);
  CHECK_FALSE(watched.observe(R"({"id":1,"name":"a"})").has_value());
  for (int i = 0; i < 2; ++i) CHECK(watched.observe(R"({"id":1,"name":"a","x":1})") == "new field 'x' (number)");
  CHECK_FALSE(watched.observe(R"({"id":2,"name":null})").has_value());
}

TEST_CASE("sources::FieldWatch leaves records alone whose keys are data") {
  Watched watched("");
  for (int i = 0; i < 1200; ++i) watched.observe("{\"k" + std::to_string(i) + "\":1}");
  CHECK(watched.watch.to_json(true) == "{}");
}
