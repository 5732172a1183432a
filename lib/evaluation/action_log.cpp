#include "evaluation/action_log.hpp"

#include <fmt/format.h>

#include "store/incident_pack.hpp"
#include "store/schema.hpp"

namespace sitrep::evaluation {
namespace {

using store::k_no_time;

}  // namespace

bool LoggedAction::holds_at(std::optional<UnixTime> as_of) const {
  if (!as_of) return superseded == k_no_time;
  const auto t = unix_seconds(*as_of);
  return observed <= t && (superseded == k_no_time || superseded > t);
}

ActionLog::ActionLog(store::Database& db, UnixTime since, UnixTime known_since) : from(since), known(known_since) {
  constexpr std::string_view k_select =
      "SELECT n.name, v.incident_id, v.team, v.owner, v.status, v.created_at, v.completed_at, v.due_date, "
      "v.observed_at, {} FROM main.action_item_{} v JOIN main.source_name n ON n.id = v.source_id WHERE "
      "(v.completed_at "
      "IS NULL OR v.completed_at >= ?1)";
  const auto read = [&](store::Statement& rows) {
    while (rows.step()) {
      LoggedAction action{.source = std::string(rows.text(0)),
                          .incident = std::string(rows.text(1)),
                          .team = std::string(rows.text(2)),
                          .owner = std::string(rows.text(3)),
                          .created = rows.seconds(5),
                          .completed = rows.seconds(6),
                          .observed = rows.integer(8),
                          .superseded = rows.seconds(9),
                          .due = std::string(rows.text(7)),
                          .has_incident = !rows.is_null(1),
                          .has_owner = !rows.is_null(3),
                          .says_open = rows.is_null(4) || rows.text(4) == "open",
                          .dropped = rows.text(4) == "dropped"};
      actions.push_back(std::move(action));
    }
  };
  store::Statement current(db, fmt::format(k_select, "NULL", "current"));
  current.bind(from);
  read(current);
  store::Statement past(db, fmt::format(k_select, "v.superseded_at", "past") + " AND " + store::held_after("v", "?2"));
  past.bind(from, known);
  read(past);
}

}  // namespace sitrep::evaluation
