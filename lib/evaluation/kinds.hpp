#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "evaluation/result.hpp"
#include "evaluation/rows.hpp"

namespace sitrep::evaluation {

/// Rows of one scope in one period, added up.
struct Totals {
  std::int64_t n = 0;          ///< rows that count
  double first = 0;            ///< sum of n, events, good, part; the combined level
  double second = 0;           ///< sum of exposure, total, whole
  std::vector<double> values;  ///< of durations
  std::vector<Exclusion> exclusions;
  Coverage coverage;
  std::vector<Item> items;
  std::int64_t items_left_out = 0;
  bool known = true;  ///< false: a level without rows that is no sum
};

enum class Detail { full, totals };  ///< totals: no items, for baselines

Totals add_up(const RowSet& set, const Scope& scope, Detail detail);

/// Fills in value, n, interval and the reasons why there is none, from this period's totals.
void fill_value(Result& result, const config::Metric& metric, const Totals& totals);
/// Fills in the previous value and the verdict. `baseline`: totals of the periods before the previous one, oldest
/// first.
void fill_verdict(Result& result, const config::Metric& metric, const Totals& now, const Totals& before,
                  std::span<const Totals> baseline, const Window& window);

/// How values of a kind are computed and where that comes from, one line.
std::string formula_of(const config::Metric& metric);

}  // namespace sitrep::evaluation
