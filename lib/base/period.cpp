#include "base/period.hpp"

#include <fmt/format.h>

#include <array>

namespace sitrep {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> k_weekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                        "thursday", "friday", "saturday"};

Date first_day(Date d, PeriodLength length, weekday week_starts) {
  const year_month_day date{d};
  switch (length) {
    case PeriodLength::week:
      return d - (weekday{d} - week_starts);
    case PeriodLength::month:
      return sys_days{date.year() / date.month() / 1};
    case PeriodLength::quarter: {
      const auto m = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
      return sys_days{date.year() / month{m} / 1};
    }
  }
  return d;
}

Date next_first_day(Date first, PeriodLength length) {
  const year_month_day date{first};
  switch (length) {
    case PeriodLength::week:
      return first + days{7};
    case PeriodLength::month:
      return sys_days{(date.year() / date.month() + months{1}) / 1};
    case PeriodLength::quarter:
      return sys_days{(date.year() / date.month() + months{3}) / 1};
  }
  return first;
}

}  // namespace

std::optional<PeriodLength> parse_period_length(std::string_view text) {
  if (text == "week") return PeriodLength::week;
  if (text == "month") return PeriodLength::month;
  if (text == "quarter") return PeriodLength::quarter;
  return std::nullopt;
}

std::string_view name(PeriodLength length) {
  switch (length) {
    case PeriodLength::week:
      return "week";
    case PeriodLength::month:
      return "month";
    case PeriodLength::quarter:
      return "quarter";
  }
  return "week";
}

Interval period_of(UnixTime t, PeriodLength length, const Calendar& calendar) {
  const Date first = first_day(calendar.zone.date_of(t), length, calendar.week_starts);
  return {calendar.zone.start_of(first), calendar.zone.start_of(next_first_day(first, length))};
}

Interval last_complete_period(UnixTime now, PeriodLength length, const Calendar& calendar) {
  return previous_period(period_of(now, length, calendar), length, calendar);
}

Interval previous_period(const Interval& period, PeriodLength length, const Calendar& calendar) {
  return period_of(period.from - Seconds{1}, length, calendar);
}

std::string describe(const Interval& period, PeriodLength length, const Calendar& calendar) {
  static constexpr std::array<const char*, 12> k_months = {"January",   "February", "March",    "April",
                                                           "May",       "June",     "July",     "August",
                                                           "September", "October",  "November", "December"};
  const Date first = calendar.zone.date_of(period.from);
  const year_month_day date{first};
  const auto m = static_cast<unsigned>(date.month());
  switch (length) {
    case PeriodLength::week:
      return "week of " + format_date(first);
    case PeriodLength::month:
      return fmt::format("{} {}", k_months[m - 1], static_cast<int>(date.year()));
    case PeriodLength::quarter:
      return fmt::format("{} Q{}", static_cast<int>(date.year()), (m - 1) / 3 + 1);
  }
  return {};
}

std::optional<UnixTime> parse_time_expression(std::string_view text, UnixTime now, const Calendar& calendar) {
  const Zone& zone = calendar.zone;
  const Date today = zone.date_of(now);
  if (text == "now") return now;
  if (text == "today") return zone.start_of(today);
  if (text == "yesterday") return zone.start_of(today - days{1});
  if (text.starts_with("last-")) {
    for (unsigned i = 0; i < k_weekdays.size(); ++i) {
      if (text.substr(5) != k_weekdays[i]) continue;
      const auto back = weekday{today} - weekday{i};
      return zone.start_of(today - (back.count() == 0 ? days{7} : back));
    }
    return std::nullopt;
  }
  if (text.starts_with('-')) {
    const auto duration = parse_duration(text.substr(1));
    return duration ? std::optional(now - *duration) : std::nullopt;
  }
  const auto written = parse_time(text);
  if (!written) return std::nullopt;
  if (written->offset) return UnixTime{written->local.time_since_epoch()} - *written->offset;
  return zone.to_utc(written->local);
}

}  // namespace sitrep
