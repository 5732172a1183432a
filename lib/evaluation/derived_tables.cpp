#include "evaluation/derived_tables.hpp"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/numbers.hpp"
#include "evaluation/workdays.hpp"
#include "store/sample_days.hpp"

namespace sitrep::evaluation {
namespace {

/// A connection that only reads refuses TEMP tables too; ours are made in between. The file stays as it is: nothing
/// else runs while this lives.
class TempWrites {
 public:
  explicit TempWrites(store::Database& db) : db_(db) {
    store::Statement asked(db_, "PRAGMA query_only");
    was_ = asked.step() && asked.integer(0) != 0;
    if (was_) db_.execute("PRAGMA query_only = 0");
    db_.execute("SAVEPOINT derived");  // each insert of its own would cost three times as much
  }
  ~TempWrites() {
    try {
      db_.execute("RELEASE derived");
      if (was_) db_.execute("PRAGMA query_only = 1");
    } catch (const Error&) {  // the connection is beyond use; its next statement says so
    }
  }
  TempWrites(const TempWrites&) = delete;
  TempWrites& operator=(const TempWrites&) = delete;

 private:
  store::Database& db_;
  bool was_ = false;
};

}  // namespace

void make_workday_table(store::Store& store, UnixTime now, const Calendar& calendar) {
  const Workdays workdays(store, now, calendar);
  TempWrites writes(store.db());
  store.db().execute(
      "CREATE TEMP TABLE IF NOT EXISTS workday (day TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID");
  store.db().execute("DELETE FROM temp.workday");
  store::Statement insert(store.db(), "INSERT INTO temp.workday VALUES (?1, ?2)");
  for (Date day = workdays.first(); day <= workdays.last(); day += std::chrono::days{1}) {
    const auto text = format_date(day);
    insert.bind(text, workdays.up_to(day));
    insert.run();
  }
}

void make_milestone_table(store::Store& store, const Named* only) {
  TempWrites writes(store.db());
  store.db().execute(
      "CREATE TEMP TABLE IF NOT EXISTS milestone_date (source, id, program_id, title, url, stage, status, due_date, "
      "completed_date, observed_at, superseded_at, first_due, was);"
      "CREATE INDEX IF NOT EXISTS temp.milestone_date_by_id ON milestone_date(id, source);"
      "DELETE FROM temp.milestone_date");
  // The window functions of SQL give the same and take several times as long.
  constexpr std::string_view k_select =
      "SELECT source, id, program_id, title, url, stage, status, due_date, completed_date, observed_at, superseded_at "
      "FROM milestone_history WHERE due_date IS NOT NULL";
  store::Statement insert(store.db(),
                          "INSERT INTO temp.milestone_date VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                          "?13)");
  struct Dates {
    std::string first, last;
  };
  std::map<std::optional<std::string>, Dates> stages;  // of the milestone
  std::pair<std::string, std::string> milestone;
  const auto take = [&](const store::Statement& row) {
    if (milestone.first != row.text(0) || milestone.second != row.text(1)) {
      milestone = {std::string(row.text(0)), std::string(row.text(1))};
      stages.clear();
    }
    const std::string due(row.text(7));
    const auto [dates, first] = stages.try_emplace(row.text_or_null(5), Dates{due, due});
    insert.reset();
    for (int column = 0; column <= 10; ++column) insert.bind_one(column + 1, row.cell(column));
    insert.bind_one(12, dates->second.first);
    insert.bind_one(13, first ? std::nullopt : std::optional<std::string_view>(dates->second.last));
    insert.step();
    insert.reset();
    dates->second.last = due;
  };
  if (only == nullptr) {
    store::Statement all(store.db(), fmt::format("{} ORDER BY source, id, observed_at", k_select));
    while (all.step()) take(all);
    return;
  }
  // One by one: only a plain comparison finds its way through the view to the index.
  store::Statement of_one(store.db(), fmt::format("{} AND id = ?1 ORDER BY observed_at", k_select));
  for (const auto& [source, id] : *only) {
    of_one.bind(id);
    while (of_one.step())
      if (of_one.text(0) == source) take(of_one);  // another source may have the id too
  }
}

void make_gate_tables(store::Store& store, const Named* only) {
  TempWrites writes(store.db());
  store.db().execute(
      "CREATE TEMP TABLE IF NOT EXISTS waiting_launch (source, id, title, service, team, owner, program, status, "
      "target_date, submitted_at, url);"
      "CREATE INDEX IF NOT EXISTS temp.waiting_launch_by_id ON waiting_launch(id, source);"
      "CREATE TEMP TABLE IF NOT EXISTS waiting_gate (source, id, launch_id, area, approver, status, turn, "
      "requested_at, "
      "decided_at);"
      "CREATE INDEX IF NOT EXISTS temp.waiting_gate_by_launch ON waiting_gate(launch_id, source);"
      "DELETE FROM temp.waiting_launch; DELETE FROM temp.waiting_gate");
  const auto insert = [&](std::string_view only_these) {
    return fmt::format(
        "INSERT INTO temp.waiting_launch SELECT source, id, title, service, team, owner, program, status, "
        "target_date, submitted_at, url FROM launch_review WHERE status IN ('submitted', 'in review'){}",
        only_these);
  };
  if (only == nullptr) {
    store::Statement(store.db(), insert("")).run();
  } else {
    store::Statement one(store.db(), insert(" AND id = ?1 AND source = ?2"));
    for (const auto& [source, id] : *only) one.bind(id, source).run();
  }
  store::Statement(store.db(),
                   "INSERT INTO temp.waiting_gate SELECT source, id, launch_id, area, approver, status, turn, "
                   "requested_at, decided_at FROM launch_approval WHERE launch_id IN (SELECT id FROM "
                   "temp.waiting_launch) AND status IN ('pending', 'changes requested')")
      .run();
}

void make_day_view(store::Store& store) {
  TempWrites writes(store.db());
  store.db().execute(
      "CREATE TEMP VIEW IF NOT EXISTS capacity_day AS SELECT source, resource_id, day, first_at, last_at FROM (" +
      store::sample_days_select(store.options().as_of ? std::optional<std::string>(store::k_known_until)
                                                      : std::nullopt) +
      ")");
}

void make_runway_tables(store::Store& store, std::span<const Resource> resources, UnixTime now) {
  TempWrites writes(store.db());
  store.db().execute(
      "CREATE TEMP TABLE IF NOT EXISTS runway (source TEXT, resource_id TEXT, name TEXT, service TEXT, team TEXT, "
      "label "
      "TEXT, state TEXT, headroom REAL, lead_time_days REAL, first_at INTEGER, last_at INTEGER, days_left REAL, "
      "order_by_at INTEGER, reason TEXT, unit TEXT, used REAL, capacity_limit REAL, unit_cost REAL, idle REAL, "
      "idle_text TEXT, launch_demand REAL, error_share REAL, naive_error_share REAL);"
      "CREATE TEMP TABLE IF NOT EXISTS request_outlook (source TEXT, id TEXT, resource_id TEXT, resource TEXT, service "
      "TEXT, team TEXT, unit TEXT, unit_cost REAL, amount REAL, over REAL, needed_date TEXT, support TEXT, reason "
      "TEXT, label TEXT);"
      "DELETE FROM temp.runway; DELETE FROM temp.request_outlook");
  store::Statement insert(
      store.db(),
      "INSERT INTO temp.runway VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
      "?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
  store::Statement request(
      store.db(),
      "INSERT INTO temp.request_outlook VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
      "?13, ?14)");
  for (const auto& r : resources) {
    const auto label = r.name + ": " + r.describe();
    const auto& runway = r.runway;
    const auto amount = [&](double value) {
      return format_amount(value) + (r.unit.empty() ? std::string() : " " + r.unit);
    };
    std::optional<std::string> idle;
    if (r.idle && r.limit) idle = fmt::format("{} of {} idle", amount(*r.idle), format_amount(*r.limit));
    std::optional<double> headroom, days_left, used, error, naive_error;
    if (r.limit && runway.reason.empty()) headroom = runway.headroom;
    if (runway.first) days_left = static_cast<double>((*runway.first - now).count()) / 86'400;
    if (runway.used_at != UnixTime{}) used = runway.used;
    if (runway.forecast && r.limit.value_or(0) > 0) {
      error = runway.forecast->error / *r.limit;
      naive_error = runway.forecast->naive_error / *r.limit;
    }
    insert.bind(r.source, r.id, r.name, r.service, r.team, label, forecast::name(runway.state), headroom,
                r.lead_time_days, runway.first, runway.last, days_left, r.order_by, runway.reason, r.unit, used,
                r.limit, r.unit_cost, r.idle, idle, r.launch_demand, error, naive_error);
    insert.run();
    for (const auto& q : r.requests) {
      const auto needed = q.needed ? format_date(*q.needed) : std::string();
      const auto what = fmt::format("{} for {}: {}", amount(q.amount), r.name, q.reason);
      request.bind(q.source, q.id, r.id, r.name, r.service, q.team, r.unit, r.unit_cost, q.amount, q.over, needed,
                   name(q.support), q.reason, what);
      request.run();
    }
  }
}

}  // namespace sitrep::evaluation
