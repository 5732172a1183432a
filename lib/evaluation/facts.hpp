#pragma once

#include <optional>

#include "evaluation/incident_facts.hpp"
#include "evaluation/launch_facts.hpp"
#include "evaluation/launch_log.hpp"
#include "evaluation/readings.hpp"
#include "evaluation/record_facts.hpp"

namespace sitrep::evaluation {

/// The facts of all kinds, each read once a metric needs them and kept for its other periods and for other metrics.
class Facts {
 public:
  Facts(store::Store& store, const Directory& directory, const Calendar& calendar, UnixTime now, Readings& readings)
      : store_(store),
        directory_(directory),
        calendar_(calendar),
        now_(now),
        readings_(readings),
        launch_reviews_(store) {}

  /// Before several periods of a built-in metric are asked for, the oldest of them: what serves them is read in one
  /// pass.
  void reach_back(const config::Metric& metric, const Interval& oldest);
  /// The rows of a built-in metric over incidents.
  RowSet incident_rows(const config::Metric& metric, const Interval& span, UnixTime now);
  /// What the rows add up to, to the last bit; after incident_rows().
  void sum_incidents(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope);
  /// Adds the records behind them that are shown; after incident_rows().
  void incident_items(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope,
                      UnixTime now);
  /// Whether it is known which records are shown of a level, before its definition names them.
  static bool choose(const config::Metric& metric);
  /// Those of a scope.
  Chosen chosen(const config::Metric& metric, const Interval& span, const Scope& scope);
  /// Those of everything and of each program.
  Named chosen(const config::Metric& metric, const Interval& span);
  /// Whether another built-in metric is known from facts, and sooner than from its SQL: for one of several periods
  /// always; for a single one only where no records are shown and as little is read.
  static bool pay(const config::Metric& metric, Detail detail, bool of_several);
  /// The rows of such a metric.
  RowSet rows(const config::Metric& metric, const Interval& span);

 private:
  const HeldIncidents& held();
  IncidentFacts& incidents_since(UnixTime from);
  LaunchFacts& launches_since(UnixTime from);
  LaunchFacts& launches_under_way();
  ActionFacts& actions_since(UnixTime from);
  SampleDayFacts& days_since(UnixTime from);

  store::Store& store_;
  const Directory& directory_;
  const Calendar& calendar_;
  UnixTime now_;
  Readings& readings_;
  std::optional<HeldIncidents> held_;
  Launches launch_reviews_;
  std::optional<IncidentFacts> incidents_;
  std::optional<LaunchFacts> launches_, under_way_;
  std::optional<ActionFacts> actions_;
  std::optional<SampleDayFacts> days_;
};

}  // namespace sitrep::evaluation
