#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The template function business_days(from, to, holidays): weekdays in [from, to) that are no holiday; negative when
/// `to` is earlier. `holidays` are rows with from_date and to_date (both included).
templating::Value business_days(templating::CallArguments& arguments, const Calendar& calendar);

}  // namespace sitrep::docs
