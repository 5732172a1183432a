#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/evaluator.hpp"
#include "metrics/survival.hpp"

// Who, what and when behind the counts: for the stats commands.
namespace sitrep::evaluation {

struct Group {
  std::string name;  ///< "(none)" where the field is empty
  std::int64_t now = 0, before = 0;
};

/// The records of a period by one field, most first; the period before beside it.
struct Breakdown {
  std::string by;  ///< "service", "cause", "weekday" …
  std::vector<Group> groups;
};

/// Incidents that started in the period (no drills, maintenance, duplicates) by service, severity, cause, weekday and
/// hours (Monday to Friday 9 to 18 in the calendar's zone or not).
std::vector<Breakdown> incident_breakdowns(store::Store& store, const Window& window, const Scope& scope,
                                           const Calendar& calendar);
/// Tickets created in the period by reason, service, product, channel and priority.
std::vector<Breakdown> ticket_breakdowns(store::Store& store, const Window& window, const Scope& scope);

/// How long action items created in the year before the window's moment stay open, in days. Dropped ones count as open
/// until they were dropped, when that is known, else they are left out.
struct ActionSurvival {
  std::vector<metrics::SurvivalStep> curve;
  std::int64_t n = 0, open = 0, left_out = 0;
};
ActionSurvival action_survival(store::Store& store, const Window& window, const Scope& scope);

}  // namespace sitrep::evaluation
