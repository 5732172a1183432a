#pragma once

#include <cstdint>
#include <set>

#include "base/time.hpp"

namespace sitrep {

/// Monday to Friday, unless it is a holiday.
bool is_business_day(Date day, const std::set<Date>& holidays);

/// Business days after `from`, up to and including `to`: from a Friday to the Monday after it is 1, from a Saturday to
/// that Monday too. Negative when `to` is before `from`.
std::int64_t business_days(Date from, Date to, const std::set<Date>& holidays);

/// Adds the days of a holiday, both included; what is longer than a year is a mistake and is left out.
void add_holiday(std::set<Date>& holidays, Date from, Date to);

}  // namespace sitrep
