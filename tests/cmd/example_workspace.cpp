#include "example_workspace.hpp"

#include "base/file.hpp"
#include "demo/workspace.hpp"
#include "store/store.hpp"
#include "store/support.hpp"
#include "support/run_sitrep.hpp"

namespace sitrep::test {
namespace {

constexpr auto k_config = R"([workspace]
name = "Payments infrastructure"

[source.pager]
base_url = "http://127.0.0.1:9/pager"

[[source.pager.stream]]
name = "incidents"
entity = "incident"
path = "incidents"
)";

std::int64_t at(std::string_view text) { return unix_seconds(parse_rfc3339(text).value()); }

void fill(store::Store& store, std::int64_t now) {
  const auto write = [&](std::string_view name, const std::vector<TestRow>& rows) {
    run(store, entity(name), store::Pass::full, now, rows, store::Shrink::allow, name);
  };
  write("service", {{"S1",
                     {{"name", "ledger-api"},
                      {"aliases", R"(["ledger"])"},
                      {"team", "ledger"},
                      {"program", "Ledger migration"},
                      {"tier", std::int64_t{1}}}},
                    {"S2", {{"name", "checkout-api"}, {"team", "checkout"}, {"program", "Checkout 3"}}}});
  write("program", {{"P1",
                     {{"name", "Ledger migration"},
                      {"owner", "dana"},
                      {"team", "ledger"},
                      {"status", "green"},
                      {"phase", "build"},
                      {"target_date", "2027-02-01"}}},
                    {"P2",
                     {{"name", "Checkout 3"},
                      {"owner", "ravi"},
                      {"team", "checkout"},
                      {"status", "yellow"},
                      {"target_date", "2026-12-15"}}}});
  write("milestone", {{"M1",
                       {{"program_id", "P1"},
                        {"title", "dual-write at 100 %"},
                        {"owner", "dana"},
                        {"due_date", "2026-12-08"},
                        {"status", "at risk"}}},
                      {"M2",
                       {{"program_id", "Ledger migration"},
                        {"title", "schema frozen"},
                        {"due_date", "2026-10-01"},
                        {"completed_date", "2026-10-02"}}}});
  write("risk", {{"R1",
                  {{"program_id", "P1"},
                   {"title", "vendor delays disks"},
                   {"likelihood", "likely"},
                   {"impact", "high"},
                   {"owner", "dana"}}}});
  write("incident", {{"INC-1",
                      {{"title", "Ledger writes time out"},
                       {"service", "ledger"},
                       {"severity", "SEV1"},
                       {"status", "resolved"},
                       {"kind", "incident"},
                       {"started_at", at("2026-11-02T10:00:00Z")},
                       {"mitigated_at", at("2026-11-02T10:42:00Z")},
                       {"resolved_at", at("2026-11-02T13:20:00Z")}}},
                     {"INC-2",
                      {{"title", "Checkout errors: \x1b[31m5xx"},
                       {"service", "checkout-api"},
                       {"severity", "SEV2"},
                       {"status", "open"},
                       {"kind", "incident"},
                       {"started_at", at("2026-11-15T21:05:00Z")}}},
                     {"INC-3",
                      {{"title", "Failover drill"},
                       {"service", "ledger-api"},
                       {"severity", "SEV3"},
                       {"status", "resolved"},
                       {"kind", "drill"},
                       {"started_at", at("2026-10-01T09:00:00Z")}}}});
  write("incident_update", {{"U1",
                             {{"incident_id", "INC-1"},
                              {"at", at("2026-11-02T10:10:00Z")},
                              {"status", "identified"},
                              {"author", "dana"},
                              {"body", "Rolling back"}}}});
  write("action_item", {{"A1",
                         {{"incident_id", "INC-1"},
                          {"title", "Alert on queue age"},
                          {"owner", "ravi"},
                          {"status", "open"},
                          {"due_date", "2026-11-10"}}}});
  write("launch_review", {{"LR-1",
                           {{"title", "Wallets"},
                            {"service", "checkout-api"},
                            {"program", "Checkout 3"},
                            {"tier", std::int64_t{1}},
                            {"status", "in review"},
                            {"owner", "mei"},
                            {"submitted_at", at("2026-11-09T09:00:00Z")},
                            {"target_date", "2026-12-10"}}},
                          {"LR-2",
                           {{"title", "Tap to pay"},
                            {"service", "checkout-api"},
                            {"status", "launched"},
                            {"target_date", "2026-11-03"}}}});
  write("capacity_resource", {{"R1",
                               {{"name", "ledger-db disk"},
                                {"service", "ledger-api"},
                                {"unit", "TB"},
                                {"capacity_limit", 30.0},
                                {"lead_time_days", 35.0}}},
                              {"R2",
                               {{"name", "checkout cpu"},
                                {"service", "checkout-api"},
                                {"team", "checkout"},
                                {"unit", "cores"},
                                {"capacity_limit", 200.0},
                                {"unit_cost", 25.0},
                                {"lead_time_days", 10.0}}}});
  write("capacity_request",
        {{"Q1", {{"resource_id", "R2"}, {"amount", 50.0}, {"needed_date", "2026-12-01"}, {"status", "open"}}}});
  std::vector<TestRow> samples;
  std::vector<TestRow> users;
  for (int day = 0; day < 120; ++day) {
    const auto when = at("2026-11-16T06:00:00Z") - (119 - day) * std::int64_t{86'400};
    samples.push_back({"", {{"resource_id", "R1"}, {"at", when}, {"used", 10 + 0.15 * day + (day * 37 % 11) * 0.02}}});
    samples.push_back({"", {{"resource_id", "R2"}, {"at", when}, {"used", 60.0 + day * 29 % 7}}});
    users.push_back({"", {{"name", "active_users"}, {"at", when}, {"value", 1000.0 + day % 7 * 50}}});
  }
  write("capacity_sample", samples);
  write("slo",
        {{"SLO-1",
          {{"service", "ledger-api"}, {"name", "ledger availability"}, {"objective", 0.999}, {"window", "month"}}}});
  std::vector<TestRow> buckets;
  for (int hour = 0; hour < 80 * 24; ++hour)
    buckets.push_back({"",
                       {{"slo_id", "SLO-1"},
                        {"at", at("2026-08-28T00:00:00Z") + hour * std::int64_t{3600}},
                        {"good", std::int64_t{9'995}},
                        {"total", std::int64_t{10'000}}}});
  write("slo_sample", buckets);
  write("measure", users);
}

void write_store(const std::filesystem::path& folder) {
  make_private_folder(folder / ".sitrep");
  const auto now = at(k_test_now) - 3600;
  auto store = store::Store::open(folder / ".sitrep/store.db", writing(now));
  fill(store, now);
}

}  // namespace

void write_example_workspace(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write_file(folder / "sitrep.toml", k_config);
  write_store(folder);
}

ServedWorkspace::ServedWorkspace(const std::filesystem::path& folder)
    : clock_(unix_time(at(k_test_now))),
      organisation_(demo::make_organisation(demo::k_default_seed, clock_.now())),
      api_(organisation_, clock_, demo::new_token()) {
  demo::write_workspace(folder, {demo::k_default_seed, clock_.now(), api_.port()}, api_.token());
  write_store(folder);
}

}  // namespace sitrep::test
