#include "docs/sample.hpp"

#include <fmt/core.h>

#include <cmath>

#include "store/support.hpp"

namespace sitrep::test {
namespace {

constexpr std::int64_t k_day = 86'400;

std::int64_t ago(double days) { return k_now - static_cast<std::int64_t>(days * k_day); }
std::string date_ago(int days) { return format_date(std::chrono::floor<std::chrono::days>(unix_time(ago(days)))); }

/// Cells borrow their text: what is made here lives until the run is over.
void put_programs(store::Store& store) {
  const std::vector<TestRow> programs{
      {"P1", {{"name", "Ledger migration"}, {"owner", "dana"}, {"status", "green"}}, 0, "https://tracker.example/P1"},
      {"P2", {{"name", "Checkout 3"}, {"owner", "marco"}, {"status", "yellow"}}},
      {"P3", {{"name", "Edge consolidation"}, {"owner", "ines"}, {"status", "green"}}}};
  run(store, entity("program"), store::Pass::full, ago(70), programs, store::Shrink::allow, "programs");
  run(store, entity("program"), store::Pass::full, ago(0.1), programs, store::Shrink::allow, "programs");
  const std::vector<TestRow> services{
      {"S1",
       {{"name", "ledger-api"},
        {"aliases", "[\"ledger\"]"},
        {"program", "Ledger migration"},
        {"tier", std::int64_t{1}},
        {"team", "ledger"}}},
      {"S2", {{"name", "checkout-api"}, {"program", "Checkout 3"}, {"tier", std::int64_t{1}}}},
      {"S3", {{"name", "edge-proxy"}, {"program", "Edge consolidation"}, {"tier", std::int64_t{2}}}}};
  run(store, entity("service"), store::Pass::full, ago(70), services, store::Shrink::allow, "services");
  run(store, entity("service"), store::Pass::full, ago(0.1), services, store::Shrink::allow, "services");
  const std::string first = date_ago(17), second = date_ago(1), third = date_ago(-22), done = date_ago(3);
  const auto milestones = [&](const std::string& due) {
    return std::vector<TestRow>{
        {"M1", {{"program_id", "P1"}, {"title", "dual-write at 100 %"}, {"owner", "dana"}, {"due_date", due}}},
        {"M2", {{"program_id", "P2"}, {"title", "Wallets GA"}, {"due_date", third}}},
        {"M3", {{"program_id", "P3"}, {"title", "Last PoP moved"}, {"due_date", first}, {"completed_date", done}}}};
  };
  run(store, entity("milestone"), store::Pass::full, ago(60), milestones(first), store::Shrink::allow, "milestones");
  run(store, entity("milestone"), store::Pass::full, ago(30), milestones(second), store::Shrink::allow, "milestones");
  run(store, entity("milestone"), store::Pass::full, ago(3), milestones(third), store::Shrink::allow, "milestones");
  run(store, entity("calendar"), store::Pass::full, ago(0.1),
      {{"H1", {{"kind", "holiday"}, {"name", "Veterans Day"}, {"from_date", "2026-11-11"}, {"to_date", "2026-11-11"}}}},
      store::Shrink::allow, "calendar");
  run(store, entity("note"), store::Pass::full, ago(0.1),
      {{"N1",
        {{"at", ago(2)}, {"author", "dana"}, {"subject", "Ledger migration"}, {"text", "Vendor confirmed the disks"}}}},
      store::Shrink::allow, "notes");
}

void put_incidents(store::Store& store) {
  std::vector<std::string> ids, titles;
  std::vector<TestRow> rows;
  ids.reserve(64);
  titles.reserve(64);
  const char* services[] = {"ledger-api", "checkout-api", "edge-proxy", "ledger", "nobody-knows"};
  const char* severities[] = {"SEV1", "SEV2", "SEV3", "SEV3", "SEV4"};
  for (int i = 0; i < 40; ++i) {
    const auto started = ago(1.5 + i * 2.1);
    ids.push_back(fmt::format("INC-{}", 100 + i));
    titles.push_back(fmt::format("Errors at the edge, case {}", i));
    rows.push_back({ids.back(),
                    {{"title", titles.back()},
                     {"service", services[i % 5]},
                     {"severity", severities[(i * 3) % 5]},
                     {"kind", i == 7 ? "drill" : "incident"},
                     {"status", "resolved"},
                     {"started_at", started},
                     {"detected_at", started + 240 + i * 10},
                     {"mitigated_at", started + 1800 + i * 60},
                     {"resolved_at", started + 7200 + i * 300}},
                    0,
                    "https://pager.example/x"});
  }
  rows.push_back({"INC-999",
                  {{"title", "<script>alert(1)</script> | [x](javascript:alert(1)) \x1b[31m"},
                   {"service", "checkout-api"},
                   {"severity", "SEV2"},
                   {"kind", "incident"},
                   {"status", "open"},
                   {"started_at", ago(2)}},
                  0,
                  "javascript:alert(1)"});
  const std::string due = date_ago(5), published = date_ago(9);
  rows[3].cells.emplace_back("postmortem_due_date", due);
  rows[5].cells.emplace_back("postmortem_due_date", published);
  rows[5].cells.emplace_back("postmortem_published_at", ago(8));
  run(store, entity("incident"), store::Pass::full, ago(0.1), rows, store::Shrink::allow, "incidents");
  run(store, entity("incident_update"), store::Pass::full, ago(0.1),
      {{"U1",
        {{"incident_id", "INC-100"},
         {"at", ago(1.45)},
         {"author", "ravi"},
         {"body", "Rolled back --> and <!-- watched -->"}}}},
      store::Shrink::allow, "updates");
  run(store, entity("action_item"), store::Pass::full, ago(0.1),
      {{"A1",
        {{"incident_id", "INC-100"},
         {"title", "Alert on queue age"},
         {"owner", "ravi"},
         {"status", "open"},
         {"created_at", ago(40)},
         {"due_date", due}}},
       {"A2",
        {{"incident_id", "INC-101"},
         {"title", "Cap retries"},
         {"status", "done"},
         {"created_at", ago(40)},
         {"due_date", due},
         {"completed_at", ago(6)}}}},
      store::Shrink::allow, "actions");
}

void put_launches(store::Store& store) {
  const std::string soon = date_ago(-20), past = date_ago(4);
  run(store, entity("launch_review"), store::Pass::full, ago(0.1),
      {{"L1",
        {{"title", "Wallets"},
         {"service", "checkout-api"},
         {"program", "Checkout 3"},
         {"owner", "marco"},
         {"tier", std::int64_t{1}},
         {"phase", "ga"},
         {"status", "in review"},
         {"target_date", soon},
         {"submitted_at", ago(15)}}},
       {"L2",
        {{"title", "Tap to pay"},
         {"service", "checkout-api"},
         {"phase", "ga"},
         {"status", "launched"},
         {"target_date", past},
         {"submitted_at", ago(40)},
         {"decided_at", ago(13)},
         {"launched_at", ago(4)}}},
       {"L3",
        {{"title", "Bulk export"},
         {"service", "ledger-api"},
         {"phase", "beta"},
         {"status", "approved"},
         {"target_date", past},
         {"submitted_at", ago(30)},
         {"decided_at", ago(5)}}}},
      store::Shrink::allow, "reviews");
  run(store, entity("launch_approval"), store::Pass::full, ago(0.1),
      {{"L1/security",
        {{"launch_id", "L1"},
         {"area", "security"},
         {"status", "pending"},
         {"turn", "reviewer"},
         {"requested_at", ago(14)}}},
       {"L1/sre",
        {{"launch_id", "L1"},
         {"area", "sre"},
         {"status", "approved"},
         {"requested_at", ago(14)},
         {"decided_at", ago(10)}}}},
      store::Shrink::allow, "approvals");
}

void put_capacity(store::Store& store) {
  run(store, entity("capacity_resource"), store::Pass::full, ago(3),
      {{"R1",
        {{"name", "ledger-db disk"},
         {"kind", "disk"},
         {"unit", "TB"},
         {"service", "ledger-api"},
         {"capacity_limit", 40.0},
         {"lead_time_days", 35.0},
         {"owner", "dana"}}},
       {"R2",
        {{"name", "edge cpu"},
         {"kind", "cpu"},
         {"unit", "cores"},
         {"service", "edge-proxy"},
         {"capacity_limit", 1000.0},
         {"lead_time_days", 10.0}}},
       {"R3", {{"name", "silent"}, {"unit", "GB"}, {"capacity_limit", 10.0}}}},
      store::Shrink::allow, "resources");
  std::vector<TestRow> samples;
  for (int day = 200; day >= 0; --day) {
    const double wave = 0.3 * std::sin(day * 0.9);
    samples.push_back({"", {{"resource_id", "R1"}, {"at", ago(day)}, {"used", 36.5 - day * 0.08 + wave}}});
    samples.push_back({"", {{"resource_id", "R2"}, {"at", ago(day)}, {"used", 400 + wave}}});
  }
  run(store, entity("capacity_sample"), store::Pass::full, ago(3), samples, store::Shrink::allow, "samples");
}

}  // namespace

Calendar pacific() { return {Zone::load("America/Los_Angeles"), std::chrono::Monday}; }

SampleStore::SampleStore(Data data) {
  auto options = writing(k_now);
  options.calendar = pacific();
  auto store = store::Store::open(dir_ / "store.db", options);
  if (data == Data::none) return;
  put_programs(store);
  put_incidents(store);
  put_launches(store);
  put_capacity(store);
}

store::Store SampleStore::open(std::optional<UnixTime> as_of) const {
  auto options = reading({}, k_now);
  options.calendar = pacific();
  options.as_of = as_of;
  if (as_of) options.now = *as_of;
  return store::Store::open(dir_ / "store.db", options);
}

docs::Inputs SampleStore::inputs(store::Store& store) const {
  docs::Inputs inputs;
  inputs.store = &store;
  inputs.now = unix_time(k_now);
  inputs.calendar = pacific();
  inputs.workspace = "Payments infrastructure";
  inputs.version = "0.1.0";
  inputs.open_as_of = [this](UnixTime as_of) { return open(as_of); };
  return inputs;
}

}  // namespace sitrep::test
