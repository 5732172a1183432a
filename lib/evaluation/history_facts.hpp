#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "evaluation/rows.hpp"
#include "store/database.hpp"

// Facts that say of themselves when they came to be known, so that all of the past may be read at once: what a moment
// knew is what they say up to it. What they count is what the SQL of the definition gives in a store that shows that
// moment (`as_of`; absent: the present); a test holds one against the other.
namespace sitrep::evaluation {

/// Of the runs of streams.
class RunFacts {
 public:
  explicit RunFacts(store::Database& db);
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of) const;

 private:
  struct Run {
    std::int64_t id = 0, finished = 0;
    bool good = false;
    std::optional<double> duplicates;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Run>> streams_;  // by source and stream
};

/// Of the versions of milestones.
class MilestoneFacts {
 public:
  explicit MilestoneFacts(store::Database& db);
  static bool counts(std::string_view metric);
  RowSet rows(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of,
              const Directory& directory, const Calendar& calendar) const;

  /// Whether shown() answers for this built-in definition.
  static bool names_items(std::string_view metric);
  /// Milestones that are shown of it.
  Chosen shown(const config::Metric& metric, const Interval& span, std::optional<UnixTime> as_of,
               const Directory& directory, const Scope& scope) const;

 private:
  enum class Title : std::uint8_t { absent, empty, some };
  struct Version {
    std::int64_t observed = 0, superseded = 0;
    std::string due;              // a day; empty: NULL
    std::optional<double> slip;   // days since the first day known for its stage
    std::uint32_t milestone = 0;  // in milestones_
    std::uint32_t program = 0;    // in programs_: it may change
    bool open = false;
    bool slipped = false;  // a later day than the version before, of its stage
    Title title = Title::absent;
  };
  struct Read;
  std::vector<Read> read_all(store::Database& db);
  /// Calls take(version, slips so far) for each that was open at a moment.
  template <class Take>
  void each_open(std::int64_t known, const Take& take) const;
  /// Calls take(version) for the newest of each milestone that the span moved to a later day.
  template <class Take>
  void each_moved(const Interval& span, std::int64_t known, const Take& take) const;

  std::vector<Version> versions_;  // by milestone, then by when they were observed
  std::vector<std::pair<std::string, std::string>> programs_;    // source and what its records say
  std::vector<std::pair<std::string, std::string>> milestones_;  // source and id
};

}  // namespace sitrep::evaluation
