#include "store/gc.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "store/sample_days.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;
using model::Keeping;

// Dates that people promise, and what they are promised for: a change of one is a slip or the next stage.
constexpr std::array<std::string_view, 6> k_promises = {"due_date", "target_date", "needed_date",
                                                        "stage",    "phase",       "postmortem_due_date"};

struct Cut {
  std::int64_t removed = 0, kept = 0;
};

std::int64_t count(Database& db, const std::string& sql, UnixTime before) {
  Statement statement(db, sql);
  return statement.bind(before).step() ? statement.integer(0) : 0;
}

std::int64_t remove(Database& db, const std::string& sql, UnixTime before) {
  Statement statement(db, sql);
  statement.bind(before).run();
  return db.changes();
}

/// A condition on past version `p`: the next state of its record promises something else. Empty: nothing is promised.
std::string moves_a_promise(Database& db, const Entity& entity) {
  const auto in_file = table_columns(db, past_table(entity));
  std::string columns, differs;
  for (const auto& column : entity.columns) {
    if (std::ranges::find(k_promises, column.name) == k_promises.end()) continue;
    if (std::ranges::find(in_file, column.name) == in_file.end()) continue;
    const auto name = quote_name(column.name);
    columns += ", " + name;
    differs += fmt::format("{}n.{} IS NOT p.{}", differs.empty() ? "" : " OR ", name, name);
  }
  if (columns.empty()) return "";
  const auto past = "main." + quote_name(past_table(entity));
  const auto current = "main." + quote_name(current_table(entity));
  return fmt::format(
      "EXISTS (SELECT 1 FROM (SELECT observed_at{0} FROM {1} a WHERE a.id = p.id AND a.source_id = p.source_id AND "
      "a.observed_at >= p.superseded_at UNION ALL SELECT observed_at{0} FROM {2} b WHERE b.id = p.id AND b.source_id = "
      "p.source_id ORDER BY observed_at LIMIT 1) n WHERE {3})",
      columns, past, current, differs);
}

Cut cut_versions(Database& db, const Entity& entity, UnixTime before) {
  const auto past = "main." + quote_name(past_table(entity));
  const auto promise = moves_a_promise(db, entity);
  Cut cut;
  // Which go is decided before any does: each looks at its next version.
  db.execute("CREATE TEMP TABLE IF NOT EXISTS gc_key (key INTEGER PRIMARY KEY); DELETE FROM gc_key");
  cut.removed = remove(db,
                       fmt::format("INSERT INTO gc_key SELECT p.key FROM {} p WHERE p.superseded_at < ?1{}", past,
                                   promise.empty() ? "" : " AND NOT " + promise),
                       before);
  cut.kept = count(db, fmt::format("SELECT count(*) FROM {} WHERE superseded_at < ?1", past), before) - cut.removed;
  db.execute(fmt::format("DELETE FROM {} WHERE key IN (SELECT key FROM gc_key); DROP TABLE gc_key", past));
  return cut;
}

Cut cut_series(Database& db, const Entity& entity, UnixTime before) {
  const auto values = "main." + quote_name(value_table(entity));
  const auto series = "main." + quote_name(series_table(entity));
  Cut cut;
  // Series by series: their samples are clustered by time.
  Statement keys(db, fmt::format("SELECT key FROM {}", series));
  Statement newest(db, fmt::format("SELECT max(at) FROM {} WHERE series = ?1 AND superseded_at IS NULL", values));
  Statement old(db, fmt::format("DELETE FROM {} WHERE series = ?1 AND at < ?2", values));
  while (keys.step()) {
    const auto key = keys.integer(0);
    newest.bind(key).step();
    const auto last = newest.integer_or_null(0);
    newest.reset();
    const auto from = std::min(unix_seconds(before), last.value_or(unix_seconds(before)));
    old.bind(key, from).run();
    cut.removed += db.changes();
    if (entity.name == "capacity_sample") forget_sample_days(db, key, from);
  }
  cut.removed += remove(db, fmt::format("DELETE FROM {} WHERE superseded_at < ?1", values), before);
  return cut;
}

Cut cut_runs(Database& db, UnixTime before) {
  Cut cut;
  cut.removed = remove(
      db,
      "DELETE FROM main.sync_run_log WHERE finished_at < ?1 AND id NOT IN (SELECT max(id) FROM main.sync_run_log "
      "WHERE finished_at < ?1 AND error IS NULL GROUP BY stream_id) AND id NOT IN (SELECT max(id) FROM "
      "main.sync_run_log WHERE finished_at < ?1 AND error IS NULL AND pass = 'full' GROUP BY stream_id)",
      before);
  return cut;
}

Cut cut_rejects(Database& db, UnixTime before) {
  // What still stands is no past: reports count it.
  return {remove(db,
                 "DELETE FROM main.reject_log WHERE last_at < ?1 AND last_at < (SELECT max(r.observed_at) FROM "
                 "main.sync_run_log r WHERE r.stream_id = reject_log.stream_id AND r.pass = 'full' AND r.error IS NULL "
                 "AND r.finished_at IS NOT NULL)",
                 before),
          0};
}

/// How far before a moment the answers of that moment reach.
Seconds look_back(std::string_view what) { return what == "capacity_sample" ? k_forecast_history : Seconds(0); }

void remember(Database& db, const Removal& removal) {
  Statement statement(db,
                      "INSERT INTO main.removed_past (what, before) VALUES (?1, ?2) ON CONFLICT (what) DO UPDATE SET "
                      "before = max(before, excluded.before)");
  statement.bind(removal.what, removal.before).run();
}

}  // namespace

void check_retention(const Retention& retention, std::span<const Entity> entities, std::string_view where) {
  for (const auto& [what, age] : retention) {
    std::vector<std::string_view> names = {"sync_run", "reject"};
    for (const auto& entity : entities) names.push_back(entity.name);
    if (std::ranges::find(names, what) == names.end())
      fail(ErrorKind::usage, "{}: there is no entity '{}'{}", where, visible(what), did_you_mean(what, names));
    const auto least = k_shortest_retention + look_back(what);
    if (age < least)
      fail(ErrorKind::usage, "{}: {} is kept for {} days at least: that is how far reports look back", where, what,
           std::chrono::duration_cast<std::chrono::days>(least).count());
  }
}

std::vector<Removal> collect_garbage(Store& store, const Retention& retention, DryRun dry_run) {
  auto& db = store.db();
  std::vector<Removal> removals;
  Transaction transaction(db);
  for (const auto& [what, age] : retention) {
    Removal removal{what, store.options().now - age, 0, 0};
    const auto* entity = store.find_entity(what);
    const auto cut = what == "sync_run"                        ? cut_runs(db, removal.before)
                     : what == "reject"                        ? cut_rejects(db, removal.before)
                     : entity->keeping == Keeping::corrections ? cut_series(db, *entity, removal.before)
                                                               : cut_versions(db, *entity, removal.before);
    removal.rows = cut.removed;
    removal.dated_rows = cut.kept;
    if (removal.rows > 0) remember(db, removal);
    removals.push_back(std::move(removal));
  }
  if (dry_run == DryRun::no) transaction.commit();
  return removals;
}

std::int64_t give_back_space(Store& store) {
  auto& db = store.db();
  const auto number = [&](const char* pragma) {
    Statement statement(db, pragma);
    return statement.step() ? statement.integer(0) : 0;
  };
  const auto pages = number("PRAGMA page_count"), free = number("PRAGMA freelist_count");
  if (free * 10 < pages) return 0;
  // The copy goes to a file: a store may be larger than the memory.
  db.execute("PRAGMA temp_store = FILE");
  db.execute("VACUUM main");
  db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return (pages - number("PRAGMA page_count")) * number("PRAGMA page_size");
}

std::optional<RemovedPast> find_removed_past(Database& db, UnixTime as_of) {
  if (table_columns(db, "removed_past").empty()) return std::nullopt;
  Statement removed(db, "SELECT what, before FROM main.removed_past ORDER BY before DESC");
  while (removed.step()) {
    const RemovedPast past{std::string(removed.text(0)), removed.time(1), removed.time(1) + look_back(removed.text(0))};
    if (past.whole_from > as_of) return past;
  }
  return std::nullopt;
}

void refuse_removed_past(Database& db, UnixTime as_of) {
  if (const auto past = find_removed_past(db, as_of))
    fail(ErrorKind::data,
         "--as-of {}: 'sitrep store gc' removed the past of {} before {}; choose a moment from {} on, or a backup "
         "with --store",
         format_utc(as_of), past->what, format_utc(past->before), format_utc(past->whole_from));
}

std::optional<UnixTime> whole_since(Database& db, std::string_view entity) {
  if (table_columns(db, "removed_past").empty()) return std::nullopt;
  Statement statement(db, "SELECT before FROM main.removed_past WHERE what = ?1");
  if (!statement.bind(entity).step()) return std::nullopt;
  return statement.time(0);
}

}  // namespace sitrep::store
