#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"

/// Service level objectives on integer event counts: ratios of sums, exact products, no drift at 10^12 events.
namespace sitrep::metrics {

/// The share of events that may fail, in parts per 10^9, so that 99.9999 % is exactly 1,000.
/// Error{data} unless 0 <= objective < 1 (a ratio, not a percentage) and it is a multiple of 1e-9.
std::int64_t allowed_per_billion(double objective);

struct EventCounts {
  std::int64_t good = 0;
  std::int64_t total = 0;
  std::int64_t bad() const { return total - good; }
};

/// Sums; Error{data} for negative counts, good > total or a sum beyond 64 bits.
EventCounts sum(std::span<const EventCounts> counts);

struct ErrorBudget {
  EventCounts counts;
  double sli = 0;          ///< good / total
  double allowed_bad = 0;  ///< events that may fail
  double left_bad = 0;     ///< allowed - bad; negative when overspent
  double used = 0;         ///< share of the budget spent: 1 = all of it
  bool met = false;        ///< exact: bad * 10^9 <= total * allowed
};

/// nullopt for total 0: no events is unknown, not good.
/// Source  Google, Site Reliability Workbook, chapters 2 and 5.
std::optional<ErrorBudget> error_budget(const EventCounts& counts, double objective);

/// Error ratio over the allowed one: 1 spends the budget exactly in the objective's window. nullopt for total 0.
std::optional<double> burn_rate(const EventCounts& counts, double objective);

/// Share of the period's budget that a burn rate spends within a window.
double budget_spent(double burn, Seconds window, Seconds period);
/// Time until the whole budget is gone at a burn rate > 0.
Seconds time_to_exhaustion(double burn, Seconds period);

/// An alert fires when both windows burn faster than `burn`.
struct BurnAlert {
  std::string_view severity;
  Seconds long_window, short_window;
  double burn;
};
/// Site Reliability Workbook, table 5-8, for a 30 day period.
inline constexpr std::array<BurnAlert, 3> k_burn_alerts{{
    {"page", Seconds{3600}, Seconds{300}, 14.4},
    {"page", Seconds{6 * 3600}, Seconds{1800}, 6},
    {"ticket", Seconds{72 * 3600}, Seconds{6 * 3600}, 1},
}};

}  // namespace sitrep::metrics
