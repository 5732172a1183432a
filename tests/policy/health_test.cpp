#include "policy/health.hpp"

#include <doctest/doctest.h>

#include "evaluation/world.hpp"

using namespace sitrep;
using policy::Color;
using test::at;
using test::World;

namespace {

void put_program(World& world, std::string_view declared = "green") {
  world.put("program", {{"P1", {{"name", "Ledger migration"}, {"status", declared}, {"owner", "dana"}}}});
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"program", "P1"}}}});
}

void put_milestone(World& world, std::string_view due, int days_ago) {
  world.put("milestone", {{"M1", {{"program_id", "P1"}, {"title", "dual-write"}, {"due_date", due}}}},
            test::k_now - std::chrono::days{days_ago});
}

config::Config config_of(std::string_view toml) {
  return config::parse(
      "[workspace]\nname = \"w\"\n" + std::string(toml), "sitrep.toml", [](std::string_view) { return std::nullopt; },
      [](const std::string&) { return std::nullopt; });
}

const policy::Finding* find(const policy::Health& h, std::string_view rule) {
  for (const auto& d : h.dimensions) {
    for (const auto& f : d.findings) {
      if (f.rule == rule) return &f;
    }
  }
  return nullptr;
}

policy::Health health_of(World& world, const config::Config* config = nullptr) {
  auto evaluator = world.evaluator();
  auto all = policy::health(evaluator, world.store(), config);
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace

TEST_CASE("policy::worse orders red, yellow, grey, green") {
  CHECK(policy::worse(Color::grey, Color::green) == Color::grey);
  CHECK(policy::worse(Color::yellow, Color::grey) == Color::yellow);
  CHECK(policy::worse(Color::yellow, Color::red) == Color::red);
}

TEST_CASE("policy::health: an open SEV1 that nobody said the start of is open, and a program of nothing is grey") {
  World world;
  world.put("program", {{"P1", {{"name", "Ledger"}}}, {"P2", {{"name", "Quiet"}}}});
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"program", "P1"}}}});
  world.put("incident", {{"I1", {{"title", "all down"}, {"severity", "SEV1"}, {"service", "ledger-api"}}}});
  world.put(
      "launch_review",
      {{"L1", {{"title", "cut-over"}, {"program", "P1"}, {"status", "approved"}, {"target_date", "2026-11-19"}}}});
  auto evaluator = world.evaluator();
  const auto all = policy::health(evaluator, world.store(), nullptr);
  REQUIRE(all.size() == 2);
  const auto& ledger = all[0].program == "Ledger" ? all[0] : all[1];
  const auto& quiet = all[0].program == "Ledger" ? all[1] : all[0];
  const auto* open = find(ledger, "open_sev12");
  REQUIRE(open);
  CHECK(open->color == Color::yellow);
  CHECK(open->reason.find("SEV1 all down (open, nobody said since when)") != std::string::npos);
  CHECK(quiet.color == Color::grey);
  CHECK(quiet.reasons() == std::vector<std::string>{"no records of it but its own"});
}

TEST_CASE("policy::health: what an SLO's samples do not tell is not good") {
  const auto budget_of = [](const std::vector<std::pair<std::string, World::Cells>>& samples) {
    World world;
    world.put("program", {{"P1", {{"name", "Ledger"}}}});
    world.put("service", {{"S1", {{"name", "ledger-api"}, {"program", "P1"}}}});
    world.put("slo", {{"A", {{"service", "ledger-api"}, {"name", "availability"}, {"objective", 0.9}}}});
    world.put("slo_sample", samples);
    auto evaluator = world.evaluator();
    const auto h = policy::health(evaluator, world.store(), nullptr);
    const auto* budget = find(h.at(0), "error_budget_used");
    return std::pair(budget->color, budget->reason);
  };
  const auto sample = [](int hours, std::int64_t good) {
    return std::pair<std::string, World::Cells>("", {{"slo_id", "A"},
                                                     {"at", unix_seconds(test::k_now) - hours * 3600},
                                                     {"good", good},
                                                     {"total", std::int64_t{100}}});
  };
  CHECK(budget_of({sample(2, 99), sample(1, 99)}).first == Color::green);
  CHECK(budget_of({sample(1, 99)}).first == Color::grey);  // a single one
  // Of each day an hour: what is between is not known.
  std::vector<std::pair<std::string, World::Cells>> sparse;
  for (int day = 9; day >= 0; --day)
    for (const int hour : {2, 1}) sparse.push_back(sample(day * 24 + hour, 100));
  const auto seen = budget_of(sparse);
  CHECK(seen.first == Color::grey);
  CHECK(seen.second.find("20 of 218 samples are there") != std::string::npos);
  // More good than all can't be: what is burnt beside it counts.
  CHECK(budget_of({sample(4, 80), sample(3, 80), sample(2, 80), sample(1, 9'000)}).first != Color::green);
}

TEST_CASE("policy::health: a program is as red as its worst rule, says why, and declared green is a watermelon") {
  World world;
  put_program(world);
  put_milestone(world, "2026-10-30", 60);
  put_milestone(world, "2026-12-08", 1);
  const auto h = health_of(world);
  CHECK(h.color == Color::red);
  CHECK(h.watermelon);
  CHECK(h.owner == "dana");
  REQUIRE_FALSE(h.dimensions.empty());
  CHECK(h.dimensions.front().name == "schedule");
  CHECK(h.reasons() == std::vector<std::string>{"dual-write due 2026-12-08, was 2026-10-30: 1 slip, 39 days"});
  const auto* slip = find(h, "milestone_slip_days");
  REQUIRE(slip);
  CHECK(slip->threshold == "> 21");
  CHECK(find(h, "overdue_milestones")->color == Color::green);
  CHECK_FALSE(find(h, "error_budget_used"));  // no SLO: does not apply
}

TEST_CASE("policy::health: what has records and cannot be judged is grey, never green") {
  World world;
  put_program(world, "yellow");
  world.put("slo", {{"A", {{"service", "ledger-api"}, {"name", "availability"}, {"objective", 0.999}}}});
  const auto h = health_of(world);
  CHECK(h.color == Color::grey);
  CHECK_FALSE(h.watermelon);
  CHECK(find(h, "error_budget_used")->reason ==
        "Error budget used: not reportable: the field it needs is there in 0 of 1 records, needs 80 % (ledger-api "
        "availability: no samples)");
}

TEST_CASE("policy::health: a program that nothing is known of is grey") {
  World world;
  world.put("program", {{"P1", {{"name", "Ledger migration"}}}});
  auto evaluator = world.evaluator();
  const auto h = policy::health(evaluator, world.store(), nullptr);
  REQUIRE(h.size() == 1);
  CHECK(h[0].dimensions.size() == 1);  // the age of the program's own stream
  CHECK(h[0].dimensions[0].name == "data");
  CHECK(h[0].color == Color::grey);
  CHECK(h[0].reasons() == std::vector<std::string>{"no records of it but its own"});
}

TEST_CASE("policy::health: no incident of a program without services says nothing good about it") {
  World world;
  world.put("program", {{"P1", {{"name", "Apollo"}}}});
  world.put("incident", {{"I1", {{"severity", "SEV1"}, {"status", "open"}, {"service", "db"}}}});
  auto evaluator = world.evaluator();
  const auto h = policy::health(evaluator, world.store(), nullptr);
  REQUIRE(h.size() == 1);
  CHECK(h[0].color == Color::grey);
  CHECK_FALSE(find(h[0], "open_sev12"));
}

TEST_CASE("policy::health: an error budget that nobody sees is grey, however well the others do") {
  World world;
  put_program(world);
  world.put("slo", {{"A", {{"service", "ledger-api"}, {"name", "availability"}, {"objective", 0.9}}},
                    {"B", {{"service", "ledger-api"}, {"name", "latency"}, {"objective", 0.9}}},
                    {"C", {{"service", "ledger-api"}, {"name", "freshness"}, {"objective", 0.9}}},
                    {"D", {{"service", "ledger-api"}, {"name", "errors"}, {"objective", 0.9}}},
                    {"E", {{"service", "ledger-api"}, {"name", "saturation"}, {"objective", 0.9}}}});
  for (const char* id : {"A", "B", "C", "D"})
    for (const int hours : {2, 1})
      world.put("slo_sample", {{"",
                                {{"slo_id", id},
                                 {"at", unix_seconds(test::k_now) - hours * 3600},
                                 {"good", std::int64_t{99}},
                                 {"total", std::int64_t{100}}}}});
  const auto h = health_of(world);
  const auto* budget = find(h, "error_budget_used");
  REQUIRE(budget);
  CHECK(budget->color == Color::grey);
  CHECK(budget->reason ==
        "Error budget used: 10 % in 4 of 5; the rest can't be judged: ledger-api saturation: no samples");
}

TEST_CASE("policy::health: the verdict 'worse' colors what a threshold cannot") {
  World world;
  put_program(world);
  std::vector<std::pair<std::string, World::Cells>> rows;
  for (int i = 0; i < 15; ++i) {
    rows.push_back({"n" + std::to_string(i),
                    {{"title", "x"},
                     {"service", "ledger-api"},
                     {"severity", "SEV4"},
                     {"status", "resolved"},
                     {"started_at", at(1, i)},
                     {"resolved_at", at(2, i)}}});
  }
  rows.push_back({"b",
                  {{"title", "x"},
                   {"service", "ledger-api"},
                   {"severity", "SEV4"},
                   {"status", "resolved"},
                   {"started_at", at(-3)},
                   {"resolved_at", at(-2)}}});
  world.put("incident", rows);
  const auto h = health_of(world);
  CHECK(h.color == Color::yellow);
  CHECK(find(h, "incidents")->threshold == "worse than the period before");
  CHECK(find(h, "incidents")->reason.starts_with("Incidents: 15, 1 the period before: worse (rate ratio 15"));
}

TEST_CASE("policy::health: exemptions hold until their end and are red after it") {
  World world;
  put_program(world);
  put_milestone(world, "2026-10-30", 60);
  put_milestone(world, "2026-12-08", 1);
  const auto holding = config_of(R"(
[[exemption]]
rule = "milestone_slip_days"
program = "ledger migration"
owner = "dana"
reason = "re-planned"
expires = "2026-11-16"
)");
  const auto h = health_of(world, &holding);
  CHECK(h.color == Color::green);
  REQUIRE(find(h, "milestone_slip_days")->exemption);
  CHECK(find(h, "milestone_slip_days")->without_exemption == Color::red);
  CHECK(find(h, "milestone_slip_days")->reason.ends_with("(exempt until 2026-11-16: re-planned, dana)"));
  const auto expired = config_of(R"(
[[exemption]]
rule = "overdue_milestones"
owner = "dana"
reason = "re-planned"
expires = "2026-11-15"
)");
  const auto late = health_of(world, &expired);
  CHECK(late.color == Color::red);
  REQUIRE(find(late, "exemption of overdue_milestones"));
  CHECK(find(late, "exemption of overdue_milestones")->dimension == "schedule");
}

TEST_CASE("policy::rules: one of sitrep.toml replaces the built-in rule of its name or adds to them") {
  const auto own = config_of(R"(
[[rule]]
metric = "milestone_slip_days"
yellow = "> 50"
[[rule]]
metric = "open_actions"
red = "> 100"
)");
  const auto all = policy::rules(&own);
  CHECK(all.size() == policy::rules(nullptr).size() + 1);
  World world;
  put_program(world);
  put_milestone(world, "2026-10-30", 60);
  put_milestone(world, "2026-12-08", 1);
  CHECK(health_of(world, &own).color == Color::green);
}

TEST_CASE("policy::health refuses rules over unknown metrics") {
  World world;
  put_program(world);
  auto evaluator = world.evaluator();
  const auto typo = config_of("[[rule]]\nmetric = \"incidnets\"\nred = \"> 1\"\n");
  CHECK_THROWS_WITH_AS(
      policy::health(evaluator, world.store(), &typo),
      "sitrep.toml:3:1: rule 'incidnets' is over an unknown metric 'incidnets'; did you mean 'incidents'?; see "
      "'sitrep metric list'",
      Error);
}

TEST_CASE("policy::health: a rule of the scope service or team judges each on its own records, and the worst speaks") {
  World world;
  world.put("program", {{"P1", {{"name", "Ledger migration"}, {"team", "storage"}}}});
  world.put("service", {{"S1", {{"name", "ledger-api"}, {"program", "P1"}, {"team", "ledger"}}},
                        {"S2", {{"name", "ledger-db"}, {"program", "P1"}, {"team", "storage"}}},
                        {"S3", {{"name", "elsewhere"}, {"program", "P9"}, {"team", "ledger"}}}});
  std::vector<std::pair<std::string, World::Cells>> rows;
  const auto add = [&](std::string_view service, int n) {
    for (int i = 0; i < n; ++i)
      rows.push_back({std::string(service) + std::to_string(i),
                      {{"title", "x"}, {"service", service}, {"started_at", at(1, i)}, {"resolved_at", at(2, i)}}});
  };
  add("ledger-api", 2);
  add("ledger-db", 3);
  add("elsewhere", 4);
  world.put("incident", rows);
  const auto rule = [](std::string_view scope, int bound) {
    return config_of("[[rule]]\nname = \"mine\"\nmetric = \"incidents\"\nscope = \"" + std::string(scope) +
                     "\"\nred = \"> " + std::to_string(bound) + "\"\n");
  };
  const auto finding = [&](const config::Config& config) {
    const auto h = health_of(world, &config);
    const auto* f = find(h, "mine");
    REQUIRE(f);
    return std::pair(f->color, f->reason);
  };
  CHECK(finding(rule("service", 2)).first == Color::red);
  CHECK(finding(rule("service", 2)).second.starts_with("ledger-db: Incidents: 3"));
  CHECK(finding(rule("service", 1)).second.ends_with("; 1 more of its services"));
  CHECK(finding(rule("service", 3)) ==
        std::pair(Color::green, std::string("Incidents: within the rule in 2 services")));
  CHECK(finding(rule("team", 5)).second.starts_with("ledger: Incidents: 6"));  // also those of another program
  CHECK(finding(rule("program", 4)).first == Color::red);
  CHECK(finding(rule("program", 5)).first == Color::green);

  const auto exempted = [](std::string_view narrowed) {
    return config_of(
        "[[rule]]\nname = \"mine\"\nmetric = \"incidents\"\nscope = \"service\"\nred = \"> 1\"\n[[exemption]]\n"
        "rule = \"mine\"\nowner = \"dana\"\nreason = \"old disks\"\nexpires = \"2026-12-15\"\n" +
        std::string(narrowed));
  };
  const auto one = finding(exempted("service = \"ledger-db\"\n"));
  CHECK(one.first == Color::red);
  CHECK(one.second.starts_with("ledger-api: Incidents: 2"));
  const auto all = finding(exempted(""));
  CHECK(all.first == Color::green);
  CHECK(all.second.ends_with("(exempt until 2026-12-15: old disks, dana)"));
  CHECK(finding(exempted("service = \"elsewhere\"\n")).second.ends_with("; 1 more of its services"));
  const auto misfit = exempted("team = \"ledger\"\n");
  CHECK_THROWS_WITH_AS(health_of(world, &misfit),
                       doctest::Contains("the exemption is for a team, but rule 'mine' judges by service"), Error);
  const auto unknown = config_of(
      "[[exemption]]\nrule = \"overdue_milestone\"\nowner = \"dana\"\nreason = \"x\"\nexpires = \"2026-12-15\"\n");
  CHECK_THROWS_WITH_AS(health_of(world, &unknown), doctest::Contains("there is no rule 'overdue_milestone'"), Error);
}

TEST_CASE("policy::health: notes about the program stand beside it until they expire; finished programs are left out") {
  World world;
  put_program(world);
  world.put("program", {{"P2", {{"name", "Old"}, {"status", "done"}}}});
  world.put(
      "note",
      {{"1", {{"at", at(1)}, {"author", "dana"}, {"subject", "ledger migration"}, {"text", "disks on Dec 2"}}},
       {"2", {{"at", at(1)}, {"subject", "Ledger migration"}, {"text", "gone"}, {"expires_date", "2026-11-15"}}}});
  const auto h = health_of(world);
  REQUIRE(h.notes.size() == 1);
  CHECK(h.notes[0].text == "disks on Dec 2");
  auto evaluator = world.evaluator();
  CHECK(policy::health(evaluator, world.store(), nullptr, {}, "old").size() == 1);
}
