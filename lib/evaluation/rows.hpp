#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "evaluation/directory.hpp"
#include "evaluation/evaluator.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

enum class Kind { count, rate, proportion, duration, ratio, level };
Kind parse_kind(const std::string& text);  ///< of a validated definition

/// How the rows of a level combine.
enum class Combine { sum, max, min, single };

/// One row that a definition gave.
struct Row {
  std::string program;  ///< empty: belongs to no program; "*": to every one
  std::string excluded, label, id, url;
  std::optional<double> first;  ///< n, events, good, value, part or the level; absent: the field is missing
  double second = 0;            ///< exposure, total, whole
};

struct RowSet {
  Kind kind = Kind::count;
  Combine combine = Combine::single;
  std::vector<Row> rows;
};

/// What a definition's parameters are bound to.
struct Moment {
  Interval span;
  UnixTime now{};
};

/// Runs the definition. Error{user_code} names metric and file for SQL that fails or lacks a column of its kind.
RowSet run(store::Store& store, const config::Metric& metric, const Moment& moment, const Directory& directory,
           const Calendar& calendar);

/// The same rows as text, for people: column names, the first `limit` rows, and how many there are.
struct Sample {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::int64_t count = 0;
};
Sample sample(store::Store& store, const config::Metric& metric, const Moment& moment, const std::string& program,
              const Directory& directory, const Calendar& calendar, std::size_t limit);

}  // namespace sitrep::evaluation
