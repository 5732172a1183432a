#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "demo/organisation.hpp"
#include "demo/random.hpp"

namespace sitrep::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int k_history_days = 548;  // 18 months
constexpr double k_per_workday = 2.60;
constexpr double k_per_weekend_day = 1.25;

struct Cause {
  const char* name;
  const char* symptom;
  double weight;
};

// Few causes make most incidents, as everywhere; each service has a favourite besides.
constexpr std::array<Cause, 12> k_causes = {{
    {"bad deploy", "errors rise after a deploy", 22},
    {"configuration push", "errors after a configuration push", 15},
    {"dependency timeout", "requests time out in a dependency", 14},
    {"connection pool exhausted", "no free connections", 9},
    {"traffic spike", "latency above target in a traffic spike", 8},
    {"retry storm", "retries multiply the load", 6},
    {"certificate expired", "TLS handshakes fail", 4},
    {"cache stampede", "cold cache, database saturated", 5},
    {"feature flag", "wrong behaviour behind a flag", 6},
    {"disk full", "writes fail, volume is full", 4},
    {"replica lag", "stale reads, replica lags", 5},
    {"hardware failure", "host lost", 4},
}};

constexpr std::array<const char*, 9> k_people = {"dana",  "ravi", "marco", "lena", "aiko",
                                                 "jonas", "kim",  "sara",  "wei"};
constexpr std::array<const char*, 6> k_impacts = {
    "some payments failed and were retried", "checkout slower than usual",     "no customer noticed",
    "webhooks to partners were late",        "a few balances were shown late", "support could not open tickets"};

// Weight of the hours of a local day: deploys make incidents, and people sleep.
constexpr std::array<double, 24> k_hours = {2, 1.5, 1.2, 1, 1, 1.2, 2, 4, 6,   8, 9, 9,
                                            7, 8,   9,   9, 8, 6,   5, 4, 3.5, 3, 3, 2.5};

/// Minutes until mitigation, by severity P1..P5: bad ones are worked on harder, harmless ones wait.
constexpr std::array<double, 5> k_mitigate_minutes = {58, 49, 43, 85, 210};

Seconds minutes_of(double value) { return Seconds{static_cast<std::int64_t>(value * 60)}; }

bool is_working_day(Date day) {
  const std::chrono::weekday weekday{day};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

bool is_serious(const Incident& i) { return i.severity == "P1" || i.severity == "P2"; }

class IncidentMaker {
 public:
  explicit IncidentMaker(Organisation& org) : org_(org), random_(org.seed, "incidents") {
    for (const auto& service : org.services) {
      // Critical services break more often, or are at least watched more closely.
      weights_.push_back(service.tier == 1 ? 6 : service.tier == 2 ? 3 : service.tier == 3 ? 2 : 1);
      favourite_.push_back(static_cast<std::size_t>(random_.whole(0, std::int64_t{k_causes.size()} - 1)));
    }
  }

  void run() {
    const Date first = org_.zone.date_of(org_.now) - days{k_history_days};
    for (int d = 0; d <= k_history_days; ++d) {
      const Date day = first + days{d};
      for (int n = random_.poisson(is_working_day(day) ? k_per_workday : k_per_weekend_day); n > 0; --n) {
        const auto hour = static_cast<int>(random_.weighted(k_hours));
        const UnixTime started = org_.zone.start_of(day) + hours{hour} + Seconds{random_.whole(0, 3599)};
        if (started < org_.now - hours{2}) org_.incidents.push_back(make(started));
      }
    }
    add_told_ones();
    std::ranges::stable_sort(org_.incidents, {}, &Incident::started);
    for (std::size_t i = 0; i < org_.incidents.size(); ++i) org_.incidents[i].id = "INC-" + std::to_string(701 + i);
    add_oddities();
    for (auto& incident : org_.incidents) finish(incident);
  }

 private:
  Incident make(UnixTime started) {
    const std::size_t which = random_.weighted(weights_);
    const Service& service = org_.services[which];
    const auto& cause =
        random_.chance(0.35) ? k_causes[favourite_[which]] : k_causes[random_.weighted(cause_weights())];
    Incident i;
    i.service = service.name;
    if (!service.aliases.empty() && random_.chance(0.10)) i.service = random_.pick(service.aliases);
    i.team = service.team;
    i.title = service.name + ": " + cause.symptom;
    constexpr std::array<double, 5> k_severities = {2, 10, 38, 37, 13};
    const auto severity = random_.weighted(k_severities);
    i.severity = "P" + std::to_string(severity + 1);
    constexpr std::array<double, 4> k_kind_weights = {91, 3, 3, 3};
    constexpr std::array<const char*, 4> k_kinds = {"incident", "exercise", "maintenance", "duplicate"};
    i.kind = k_kinds[random_.weighted(k_kind_weights)];
    i.started = i.created = started;
    set_times(i, k_mitigate_minutes[severity]);
    if (random_.chance(0.82)) i.cause = cause.name;
    if (severity < 3 && random_.chance(0.8)) i.impact = random_.pick(k_impacts);
    return i;
  }

  void set_times(Incident& i, double median_minutes) {
    const auto detected = i.started + minutes_of(random_.lognormal(4, 0.9));
    const auto acknowledged = detected + minutes_of(random_.lognormal(3, 0.8));
    const auto mitigated = acknowledged + minutes_of(random_.lognormal(median_minutes - 7, 0.95));
    const auto resolved = mitigated + minutes_of(random_.lognormal(95, 1.0));
    if (!random_.chance(0.04)) i.detected = detected;
    if (!random_.chance(0.05)) i.acknowledged = acknowledged;
    if (!random_.chance(0.06)) i.mitigated = mitigated;
    i.resolved = i.closed = resolved;
  }

  /// Incidents of the last days that the printed story is about.
  void add_told_ones() {
    Incident open = make(org_.now - hours{19});
    open.service = "ledger-api";
    open.team = "Ledger";
    open.title = "ledger-api: balances stale, replica lags behind dual-write";
    open.severity = "P2";
    open.kind = "incident";
    open.detected = open.started + minutes{6};
    open.acknowledged = open.started + minutes{9};
    open.mitigated = open.resolved = open.closed = std::nullopt;
    open.cause.clear();
    open.impact = "balances in the dashboard are up to ten minutes old";
    org_.incidents.push_back(std::move(open));

    Incident push = make(org_.now - days{4} - hours{3});
    push.service = "payments-api";
    push.team = "Payments";
    push.title = "payments-api: error rate above 8 % after a configuration push";
    push.severity = "P2";
    push.kind = "incident";
    push.detected = push.started + minutes{4};
    push.acknowledged = push.started + minutes{7};
    push.mitigated = push.started + minutes{52};
    push.resolved = push.closed = push.started + minutes{190};
    push.cause = "configuration push";
    push.impact = "one payment in twelve failed for 48 minutes";
    org_.incidents.push_back(std::move(push));
  }

  /// What real trackers hold besides good data.
  void add_oddities() {
    auto& list = org_.incidents;
    const auto at = [&](double share) -> Incident& {
      return list[static_cast<std::size_t>(share * static_cast<double>(list.size()))];
    };
    for (const double share : {0.11, 0.42, 0.77}) {  // the end was typed before the start
      Incident& i = at(share);
      i.mitigated.reset();
      i.resolved = i.started - hours{2};
      i.closed = i.started + hours{3};
    }
    for (const double share : {0.08, 0.33, 0.61, 0.86}) at(share).severity = "P0?";
    for (const double share : {0.19, 0.54}) at(share).severity = "minor";
    for (const double share : {0.27, 0.48, 0.70}) at(share).severity.clear();
    for (const double share : {0.23, 0.58, 0.81}) at(share).service = "legacy-batch";  // nobody knows it any more
  }

  /// What follows from the rest: nobody is resolved in the future, calm programs have nothing serious open at a weekly
  /// moment, serious ones get a postmortem, all get updates.
  void finish(Incident& i) {
    const Service* service = org_.find_service(i.service);
    if (service != nullptr && service->program != "Ledger migration" && is_serious(i)) {
      for (int w = 0; w < k_weeks; ++w) {
        if (i.started <= org_.week(w) && (!i.closed || *i.closed > org_.week(w))) i.severity = "P3";
      }
    }
    if (is_serious(i) && i.kind == "incident") {
      const UnixTime end = i.closed.value_or(i.started + hours{24});
      i.postmortem_due = org_.zone.date_of(end) + days{10};
      const bool late = service != nullptr && service->program.empty() && random_.chance(0.12);
      const double wait = late ? 12 + random_.real(0.0, 8.0) : 3 + random_.real(0.0, 5.5);
      if (i.closed) i.postmortem_published = end + minutes_of(wait * 24 * 60);
    }
    add_updates(i);
  }

  void add_updates(Incident& i) {
    const auto say = [&](std::optional<UnixTime> when, const char* status, const char* body) {
      if (when && *when >= i.started) i.updates.push_back({*when, status, random_.pick(k_people), body});
    };
    say(i.acknowledged, "investigating", "We are looking into it.");
    if (i.acknowledged && i.mitigated && *i.mitigated > *i.acknowledged + minutes{10}) {
      const Seconds half = (*i.mitigated - *i.acknowledged) / 2;
      say(*i.acknowledged + half, "identified", "Cause found; rolling back.");
      if (random_.chance(0.5)) say(*i.acknowledged + half + half / 2, "identified", "Half of the hosts are back.");
    }
    say(i.mitigated, "monitoring", "Impact has ended; we keep watching.");
    say(i.closed, "resolved", "Closed. Follow-ups are filed.");
    std::ranges::stable_sort(i.updates, {}, &IncidentUpdate::at);
  }

  static std::span<const double> cause_weights() {
    static constexpr auto k_weights = [] {
      std::array<double, k_causes.size()> weights{};
      for (std::size_t c = 0; c < k_causes.size(); ++c) weights[c] = k_causes[c].weight;
      return weights;
    }();
    return k_weights;
  }

  Organisation& org_;
  Random random_;
  std::vector<double> weights_;
  std::vector<std::size_t> favourite_;
};

}  // namespace

void add_incidents(Organisation& org) { IncidentMaker(org).run(); }

}  // namespace sitrep::demo
