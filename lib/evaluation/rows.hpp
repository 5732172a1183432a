#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "evaluation/answer.hpp"
#include "evaluation/directory.hpp"
#include "evaluation/evaluator.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

enum class Kind { count, rate, proportion, duration, ratio, level };
Kind parse_kind(const std::string& text);  ///< of a validated definition

/// How the rows of a level combine.
enum class Combine {
  sum,
  max,
  min,
  single,
  most,  ///< the largest of the sums by id: of the owner, gate or reason that has most
};

/// One row that a definition gave.
struct Row {
  const Place* place = &nowhere();  ///< of the directory
  std::string excluded, label, id, url;
  std::optional<double> first;  ///< n, events, good, value, part or the level; absent: the field is missing
  double second = 0;            ///< exposure, total, whole
  std::int64_t records = 1;     ///< that it stands for
  std::vector<double> values;   ///< durations of those that have one, in place of `first`
};

bool belongs(const Place& place, const Scope& scope);

struct RowSet {
  Kind kind = Kind::count;
  Combine combine = Combine::single;
  bool lower_is_better = false;  ///< of a share: its good ones are those worth a look
  std::vector<Row> rows;
};

using Named = std::set<std::pair<std::string, std::string>>;  ///< records by source and id

/// The records that a reader is shown of a level's rows, as add_up() keeps them.
struct Chosen {
  Named records;
  std::int64_t left_out = 0;  ///< that would be shown too if there was room
};

/// Throws Error{user_code}: "sitrep.toml:7:1: metric 'broken': …".
[[noreturn]] void fail_metric(const config::Metric& metric, std::string_view what);

/// Errors of a definition's SQL while `body` runs become Error{user_code} that names metric and place: the person who
/// wrote it has to know which one it is.
template <class Body>
auto as_metric_error(const config::Metric& metric, Body body) {
  try {
    return body();
  } catch (const Error& e) {
    if (e.kind() != ErrorKind::store && e.kind() != ErrorKind::user_code) throw;
    fail_metric(metric, e.what());
  }
}

/// A column of statements that combine a definition's rows: how many of them a row stands for.
constexpr std::string_view k_records_column = "combined_records";

/// Reads all rows. Error{user_code} when a column of the definition's kind is missing.
RowSet run(Answer& answer, const config::Metric& metric, const Directory& directory);

/// The same rows as text, for people: column names, the first `limit` rows, and how many there are.
struct Sample {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::int64_t count = 0;
};
Sample sample(Answer& answer, const config::Metric& metric, const Scope& scope, const Directory& directory,
              std::size_t limit);

}  // namespace sitrep::evaluation
