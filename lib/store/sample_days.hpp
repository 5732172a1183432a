#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/database.hpp"

// Capacity samples by the day: forecasts and checks for gaps look at days, of which there are a few hundred times fewer
// than samples. capacity_sample_day holds one row per series and UTC day that has a sample: what its present samples
// say in sum, and since when (settled_at). Seen from T ≥ settled_at that is what was known at T; for an earlier T a day
// is summed up from its samples again, which few days need, since most are measured and settled at once.
//
// A writer marks a day in the transaction that changes it (settled_at NULL: summed up by whoever reads) and sums it up
// before it commits; a kill or another writer's commit in between leaves marks and nothing wrong.
namespace sitrep::store {

/// Days that a writer changes.
class SampleDays {
 public:
  explicit SampleDays(Database& db);
  /// In the transaction that changes a sample of that time.
  void touch(std::int64_t series, std::int64_t at);
  /// Sums up what was touched, and what a killed writer left marked.
  void settle();

 private:
  Statement mark_, sum_up_;
  std::set<std::pair<std::int64_t, std::int64_t>> touched_;  // series, day
};

/// The UTC day of a time given as an SQL expression.
std::string sample_day_of(std::string_view at);

/// SELECT source, resource_id, day, first_at, last_at, peak, used_at, used, limit_at, capacity_limit: the days as they
/// were known at a moment, an SQL expression of Unix seconds (absent: the present), by series and day where no day is
/// unsettled.
std::string sample_days_select(const std::optional<std::string>& as_of);

/// A day of a series as its present samples sum it up. Times are Unix seconds; of none, 0 beside an absent number.
struct SampleDay {
  std::int64_t day = 0, first_at = 0, last_at = 0, used_at = 0, limit_at = 0;
  std::optional<double> peak, used, limit;
  std::optional<std::int64_t> known_from, settled_at;  ///< absent: not summed up yet
  bool has_samples = false;                            ///< that hold
};
struct SampleSeries {
  std::int64_t key = 0;
  std::string source, resource;
  std::vector<SampleDay> days;  ///< in order
  bool has_limit = false;       ///< one of them
};
/// All days in one pass: whoever looks at them as of several moments takes those that state_of() calls
/// settled, and has the others summed up by OpenDays.
std::vector<SampleSeries> read_sample_days(Database& db);

enum class DayState {
  unknown,  ///< nothing of it was observed by then
  settled,  ///< its sums are what was known
  open,     ///< has to be summed up from its samples
};
/// What a day was at a moment; without one, in the present.
DayState state_of(const SampleDay& day, std::optional<UnixTime> as_of);
/// Sums up days from their samples, as they were known at a moment; without one, in the present.
class OpenDays {
 public:
  OpenDays(Database& db, std::optional<UnixTime> as_of);
  SampleDay sum_up(const SampleSeries& series, std::int64_t day);
  /// Of a day the newest sample with a number, and the newest limit where the series has any, at `until` or before: no
  /// peak.
  SampleDay newest(const SampleSeries& series, std::int64_t day, UnixTime until);

 private:
  void bind(Statement& statement, const SampleSeries& series, std::int64_t from, std::int64_t to) const;
  void read_newest(Statement& from, std::int64_t& at, std::optional<double>& value);

  std::optional<UnixTime> as_of_;
  Statement sums_, newest_, limit_;
};

/// After samples were written by other means than a SeriesWriter: sums up everything.
void rebuild_sample_days(Database& db);
/// The same when samples are there and no day is: a store of an earlier schema.
void ensure_sample_days(Database& db);
/// After the samples of a series before a time were deleted.
void forget_sample_days(Database& db, std::int64_t series, std::int64_t before);

/// SELECT of days whose sums are not those of their samples: none.
std::string wrong_sample_days();

}  // namespace sitrep::store
