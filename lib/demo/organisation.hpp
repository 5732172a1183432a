#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/zone.hpp"
#include "demo/timeline.hpp"

// The sample organisation as lives, not states: every record knows all that ever happens to it, and the API shows what
// of it was known at a moment (views.hpp). So any past week can be served, and history is true to itself.
namespace sitrep::demo {

constexpr int k_weeks = 8;  ///< weekly states that the demo replays
constexpr std::uint64_t k_default_seed = 20'261'121;

struct Service {
  std::string id, name;
  std::vector<std::string> aliases;
  std::string team, owner;
  std::string program;  ///< empty: none
  int tier = 3;
  std::vector<std::string> depends_on;
};

struct IncidentUpdate {
  UnixTime at{};
  std::string status, author, body;
};

struct Incident {
  std::string id, title;
  std::string service;  ///< as its reporter wrote it: a name, an alias, seldom something unknown
  std::string team;
  std::string severity;  ///< "P1".."P5", now and then what somebody typed ("P0?"); empty: null
  std::string kind;      ///< incident, exercise, maintenance, duplicate
  UnixTime started{};
  std::optional<UnixTime> detected, acknowledged, mitigated, resolved;
  UnixTime created{};              ///< when the record was opened; equals `started` where nothing else is known
  std::optional<UnixTime> closed;  ///< when the record was closed: `resolved` unless somebody mistyped that
  std::optional<Date> postmortem_due;
  std::optional<UnixTime> postmortem_published;
  std::string cause, impact;  ///< empty: null
  std::vector<IncidentUpdate> updates;
};

struct ActionItem {
  std::string id;  ///< empty: an import lost it, the API says null
  std::string incident_id, title, owner, team, priority;
  UnixTime created{};
  Timeline<Date> due;
  std::optional<UnixTime> completed, dropped;
};

struct Gate {
  std::string area, approver;
  UnixTime requested{};
  std::optional<UnixTime> changes_requested, resubmitted;  ///< the author's turn in between
  std::optional<UnixTime> decided;
  bool needed = true;
};

struct LaunchReview {
  std::string id, title, service, team, owner, program;
  int tier = 3;
  std::string phase, risk;
  Timeline<Date> target;
  UnixTime created{};
  std::optional<UnixTime> submitted, decided, launched, withdrawn;
  bool rejected = false;
  std::vector<Gate> gates;
};

struct Sample {
  UnixTime at{};
  double value = 0;  ///< NaN: the exporter was away
};

struct Resource {
  std::string id, name, kind, unit, service, team, region, owner;
  Timeline<double> limit;
  int lead_time_days = 14;
  double unit_cost = 0;
  bool hourly = false;
  std::vector<Sample> samples;
};

struct CapacityRequest {
  std::string id, resource_id, team, unit, justification, launch_id;
  double amount = 0;
  Date needed{};
  UnixTime requested{};
  std::optional<UnixTime> decided;
  std::string decision;
};

struct SloCount {
  UnixTime at{};
  std::int64_t good = 0, total = 0;
};

struct Slo {
  std::string id, service, name, window;
  double objective = 0.999;
  std::vector<SloCount> counts;
};

struct Program {
  std::string id, name, owner, sponsor, team, phase, summary;
  Timeline<std::string> status;  ///< declared
  Date start{};
  Timeline<Date> target;
};

struct Milestone {
  std::string id, program_id, title, owner;
  UnixTime created{};
  Timeline<Date> due;
  std::optional<Date> completed;
};

struct Risk {
  std::string id, program_id, title, owner, mitigation, impact;
  Timeline<std::string> likelihood, status;
  Date due{};
};

struct Ticket {
  std::string id, subject, channel, product, service, priority, reason;
  UnixTime created{};
  std::optional<UnixTime> first_response, resolved, rated;
  UnixTime response_due{};
  int score = 0;
  bool reopened = false;
};

struct Measure {
  std::string name, product;
  UnixTime at{};
  double value = 0;
};

struct CalendarDay {
  std::string id, kind, name, scope;
  Date from{}, to{};
};

struct Organisation {
  std::uint64_t seed = 0;
  UnixTime now{};
  Zone zone;  ///< where its people live: America/Los_Angeles
  std::string name;
  std::vector<Service> services;
  std::vector<Incident> incidents;  ///< by `started`
  std::vector<ActionItem> action_items;
  std::vector<LaunchReview> launches;
  std::vector<Resource> resources;
  std::vector<CapacityRequest> capacity_requests;
  std::vector<Slo> slos;
  std::vector<Program> programs;
  std::vector<Milestone> milestones;
  std::vector<Risk> risks;
  std::vector<Ticket> tickets;
  std::vector<Measure> measures;  ///< by `at`
  std::vector<CalendarDay> calendar;

  /// The moment of a weekly state: 0 is seven weeks ago, k_weeks - 1 is now.
  UnixTime week(int index) const { return now - std::chrono::weeks{k_weeks - 1 - index}; }
  /// By name or alias; null when nothing of that name exists.
  const Service* find_service(std::string_view name_or_alias) const;
};

/// The organisation that `seed` and `now` name: the same lives on every run.
Organisation make_organisation(std::uint64_t seed, UnixTime now);

// One function per domain; each fills its lists and reads only what those before it filled.
void add_services(Organisation& org);
void add_programs(Organisation& org);
void add_incidents(Organisation& org);
void add_action_items(Organisation& org);
void add_launches(Organisation& org);
void add_capacity(Organisation& org);
void add_reliability(Organisation& org);
void add_support(Organisation& org);

}  // namespace sitrep::demo
