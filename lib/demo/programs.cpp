#include <string>

#include "demo/organisation.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;

// Dates of this file are days from now: the story is the same whenever the demo runs.
struct MilestoneSeed {
  const char* title;
  const char* owner;
  int due;                                 ///< as first planned
  std::vector<std::pair<int, int>> moves;  ///< on day first, the due date becomes day second
  int done;                                ///< 0: still open
};

void add_milestones(Organisation& org, const std::string& program_id, const std::vector<MilestoneSeed>& seeds) {
  const Date today = day_of(org.now);
  for (const auto& seed : seeds) {
    Milestone m;
    m.id = "MS-" + std::to_string(41 + org.milestones.size());
    m.program_id = program_id;
    m.title = seed.title;
    m.owner = seed.owner;
    m.created = org.now - days{330};
    m.due.set(m.created, today + days{seed.due});
    for (const auto& [on, due] : seed.moves) m.due.set(org.now + days{on} - std::chrono::hours{5}, today + days{due});
    if (seed.done != 0) m.completed = today + days{seed.done};
    org.milestones.push_back(std::move(m));
  }
}

void add_risk(Organisation& org, std::string program_id, std::string title, std::string owner, std::string impact,
              std::string likelihood, std::string mitigation, int due) {
  Risk risk;
  risk.id = "R-" + std::to_string(11 + org.risks.size());
  risk.program_id = std::move(program_id);
  risk.title = std::move(title);
  risk.owner = std::move(owner);
  risk.impact = std::move(impact);
  risk.mitigation = std::move(mitigation);
  const UnixTime created = org.now - days{150} + days{static_cast<int>(org.risks.size()) * 6};
  risk.likelihood.set(created, std::move(likelihood));
  risk.status.set(created, "open");
  risk.due = day_of(org.now) + days{due};
  org.risks.push_back(std::move(risk));
}

void add_program(Organisation& org, Program program, int start, int target) {
  program.start = day_of(org.now) + days{start};
  program.target.set(org.now + days{start}, day_of(org.now) + days{target});
  org.programs.push_back(std::move(program));
}

void add_ledger(Organisation& org) {
  Program p{"PRG-1",
            "Ledger migration",
            "dana",
            "priya",
            "Ledger",
            "execution",
            "Move double-entry bookkeeping to the new ledger without a stop.",
            {},
            {},
            {}};
  p.status.set(org.now - days{280}, "green");  // and never corrected: the watermelon of the portfolio
  add_program(org, std::move(p), -280, 75);
  add_milestones(org, "PRG-1",
                 {{"schema frozen", "ravi", -200, {}, -203},
                  {"dual-read in shadow", "ravi", -120, {{-125, -114}}, -115},
                  {"back-fill of closed years", "ines", -62, {}, -66},
                  {"dual-write at 100 %", "dana", -17, {{-24, -1}, {-3, 22}}, 0},
                  {"reads from the new ledger", "dana", 38, {{-3, 52}}, 0},
                  {"old ledger switched off", "dana", 75, {}, 0}});
  add_risk(org, "PRG-1", "disks for ledger-db arrive after the back-fill needs them", "ravi", "high", "likely",
           "second vendor asked; order placed before the freeze", 14);
  add_risk(org, "PRG-1", "reconciliation differs by rounding of old currencies", "ines", "high", "possible",
           "replay of three closed years every night", 30);
  add_risk(org, "PRG-1", "dual-write doubles the latency of payouts", "dana", "medium", "possible",
           "asynchronous write behind a flag", 21);
}

void add_checkout(Organisation& org) {
  Program p{"PRG-2",
            "Checkout 3",
            "marco",
            "priya",
            "Checkout",
            "execution",
            "One checkout for web, app and partners, with wallets.",
            {},
            {},
            {}};
  p.status.set(org.now - days{210}, "green");
  p.status.set(org.now - days{9}, "yellow");
  add_program(org, std::move(p), -210, 60);
  add_milestones(org, "PRG-2",
                 {{"cart on the new API", "marco", -150, {}, -151},
                  {"tax for all states", "tom", -80, {{-84, -76}}, -77},
                  {"beta with 5 % of traffic", "lena", -33, {}, -34},
                  {"wallets generally available", "lena", 12, {{-45, 24}}, 0},
                  {"partners moved", "marco", 52, {}, 0}});
  add_risk(org, "PRG-2", "security review has one reviewer until January", "marco", "medium", "likely",
           "ask for a loan from Payments", 10);
  add_risk(org, "PRG-2", "freeze begins before partners are moved", "marco", "medium", "possible",
           "move the largest three first", 25);
}

void add_edge(Organisation& org) {
  Program p{"PRG-3",     "Edge consolidation",           "aiko", "stefan", "Edge",
            "execution", "Four edge stacks become one.", {},     {},       {}};
  p.status.set(org.now - days{300}, "green");
  add_program(org, std::move(p), -300, 110);
  add_milestones(org, "PRG-3",
                 {{"one configuration format", "aiko", -170, {}, -175},
                  {"certificates from one manager", "jonas", -90, {}, -92},
                  {"EU traffic on the new edge", "aiko", -26, {}, -28},
                  {"US traffic on the new edge", "aiko", 30, {}, 0},
                  {"old stacks removed", "jonas", 105, {}, 0}});
  add_risk(org, "PRG-3", "a partner pins certificates of the old stack", "jonas", "low", "unlikely",
           "calls with the five who might", 40);
}

void add_support_tooling(Organisation& org) {
  Program p{"PRG-4",
            "Support tooling",
            "nadia",
            "stefan",
            "Support Tools",
            "discovery",
            "A console that shows an agent all of a payment.",
            {},
            {},
            {}};
  p.status.set(org.now - days{120}, "green");
  add_program(org, std::move(p), -120, 160);
  add_milestones(org, "PRG-4",
                 {{"agents interviewed", "nadia", -70, {}, -71},
                  {"console pilot with one team", "omar", -21, {}, -22},
                  {"pilot with all teams", "nadia", 45, {}, 0},
                  {"macros migrated", "omar", 90, {}, 0}});
  add_risk(org, "PRG-4", "too few answers to judge satisfaction in the pilot", "omar", "low", "likely",
           "ask after every solved ticket, not every fifth", 20);
}

void add_calendar(Organisation& org) {
  const auto year = std::chrono::year_month_day{day_of(org.now)}.year();
  using namespace std::chrono;
  for (const auto y : {year - years{1}, year, year + years{1}}) {
    const auto text = std::to_string(static_cast<int>(y));
    const auto add = [&](const char* kind, const char* name, Date from, Date to) {
      org.calendar.push_back(
          {std::string("CAL-") + text + "-" + std::to_string(org.calendar.size() + 1), kind, name, "", from, to});
    };
    const auto single = [&](const char* name, Date day) { add("holiday", name, day, day); };
    single("New Year", sys_days{y / 1 / 1});
    single("Memorial Day", sys_days{y / May / Monday[last]});
    single("Independence Day", sys_days{y / 7 / 4});
    single("Labor Day", sys_days{y / September / Monday[1]});
    const Date thanksgiving = sys_days{y / November / Thursday[4]};
    add("holiday", "Thanksgiving", thanksgiving, thanksgiving + days{1});
    single("Christmas", sys_days{y / 12 / 25});
    add("freeze", "Year-end freeze", sys_days{y / 12 / 15}, sys_days{(y + years{1}) / 1 / 2});
  }
}

}  // namespace

void add_programs(Organisation& org) {
  add_ledger(org);
  add_checkout(org);
  add_edge(org);
  add_support_tooling(org);
  // Two risks that changed while the weeks were replayed.
  org.risks[0].likelihood.set(org.now - days{18}, "almost certain");
  org.risks[3].status.set(org.now - days{30}, "accepted");
  add_calendar(org);
}

}  // namespace sitrep::demo
