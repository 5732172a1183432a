#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int k_hourly_days = 90;

/// How a series moves, as shares of its limit at the end of the history.
struct Shape {
  double level = 0.5;  ///< where it ends
  double growth = 0;   ///< a year
  double week = 0;     ///< amplitude of the weekly season
  double day = 0;      ///< amplitude of the daily season (hourly series)
  double noise = 0.01;
  double step = 0;         ///< once, in the middle of the history
  double clean_up = 0;     ///< what a clean-up frees
  int clean_up_every = 0;  ///< days; 0: never
};

double shape_at(const Shape& shape, UnixTime t, UnixTime now, int history_days) {
  const double age_days = static_cast<double>((now - t).count()) / 86400.0;
  double value = shape.level - shape.growth * age_days / 365.0;
  if (age_days > history_days / 2.0) value -= shape.step;
  const double day_number = static_cast<double>(unix_seconds(t)) / 86400.0;
  // 1970-01-01 was a Thursday: the season peaks in the middle of the week.
  value += shape.week * std::cos(2 * std::numbers::pi * (day_number + 1) / 7.0);
  value += shape.day * std::cos(2 * std::numbers::pi * (day_number - 20.0 / 24.0));  // 20:00 UTC is noon on the coast
  if (shape.clean_up_every > 0) {
    const double since = std::fmod(day_number, shape.clean_up_every) / shape.clean_up_every;
    value += shape.clean_up * (since - 0.5);
  }
  return value;
}

class CapacityMaker {
 public:
  explicit CapacityMaker(Organisation& org) : org_(org), random_(org.seed, "capacity") {}

  void run() {
    add_told_ones();
    add_hourly();
    add_daily();
    add_requests();
  }

 private:
  Resource& add(std::string name, const char* kind, const char* unit, const Service& service, double limit,
                int lead_time_days, double unit_cost, bool hourly, int history_days, const Shape& shape) {
    constexpr std::array<const char*, 3> k_regions = {"us-west", "us-east", "eu-central"};
    Resource r;
    r.id = "cap-" + std::to_string(org_.resources.size() + 1);
    r.name = std::move(name);
    r.kind = kind;
    r.unit = unit;
    r.service = service.name;
    r.team = service.team;
    r.owner = service.owner;
    r.region = random_.pick(k_regions);
    r.limit.set(org_.now - days{history_days}, limit);
    r.lead_time_days = lead_time_days;
    r.unit_cost = unit_cost;
    r.hourly = hourly;
    const Seconds step = hourly ? Seconds{hours{1}} : Seconds{days{1}};
    const UnixTime last{(org_.now.time_since_epoch() / step) * step};
    for (UnixTime t = last - days{history_days} + step; t <= last; t += step) {
      const double share = shape_at(shape, t, org_.now, history_days) + shape.noise * random_.normal();
      r.samples.push_back({t, std::round(std::clamp(share, 0.0, 1.0) * limit * 100) / 100});
    }
    org_.resources.push_back(std::move(r));
    return org_.resources.back();
  }

  const Service& service(std::string_view name) const { return *org_.find_service(name); }

  /// The disk of ledger-db fills in about seven weeks, and new disks take six: order now.
  void add_told_ones() {
    add("ledger-db disk", "disk", "TB", service("ledger-db"), 48, 42, 95, false, 540,
        {.level = 0.885, .growth = 1.1, .week = 0.001, .noise = 0.0015});
    add("search-index disk", "disk", "TB", service("search"), 20, 30, 95, false, 365,
        {.level = 0.71, .growth = 0.62, .week = 0.006, .noise = 0.006});
  }

  void add_hourly() {
    constexpr std::array<const char*, 8> k_services = {"checkout-api", "ledger-api", "edge-proxy", "payments-api",
                                                       "identity",     "cart",       "wallets",    "fraud-scoring"};
    for (const char* name : k_services) {
      // Drawn one after the other: the order of a call's arguments is the compiler's choice.
      const double cores = static_cast<double>(random_.whole(8, 40)) * 16;
      const Shape shape{.level = random_.real(0.28, 0.44),
                        .growth = random_.real(0.0, 0.06),
                        .week = 0.04,
                        .day = 0.11,
                        .noise = 0.015};
      Resource& r =
          add(std::string(name) + " cpu", "cpu", "cores", service(name), cores, 10, 21, true, k_hourly_days, shape);
      // The exporter was away for half an afternoon.
      const auto gone = static_cast<std::size_t>(random_.whole(200, 1800));
      for (std::size_t i = gone; i < gone + 3; ++i) r.samples[i].value = std::numeric_limits<double>::quiet_NaN();
    }
  }

  void add_daily() {
    struct Kind {
      const char* name;
      const char* unit;
      double limit;
      int lead_time_days;
      double unit_cost;
    };
    constexpr std::array<Kind, 5> k_kinds = {{{"disk", "TB", 12, 35, 95},
                                              {"memory", "GB", 2048, 21, 3.2},
                                              {"connections", "connections", 4000, 7, 0},
                                              {"quota", "requests/s", 9000, 14, 0},
                                              {"iops", "IOPS", 64000, 21, 0.05}}};
    for (std::size_t round = 0; org_.resources.size() < 60; ++round) {
      for (std::size_t s = 0; s < org_.services.size() && org_.resources.size() < 60; ++s) {
        const Kind& k = k_kinds[(s + round) % k_kinds.size()];
        const auto name = org_.services[s].name + " " + k.name;
        if (std::ranges::any_of(org_.resources, [&](const Resource& r) { return r.name == name; })) continue;
        const int history_days = random_.chance(0.5) ? 365 : 700;
        const double limit = k.limit * static_cast<double>(random_.whole(1, 4));
        const Shape shape = next_shape();
        add(name, k.name, k.unit, org_.services[s], limit, k.lead_time_days, k.unit_cost, false, history_days, shape);
      }
    }
    // Memory of one cluster was doubled three weeks ago.
    Resource& grown = *std::ranges::find(org_.resources, "memory", &Resource::kind);
    grown.limit.set(org_.now - days{20}, grown.limit.at(org_.now) * 2);
  }

  /// Flat, growing slowly, stepped or cleaned up now and then: nothing that fills within a year.
  Shape next_shape() {
    Shape shape{.level = random_.real(0.30, 0.55), .week = random_.real(0.005, 0.05), .noise = 0.008};
    constexpr std::array<double, 4> k_weights = {4, 4, 1.5, 2};
    switch (random_.weighted(k_weights)) {
      case 0:
        break;
      case 1:
        shape.growth = random_.real(0.03, 0.12);
        break;
      case 2:
        shape.step = random_.real(0.08, 0.18);
        break;
      default:
        shape.clean_up = random_.real(0.06, 0.12);
        shape.clean_up_every = static_cast<int>(random_.whole(20, 45));
    }
    return shape;
  }

  void add_requests() {
    struct RequestSeed {
      const char* resource;
      double amount;
      int requested, needed, decided;  // days from now; decided 0: not yet
      const char* decision;
      const char* why;
    };
    constexpr std::array<RequestSeed, 5> k_requests = {{
        {"ledger-db disk", 4, -13, 30, 0, "", "dual-write for all tenants adds 4 TB in its first quarter"},
        {"checkout-api cpu", 64, -40, -5, -33, "approved", "beta of Checkout 3 at 50 %"},
        {"edge-proxy cpu", 96, -75, -30, -68, "approved", "EU traffic moves to the new edge"},
        {"identity cpu", 32, -120, -90, -101, "declined", "passkeys; measured lower than feared"},
        {"search-index disk", 6, -6, 70, 0, "", "index doubles with the new fields"},
    }};
    for (const auto& seed : k_requests) {
      const Resource& resource = *std::ranges::find(org_.resources, seed.resource, &Resource::name);
      CapacityRequest request;
      request.id = "CR-" + std::to_string(61 + org_.capacity_requests.size());
      request.resource_id = resource.id;
      request.team = resource.team;
      request.unit = resource.unit;
      request.amount = seed.amount;
      request.justification = seed.why;
      request.requested = org_.now - hours{3} + days{seed.requested};
      request.needed = day_of(org_.now) + days{seed.needed};
      request.decision = seed.decision;
      if (seed.decided != 0) request.decided = org_.now + days{seed.decided};
      const auto launch = std::ranges::find(
          org_.launches, resource.name == "ledger-db disk" ? "ledger-writer: dual-write for all tenants" : "",
          &LaunchReview::title);
      if (launch != org_.launches.end()) request.launch_id = launch->id;
      org_.capacity_requests.push_back(std::move(request));
    }
  }

  Organisation& org_;
  Random random_;
};

}  // namespace

void add_capacity(Organisation& org) { CapacityMaker(org).run(); }

}  // namespace sitrep::demo
