#include <algorithm>
#include <array>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int k_reviews = 120;
constexpr int k_first_number = 292;  // the next one filed is LR-412
constexpr int k_promised_days = 5;   // working days a reviewer has

constexpr std::array<const char*, 24> k_features = {"instant refunds",
                                                    "new price rules",
                                                    "partner webhooks v2",
                                                    "audit export",
                                                    "dark mode of the console",
                                                    "bulk payouts",
                                                    "regional cache",
                                                    "two-step approval",
                                                    "currency rounding",
                                                    "mutual TLS for partners",
                                                    "invoice PDFs",
                                                    "search by order",
                                                    "rate limits per key",
                                                    "saved carts",
                                                    "passkeys",
                                                    "read replicas",
                                                    "fraud model 7",
                                                    "delivery estimates",
                                                    "usage alerts",
                                                    "self-service limits",
                                                    "IPv6",
                                                    "HTTP/3",
                                                    "batch reconciliation",
                                                    "notification digest"};

/// Median working days of a gate, and how often it asks for changes.
struct Area {
  const char* name;
  const char* approver;
  double median_days;
  double changes;
};
constexpr std::array<Area, 6> k_areas = {{{"security", "noor", 4.6, 0.30},
                                          {"sre", "sara", 3.0, 0.15},
                                          {"capacity", "wei", 2.2, 0.08},
                                          {"privacy", "elif", 3.4, 0.15},
                                          {"legal", "hugo", 3.8, 0.05},
                                          {"support", "nadia", 2.0, 0.04}}};

UnixTime working_time(Date day, Random& random) {
  return UnixTime{day} + hours{17} + Seconds{random.whole(0, 6 * 3600)};
}

std::vector<Gate> make_gates(const LaunchReview& review, UnixTime submitted, bool recent, Random& random) {
  std::vector<Gate> gates;
  for (const auto& area : k_areas) {
    Gate gate;
    gate.area = area.name;
    gate.approver = area.approver;
    gate.requested = submitted;
    const std::string_view name = area.name;
    gate.needed = review.tier <= 2 ? name != "support" || random.chance(0.5)
                                   : name == "security" || name == "sre" || random.chance(0.3);
    // Lately reviewers keep their promise, but for the two reviews of add_told_ones.
    const double worked = random.lognormal(area.median_days, 0.55);
    const int wait = std::clamp(static_cast<int>(worked), 1, recent ? k_promised_days - 1 : 25);
    if (!gate.needed) {
      gate.decided = submitted + hours{4};
    } else if (!recent && random.chance(area.changes)) {
      gate.changes_requested = working_time(add_working_days(day_of(submitted), std::max(1, wait / 2)), random);
      gate.resubmitted = *gate.changes_requested + days{random.whole(1, 5)};
      gate.decided = working_time(add_working_days(day_of(*gate.resubmitted), std::max(1, wait / 2)), random);
    } else {
      gate.decided = working_time(add_working_days(day_of(submitted), wait), random);
    }
    gates.push_back(std::move(gate));
  }
  return gates;
}

void decide(LaunchReview& review, Random& random) {
  review.decided = review.submitted;
  for (const auto& gate : review.gates) review.decided = std::max(*review.decided, *gate.decided);
  review.rejected = random.chance(0.07);
  if (review.rejected) return;
  const Date planned = review.target.at(*review.submitted);
  Date launch = planned;
  if (day_of(*review.decided) >= planned) {  // decided too late: the date moves before it passes
    launch = add_working_days(day_of(*review.decided), 4);
    review.target.set(UnixTime{planned} - hours{7}, launch);
  }
  if (random.chance(0.94))
    review.launched = UnixTime{launch} + hours{16} + Seconds{random.whole(0, 7200)};
  else
    review.withdrawn = UnixTime{launch} - hours{20};
}

LaunchReview make_review(const Organisation& org, UnixTime created, Random& random) {
  const Service& service = random.pick(org.services);
  LaunchReview review;
  review.title = service.name + ": " + random.pick(k_features);
  review.service = service.name;
  review.team = service.team;
  review.owner = service.owner;
  review.program = service.program;
  review.tier = service.tier;
  constexpr std::array<const char*, 4> k_phases = {"beta", "ga", "ga", "alpha"};
  review.phase = random.pick(k_phases);
  review.risk = random.chance(0.15) ? "" : random.chance(0.2) ? "high" : random.chance(0.5) ? "medium" : "low";
  review.created = created;
  const UnixTime submitted = created + hours{random.whole(6, 24 * 9)};
  const Date target = add_working_days(day_of(submitted), static_cast<int>(random.whole(12, 40)));
  review.target.set(created, target);
  if (random.chance(0.04)) {
    review.withdrawn = submitted;
    return review;
  }
  review.submitted = submitted;
  review.gates = make_gates(review, submitted, submitted > org.now - days{70}, random);
  decide(review, random);
  return review;
}

/// Two reviews of Checkout 3 that wait for security longer than promised: why that program is yellow.
void add_told_ones(Organisation& org, std::vector<LaunchReview>& reviews, Random& random) {
  const auto add = [&](const char* title, const char* service, const char* owner, const char* phase, int waiting,
                       int target_days) {
    LaunchReview review;
    review.title = title;
    review.service = service;
    review.team = "Checkout";
    review.owner = owner;
    review.program = "Checkout 3";
    review.tier = 2;
    review.phase = phase;
    review.risk = "medium";
    review.submitted = UnixTime{add_working_days(day_of(org.now), -waiting)} + hours{17};
    review.created = *review.submitted - days{3};
    review.target.set(review.created, day_of(org.now) + days{target_days});
    review.gates = make_gates(review, *review.submitted, true, random);
    review.gates.front().decided.reset();
    reviews.push_back(std::move(review));
  };
  add("Wallets in checkout", "wallets", "lena", "ga", 9, 19);
  add("Stored cards for guests", "checkout-api", "marco", "beta", 9, 26);

  LaunchReview load;  // approved, and its data is what fills the disks of ledger-db
  load.title = "ledger-writer: dual-write for all tenants";
  load.service = "ledger-writer";
  load.team = "Ledger";
  load.owner = "ravi";
  load.program = "Ledger migration";
  load.tier = 1;
  load.phase = "ga";
  load.risk = "high";
  load.submitted = UnixTime{add_working_days(day_of(org.now), -16)} + hours{18};
  load.created = *load.submitted - days{2};
  load.target.set(load.created, day_of(org.now) + days{24});
  load.gates = make_gates(load, *load.submitted, true, random);
  load.decided = load.submitted;
  for (const auto& gate : load.gates) load.decided = std::max(*load.decided, *gate.decided);
  reviews.push_back(std::move(load));

  LaunchReview fresh;  // submitted yesterday, nobody has looked yet
  fresh.title = "reconciliation: audit export";
  fresh.service = "reconciliation";
  fresh.team = "Ledger";
  fresh.owner = "ines";
  fresh.program = "Ledger migration";
  fresh.tier = 2;
  fresh.phase = "beta";
  fresh.risk = "low";
  fresh.submitted = org.now - hours{20};
  fresh.created = org.now - hours{50};
  fresh.target.set(fresh.created, day_of(org.now) + days{33});
  fresh.gates = make_gates(fresh, *fresh.submitted, true, random);
  decide(fresh, random);
  reviews.push_back(std::move(fresh));
}

}  // namespace

void add_launches(Organisation& org) {
  Random random(org.seed, "launches");
  auto& reviews = org.launches;
  constexpr int k_told = 4;
  constexpr int k_drafts = 3;  // of the last days, not yet submitted by anybody
  for (int n = 0; n < k_reviews - k_told - k_drafts; ++n) {
    const Seconds age = days{540} * (k_reviews - n) / k_reviews - hours{random.whole(0, 60)};
    reviews.push_back(make_review(org, org.now - age, random));
  }
  for (int n = 0; n < k_drafts; ++n) {
    LaunchReview draft = make_review(org, org.now - days{6 - 2 * n} - hours{5}, random);
    draft.submitted = draft.decided = draft.launched = draft.withdrawn = std::nullopt;
    draft.gates.clear();
    reviews.push_back(std::move(draft));
  }
  add_told_ones(org, reviews, random);
  std::ranges::stable_sort(reviews, {}, &LaunchReview::created);
  for (std::size_t i = 0; i < reviews.size(); ++i)
    reviews[i].id = "LR-" + std::to_string(k_first_number + static_cast<int>(i));
}

}  // namespace sitrep::demo
