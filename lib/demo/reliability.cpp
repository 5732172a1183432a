#include <algorithm>
#include <array>
#include <cmath>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;

constexpr int k_slo_days = 180;
constexpr int k_measure_days = 400;
constexpr double k_reported_error_share = 0.45;  // of the error budget, on a median day

/// Share of failed requests on a day: a share of the budget, more when something serious happened.
double error_ratio(const Organisation& org, const Slo& slo, Date day, bool calm, Random& random) {
  const double budget = 1 - slo.objective;
  double used = random.lognormal(k_reported_error_share, 0.35);
  for (const auto& incident : org.incidents) {
    if (incident.service == slo.service && incident.kind == "incident" && day_of(incident.started) == day) {
      if (incident.severity == "P1") used += 4;
      if (incident.severity == "P2") used += 1.5;
    }
  }
  return budget * std::min(used, calm ? 0.85 : 6.0);
}

void add_slos(Organisation& org) {
  Random random(org.seed, "slos");
  for (const auto& service : org.services) {
    if (service.name == "csat-collector") continue;  // nobody promised anything for it
    Slo slo;
    slo.id = "slo-" + service.name;
    slo.service = service.name;
    slo.name = service.tier == 1 ? "availability" : "successful requests";
    slo.objective = service.tier == 1 ? 0.999 : service.tier == 2 ? 0.995 : 0.99;
    slo.window = "30d";
    const bool calm = !service.program.empty() && service.program != "Ledger migration";
    const double daily = random.lognormal(service.tier == 1 ? 4e6 : 3e5, 0.6);
    // The exporter of ledger-api stopped with the last deploy, and nobody noticed yet.
    const Date end = day_of(org.now) - days{service.name == "ledger-api" ? 5 : 0};
    for (Date day = day_of(org.now) - days{k_slo_days}; day < end; day += days{1}) {
      const bool weekend =
          std::chrono::weekday{day} == std::chrono::Saturday || std::chrono::weekday{day} == std::chrono::Sunday;
      const auto total = static_cast<std::int64_t>(daily * (weekend ? 0.7 : 1.0) * random.lognormal(1, 0.06));
      const auto bad = static_cast<std::int64_t>(static_cast<double>(total) * error_ratio(org, slo, day, calm, random));
      slo.counts.push_back({UnixTime{day}, total - bad, total});
    }
    org.slos.push_back(std::move(slo));
  }
}

void add_measures(Organisation& org) {
  Random random(org.seed, "measures");
  struct Product {
    const char* name;
    double users;
    double growth;  // a year
  };
  constexpr std::array<Product, 4> k_products = {
      {{"Ledger", 5200, 0.10}, {"Checkout", 410'000, 0.35}, {"Edge", 18'000, 0.05}, {"Support console", 140, 0.2}}};
  for (Date day = day_of(org.now) - days{k_measure_days}; day < day_of(org.now); day += days{1}) {
    const double years = static_cast<double>((day_of(org.now) - day).count()) / 365.0;
    const bool weekend =
        std::chrono::weekday{day} == std::chrono::Saturday || std::chrono::weekday{day} == std::chrono::Sunday;
    for (const auto& product : k_products) {
      const double users =
          product.users / (1 + product.growth * years) * (weekend ? 0.62 : 1.0) * random.lognormal(1, 0.03);
      org.measures.push_back({"active_users", product.name, UnixTime{day}, std::round(users)});
    }
    const double started = std::round(96'000 / (1 + 0.3 * years) * (weekend ? 1.15 : 1.0) * random.lognormal(1, 0.05));
    const double paid = std::round(started * (0.634 + 0.012 * random.normal()));
    org.measures.push_back({"checkout_started", "Checkout", UnixTime{day}, started});
    org.measures.push_back({"checkout_paid", "Checkout", UnixTime{day}, paid});
  }
}

}  // namespace

void add_reliability(Organisation& org) {
  add_slos(org);
  add_measures(org);
}

}  // namespace sitrep::demo
