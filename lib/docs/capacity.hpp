#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The template function forecast(resource): see data_functions.cpp. Without a resource it gives all of them, most
/// urgent first: full, then by order-by date, then those without a date by headroom, then those that can't be judged.
/// With one it gives that resource with `points` (at, value, lower, upper) for a chart.
templating::Value forecast_resources(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
