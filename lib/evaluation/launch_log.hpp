#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/period.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What happens to a launch review.
enum class Step : std::uint8_t { submitted, decided, launched };

/// The launch reviews that something happened to since `from`, and beside them those submitted since `odd_from` that
/// say to have been decided or launched before that, as a store shows them: one pass for all metrics that count them.
struct LaunchLog {
  LaunchLog(store::Store& store, UnixTime from, UnixTime odd_from);

  struct Launch {
    std::array<std::int64_t, 3> times;  // of the steps; store::k_no_time: NULL
    std::uint32_t place;                // in places
    bool approved;                      // or launched: its status
    std::string target;                 // a day; empty: NULL

    std::int64_t at(Step step) const { return times[static_cast<std::size_t>(step)]; }
    bool is_odd() const;
  };
  /// Calls take(launch) for each that took the step in the span, which begins no earlier than `from`: by that time.
  template <class Take>
  void each(Step step, const Interval& span, const Take& take) const {
    const auto& list = in_order[static_cast<std::size_t>(step)];
    const auto time_of = [&](std::uint32_t i) { return launches[i].at(step); };
    auto at = std::ranges::lower_bound(list, unix_seconds(span.from), {}, time_of);
    for (; at != list.end() && time_of(*at) < unix_seconds(span.to); ++at) take(launches[*at]);
  }

  UnixTime from, odd_from;
  std::vector<Launch> launches;
  std::vector<std::pair<std::string, std::string>> places;  // program and service, as records say them
  std::array<std::vector<std::uint32_t>, 3> in_order;       // of launches that took each step, by when
};

/// The log, read once somebody asks for it.
class Launches {
 public:
  explicit Launches(store::Store& store) : store_(store) {}
  /// Odd ones may be asked for that far back: the first pass finds them too.
  void expect_odd(UnixTime from) { odd_from_ = std::min(odd_from_, from); }
  std::shared_ptr<const LaunchLog> since(UnixTime from);
  /// Null: nobody has asked for it yet.
  std::shared_ptr<const LaunchLog> at_hand(UnixTime from) const { return log_ && log_->from <= from ? log_ : nullptr; }
  std::shared_ptr<const LaunchLog> odd_since(UnixTime from);

 private:
  store::Store& store_;
  UnixTime odd_from_ = UnixTime::max();
  std::shared_ptr<const LaunchLog> log_;
};

}  // namespace sitrep::evaluation
