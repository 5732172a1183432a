#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/period.hpp"
#include "base/time.hpp"
#include "metrics/verdict.hpp"

namespace sitrep::evaluation {

/// Rows that a metric left out, and why: "drill", "mitigated before it started". Sorted by reason.
struct Exclusion {
  std::string reason;
  std::int64_t n = 0;
};

/// Of the records that the metric is about, those that carry the fields it needs.
struct Coverage {
  std::int64_t with = 0;
  std::int64_t of = 0;
  double share() const { return of == 0 ? 1 : static_cast<double>(with) / static_cast<double>(of); }
};

/// A stream that a metric reads from.
struct SourceAge {
  std::string source, stream, entity;
  std::optional<UnixTime> last_success_at;
  std::int64_t rows = 0;
  std::int64_t rejected = 0;  ///< in its last finished run
};

/// One record behind a value, for reports and health: what to look at, and its own number.
struct Item {
  std::string label;  ///< "dual-write at 100 % (due 2026-12-08, was 2026-11-15)"
  std::string id;
  std::string url;
  std::optional<double> value;
};

/// Whose records a metric is about: a program's, a service's or a team's, by the names their records give; at most one
/// is set, none is everything.
struct Scope {
  std::string program, service, team;
  Scope() = default;
  Scope(std::string of_program) : program(std::move(of_program)) {}
  Scope(const char* of_program) : program(of_program) {}
  static Scope of_service(std::string name) {
    Scope scope;
    scope.service = std::move(name);
    return scope;
  }
  static Scope of_team(std::string name) {
    Scope scope;
    scope.team = std::move(name);
    return scope;
  }
  friend bool operator==(const Scope&, const Scope&) = default;
};

/// A metric of one scope in one period.
struct Result {
  std::string metric, title, kind, unit, dimension;
  std::string better;   ///< lower higher none
  std::string program;  ///< of the scope; empty: another scope or everything
  Interval period;      ///< of a level: its end is the moment the level is taken at
  Interval previous_period;

  std::optional<double> value;  ///< absent: not_reportable says why. Durations in seconds, shares and ratios 0..1.
  std::string not_reportable;   ///< "n = 7, needs 10"; empty when there is a value
  std::int64_t n = 0;           ///< events, trials or records behind the value
  std::optional<metrics::Bounds> interval;  ///< 95 %
  std::string interval_method;              ///< "order statistics 2-8", "Garwood", "Wilson"
  std::optional<double> p90;                ///< durations with n >= 20
  std::optional<std::int64_t> good;         ///< proportions: the counts, also when too few for a share
  std::vector<double> values;               ///< durations with n < 6: the values themselves, ascending

  std::optional<double> previous;
  std::int64_t previous_n = 0;
  metrics::Judgement judgement;  ///< this period against the previous

  std::vector<Exclusion> exclusions;
  Coverage coverage;
  std::vector<Item> items;          ///< worst first, at most k_items
  std::int64_t items_left_out = 0;  ///< more of them than `items` holds
  std::string note;                 ///< what a reader must know: "no open action items"

  bool reportable() const { return value.has_value(); }
};

constexpr std::size_t k_items = 5;

/// The value as people read it: "42 min", "62 %", "1.3", "14"; "n/a (n = 3, needs 6)" when not reportable.
std::string text_of(const Result& result);
/// A number in the metric's unit: durations from seconds, shares as percent.
std::string text_of(double value, const std::string& kind, const std::string& unit);
/// "95 % 18-96 min"; empty without an interval.
std::string interval_text(const Result& result);
/// "improved", "no evidence of change (rate ratio 0.6, 95 % 0.1-3.1)", "not reportable (n = 3 against 9, needs 6 in
/// both)"
std::string verdict_text(const Result& result);

/// All that `metric explain` prints beside the result.
struct Explanation {
  Result result;
  std::string sql;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< a sample of the period's rows
  std::int64_t row_count = 0;
  std::vector<SourceAge> sources;
  std::string formula;  ///< with its source
};

}  // namespace sitrep::evaluation
