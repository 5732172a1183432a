#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "evaluation/launch_log.hpp"
#include "evaluation/rows.hpp"
#include "evaluation/workdays.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What the metrics over launch reviews and their gates count, read once for all of their periods and moments. Holds
/// the reviews that something happened to since `from`, and those under way. What it counts is what the SQL of the
/// definition gives, in groups and without the records' labels; a test holds one against the other.
class LaunchFacts {
 public:
  LaunchFacts(store::Store& store, const Directory& directory, const Calendar& calendar, Launches& launches,
              UnixTime from, UnixTime now);

  /// Whether rows() answers for this built-in definition.
  static bool counts(std::string_view metric);
  /// Whether it looks at the few reviews under way alone.
  static bool of_under_way(std::string_view metric);
  UnixTime from() const { return from_; }

  /// The definition's rows over a span that begins no earlier than `from`.
  RowSet rows(const config::Metric& metric, const Interval& span);
  /// Whether shown() answers for this built-in definition.
  static bool names_items(std::string_view metric) { return metric == "launch_review_age_days"; }
  /// Reviews that are shown of it.
  Chosen shown(const Interval& span, const Scope& scope);

 private:
  /// Submitted, in review or approved.
  struct UnderWay {
    std::int64_t submitted;  // store::k_no_time: NULL
    std::uint32_t place;     // in places_
    std::string target;      // a day; empty: NULL
  };
  /// What a review is called.
  struct Identity {
    std::string source, id;
    std::size_t under_way;  // its place there
    bool has_title;
  };
  /// A review that is submitted or in review, or a gate of one.
  struct Waiting {
    std::int64_t since = 0;  // store::k_no_time: NULL
    std::uint32_t place = 0;
    bool blocked = false;
    std::int64_t days_before = -1;  // business days up to the one it waits since; -1: outside of the calendar
    std::uint32_t area = 0;         // in areas_
  };
  struct Group {
    std::int64_t records = 0;
    double first = 0;
    std::vector<double> values;
  };
  struct GroupKey {
    std::uint32_t place = 0, area = 0;
    bool missing = false, impossible = false;
    auto operator<=>(const GroupKey&) const = default;
  };
  struct HashOf {
    std::size_t operator()(const GroupKey& key) const {
      return (std::uint64_t{key.place} << 32 | key.area << 2 | (key.missing ? 2U : 0U) | (key.impossible ? 1U : 0U)) *
                 0x9e3779b97f4a7c15U >>
             7;
    }
  };
  using Groups = std::unordered_map<GroupKey, Group, HashOf>;

  void read_log();
  void read_unapproved();
  void read_under_way();
  void read_gates();
  /// What the metric needs and was not read before.
  void read_for(std::string_view metric);
  std::int64_t days_up_to(std::int64_t at) const;
  std::uint32_t place_of(std::string_view program, std::string_view service);

  void count_happened(Groups& groups, const Interval& span, Step step) const;
  void count_review_times(Groups& groups, const Interval& span) const;
  void count_approved_late(Groups& groups, const Interval& span) const;
  void count_unapproved(Groups& groups, const Interval& span) const;
  void count_late(Groups& groups, UnixTime at) const;
  void count_blocked(Groups& groups, UnixTime at) const;
  void longest(Groups& groups, const std::vector<Waiting>& list, UnixTime at, bool without_since) const;
  void count_gates(Groups& groups, UnixTime at) const;

  store::Store& store_;
  const Directory& directory_;
  const Calendar& calendar_;
  Launches& launches_;
  UnixTime from_;
  Workdays workdays_;
  bool has_unapproved_ = false, has_under_way_ = false, has_gates_ = false;
  std::shared_ptr<const LaunchLog> log_;
  std::vector<std::uint32_t> log_places_;  // of the log's: in places_
  std::vector<UnderWay> under_way_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> unapproved_;  // launched, place
  std::vector<Waiting> reviews_, for_reviewer_, for_author_, at_gates_;
  std::vector<Identity> identities_;                                         // of reviews_
  std::map<std::pair<std::string, std::string>, std::size_t> review_index_;  // by source and id: in reviews_
  std::vector<const Place*> places_;
  std::unordered_map<std::string, std::uint32_t> place_index_;  // by program and service
  std::string place_key_;
  std::vector<std::string> areas_;
};

}  // namespace sitrep::evaluation
