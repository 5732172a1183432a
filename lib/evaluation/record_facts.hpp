#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/period.hpp"
#include "evaluation/readings.hpp"
#include "evaluation/rows.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What the metrics over action items count, read once for all of their moments: the definitions alone would look up
/// the incidents of all items for each. What it counts is what the SQL of the definition gives, in groups and without
/// the records' labels; a test holds one against the other.
class ActionFacts {
 public:
  /// Of items that were open at `from` or later.
  ActionFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Readings& readings,
              UnixTime from);
  UnixTime from() const { return from_; }
  /// Whether rows() answers for this built-in definition.
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span) const;

 private:
  static constexpr std::uint32_t k_nowhere = 0xffffffff;
  struct Action {
    std::int64_t created, completed;  // k_never: NULL
    std::string due, owner;           // empty: NULL
    bool has_owner = false, says_open = false, dropped = false;
    std::uint32_t place = 0;                  // its incident's
    std::uint32_t serious_place = k_nowhere;  // of its incident of SEV1 or SEV2
    std::uint32_t team_place = 0;             // its incident's, with its own team
  };
  std::uint32_t place_of(std::string_view program, std::string_view service, std::string_view team);

  const Directory& directory_;
  const Calendar& calendar_;
  UnixTime from_;
  std::vector<Action> actions_;
  std::vector<Row> places_;
  std::map<std::vector<std::string>, std::uint32_t> place_index_;
};

/// The same over the runs of streams.
class RunFacts {
 public:
  explicit RunFacts(store::Store& store);
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span) const;

 private:
  struct Run {
    std::int64_t id, finished;
    bool good;
    std::optional<double> duplicates;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Run>> streams_;  // by source and stream
};

/// The same over the versions of milestones.
class MilestoneFacts {
 public:
  MilestoneFacts(store::Store& store, const Directory& directory, const Calendar& calendar);
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span) const;

 private:
  struct Version {
    std::size_t milestone;  // its place among them
    std::int64_t observed, superseded;
    std::string due;  // a day; empty: NULL
    bool open = false;
    bool slipped = false;        // a later day than the version before, of its stage
    bool moved_later = false;    // than the version before, whatever its stage
    std::optional<double> slip;  // days since the first day known for its stage
  };
  const Calendar& calendar_;
  std::vector<Version> versions_;  // by milestone, then by when they were observed
  std::vector<Row> places_;        // of versions: the program may change
};

/// The same over the days of capacity samples.
class SampleDayFacts {
 public:
  /// Of days since `from` less the 30 that the metric looks back.
  SampleDayFacts(store::Store& store, const Directory& directory, Readings& readings, UnixTime from);
  static bool counts(std::string_view metric);
  UnixTime from() const { return from_; }
  RowSet rows(const config::Metric& metric, const Interval& span) const;

 private:
  struct Day {
    std::int64_t day, first, last;
  };
  UnixTime from_;
  std::vector<std::pair<Row, std::vector<Day>>> resources_;
};

}  // namespace sitrep::evaluation
