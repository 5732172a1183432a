#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/answer.hpp"
#include "evaluation/capacity.hpp"
#include "evaluation/facts.hpp"
#include "evaluation/kinds.hpp"

namespace sitrep::evaluation {

/// Whether a period is one of many that are asked for: what a definition counts is then read once for all of them.
enum class Periods { one, many };

/// The rows that definitions give, each asked for once and kept: from facts where they are known sooner, else by the
/// definition's SQL, with the tables that it names made before.
class MetricRows {
 public:
  MetricRows(store::Store& store, const Directory& directory, UnixTime now, const Calendar& calendar, Runways runways,
             Readings& readings)
      : store_(store),
        directory_(directory),
        now_(now),
        calendar_(calendar),
        runways_(runways),
        readings_(readings),
        facts_(store, directory, calendar, now, readings) {}

  /// Before several periods of a definition are asked for, the oldest of them.
  void reach_back(const config::Metric& metric, const Interval& oldest);
  const RowSet& of(const config::Metric& metric, const Interval& span, Detail detail, Periods periods = Periods::one);
  /// What they add up to; in full with the records behind them that are worth a look. `periods`: many, when others of
  /// the definition are asked for too.
  Totals totals(const config::Metric& metric, const Interval& span, const Scope& scope, Detail detail, Periods periods);
  /// A sample of the rows that the definition's SQL gives, as text.
  Sample sample(const config::Metric& metric, const Interval& span, const Scope& scope, std::size_t limit);

  std::span<const Resource> capacity();

 private:
  /// `only`: with nothing in them but these records.
  void make_tables(const config::Metric& metric, const Named* only = nullptr);
  const RowSet& asked(const config::Metric& metric, const Interval& span, const std::string& key);
  const RowSet& of_chosen(const config::Metric& metric, const Interval& span, const Scope& scope);
  Totals with_chosen(const config::Metric& metric, const Interval& span, const Scope& scope);
  const config::Metric& grouped(const config::Metric& metric);

  store::Store& store_;
  const Directory& directory_;
  UnixTime now_;
  const Calendar& calendar_;
  Runways runways_;
  Readings& readings_;
  Facts facts_;
  std::map<std::string, RowSet> rows_;              // by metric, span and detail; of two the full ones serve both
  std::map<std::string, RowSet> asked_;             // of the definition beside facts: by metric, span and scope
  std::map<std::string, config::Metric> combined_;  // by name, see grouped()
  std::optional<std::vector<Resource>> resources_;
  std::unique_ptr<store::QueryBox> box_;  // for definitions of sitrep.toml, made on first use
  bool has_workdays_ = false, has_milestone_dates_ = false, has_gates_ = false, has_days_ = false, has_runways_ = false;
};

/// Whether a built-in definition reads forecasts of capacity.
bool reads_runways(const config::Metric& metric);

}  // namespace sitrep::evaluation
