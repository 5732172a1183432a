#include "store/forget.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "store/care.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;
using Text = std::string_view;

TEST_CASE("store::without_person takes whole words, whatever their case") {
  struct Case {
    std::string text, expected;
  };
  const Case cases[] = {
      {"dana", "[forgotten]"},
      {"Asked Dana, twice: DANA.", "Asked [forgotten], twice: [forgotten]."},
      {"danab and 2dana and dana_x", "danab and 2dana and dana_x"},
      {"ödana", "ödana"},
      {"@dana/dana", "@[forgotten]/[forgotten]"},
      {"", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(store::without_person(c.text, "dana") == c.expected);
  }
  CHECK(store::without_person("mail dana@x.test now", "dana@x.test") == "mail [forgotten] now");
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

TEST_CASE("store::forget refuses a name that is in everything") {
  auto store = store::Store::memory(test::writing());
  CHECK_THROWS_WITH_AS(store::forget(store, " a ", true), doctest::Contains("too short"), Error);
}
