#include "base/business_days.hpp"

#include <algorithm>

namespace sitrep {
namespace {

using std::chrono::days;

bool is_weekday(Date day) {
  const std::chrono::weekday weekday{day};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

/// Weekdays from a Monday long ago up to and including the day.
std::int64_t weekdays_until(Date day) {
  const std::int64_t since_monday = day.time_since_epoch().count() + 3;  // 1970-01-01 was a Thursday
  const std::int64_t weeks = (since_monday >= 0 ? since_monday : since_monday - 6) / 7;
  return 5 * weeks + std::min<std::int64_t>(since_monday - 7 * weeks + 1, 5);
}

}  // namespace

bool is_business_day(Date day, const std::set<Date>& holidays) { return is_weekday(day) && !holidays.contains(day); }

std::int64_t business_days(Date from, Date to, const std::set<Date>& holidays) {
  if (to < from) return -business_days(to, from, holidays);
  const auto free = std::count_if(holidays.upper_bound(from), holidays.upper_bound(to), is_weekday);
  return weekdays_until(to) - weekdays_until(from) - free;
}

void add_holiday(std::set<Date>& holidays, Date from, Date to) {
  if (to - from > days{366}) return;
  for (; from <= to; from += days{1}) holidays.insert(from);
}

}  // namespace sitrep
