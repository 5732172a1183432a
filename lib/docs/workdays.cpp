#include "docs/workdays.hpp"

#include <set>

#include "base/business_days.hpp"
#include "docs/rows.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Value;

}  // namespace

Value business_days(CallArguments& arguments, const Calendar& calendar) {
  const auto day = [&](std::size_t parameter) {
    return date_cell(Value(Dict{{"day", arguments[parameter]}}), "day", calendar, "business_days");
  };
  const auto from = day(0), to = day(1);
  if (!from || !to) return Value::none();
  std::set<Date> holidays;
  for (const auto& row : arguments.list(2)) {
    const auto first = date_cell(row, "from_date", calendar, "business_days");
    const auto last = date_cell(row, "to_date", calendar, "business_days");
    if (first) add_holiday(holidays, *first, last.value_or(*first));
  }
  return sitrep::business_days(*from, *to, holidays);
}

}  // namespace sitrep::docs
