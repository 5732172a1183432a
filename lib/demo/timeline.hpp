#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sitrep::demo {

/// A value that changed over time. What held at t is the last step at or before t.
template <class T>
class Timeline {
 public:
  /// Steps are added in order of time.
  void set(UnixTime at, T value) { steps_.emplace_back(at, std::move(value)); }

  bool exists_at(UnixTime t) const { return !steps_.empty() && steps_.front().first <= t; }
  /// The value at t; the first one when t is before every step. Requires at least one step.
  const T& at(UnixTime t) const {
    const T* value = &steps_.front().second;
    for (const auto& [when, step] : steps_) {
      if (when <= t) value = &step;
    }
    return *value;
  }
  /// When the value last changed, as known at t.
  std::optional<UnixTime> changed_at(UnixTime t) const {
    std::optional<UnixTime> latest;
    for (const auto& step : steps_) {
      if (step.first <= t) latest = step.first;
    }
    return latest;
  }
  const std::vector<std::pair<UnixTime, T>>& steps() const { return steps_; }

 private:
  std::vector<std::pair<UnixTime, T>> steps_;
};

/// An event as known at t: absent while it is still to come.
inline std::optional<UnixTime> known(const std::optional<UnixTime>& event, UnixTime t) {
  return event && *event <= t ? event : std::nullopt;
}

/// Monday to Friday after `from`: 5 working days after a Friday is the next Friday.
inline Date add_working_days(Date from, int days) {
  for (; days > 0; --days) {
    do from += std::chrono::days{1};
    while (std::chrono::weekday{from} == std::chrono::Saturday || std::chrono::weekday{from} == std::chrono::Sunday);
  }
  for (; days < 0; ++days) {
    do from -= std::chrono::days{1};
    while (std::chrono::weekday{from} == std::chrono::Saturday || std::chrono::weekday{from} == std::chrono::Sunday);
  }
  return from;
}

inline Date day_of(UnixTime t) { return std::chrono::floor<std::chrono::days>(t); }

}  // namespace sitrep::demo
