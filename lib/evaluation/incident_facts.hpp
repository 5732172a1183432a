#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "evaluation/held_incidents.hpp"
#include "evaluation/incident_log.hpp"
#include "evaluation/kinds.hpp"
#include "evaluation/launch_log.hpp"
#include "evaluation/rows.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What the metrics over incidents count, from the packed incidents, in one pass for all of their periods: a definition
/// alone would look at the rows of a quarter of a year for every one of 14 periods.
///
/// Looks at the times, severity, kind, cause and place of each incident that started since `from`, as the store knows
/// them at its moment. What it counts is what the SQL of the definition gives, in groups; the few records that a reader
/// is shown are then asked of the definition. A test holds one against the other.
class IncidentFacts {
 public:
  /// Of a log that reaches as far back those that the store knows at its moment, and the versions that held then.
  IncidentFacts(store::Store& store, const Directory& directory, const Calendar& calendar, UnixTime from,
                std::shared_ptr<const IncidentLog> log, const HeldIncidents& held, Launches& launches);

  /// Whether rows() answers for this built-in definition.
  static bool counts(std::string_view metric);
  /// Whether items() does too: rows() then serves where records are shown.
  static bool names_items(std::string_view metric);
  /// How long before its span's start the definition looks at incidents.
  static Seconds reach(std::string_view metric, const Interval& span);
  UnixTime from() const { return from_; }

  /// Before incidents_after_launch is asked for several spans, the start of the oldest.
  void reach_launches(UnixTime from);
  /// What was to keep an incident from coming again: an action item of one with a cause and a service.
  struct Fix {
    std::string_view id, cause, service;       ///< of its incident
    std::int64_t started, created, completed;  ///< of the incident, of the item; store::k_no_time: NULL
  };
  /// The rows of recurred_while_fix_open.
  RowSet recurred(const config::Metric& metric, const Interval& span, std::span<const Fix> fixes);
  /// The definition's rows over a span that reaches no further back than `from`.
  RowSet rows(const config::Metric& metric, const Interval& span, UnixTime now);
  /// Of rows that were added up: reals add up to the last bit as the definition's rows do, in their order.
  void sum_in_order(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope) const;
  /// The records behind them that are worth a look, as add_up() keeps them, and how many more there are.
  void items(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope, UnixTime now);

 private:
  using Fact = IncidentFact;
  using Details = IncidentDetails;
  struct Said {
    std::string program, service;  // as the record does
    const Place* place;
  };
  struct Group {
    std::int64_t records = 0;
    double first = 0, second = 0;
    std::vector<double> values;  // of durations
    bool missing = false;
  };
  class Groups;
  struct Duration {
    std::string_view metric;
    std::int64_t Details::* end;
    bool from_detection;  // else from the start
    bool needs_end;       // those resolved without it do not count as missing
    std::string_view impossible;
  };
  /// A record that may be shown.
  struct Candidate {
    const Fact* fact = nullptr;
    std::optional<double> value;
    std::string id{};
  };
  struct Unstarted {
    std::uint32_t place;
    std::uint16_t kind;
  };
  enum class Order { severity, worst_then_severity, worst_then_start, start };

  static const Duration* find_duration(std::string_view metric);
  /// Of a metric that counts by severity: from, to.
  static std::pair<std::uint8_t, std::uint8_t> severities_of(std::string_view metric);
  std::uint32_t place_of(std::string_view program, std::string_view service);
  const Details& details(const Fact& fact) const {
    const auto& logged = log_->details;
    return fact.details < logged.size() ? logged[fact.details] : held_details_[fact.details - logged.size()];
  }
  void add_held(const HeldIncidents& held);
  void read_unstarted(const HeldIncidents& held);
  void resolve_places();
  void rank_places();
  std::string_view word(std::uint32_t word) const;
  std::optional<std::uint32_t> find_word(std::string_view text) const;
  std::pair<std::size_t, std::size_t> started_in(std::int64_t from, std::int64_t to) const;

  void count_all(Groups& groups, const Interval& span, std::uint8_t least, std::uint8_t most) const;
  void count_open(Groups& groups, UnixTime at, UnixTime now) const;
  void count_hours(Groups& groups, const Interval& span) const;
  void count_durations(Groups& groups, const Interval& span, const Duration& duration) const;
  void count_out_of_hours(Groups& groups, const Interval& span) const;
  void count_repeats(Groups& groups, const Interval& span) const;
  /// Calls take(fact) for each that started in the 90 days before `from` or in [from, to) and for which something may
  /// have happened since `from`: by start.
  template <class Take>
  void each_lately(std::int64_t from, std::int64_t to, const Take& take) const;
  std::string called(std::string_view service) const;
  /// Calls take(fact) for each of the span within 14 days of a launch of its service.
  void count_after_launch(Groups& groups, const Interval& span);
  template <class Take>
  void each_after_launch(const Interval& span, const Take& take) const;
  void count_impossible(Groups& groups, UnixTime to);
  void count_known(Groups& groups, UnixTime to) const;
  void count_recurred(Groups& groups, const Interval& span, std::span<const Fix> fixes);
  RowSet rows_of(Groups& groups, const config::Metric& metric) const;
  void count_severities(Groups& groups, UnixTime to) const;
  void read_odd();

  /// When its impact ended; store::k_no_time: it has not, or nobody said so.
  std::int64_t over_at(const Fact& fact) const {
    const auto& of = details(fact);
    return of.mitigated != store::k_no_time ? of.mitigated : of.resolved;
  }
  /// Hours of the span that it was under way; nullopt: nobody said when it was over. `excluded`: why it does not count.
  std::optional<double> hours_of(const Fact& fact, const Interval& span, std::string_view& excluded) const;
  /// Of an incident in the span: how long; nullopt: missing. False: it is none of the span's.
  bool duration_of(const Fact& fact, const Interval& span, const Duration& duration,
                   std::optional<double>& value) const;
  /// Calls take(fact, out of hours) for each of the span.
  template <class Take>
  void each_clock(const Interval& span, const Take& take) const;
  /// When each cause was first seen in the 90 days before the span's end.
  std::unordered_map<std::uint32_t, std::int64_t> first_causes(const Interval& span) const;

  std::vector<Candidate> candidates(std::string_view metric, const Interval& span, const Scope& scope);
  bool has_label(const Fact& fact, std::string_view metric) const;
  bool severity_before(const Fact& a, const Fact& b) const;
  bool before(const Candidate& a, const Candidate& b, Order order) const;
  std::string id_of(const Fact& fact);
  double hours_in_order(const Interval& span, const Scope& scope) const;

  store::Store& store_;
  const Directory& directory_;
  const Calendar& calendar_;
  Launches& launches_;
  UnixTime from_;
  std::shared_ptr<const IncidentLog> log_;
  IncidentNames names_;                                 // those of the log, and more
  std::vector<std::string> own_words_;                  // beyond those of the log
  std::vector<Fact> held_;                              // versions that have ended since, by start
  std::vector<Details> held_details_;                   // numbered after those of the log
  std::vector<const Fact*> facts_;                      // by start
  std::vector<const Fact*> open_before_;                // not over, started before `from`
  std::vector<Unstarted> unstarted_;                    // open SEV1 and SEV2 that nobody said the start of
  std::vector<const Fact*> lasting_;                    // of facts_: those that are, by start
  std::optional<std::vector<const Fact*>> impossible_;  // of facts_: times before their start, by start
  std::vector<Said> places_;
  std::vector<std::uint32_t> ranks_;  // of places: the order that they are first seen in, whatever else the log has
  std::uint32_t ranked_ = 0;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> launched_;  // by service, in order
  std::optional<UnixTime> launched_since_;
  std::optional<std::vector<std::pair<std::int64_t, std::uint32_t>>> odd_;  // tickets and launches: time, place
};

}  // namespace sitrep::evaluation
