#include "evaluation/workdays.hpp"

#include <set>

#include "base/business_days.hpp"

namespace sitrep::evaluation {
namespace {

std::set<Date> holidays(store::Store& store) {
  std::set<Date> days;
  store::Statement rows(store.db(),
                        "SELECT from_date, coalesce(to_date, from_date) FROM calendar "
                        "WHERE kind = 'holiday' AND coalesce(scope, '') = ''");
  while (rows.step()) {
    const auto from = parse_date(rows.text(0));
    const auto to = parse_date(rows.text(1));
    if (from && to) add_holiday(days, *from, *to);
  }
  return days;
}

}  // namespace

Workdays::Workdays(store::Store& store, UnixTime now, const Calendar& calendar) {
  const auto free_days = holidays(store);
  const Date today = calendar.zone.date_of(now);
  first_ = today - std::chrono::days{6 * 365};
  std::int32_t n = 0;
  for (Date day = first_; day <= today + std::chrono::days{2 * 365}; day += std::chrono::days{1}) {
    if (is_business_day(day, free_days)) ++n;
    counts_.push_back(n);
  }
}

std::optional<std::int64_t> Workdays::up_to(Date day) const {
  if (day < first_ || day > last()) return std::nullopt;
  return counts_[static_cast<std::size_t>((day - first_).count())];
}

}  // namespace sitrep::evaluation
