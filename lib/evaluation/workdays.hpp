#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/period.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// Business days around a moment, six years back and two ahead: weekdays but for the holidays of everybody that the
/// store's calendar knows.
class Workdays {
 public:
  Workdays(store::Store& store, UnixTime now, const Calendar& calendar);
  /// How many there are from the first day up to this one; two of them apart are that many business days.
  std::optional<std::int64_t> up_to(Date day) const;
  Date first() const { return first_; }
  Date last() const { return first_ + std::chrono::days{counts_.size()} - std::chrono::days{1}; }

 private:
  Date first_;
  std::vector<std::int32_t> counts_;  // by day since the first
};

}  // namespace sitrep::evaluation
