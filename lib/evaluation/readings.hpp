#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evaluation/action_log.hpp"
#include "evaluation/held_incidents.hpp"
#include "evaluation/history_facts.hpp"
#include "evaluation/incident_log.hpp"
#include "store/sample_days.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// An incident that others refer to by its id, as one version of it says.
struct NamedIncident {
  std::string source, program, service;
  std::optional<std::string> cause;
  bool serious = false;  ///< SEV1 or SEV2
  std::int64_t observed = 0;
  std::int64_t started = 0;  ///< store::k_no_time: NULL
};
using NamedIncidents = std::vector<NamedIncident>;

/// What is the same at whatever moment one looks at a store, read once for all evaluators that look at its file: a
/// report's own and those of its trends. Several threads may ask at once, each with its own connection. What is given
/// out stays.
class Readings {
 public:
  /// Incidents will be asked for that far back, and moments as early as `known` be looked at: the first reading is deep
  /// enough for all.
  void expect(UnixTime from, std::optional<UnixTime> known = {});
  /// Whether much will be asked for: what serves many questions is worth its time.
  bool are_expected() const;
  /// Reads what takes a while and is not asked for first: for a thread that has just begun, beside another.
  void read_ahead(store::Store& store);
  /// At least since `from`.
  std::shared_ptr<const IncidentLog> incidents(store::Store& store, UnixTime from);
  /// Of items that were not completed before `from`, as far back as the store's moment.
  std::shared_ptr<const ActionLog> actions(store::Store& store, UnixTime from);
  const std::vector<store::SampleSeries>& sample_days(store::Store& store);
  const RunFacts& runs(store::Store& store);
  const MilestoneFacts& milestones(store::Store& store);
  /// For each of these ids the present incidents, whenever they were observed.
  std::vector<const NamedIncidents*> named_incidents(store::Store& store, std::span<const std::string_view> ids);

 private:
  UnixTime from_at_most(UnixTime from) const;
  UnixTime known_at_most(UnixTime known) const;

  mutable std::mutex expected_mutex_;
  std::mutex incidents_mutex_, actions_mutex_, days_mutex_, runs_mutex_, milestones_mutex_, named_mutex_;
  std::unordered_map<std::string, NamedIncidents> named_;  // of ids asked for; none: there is none
  std::optional<UnixTime> expected_, expected_known_;
  std::shared_ptr<const IncidentLog> incidents_;
  std::shared_ptr<const ActionLog> actions_;
  std::optional<std::vector<store::SampleSeries>> days_;
  std::optional<RunFacts> runs_;
  std::optional<MilestoneFacts> milestones_;
};

/// Those of these ids among the versions that held, by id.
std::unordered_map<std::string_view, NamedIncidents> named_incidents(store::Store& store, const HeldIncidents& held,
                                                                     std::span<const std::string_view> ids);

/// All that the samples of a day say.
struct WholeDay {
  store::SampleDay operator()(store::OpenDays& days, const store::SampleSeries& series, std::int64_t day) const {
    return days.sum_up(series, day);
  }
};

/// Calls take(series, day) for each day with a sample, from day to day in UTC, as the store knows them at its moment.
/// `sum_up` gives a day that has to be summed up from its samples.
template <class Take, class SumUp = WholeDay>
void each_sample_day(store::Store& store, Readings& readings, std::int64_t from, std::int64_t to, const Take& take,
                     const SumUp& sum_up = {}) {
  const auto as_of = store.options().as_of;
  std::optional<store::OpenDays> open_days;
  for (const auto& series : readings.sample_days(store)) {
    for (const auto& day : series.days) {
      if (day.day < from || day.day > to) continue;
      const auto state = store::state_of(day, as_of);
      if (state == store::DayState::settled) {
        if (day.has_samples) take(series, day);
      } else if (state == store::DayState::open) {
        if (!open_days) open_days.emplace(store.db(), as_of);
        const auto sums = sum_up(*open_days, series, day.day);
        if (sums.has_samples) take(series, sums);
      }
    }
  }
}

}  // namespace sitrep::evaluation
