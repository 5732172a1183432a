#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/period.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace sitrep::policy {

constexpr std::int64_t k_least_reviews = 6;  ///< fewer, and no median is quoted

/// How long gates took, in business days from request to decision.
class ReviewTimes {
 public:
  /// Business days of one review at a gate.
  void add(const std::string& area, std::int64_t days);

  struct Usual {
    std::int64_t days = 0;  ///< the median, rounded up
    std::int64_t n = 0;
  };
  /// nullopt below k_least_reviews.
  std::optional<Usual> of(const std::string& area) const;

 private:
  std::map<std::string, std::vector<std::int64_t>> days_;
};

/// Of the gates decided in the 12 months before `now`.
ReviewTimes review_times(store::Store& store, UnixTime now, const Calendar& calendar, const std::set<Date>& holidays);

/// The day that many business days after `from`; for 0 `from` itself when it is one, else the next.
Date add_business_days(Date from, std::int64_t count, const std::set<Date>& holidays);

}  // namespace sitrep::policy
