#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "base/zone.hpp"

namespace sitrep {

enum class PeriodLength { week, month, quarter };

std::optional<PeriodLength> parse_period_length(std::string_view text);
std::string_view name(PeriodLength length);

/// The calendar that reports use: the workspace's zone and the day its weeks start on.
struct Calendar {
  Zone zone;
  std::chrono::weekday week_starts = std::chrono::Monday;
};

/// The calendar period that holds t.
Interval period_of(UnixTime t, PeriodLength length, const Calendar& calendar);
/// The last period that was over at `now`: what reports show unless told otherwise.
Interval last_complete_period(UnixTime now, PeriodLength length, const Calendar& calendar);
/// The period before one that period_of gave.
Interval previous_period(const Interval& period, PeriodLength length, const Calendar& calendar);
/// "week of 2026-11-09", "November 2026", "2026 Q4".
std::string describe(const Interval& period, PeriodLength length, const Calendar& calendar);

/// TIME of the command line: RFC 3339, a date (its first moment in the zone), "-7d" and the other durations back from
/// now, "now", "today", "yesterday", "last-monday" … "last-sunday" (the last such day before today). nullopt otherwise.
std::optional<UnixTime> parse_time_expression(std::string_view text, UnixTime now, const Calendar& calendar);

}  // namespace sitrep
