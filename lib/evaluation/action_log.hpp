#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "store/database.hpp"

namespace sitrep::evaluation {

/// A version of an action item, without its title.
struct LoggedAction {
  std::string source, incident, team, owner;
  std::int64_t created, completed;    ///< store::k_no_time: NULL
  std::int64_t observed, superseded;  ///< superseded: store::k_no_time while it holds
  std::string due;                    ///< a day; empty: NULL
  bool has_incident, has_owner;
  bool says_open, dropped;                             ///< its status
  bool holds_at(std::optional<UnixTime> as_of) const;  ///< absent: in the present
};

/// Versions of action items that were not completed before `from` and held at `known` or later: what evaluators of all
/// moments since then need.
struct ActionLog {
  ActionLog(store::Database& db, UnixTime from, UnixTime known);

  UnixTime from, known;
  std::vector<LoggedAction> actions;
};

}  // namespace sitrep::evaluation
