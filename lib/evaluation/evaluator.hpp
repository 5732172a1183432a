#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "config/config.hpp"
#include "evaluation/capacity.hpp"
#include "evaluation/directory.hpp"
#include "evaluation/result.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

class Readings;

enum class Verdicts { no, yes };
/// Whether results name the records behind them.
enum class Items { no, yes };

enum class Runways {
  whole,
  dates,  ///< only when a resource may be full, from shorter back-tests: for many moments
};

/// The span that a metric is asked for and the one it is compared with.
struct Window {
  Interval period;
  Interval previous;
  PeriodLength length = PeriodLength::week;
  UnixTime at{};  ///< the moment that levels are taken at
  friend bool operator==(const Window&, const Window&) = default;
};

/// Every metric of a scope, with verdicts that stand up to their number.
struct Comparison {
  std::vector<Result> results;  ///< in the order of Evaluator::metrics()
  std::size_t tested = 0;       ///< of them compared with the period before by a test
  const Result* find(std::string_view metric) const;
};

/// The last complete period before `now` and the one before that; levels are taken at `now`.
Window last_complete_window(UnixTime now, PeriodLength length, const Calendar& calendar);
/// A given period; levels are taken at its end, or at `now` when that is earlier.
Window window_of(const Interval& period, PeriodLength length, const Calendar& calendar, UnixTime now);

/// Runs metric definitions against a store. Every definition is executed once per period for all programs together and
/// the rows are kept, so that asking for each program in turn costs one pass over the store.
///
/// A definition is a SELECT over the documented views with the parameters (each optional) :from :to (Unix seconds,
/// half-open; of a level :to is the moment it is taken at and :from one period before), :from_date :to_date (their days
/// in the workspace's zone, :to_date is the day that :to falls on) and :now. It gives one row per record. Columns, by
/// name:
///
///   program, service  where the row belongs; a service (or alias) stands for its program. Neither: everything only;
///                     program '*': every program.
///   excluded          a reason, or NULL: the row is left out and counted.
///   label, id, url    the record, for people.
///   count             `n` events (default 1)
///   rate              `events` and `exposure`, summed apart; the value is events per exposure
///   proportion        `good` and `total` (default 1), summed; `good` NULL: the field is missing
///   duration          `value` in seconds; NULL: the field is missing; below 0: excluded as an impossible order
///   ratio             `part` and `whole`, summed apart
///   level             one of `sum`, `max`, `min`, `most` or `value`: the name says how rows combine (`value`: a single
///   row
///                     per program; `most`: the largest of the sums by `id`); NULL: missing
///
/// A level with `max`, `min` or `value` and no row is not reportable; with `sum` or `most` it is 0, as a count without
/// rows is, but only when the store has the data: a definition whose first entity was never synced is not reportable.
///
/// Beside the views a built-in definition may read the TEMP tables `workday` (business days) and `runway` (capacity
/// forecasts): see derived_tables.hpp. One of sitrep.toml is SQL by a user and runs in the box (store::QueryBox).
class Evaluator {
 public:
  struct Options {
    UnixTime now{};
    Calendar calendar;
    Runways runways = Runways::whole;
    Items items = Items::yes;            ///< no: values only, which costs less
    std::vector<config::Metric> own;     ///< [metric.NAME] of sitrep.toml; a built-in of the same name is replaced
    std::shared_ptr<Readings> readings;  ///< of another evaluator of this file; null, or a store in memory: its own
  };

  Evaluator(store::Store& store, Options options);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  /// Built-in and own definitions, by dimension, then in the order of their files.
  std::span<const config::Metric> metrics() const;
  /// Error{usage} with "did you mean" for an unknown name.
  const config::Metric& find(std::string_view metric) const;

  /// Names of the programs in the store, sorted.
  std::span<const std::string> programs();
  /// The name of a program written as its name or id, ignoring case. Error{usage} with "did you mean".
  const std::string& program(std::string_view name);

  /// Error{user_code} for SQL that fails or lacks a column of its kind. Without a verdict
  /// only the period itself is read, not the previous one and the baseline of 12 before that.
  Result evaluate(std::string_view metric, const Window& window, const Scope& scope = {},
                  Verdicts verdicts = Verdicts::yes);
  /// Every metric at once, without the records behind their values. Many comparisons find changes by chance: a verdict
  /// of change is kept only where it holds at a false discovery rate of 5 %. Kept for the window and scope asked for
  /// last. Source  Benjamini & Hochberg (1995), JRSS B 57:289.
  const Comparison& compare(const Window& window, const Scope& scope = {});
  /// Adds the records behind one of its results.
  void name_items(Result& result, const Scope& scope);
  /// Whether the scope had any record of the metric within 90 days before the period's end: a metric that does not
  /// apply says nothing about it.
  bool applies(std::string_view metric, const Window& window, const Scope& scope);
  Explanation explain(std::string_view metric, const Window& window, const Scope& scope = {});

  /// Streams that feed an entity, by source and stream; "" for all.
  std::vector<SourceAge> sources(std::string_view entity = {});

  /// Capacity resources with their runway at `now`, computed once.
  std::span<const Resource> capacity();

  /// What it has read that does not depend on its moment, for evaluators of other moments of the same file.
  const std::shared_ptr<Readings>& readings() const;

  /// Services with their teams and programs, by name.
  const std::vector<Service>& services() const;

  UnixTime now() const;
  const Calendar& calendar() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::evaluation
