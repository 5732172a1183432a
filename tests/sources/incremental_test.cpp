#include "sources/incremental.hpp"

#include <doctest/doctest.h>

#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

const UnixTime k_now = *parse_rfc3339("2026-11-16T16:00:30Z");

config::Stream with(std::string_view incremental, std::string_view more = "") {
  return test::stream_of("entity = \"incident\"\n" + std::string(more) + "\nincremental = " + std::string(incremental));
}

std::string show(const Bounds& bounds) {
  return (bounds.from ? format_utc(*bounds.from) : "-") + " " + (bounds.to ? format_utc(*bounds.to) : "-");
}

Bookmark mark(const char* cursor, const char* complete) { return {parse_rfc3339(cursor), parse_rfc3339(complete)}; }

std::vector<std::string> slices(const Plan& plan) {
  std::vector<std::string> out;
  for (auto slice = first_slice(plan); slice && out.size() < 50; slice = next_slice(plan, *slice))
    out.push_back(show(*slice));
  return out;
}

}  // namespace

TEST_CASE("sources::make_plan asks for everything first and for what changed after that") {
  const auto stream = with(R"({ cursor_path = "updated", start_param = "since", lag = "5m" })", "full_every = \"7d\"");
  struct Case {
    const char* name;
    std::optional<Bookmark> bookmark;
    Wish wish;
    bool full;
    const char* bounds;
  };
  const Case cases[] = {
      {"no bookmark", {}, {}, true, "- -"},
      {"a bookmark without a cursor", Bookmark{{}, k_now}, {}, true, "- -"},
      {"after a complete run",
       mark("2026-11-16T15:00:00Z", "2026-11-15T00:00:00Z"),
       {},
       false,
       "2026-11-16T14:55:00Z -"},
      {"the complete run is a week old", mark("2026-11-16T15:00:00Z", "2026-11-09T16:00:30Z"), {}, true, "- -"},
      {"the clock has gone back behind the complete run",
       mark("2026-11-16T15:00:00Z", "2027-11-15T00:00:00Z"),
       {},
       true,
       "- -"},
      {"--full", mark("2026-11-16T15:00:00Z", "2026-11-15T00:00:00Z"), {true, {}}, true, "- -"},
      {"--since",
       mark("2026-11-16T15:00:00Z", "2026-11-15T00:00:00Z"),
       {false, parse_rfc3339("2026-11-01T00:00:00Z")},
       false,
       "2026-11-01T00:00:00Z -"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const Plan plan = make_plan(stream, c.bookmark, c.wish, k_now);
    CHECK(plan.full == c.full);
    CHECK(show(plan.bounds) == c.bounds);
  }
  CHECK(make_plan(test::stream_of("entity = \"incident\""), {}, {}, k_now).full);
  CHECK_FALSE(make_plan(test::stream_of("entity = \"incident\"\nwrite_disposition = \"append\""), {}, {}, k_now).full);
}

TEST_CASE("sources::make_plan takes a start that moves along for no full pass, but counts it as complete") {
  const auto moving = with(R"({ cursor_path = "u", start_param = "since", initial_value = "-90d" })");
  const Plan first = make_plan(moving, {}, {}, k_now);
  CHECK_FALSE(first.full);
  CHECK(first.complete);
  CHECK(show(first.bounds) == "2026-08-18T16:00:30Z -");
  const Bookmark after = next_bookmark(moving, first, {}, k_now - Seconds{60}, k_now, k_now);
  CHECK_FALSE(make_plan(moving, after, {}, k_now).complete);
  CHECK(
      make_plan(with(R"({ cursor_path = "u", start_param = "s", initial_value = "2026-01-01" })"), {}, {}, k_now).full);
  CHECK(test::error_of([&] {
          make_plan(with(R"({ cursor_path = "u", start_param = "s", initial_value = "soon" })"), {}, {}, k_now);
        }).find("initial_value 'soon'") != std::string::npos);
}

TEST_CASE("sources::make_plan: a clock that went back by an hour or a year skips no window of time") {
  const auto stream = with(R"({ source = "clock", start_param = "start", end_param = "end", initial_value = "-2d" })");
  const auto bounds = [&](const char* cursor) {
    return show(make_plan(stream, mark(cursor, cursor), {}, k_now).bounds);
  };
  CHECK(bounds("2026-11-16T15:00:00Z") == "2026-11-16T15:00:00Z 2026-11-16T16:00:30Z");
  // What was fetched under the wrong clock ended at the true time, not at the cursor: it comes again.
  CHECK(bounds("2026-11-16T17:00:30Z") == "2026-11-14T16:00:30Z 2026-11-16T16:00:30Z");
  CHECK(bounds("2027-11-16T16:00:30Z") == "2026-11-14T16:00:30Z 2026-11-16T16:00:30Z");
}

TEST_CASE("sources::next_slice walks record spans that meet and clock windows that do not overlap") {
  const auto records =
      with(R"({ cursor_path = "u", start_param = "a", end_param = "b", window = "1d", initial_value = "2026-11-14" })");
  CHECK(slices(make_plan(records, {}, {}, k_now)) ==
        std::vector<std::string>{"2026-11-14T00:00:00Z 2026-11-15T00:00:00Z",
                                 "2026-11-15T00:00:00Z 2026-11-16T00:00:00Z",
                                 "2026-11-16T00:00:00Z 2026-11-16T16:00:30Z"});
  const auto clock = with(
      R"({ source = "clock", start_param = "start", end_param = "end", window = "6h", initial_value = "2026-11-16T02:00:10Z" })",
      R"(params = { query = "up", step = "60s" })");
  CHECK(slices(make_plan(clock, {}, {}, k_now)) ==
        std::vector<std::string>{"2026-11-16T02:00:00Z 2026-11-16T07:59:59Z",
                                 "2026-11-16T08:00:00Z 2026-11-16T13:59:59Z",
                                 "2026-11-16T14:00:00Z 2026-11-16T16:00:30Z"});
  const auto open = with(R"({ cursor_path = "u", start_param = "a" })");
  CHECK(slices(make_plan(open, {}, {}, k_now)) == std::vector<std::string>{"- -"});
}

TEST_CASE("sources::make_plan keeps clock windows at 11,000 samples") {
  const auto stream =
      with(R"({ source = "clock", start_param = "start", end_param = "end", window = "30d", initial_value = "-20d" })",
           R"(params = { step = "15" })");
  const Plan plan = make_plan(stream, {}, {}, k_now);
  CHECK(plan.slice->count() == 15 * 11'000);
  for (auto slice = first_slice(plan); slice; slice = next_slice(plan, *slice)) {
    CHECK(unix_seconds(*slice->from) % 15 == 0);
    CHECK((*slice->to - *slice->from).count() / 15 + 1 <= 11'000);
  }
  const Plan next = make_plan(stream, Bookmark{k_now - Seconds{100}, {}}, {}, k_now);
  CHECK(unix_seconds(*next.bounds.from) == (unix_seconds(k_now) - 100) / 15 * 15);
}

TEST_CASE("sources::next_bookmark keeps the newest cursor, never goes back, and takes the future as now") {
  const auto stream = with(R"({ cursor_path = "u", start_param = "since" })");
  const Plan plan = make_plan(stream, {}, {}, k_now);
  const auto cursor = [&](std::optional<Bookmark> before, std::optional<UnixTime> newest) {
    return next_bookmark(stream, plan, before, newest, k_now, k_now).cursor;
  };
  CHECK(cursor({}, {}) == std::nullopt);
  CHECK(cursor({}, k_now - Seconds{9}) == k_now - Seconds{9});
  CHECK(cursor(Bookmark{k_now - Seconds{5}, {}}, k_now - Seconds{9}) == k_now - Seconds{5});
  CHECK(cursor(Bookmark{k_now - Seconds{5}, {}}, {}) == k_now - Seconds{5});
  CHECK(cursor({}, k_now + std::chrono::days{365}) == k_now);
}

TEST_CASE("sources::PageState and Bookmark survive their JSON, and refuse what is not theirs") {
  PageState state;
  state.fingerprint = "abc";
  state.plan = {true, true, {unix_time(1), unix_time(100)}, Seconds{10}, Seconds{5}};
  state.slice = {unix_time(11), std::nullopt};
  state.position = {7, "cursor \"é\""};
  state.pages = 3;
  state.newest = unix_time(99);
  const auto back = PageState::from_json(state.to_json());
  REQUIRE(back.has_value());
  CHECK(back->to_json() == state.to_json());
  CHECK(back->position == state.position);
  CHECK(back->slice.to == std::nullopt);
  CHECK(back->plan.slice == Seconds{10});
  for (const char* text : {"", "{", "{}", "[]", "{\"v\":2}"}) {
    CHECK_FALSE(PageState::from_json(text).has_value());
    CHECK_FALSE(Bookmark::from_json(text).has_value());
  }
  CHECK(Bookmark::from_json(Bookmark{unix_time(5), unix_time(6)}.to_json())->complete == unix_time(6));
}
