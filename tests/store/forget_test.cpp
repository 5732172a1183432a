#include "store/forget.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "store/care.hpp"
#include "store/export.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;
using Text = std::string_view;

TEST_CASE("store::PersonName is found as a word of its own, whatever its case, marks and blanks") {
  struct Case {
    std::string name, text, expected;
  };
  const Case cases[] = {
      {"dana", "dana", "[forgotten]"},
      {"dana", "Asked Dana, twice: DANA.", "Asked [forgotten], twice: [forgotten]."},
      {"dana", "danab and 2dana and dana_x", ""},
      {"dana", "ödana, danaö, dana\u0301", ""},
      {"dana", "@dana/dana", "@[forgotten]/[forgotten]"},
      {"dana", "Dana’s “Dana” — dana…", "[forgotten]’s “[forgotten]” — [forgotten]…"},
      {"dana", "", ""},
      {"dana",
       "\xff"
       "dana\xe2\x80",
       "\xff[forgotten]\xe2\x80"},
      {"dana@x.test", "mail dana@x.test now", "mail [forgotten] now"},
      {"lee@x.test", "ann.lee@x.test kim-lee@x.test bob+lee@x.test lee@x.test.au", ""},
      {"lee@x.test", "To: lee@x.test. <lee@x.test>,lee@x.test-", "To: [forgotten]. <[forgotten]>,[forgotten]-"},
      {"Dana Reyes", "Dana Reyes-Smith, Ann-Dana Reyes", ""},
      {"Dana Reyes", "Dana Reyes-led, ex-Dana Reyes - gone", "[forgotten]-led, ex-[forgotten] - gone"},
      {"Dana Reyes", "dana\u00a0Reyes, Dana\n  Reyes", "[forgotten], [forgotten]"},
      {"Dana \"DJ\" Reyes", "by Dana \"DJ\" Reyes.", "by [forgotten]."},
      {"Émilie Durand", "ÉMILIE Durand, E\u0301milie durand", "[forgotten], [forgotten]"},
      {"E\u0301milie", "émilie", "[forgotten]"},
      {"Strauß", "STRAUSS", "[forgotten]"},
      {"李明", "问李明了", "问[forgotten]了"},  // no blanks between words
      {"李明", "李明：好", "[forgotten]：好"},
      {"Ivan", "Ïvan", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CAPTURE(c.text);
    CHECK(store::PersonName(c.name).taken_out(c.text).value_or("") == c.expected);
  }
  CHECK(store::PersonName("Dana").is("dANA"));
  CHECK_FALSE(store::PersonName("Dana").is("dana r"));
  CHECK(store::PersonName("Dana \"DJ\" Reyes").clue() == "reyes");
  CHECK(store::PersonName("Émilie D'Or").clue() == "milie");
  CHECK(store::PersonName("Rene\u0301").clue() == "ren");
  CHECK(store::PersonName("李明").clue().empty());
}

TEST_CASE("store::forget: every version, what they wrote, extra and rejects; the next sync finds nothing changed") {
  const test::TempDir folder;
  const auto& milestone = test::entity("milestone");
  const auto first = [](Text owner) {
    return test::TestRow{.id = "dana-1",
                         .cells = {{"title", Text("Ask Dana first")}, {"owner", owner}},
                         .extra = R"({"by":{"name":"Dana"},"n":12})"};
  };
  const test::TestRow measure{
      .id = "x",
      .cells = {
          {"name", Text("users")}, {"at", std::int64_t{5}}, {"value", 1.0}, {"labels", Text(R"({"who":"dana"})")}}};
  {
    auto store = store::Store::open(folder / "s.db", test::writing());
    test::run(store, milestone, store::Pass::full, 100,
              {first("dana"), {.id = "2", .cells = {{"owner", Text("ravi")}}}});
    test::run(store, milestone, store::Pass::full, 200,
              {first("ravi"), {.id = "2", .cells = {{"owner", Text("ravi")}}}});
    test::run(
        store, test::entity("note"), store::Pass::partial, 100,
        {{.id = "n1", .cells = {{"author", Text("dana")}, {"subject", Text("x")}, {"text", Text("my own words")}}},
         {.id = "n2", .cells = {{"author", Text("ravi")}, {"subject", Text("x")}, {"text", Text("as dana said")}}}},
        store::Shrink::allow, "note");
    store::StreamWriter writer(store, "src", "r", milestone, store::Pass::partial, unix_time(100));
    writer.reject("no id", R"({"owner":"Dana"})", "record 1");
    writer.finish("", store::Shrink::allow);
    test::run(store, test::entity("measure"), store::Pass::partial, 100, {measure}, store::Shrink::allow, "m");
  }
  {
    auto reader = store::Store::open(folder / "s.db", test::reading());
    CHECK_FALSE(store::forget(reader, "dana", false).empty());
  }
  {
    auto store = store::Store::open(folder / "s.db", test::writing());
    std::string told;
    for (const auto& f : store::forget(store, "dana", true))
      told += fmt::format("{}.{} {}{}\n", f.where, f.column, f.values, f.left ? " left" : "");
    store::leave_no_trace(store);
    CHECK(told ==
          "milestone.title 2\nmilestone.extra 2\nmilestone.id 2 left\nmilestone.owner 1\nmeasure.series_text 1 left\n"
          "note.text 2\nnote.author 1\nreject.raw 1\n");
    CHECK(answer(store, "SELECT title, owner, extra FROM milestone_history WHERE id = 'dana-1' ORDER BY observed_at") ==
          "Ask [forgotten] first|[forgotten]|{\"by\":{\"name\":\"[forgotten]\"},\"n\":12} "
          "Ask [forgotten] first|ravi|{\"by\":{\"name\":\"[forgotten]\"},\"n\":12}");
    CHECK(answer(store, "SELECT author, text FROM note ORDER BY id") ==
          "[forgotten]|[forgotten] ravi|as [forgotten] said");
    CHECK(answer(store, "SELECT raw FROM reject") == "{\"owner\":\"[forgotten]\"}");
    CHECK(store::check(store).empty());
    CHECK(test::run(store, milestone, store::Pass::full, 300,
                    {first("ravi"), {.id = "2", .cells = {{"owner", Text("ravi")}}}})
              .unchanged == 2);
  }
  // Not in the file's free pages either.
  CHECK(read_file(folder / "s.db").find("my own words") == std::string::npos);
}

TEST_CASE(
    "store::forget finds a name that JSON escapes, in JSON that is cut too, and leaves JSON without it as it is") {
  auto store = store::Store::memory(test::writing());
  const auto& milestone = test::entity("milestone");
  test::run(store, milestone, store::Pass::full, 100,
            {{.id = "1", .cells = {{"title", Text("x")}}, .extra = R"({"by":"Dana \"DJ\" Reyes"})"},
             {.id = "3", .cells = {}, .extra = R"({"Dana \"DJ\" Reyes":1,"DANA \"DJ\" REYES":2,"x":3})"},
             {.id = "2", .cells = {{"title", Text("y")}}, .extra = R"({"by": "Reyesson"})"}});
  store::StreamWriter writer(store, "src", "r", milestone, store::Pass::partial, unix_time(100));
  writer.reject("cut", R"({"by":"Dana \"DJ\" Reyes","x)", "record 1");
  writer.reject("escaped", R"({"by":"D\u0061na \"DJ\" R\u0065yes"})", "record 2");
  writer.finish("", store::Shrink::allow);
  std::string told;
  for (const auto& f : store::forget(store, "dana \"dj\" reyes", true))
    told += fmt::format("{}.{} {}\n", f.where, f.column, f.values);
  CHECK(told == "milestone.extra 2\nreject.raw 2\n");
  CHECK(answer(store, "SELECT extra FROM milestone ORDER BY id") ==
        R"({"by":"[forgotten]"} {"by": "Reyesson"} {"[forgotten]":1,"[forgotten] 2":2,"x":3})");
  CHECK(answer(store, "SELECT raw FROM reject ORDER BY reason") ==
        "{\"by\":\"[forgotten]\",\"x {\"by\":\"[forgotten]\"}");
}

TEST_CASE("store::forget looks at all of a filing, tells of sources, and exports keep what a record is known by") {
  const auto& milestone = test::entity("milestone");
  const test::TestRow row{.id = "1", .cells = {{"owner", Text("Dana Reyes")}}};
  std::string exported;
  {
    auto store = store::Store::memory(test::writing());
    test::run(store, milestone, store::Pass::full, 100, {row}, store::Shrink::allow, "dana reyes");
    store.db().execute(
        "INSERT INTO main.outbox (idempotency_key, source, verb, subject, method, path, body, body_hash, state, tries, "
        "created_at, updated_at, remote_id) VALUES ('k', 's', 'file', 'a/Dana Reyes.md', 'POST', 'r/Dana Reyes', "
        "'{\"by\":\"Dana Reyes\"}', '00', 'done', 1, 1, 1, 'Dana Reyes 7')");
    std::string told;
    for (const auto& f : store::forget(store, "Dana Reyes", true))
      told += fmt::format("{}.{} {}{}\n", f.where, f.column, f.values, f.left ? " left" : "");
    CHECK(
        told ==
        "milestone.owner 1\noutbox.body 1\noutbox.subject 1\noutbox.path 1\noutbox.remote_id 1\nstream.name 1 left\n");
    store::export_store(store, [&](std::string_view line) { exported += line; });
  }
  CHECK(exported.find("Dana") == std::string::npos);
  auto copy = store::Store::memory(test::writing());
  store::load_export(copy, exported, "x");
  CHECK(test::run(copy, milestone, store::Pass::full, 200, {row}, store::Shrink::allow, "dana reyes").unchanged == 1);
  CHECK(answer(copy, "SELECT owner FROM milestone") == "[forgotten]");
}

TEST_CASE("store::forget refuses a name that is in everything") {
  auto store = store::Store::memory(test::writing());
  CHECK_THROWS_WITH_AS(store::forget(store, " a ", true), doctest::Contains("too short"), Error);
}
