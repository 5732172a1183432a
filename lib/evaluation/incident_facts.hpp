#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "evaluation/rows.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What the metrics over incidents count, read in one pass over an index for all of their periods and moments: a
/// definition alone would look at a quarter of a year of incidents for every one of 14 periods.
///
/// Holds the times, the severity, kind and place of each incident that started since `from`, as the store knows them at
/// its moment. What it counts is what the SQL of the definition gives, in groups and without the records' labels; a
/// test holds one against the other.
class IncidentFacts {
 public:
  IncidentFacts(store::Store& store, const Directory& directory, UnixTime from);

  /// Whether rows() answers for this built-in definition.
  static bool counts(std::string_view metric);
  /// How long before its span's start the definition looks at incidents.
  static Seconds reach(std::string_view metric, const Interval& span);
  UnixTime from() const { return from_; }

  /// The definition's rows over a span that reaches no further back than `from`.
  RowSet rows(const config::Metric& metric, const Interval& span, UnixTime now);

 private:
  struct Fact {
    std::int64_t started, detected, acknowledged, mitigated, resolved;  // k_never: NULL
    std::uint32_t place;                                                // in places_
    std::uint16_t kind;                                                 // in kinds_; 0: an incident
    std::uint8_t severity;                                              // 1 … 5; 0: none; 6: another word
    bool says_resolved;                                                 // its status
  };
  struct Place {
    std::string program, service;  // as the record says
    Row row;                       // as the directory resolves them
  };
  struct Group {
    std::int64_t records = 0;
    double first = 0, second = 0;
    bool missing = false;
  };
  class Groups;

  std::uint32_t place_of(std::string_view program, std::string_view service);
  std::pair<std::size_t, std::size_t> started_in(std::int64_t from, std::int64_t to) const;
  void count_all(Groups& groups, const Interval& span, std::uint8_t least, std::uint8_t most) const;
  void count_open(Groups& groups, UnixTime at, UnixTime now) const;
  void count_hours(Groups& groups, const Interval& span) const;
  void count_after_launch(Groups& groups, const Interval& span);
  void count_impossible(Groups& groups, UnixTime to);
  void count_known(Groups& groups, UnixTime to) const;
  void count_severities(Groups& groups, UnixTime to) const;
  void read_launches();
  void read_odd();

  store::Store& store_;
  const Directory& directory_;
  UnixTime from_;
  std::vector<Fact> facts_;  // by start
  std::vector<Place> places_;
  std::unordered_map<std::string, std::uint32_t> place_index_;  // by program and service
  std::string key_;
  std::vector<std::string> kinds_ = {""};
  std::optional<std::map<std::string, std::vector<std::int64_t>, std::less<>>> launches_;  // by service, in order
  std::optional<std::vector<std::pair<std::int64_t, std::uint32_t>>> odd_;  // tickets and launches: time, place
  std::vector<Fact> open_before_;                                           // not over, started before `from`
};

}  // namespace sitrep::evaluation
