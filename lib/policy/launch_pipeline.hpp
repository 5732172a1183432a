#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policy/launch_check.hpp"
#include "store/store.hpp"

namespace sitrep::policy {

/// One area of a review.
struct LaunchGate {
  std::string area, approver;
  std::string status;  ///< pending, approved, changes requested, not needed
  std::string turn;    ///< author, reviewer; "" when it is nobody's
  std::optional<UnixTime> requested_at, decided_at;
  std::int64_t waits = 0;  ///< business days since it was asked for, or since changes were; 0 when it is settled
  std::optional<std::int64_t> promised;     ///< business days
  std::optional<ReviewTimes::Usual> usual;  ///< of past reviews
  std::optional<Date> expected;             ///< of a pending gate: the day past reviews speak for
  bool late() const { return turn == "reviewer" && promised && waits > *promised; }
};

/// A launch review on its way.
struct LaunchState {
  std::string source, id, title, service, team, owner, program, phase, status, url;
  std::optional<std::int64_t> tier;
  std::optional<Date> target;
  std::optional<UnixTime> submitted_at, decided_at, launched_at;
  std::vector<LaunchGate> gates;       ///< by area
  std::string turn;                    ///< author, reviewers, launch (approved); "" when it is over
  std::vector<std::string> waits_for;  ///< the author's name or the areas whose turn it is
  std::int64_t age = 0;                ///< business days since it was submitted, up to its decision
  bool blocked = false;                ///< a gate asks for changes
  bool overdue = false;                ///< past its date, or a gate past its promise
  std::optional<Date> predicted;       ///< of a review under way: the day its last gate is expected to approve
  std::string freeze;                  ///< in which the target date lies
  std::vector<const config::LaunchRules::Exception*> exceptions;  ///< of the policy, which they borrow from
  /// Calendar days by which the predicted approval passes the target date.
  std::optional<std::int64_t> days_short() const;
  bool is_over() const;  ///< launched, rejected or withdrawn
  /// What stands in its way, each in a few words.
  std::vector<std::string> reasons() const;
};

/// Every review that the store shows, by target date. Business days leave out holidays of the calendar and of the
/// policy; the prediction is the latest of the gates' medians over the past 12 months, their promise where there are
/// fewer than k_least_reviews.
std::vector<LaunchState> launch_pipeline(store::Store& store, const config::LaunchRules& policy,
                                         const Calendar& calendar, UnixTime now);

/// Freezes and holidays of the policy and of the store's calendar (null: no store); of holidays those without a scope.
void add_calendar(store::Store* store, const config::LaunchRules& policy, LaunchFacts& facts);

}  // namespace sitrep::policy
