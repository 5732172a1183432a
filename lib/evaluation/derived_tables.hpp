#pragma once

#include <span>

#include "base/period.hpp"
#include "evaluation/capacity.hpp"
#include "evaluation/rows.hpp"
#include "store/store.hpp"

// Tables that metric definitions may read beside the documented views: TEMP tables and views of the connection, made
// when a definition first names them.
namespace sitrep::evaluation {

/// workday(day TEXT 'YYYY-MM-DD', n INTEGER): n counts the business days up to and including that day, so that the
/// difference of two days' n is the number of business days between them. Saturdays, Sundays and the holidays of the
/// `calendar` entity without a scope are none. Six years back and two ahead of now.
void make_workday_table(store::Store& store, UnixTime now, const Calendar& calendar);

/// milestone_date: the versions of milestone_history with a due date, and first_due (the first due date known for the
/// same stage), was (the one before, for the same stage). `only`:
/// those of these milestones; null: of all.
void make_milestone_table(store::Store& store, const Named* only = nullptr);

/// waiting_launch: launch reviews submitted or in review. waiting_gate: their gates that are pending or ask for
/// changes. `only`: those of these reviews.
void make_gate_tables(store::Store& store, const Named* only = nullptr);

/// capacity_day(source, resource_id, day, first_at, last_at): UTC days since 1970 with samples, and the first and last
/// of each.
void make_day_view(store::Store& store);

/// runway(source, resource_id, name, service, team, label, state, headroom, lead_time_days, first_at, last_at,
/// days_left, order_by_at, reason, unit, used, capacity_limit, unit_cost, idle, idle_text, launch_demand, error_share,
/// naive_error_share): one row per capacity resource; see forecast::Runway for the states. The errors are of the
/// back-test, over the limit.
///
/// request_outlook(source, id, resource_id, resource, service, team, unit, unit_cost, amount, over, needed_date,
/// support, reason, label): one row per open capacity request; see CapacityRequest.
void make_runway_tables(store::Store& store, std::span<const Resource> resources, UnixTime now);

}  // namespace sitrep::evaluation
