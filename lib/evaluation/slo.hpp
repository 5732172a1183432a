#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/period.hpp"
#include "evaluation/directory.hpp"
#include "metrics/error_budget.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// An SLO over one span. Counts are events, or seconds where the basis is customer impact.
struct SloSpan {
  std::string label;  ///< "November 2026", "2026 Q4", "30d to 2026-11-16"
  Interval span;      ///< a calendar one in the workspace's zone; of the one that runs, up to now
  std::optional<metrics::ErrorBudget> budget;  ///< absent: `not_reportable`
  double coverage = 1;  ///< share of the buckets that are there; what is missing is unknown, not good
  std::string not_reportable;
  std::optional<double> nines() const;  ///< -log10(1 - SLI); absent without a bad event
};

/// One row of the burn table: both windows have to burn faster than the alert's rate.
struct SloBurn {
  metrics::BurnAlert alert;
  std::optional<double> long_burn, short_burn;  ///< absent: `not_reportable`
  std::int64_t events = 0;                      ///< in the long window
  bool fires = false;
  std::string not_reportable;
};

struct Slo {
  enum class Basis {
    samples,          ///< counts of good and all events
    customer_impact,  ///< no samples: time without an incident that customers noticed
  };
  std::string source, id, service, name, program, team, window, url;
  double objective = 0;
  Basis basis = Basis::samples;
  SloSpan current;                      ///< the window that runs: its calendar month or quarter, or the last N days
  SloSpan last_month, last_quarter;     ///< complete ones
  std::vector<SloSpan> asked;           ///< as SloOptions::spans
  std::vector<SloBurn> burns;           ///< as metrics::k_burn_alerts
  std::optional<Seconds> exhausted_in;  ///< at the burn of the last 3 days; absent: not at all, or unknown
  std::optional<UnixTime> last_at;      ///< of the newest sample
  std::vector<std::string> notes;       ///< low traffic, impossible samples, objectives that cannot be read
  bool fires() const;
};

constexpr std::int64_t k_least_burn_events = 100;  ///< in the long window: fewer, and a single failure is an alert
constexpr double k_least_slo_coverage = 0.8;

struct SloOptions {
  UnixTime now{};
  Calendar calendar;
  std::string slo;              ///< name or id; empty: all
  std::vector<Interval> spans;  ///< others to work out; of one that is not over, up to now
};

/// An SLI with as many digits as its run of nines needs, cut and not rounded: "99.95 %", "99.9999 %". Below 0:
/// "unknown".
std::string sli_text(double share);

/// All SLOs, by service and name. Sums are of integers and compared as products: exact at 10^12 events.
/// Source  Google, Site Reliability Workbook, chapters 2 and 5 (table 5-8).
std::vector<Slo> slos(store::Store& store, const Directory& directory, const SloOptions& options);

}  // namespace sitrep::evaluation
