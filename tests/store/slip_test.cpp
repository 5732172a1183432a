#include <doctest/doctest.h>

#include "store/support.hpp"

using namespace sitrep;
using test::answer;
using Text = std::string_view;

namespace {

test::TestRow milestone(Text stage, Text due, Text extra = {}) {
  test::TestRow row{.id = "m1", .cells = {{"title", Text("Dual-write")}, {"program_id", Text("Ledger")}}};
  if (!stage.empty()) row.cells.emplace_back("stage", stage);
  if (!due.empty()) row.cells.emplace_back("due_date", due);
  row.extra = extra;
  return row;
}

void see(store::Store& store, std::int64_t at, const test::TestRow& row, Text entity = "milestone") {
  test::run(store, test::entity(entity), store::Pass::full, at, {row});
}

constexpr Text k_sum = "SELECT due_date, slips, days_slipped, last_slip_at, last_cause FROM milestone_slip";

}  // namespace

TEST_CASE("slip: a later date of the same stage, not the date of the next one") {
  struct Case {
    std::string name;
    std::vector<test::TestRow> states;
    std::string slips;
  };
  const Case cases[] = {
      {"never moved", {milestone("", "2026-10-30"), milestone("", "2026-10-30")}, "2026-10-30|0|0|-|-"},
      {"twice later",
       {milestone("", "2026-10-30"), milestone("", "2026-11-15"), milestone("", "2026-12-08")},
       "2026-12-08|2|39|300|-"},
      {"pulled in is no slip", {milestone("", "2026-11-15"), milestone("", "2026-11-10")}, "2026-11-10|0|-5|-|-"},
      {"later and back",
       {milestone("", "2026-11-10"), milestone("", "2026-11-15"), milestone("", "2026-11-10")},
       "2026-11-10|1|0|200|-"},
      {"the next stage has a date of its own",
       {milestone("alpha", "2026-10-30"), milestone("beta", "2027-02-01")},
       "2027-02-01|0|0|-|-"},
      {"progress, then a slip",
       {milestone("alpha", "2026-10-30"), milestone("beta", "2027-02-01"), milestone("beta", "2027-02-11")},
       "2027-02-11|1|10|300|-"},
      {"a stage that comes back goes on from its own date",
       {milestone("alpha", "2026-10-30"), milestone("beta", "2027-02-01"), milestone("alpha", "2026-11-01")},
       "2026-11-01|1|2|300|-"},
      {"a date that was away for a while",
       {milestone("", "2026-10-30"), milestone("", ""), milestone("", "2026-11-02")},
       "2026-11-02|1|3|300|-"},
      {"the record says why",
       {milestone("", "2026-10-30"), milestone("", "2026-11-15", R"({"slip_reason":"vendor late"})")},
       "2026-11-15|1|16|200|vendor late"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto store = store::Store::memory(test::writing());
    for (std::int64_t at = 100; const auto& state : c.states) {
      see(store, at, state);
      at += 100;
    }
    CHECK(answer(store, k_sum) == c.slips);
  }
}

TEST_CASE(
    "slip: a note on the record from around the move is its cause; past dates are listed with when they were seen") {
  auto store = store::Store::memory(test::writing());
  see(store, 100, milestone("", "2026-10-30"));
  see(store, 200, milestone("", "2026-11-15"));
  see(store, 300, milestone("", "2026-12-08"));
  const auto note = [&](Text id, std::int64_t at, Text subject, Text text) {
    store::StreamWriter writer(store, "local", "note", test::entity("note"), store::Pass::partial, unix_time(at),
                               store::Moment::exact);
    writer.put(test::batch(test::entity("note"),
                           {{.id = std::string(id), .cells = {{"at", at}, {"subject", subject}, {"text", text}}}}));
    writer.finish("", store::Shrink::refuse);
  };
  note("n1", 150, "m1", "disks are late");
  note("n2", 310, "dual-write", "vendor confirmed");
  note("n3", 320, "another", "not this one");
  CHECK(answer(store, "SELECT at, before, after, days, cause FROM slip ORDER BY at") ==
        "200|2026-10-30|2026-11-15|16|disks are late 300|2026-11-15|2026-12-08|23|vendor confirmed");
  CHECK(answer(store, "SELECT last_cause FROM milestone_slip") == "vendor confirmed");
  CHECK(answer(store, "SELECT past_dates FROM milestone_slip") ==
        R"([{"stage":null,"date":"2026-10-30","seen":100},{"stage":null,"date":"2026-11-15","seen":200}])");
}

TEST_CASE("slip: launches slip by target date within a phase") {
  auto store = store::Store::memory(test::writing());
  const auto launch = [](Text phase, Text date) {
    return test::TestRow{.id = "LR-1", .cells = {{"title", Text("Wallets")}, {"phase", phase}, {"target_date", date}}};
  };
  see(store, 100, launch("beta", "2026-11-10"), "launch_review");
  see(store, 200, launch("beta", "2026-12-10"), "launch_review");
  see(store, 300, launch("ga", "2027-03-01"), "launch_review");
  CHECK(answer(store, "SELECT stage, due_date, slips, days_slipped FROM launch_slip") == "ga|2027-03-01|1|30");
  CHECK(answer(store, "SELECT entity, stage, days FROM slip") == "launch_review|beta|30");
}
