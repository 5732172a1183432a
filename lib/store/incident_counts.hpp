#pragma once

#include <memory>

#include "base/period.hpp"
#include "store/database.hpp"
#include "store/present.hpp"

namespace sitrep::store {

/// The table-valued SQL function incident_counts(from, to): how many incidents started in [from, to), Unix seconds, by
/// week (its first day, as week() gives it), program, service, severity and kind as the records say them (NULL where
/// they say nothing). Columns: week, program, service, severity, kind, n. What it counts is what the view `incident`
/// shows; it comes from the packed incidents, a hundred times sooner than from the rows of a large store.
void register_incident_counts(Database& db, const std::shared_ptr<const Present>& present, const Calendar& calendar);

}  // namespace sitrep::store
