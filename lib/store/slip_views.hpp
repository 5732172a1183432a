#pragma once

#include <string>
#include <utility>
#include <vector>

// How dates of milestones and launches moved, from their versions. A slip is a later date for the same stage (of a
// launch: phase); a date that comes with the next stage is progress.
//
//   slip            one row per moved date: entity, source, id, title, program, stage, at (when it was seen), before,
//                   after, days (negative: pulled in), cause
//   milestone_slip  one row per present milestone: source, id, title, program, owner, stage, status, due_date,
//                   past_dates (JSON, oldest first: stage, date, seen), slips, days_slipped (net, over all stages),
//                   last_slip_at, last_cause
//   launch_slip     the same of launch reviews; due_date is their target_date
//
// The cause is what the record says of itself (slip_reason, slip_cause or reason in extra), else the last note on the
// record, by its id or title, from the time between the state before and the next move.
namespace sitrep::store {

/// Name and SELECT of each; they read the views of their entities.
std::vector<std::pair<std::string, std::string>> slip_views();

}  // namespace sitrep::store
