#include "demo/organisation.hpp"

#include <algorithm>

namespace sitrep::demo {
namespace {

struct ServiceSeed {
  const char* name;
  int tier;
  const char* team;
  const char* owner;
  const char* program;
  std::vector<std::string> aliases;
  std::vector<std::string> depends_on;
};

std::vector<ServiceSeed> service_seeds() {
  const char* ledger = "Ledger migration";
  const char* checkout = "Checkout 3";
  const char* edge = "Edge consolidation";
  const char* support = "Support tooling";
  return {
      {"ledger-api", 1, "Ledger", "dana", ledger, {"ledger", "ledger-svc"}, {"ledger-db", "identity"}},
      {"ledger-db", 1, "Ledger", "ravi", ledger, {"ledger-postgres"}, {}},
      {"ledger-writer", 1, "Ledger", "ravi", ledger, {}, {"ledger-db"}},
      {"reconciliation", 2, "Ledger", "dana", ledger, {"recon"}, {"ledger-api", "payouts"}},
      {"ledger-export", 3, "Ledger", "ines", ledger, {}, {"ledger-api"}},
      {"checkout-api", 1, "Checkout", "marco", checkout, {"checkout"}, {"payments-api", "cart", "tax-service"}},
      {"checkout-web", 1, "Checkout", "lena", checkout, {"checkout-frontend"}, {"checkout-api", "edge-proxy"}},
      {"wallets", 2, "Checkout", "lena", checkout, {}, {"payments-api", "identity"}},
      {"cart", 2, "Checkout", "marco", checkout, {}, {"promotions"}},
      {"promotions", 3, "Checkout", "tom", checkout, {"promo"}, {}},
      {"tax-service", 2, "Checkout", "tom", checkout, {"tax"}, {}},
      {"edge-proxy", 1, "Edge", "aiko", edge, {"edge", "proxy"}, {"edge-config", "tls-manager"}},
      {"edge-config", 2, "Edge", "aiko", edge, {}, {}},
      {"tls-manager", 2, "Edge", "jonas", edge, {"certs"}, {"dns-control"}},
      {"rate-limiter", 2, "Edge", "jonas", edge, {}, {"edge-config"}},
      {"dns-control", 1, "Edge", "jonas", edge, {"dns"}, {}},
      {"support-console", 3, "Support Tools", "nadia", support, {"console"}, {"identity", "search"}},
      {"macro-service", 4, "Support Tools", "nadia", support, {}, {"support-console"}},
      {"csat-collector", 4, "Support Tools", "omar", support, {"csat"}, {"notifications"}},
      {"payments-api", 1, "Payments", "kim", "", {"payments", "pay-api"}, {"fraud-scoring", "ledger-api"}},
      {"fraud-scoring", 1, "Risk", "yusuf", "", {"fraud"}, {}},
      {"payouts", 1, "Payments", "kim", "", {}, {"ledger-api", "identity"}},
      {"notifications", 3, "Platform", "sara", "", {"notify"}, {}},
      {"identity", 1, "Platform", "sara", "", {"auth", "login"}, {}},
      {"search", 3, "Platform", "wei", "", {"search-index"}, {}},
  };
}

}  // namespace

const Service* Organisation::find_service(std::string_view name_or_alias) const {
  for (const auto& service : services) {
    if (service.name == name_or_alias || std::ranges::count(service.aliases, name_or_alias) > 0) return &service;
  }
  return nullptr;
}

void add_services(Organisation& org) {
  int number = 100;
  for (auto& seed : service_seeds()) {
    org.services.push_back({"SVC-" + std::to_string(++number), seed.name, std::move(seed.aliases), seed.team,
                            seed.owner, seed.program, seed.tier, std::move(seed.depends_on)});
  }
}

Organisation make_organisation(std::uint64_t seed, UnixTime now) {
  Organisation org;
  org.seed = seed;
  org.now = now;
  org.zone = Zone::load("America/Los_Angeles");
  org.name = "Payments infrastructure";
  add_services(org);
  add_programs(org);
  add_incidents(org);
  add_action_items(org);
  add_launches(org);
  add_capacity(org);
  add_reliability(org);
  add_support(org);
  return org;
}

}  // namespace sitrep::demo
