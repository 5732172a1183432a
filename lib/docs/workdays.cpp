#include "docs/workdays.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "docs/rows.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Value;

constexpr std::int64_t k_max_days = 40'000;  // more than a century: a typing error

bool is_weekday(Date day) {
  const std::chrono::weekday weekday{day};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

}  // namespace

Value business_days(CallArguments& arguments, const Calendar& calendar) {
  const auto day = [&](std::size_t parameter) {
    return date_cell(Value(Dict{{"day", arguments[parameter]}}), "day", calendar, "business_days");
  };
  auto from = day(0), to = day(1);
  if (!from || !to) return Value::none();
  const bool backwards = *to < *from;
  if (backwards) std::swap(from, to);
  if ((*to - *from).count() > k_max_days)
    fail(ErrorKind::user_code, "business_days: more than a century between the days");
  std::set<Date> holidays;
  for (const auto& row : arguments.list(2)) {
    const auto first = date_cell(row, "from_date", calendar, "business_days");
    const auto last = date_cell(row, "to_date", calendar, "business_days");
    if (!first) continue;
    for (auto at = std::max(*first, *from); at <= last.value_or(*first) && at < *to; at += std::chrono::days{1})
      holidays.insert(at);
  }
  std::int64_t count = 0;
  for (auto at = *from; at < *to; at += std::chrono::days{1}) count += is_weekday(at) && !holidays.contains(at) ? 1 : 0;
  return backwards ? -count : count;
}

}  // namespace sitrep::docs
