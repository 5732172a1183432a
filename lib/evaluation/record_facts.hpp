#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "evaluation/incident_facts.hpp"
#include "evaluation/readings.hpp"
#include "evaluation/rows.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What the metrics over action items count, read once for all of their moments: the definitions alone would look up
/// the incidents of all items for each. What it counts is what the SQL of the definition gives, in groups and without
/// the records' labels; a test holds one against the other.
class ActionFacts {
 public:
  /// Of items that were open at `from` or later.
  ActionFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Readings& readings,
              const HeldIncidents& held, UnixTime from);
  UnixTime from() const { return from_; }
  /// Whether rows() answers for this built-in definition.
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span) const;
  /// Those that the metric recurred_while_fix_open looks at in a span.
  std::vector<IncidentFacts::Fix> fixes(const Interval& span) const;

 private:
  static constexpr std::uint32_t k_nowhere = 0xffffffff;
  struct Action {
    const LoggedAction* item = nullptr;
    std::uint32_t place = 0;                  // its incident's
    std::uint32_t serious_place = k_nowhere;  // of its incident of SEV1 or SEV2
    std::uint32_t team_place = 0;             // its incident's, with its own team
  };
  std::uint32_t place_of(std::string_view program, std::string_view service, std::string_view team);

  const Directory& directory_;
  const Calendar& calendar_;
  UnixTime from_;
  std::shared_ptr<const ActionLog> log_;
  std::vector<Action> actions_;
  struct CausedAction {
    const LoggedAction* item;
    std::string id, cause, service;  // of its incident
    std::int64_t started;
  };
  std::vector<CausedAction> caused_;
  std::vector<const Place*> places_;
  std::unordered_map<std::string, std::uint32_t> place_index_;
};

/// The same over the days of capacity samples.
class SampleDayFacts {
 public:
  /// Of days since `from` less the 30 that the metric looks back.
  SampleDayFacts(store::Store& store, const Directory& directory, Readings& readings, UnixTime from);
  static bool counts(std::string_view metric);
  UnixTime from() const { return from_; }
  RowSet rows(const config::Metric& metric, const Interval& span) const;

 private:
  struct Day {
    std::int64_t day, first, last;
  };
  struct Resource {
    const Place* place;
    std::string source;
    std::vector<Day> days;
  };
  UnixTime from_;
  std::vector<Resource> resources_;
};

}  // namespace sitrep::evaluation
