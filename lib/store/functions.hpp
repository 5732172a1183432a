#pragma once

#include <memory>

#include "base/period.hpp"
#include "store/database.hpp"
#include "store/present.hpp"

namespace sitrep::store {

/// SQL functions for users:
///   ts(text)            Unix seconds of a TIME as on the command line ('2026-11-01', '-7d'); an integer stays itself
///   iso(seconds)        '2026-11-16T08:00:00Z'
///   day(seconds)        its day, 'YYYY-MM-DD', in the calendar's zone
///   week(seconds)       first day of its week, 'YYYY-MM-DD', in the calendar's zone
///   month(seconds)      'YYYY-MM', in the calendar's zone
///   duration(seconds)   '3h 20m': two units at most
///   percentile(x, p)    aggregate, p in 0..1; linear interpolation of order statistics (type 7 of Hyndman & Fan 1996)
///   median(x)           percentile(x, 0.5)
/// NULL in is NULL out; aggregates skip NULL and are NULL over nothing. Text where a number belongs is an error.
/// And, for our views, known_until().
void register_functions(Database& db, const std::shared_ptr<const Present>& present, const Calendar& calendar);

}  // namespace sitrep::store
