#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "forecast/forecaster.hpp"
#include "model/series.hpp"

namespace sitrep::forecast {

/// Demand that the history does not know yet, such as that of a launch.
struct Demand {
  UnixTime from{};
  double amount = 0;
};

struct RunwayOptions {
  UnixTime now{};
  double limit = 0;                          ///< in the unit of the series
  double level = 0.8;                        ///< of the range
  Seconds horizon = std::chrono::days{730};  ///< cut to a quarter of the history
  std::size_t origins = k_origins;           ///< of the back-test
  bool dates_only = false;                   ///< no growth, and no forecast where none can reach the limit
  std::vector<Demand> added;                 ///< on top of what the history lets one expect: approved launches
};

/// When a growing quantity reaches its limit.
struct Runway {
  enum class State {
    full,          ///< at or above the limit now
    dated,         ///< the upper bound crosses within the horizon
    not_in_sight,  ///< grows, but not up to the limit within the horizon
    no_growth,     ///< flat or falling: no date
    unknown,       ///< too little or too old data: `reason`
  };
  State state = State::unknown;
  std::optional<UnixTime> first;     ///< the upper bound crosses: the date to plan with
  std::optional<UnixTime> last;      ///< the lower bound crosses; absent: not within the horizon
  std::optional<UnixTime> expected;  ///< the forecast itself crosses; absent: not within the horizon
  UnixTime horizon_end{};            ///< how far the history lets one see
  double used = 0;                   ///< the last measured value, and added demand that has begun
  UnixTime used_at{};
  double headroom = 0;        ///< 1 - used / limit
  double growth_per_day = 0;  ///< Theil-Sen slope of the last 60 days
  std::string reason;
  std::vector<std::string> notes;    ///< gaps, steps and whether they recur, horizon
  std::optional<Forecast> forecast;  ///< of the daily maxima with the added demand; first value is `forecast_start`
  UnixTime forecast_start{};
};

/// "full", "dated", "not in sight", "no growth", "unknown"
std::string_view name(Runway::State state);

/// Whether the day of UTC whose newest sample is `newest` is not over, seen by the newest of the day before: it is an
/// hour or more behind.
bool is_under_way(UnixTime newest, UnixTime before);

/// Runway of samples in any order. They become daily maxima: a limit is hit by a peak. A day under way does not count:
/// its peak may still come. Single steps are taken out (growth counts, jumps do not), those that recur stay. No growth:
/// the trend of the last 60 days, its autocorrelation taken out, is not up at 5 % two-sided, and the upper bound stays
/// below the limit.
Runway runway(std::span<const model::Sample> samples, const RunwayOptions& options);

}  // namespace sitrep::forecast
