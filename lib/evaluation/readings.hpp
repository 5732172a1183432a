#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "evaluation/incident_log.hpp"
#include "store/sample_days.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// A present incident that others refer to by its id.
struct NamedIncident {
  std::string source, program, service;
  bool serious = false;  ///< SEV1 or SEV2
  std::int64_t observed = 0;
};

/// What is the same at whatever moment one looks at a store, read once for all evaluators that look at its file: a
/// report's own and those of its trends. Several threads may ask at once, each with its own connection.
class Readings {
 public:
  /// Incidents will be asked for that far back: the first reading is deep enough for all.
  void expect(UnixTime from);
  /// At least since `from`.
  std::shared_ptr<const IncidentLog> incidents(store::Store& store, UnixTime from);
  const std::vector<store::SampleSeries>& sample_days(store::Store& store);
  /// The present incidents of these ids, by id, whenever they were observed.
  std::unordered_map<std::string, std::vector<NamedIncident>> named_incidents(store::Store& store,
                                                                              const std::set<std::string>& ids);

 private:
  std::mutex incidents_mutex_, days_mutex_, named_mutex_;
  std::unordered_map<std::string, std::vector<NamedIncident>> named_;  // of ids asked for; none: there is none
  std::optional<UnixTime> expected_;
  std::shared_ptr<const IncidentLog> incidents_;
  std::optional<std::vector<store::SampleSeries>> days_;
};

/// The versions of incidents of these ids that have ended since and held at the moment that the store shows, added by
/// id.
void add_held_incidents(store::Store& store, const std::set<std::string>& ids,
                        std::unordered_map<std::string, std::vector<NamedIncident>>& incidents);

/// Calls take(series, day) for each day with a sample, from day to day in UTC, as the store knows them at its moment.
template <class Take>
void each_sample_day(store::Store& store, Readings& readings, std::int64_t from, std::int64_t to, const Take& take) {
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
        const auto sums = open_days->sum_up(series, day.day);
        if (sums.has_samples) take(series, sums);
      }
    }
  }
}

}  // namespace sitrep::evaluation
