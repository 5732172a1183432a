#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "config/config.hpp"
#include "evaluation/result.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// The span that a metric is asked for and the one it is compared with.
struct Window {
  Interval period;
  Interval previous;
  PeriodLength length = PeriodLength::week;
};

/// The last complete period before `now` and the one before that.
Window last_complete_window(UnixTime now, PeriodLength length, const Calendar& calendar);

/// Runs metric definitions against a store. Every definition is executed once per period for all programs together and
/// the rows are kept, so that asking for each program in turn costs one pass over the store.
///
/// A definition is a SELECT over the documented views with the parameters (each optional) :from :to (Unix seconds,
/// half-open; of a level :to is the moment it is taken at), :from_date :to_date (their days in the workspace's zone,
/// :to_date is the day that :to falls on) and :now. It gives one row per record. Columns, by name:
///
///   program, service  where the row belongs; a service (or alias) stands for its program. Neither: everything only.
///   excluded          a reason, or NULL: the row is left out and counted.
///   label, id, url    the record, for people.
///   count             `n` events (default 1)
///   rate              `events` and `exposure`, summed apart; the value is events per exposure
///   proportion        `good` and `total` (default 1), summed; `good` NULL: the field is missing
///   duration          `value` in seconds; NULL: the field is missing; below 0: excluded as an impossible order
///   ratio             `part` and `whole`, summed apart
///   level             one of `sum`, `max`, `min` or `value`: the name says how rows combine (`value`: a single row per
///                     program); NULL: missing
///
/// A level with `max`, `min` or `value` and no row is not reportable; with `sum` it is 0, as a count without rows is,
/// but only when the store has the data: an entity that was never synced makes every metric over it not reportable.
class Evaluator {
 public:
  struct Options {
    UnixTime now{};
    Calendar calendar;
    std::vector<config::Metric> own;  ///< [metric.NAME] of sitrep.toml; a built-in of the same name is replaced
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

  /// `program` empty: everything. Error{user_code} for SQL that fails or lacks a column of its kind.
  Result evaluate(std::string_view metric, const Window& window, const std::string& program = {});
  Explanation explain(std::string_view metric, const Window& window, const std::string& program = {});

  /// Streams that feed an entity, by source and stream; "" for all.
  std::vector<SourceAge> sources(std::string_view entity = {});

  UnixTime now() const;
  const Calendar& calendar() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::evaluation
