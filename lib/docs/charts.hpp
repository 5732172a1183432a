#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The global `chart`: line, bar, spark, states, gantt, heatmap. Each takes rows and the names of their columns, and
/// gives the figure's marker. `figures` is borrowed and must outlive the value.
templating::Value chart_functions(Figures& figures, const Calendar& calendar, UnixTime now);

}  // namespace sitrep::docs
