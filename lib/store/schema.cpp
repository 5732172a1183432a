#include "store/schema.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "model/reserved_names.hpp"
#include "store/incident_pack.hpp"
#include "store/sample_days.hpp"
#include "store/views.hpp"

namespace sitrep::store {
namespace {

using model::Column;
using model::Entity;
using model::Keeping;

/// Indexes for reports. Each costs every insert, so each names the question it answers. The share in brackets is what
/// it adds to an insert into its table alone, by processor time, each measured by itself: 1,000,000 incidents, 750,000
/// updates, 20,000 actions, 100,000 launch reviews, 300,000 approvals (`./dev bench store --scale 1` prints them; a
/// first load builds those without a condition at its end for less); a busy machine moves them by half. Ids of
/// incidents are scattered there: an index that begins with one costs less where they count upwards. There is none on a
/// plain status: nearly all records share one, and a scan is faster then. Nor on open actions: a scan of 20,000 takes 3
/// ms, the index would take 1 ms.
struct ReportIndex {
  std::string_view name, entity, definition;
};
constexpr std::array k_report_indexes = {
    // What started in a period, for lists and for SQL of users (50 %; without it a week of a million incidents is a
    // scan of all). Metrics read incident_pack instead, so that this index holds no more than the time.
    ReportIndex{"incident_start", "incident", R"("incident_current"(started_at))"},
    // Open incidents: a handful among a million (less than runs differ).
    ReportIndex{"incident_open", "incident", R"("incident_current"(started_at) WHERE resolved_at IS NULL)"},
    // Serious ones that ended in a period, whenever they began: reports ask for them in these very words (30 %, two in
    // five being serious).
    ReportIndex{"incident_serious_end", "incident",
                R"("incident_current"(resolved_at) WHERE severity IN ('SEV1', 'SEV2'))"},
    // Postmortems that are owed: the few incidents that have a due date (no more than open ones).
    ReportIndex{"incident_postmortem", "incident",
                R"("incident_current"(started_at) WHERE postmortem_due_date IS NOT NULL)"},
    // The timeline of one incident (190 %), its actions (110 %), the gates of one launch (100 %; with what they say, so
    // that a year's launches are held against theirs without their rows): a document asks for those of one among
    // hundreds of thousands, a report joins by them.
    ReportIndex{"incident_update_of", "incident_update", R"("incident_update_current"(incident_id, at))"},
    ReportIndex{"action_item_of", "action_item", R"("action_item_current"(incident_id))"},
    ReportIndex{"launch_approval_states", "launch_approval",
                R"("launch_approval_current"(launch_id, source_id, status, decided_at))"},
    // Launches that are under way: few, since most are out (8 %). An index serves the very conditions that it is made
    // with: these are the lists that reports and metrics ask for.
    ReportIndex{
        "launch_review_open", "launch_review",
        R"("launch_review_current"(target_date) WHERE status IN ('draft', 'submitted', 'in review', 'approved') )"
        "OR status IN ('submitted', 'in review', 'approved') OR status IN ('submitted', 'in review')"},
    // What a period launched (40 %). There is none on what it submitted or decided: a scan of 100,000 launches takes
    // 10 ms, metrics of 14 weeks read less by it than by such an index, and each would be a tenth of the table's size.
    ReportIndex{"launch_review_launched", "launch_review",
                R"("launch_review_current"(launched_at) WHERE launched_at IS NOT NULL)"},
};
/// Of earlier releases; another one answers their questions.
constexpr std::array<std::string_view, 12> k_retired_indexes = {
    "incident_by_start",       "incident_times",        "incident_ended",      "incident_started",
    "incident_resolved",       "incident_end",          "incident_odd_times",  "launch_review_state",
    "launch_review_submitted", "launch_review_decided", "launch_review_moved", "launch_approval_of"};

/// Seconds that past versions held, at most, by class; the last class holds what lasted longer. Powers of about four:
/// of the versions that an index search by class finds, a quarter or more held at the moment that is asked for.
constexpr std::array<std::int64_t, 6> k_lifespans = {3'600, 28'800, 172'800, 604'800, 2'592'000, 10'368'000};

std::string one_line(std::string_view doc) { return replace_all(replace_all(doc, "\n", " "), "\r", " "); }

/// One line of CREATE TABLE with its comment.
void add_column(std::string& sql, std::string_view name, std::string_view type, std::string_view doc) {
  sql += fmt::format("  {} {}", quote_name(name), type);
  sql += ',';
  if (!doc.empty()) sql += "  -- " + one_line(doc);
  sql += '\n';
}

void add_entity_column(std::string& sql, const Column& column) {
  add_column(sql, column.name, model::sqlite_type(column.type),
             fmt::format("{}; {}", model::name(column.type), column.doc));
}

std::string versions_sql(const Entity& entity, const std::string& table, bool past) {
  std::string sql = fmt::format("CREATE TABLE {} (  -- {}{}\n", quote_name(table), past ? "ended versions: " : "",
                                one_line(entity.doc));
  add_column(sql, "key", "INTEGER PRIMARY KEY", "");
  add_column(sql, "source_id", "INTEGER NOT NULL", "");
  add_column(sql, "id", "TEXT NOT NULL", "the source's id; a composite key as a JSON array");
  add_column(sql, "stream_id", "INTEGER NOT NULL", "the stream that saw it last");
  for (const auto& column : entity.columns) add_entity_column(sql, column);
  add_column(sql, "url", "TEXT", "");
  add_column(sql, "extra", "TEXT", "JSON object: what has no column");
  if (past) {
    add_column(sql, "superseded_at", "INTEGER NOT NULL",
               "Unix seconds: the next state was seen, or it was seen to be gone");
    add_column(sql, "deleted_at", "INTEGER", "Unix seconds: = superseded_at when the record vanished");
  }
  add_column(sql, "observed_at", "INTEGER NOT NULL", "Unix seconds: start of the sync that first saw this state");
  return sql + "  \"hash\" BLOB NOT NULL  -- XXH3-128 of columns, url and extra\n) STRICT";
}

std::string series_sql(const Entity& entity) {
  std::string sql = fmt::format("CREATE TABLE {} (\n", quote_name(series_table(entity)));
  add_column(sql, "key", "INTEGER PRIMARY KEY", "");
  add_column(sql, "source_id", "INTEGER NOT NULL", "");
  add_column(sql, "stream_id", "INTEGER NOT NULL", "");
  for (const auto& name : entity.series_key) add_entity_column(sql, *entity.find(name));
  return sql +
         "  \"series_text\" TEXT NOT NULL,  -- JSON array of the columns above: NULLs compare equal in it\n"
         "  UNIQUE (source_id, series_text)\n) STRICT";
}

std::string values_sql(const Entity& entity) {
  std::string sql = fmt::format("CREATE TABLE {} (  -- {}\n", quote_name(value_table(entity)), one_line(entity.doc));
  add_column(sql, "series", "INTEGER NOT NULL", "");
  add_column(sql, "at", "INTEGER NOT NULL", "Unix seconds");
  add_column(sql, "observed_at", "INTEGER NOT NULL", "Unix seconds: start of the sync that first saw this value");
  add_column(sql, "superseded_at", "INTEGER", "Unix seconds: a correction was seen");
  for (const auto* column : value_columns(entity)) add_entity_column(sql, *column);
  add_column(sql, "url", "TEXT", "");
  add_column(sql, "extra", "TEXT", "JSON object: what has no column");
  return sql + "  PRIMARY KEY (series, at, observed_at)\n) STRICT, WITHOUT ROWID";
}

/// The class of a past version. As text it has to be the same in the index and in the condition that uses it.
std::string lifespan_class(std::string_view prefix) {
  std::string sql = "CASE";
  for (std::size_t i = 0; i < k_lifespans.size(); ++i)
    sql += fmt::format(" WHEN {0}superseded_at - {0}observed_at <= {1} THEN {2}", prefix, k_lifespans[i], i);
  return sql + fmt::format(" ELSE {} END", k_lifespans.size());
}

std::string type_in_file(Database& db, std::string_view table, std::string_view column) {
  Statement statement(db, "SELECT type FROM pragma_table_info(?1) WHERE name = ?2 COLLATE NOCASE");
  return statement.bind(table, column).step() ? std::string(statement.text(0)) : std::string();
}

void ensure_table(Database& db, const Entity& entity, const std::string& table, const std::string& create,
                  const std::vector<const Column*>& columns) {
  if (table_columns(db, table).empty()) {
    db.execute(create);
    return;
  }
  for (const auto* column : columns) {
    const auto wanted = model::sqlite_type(column->type);
    const auto found = type_in_file(db, table, column->name);
    if (found.empty())
      db.execute(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quote_name(table), quote_name(column->name), wanted));
    else if (found != wanted)
      fail(ErrorKind::config,
           "entity {}: column {} is kept as {} in the store and declared as {} now; keep its type, or give the new "
           "column "
           "another name",
           entity.name, column->name, found, model::name(column->type));
  }
}

std::string key_index(const Entity& entity) { return entity.name + "_by_id"; }
std::string seen_index(const Entity& entity) { return entity.name + "_by_seen"; }

std::vector<const Column*> pointers(const Entity& entity) {
  std::vector<const Column*> all;
  for (const auto& column : entity.columns) all.push_back(&column);
  return all;
}

}  // namespace

std::string current_table(const Entity& entity) { return entity.name + "_current"; }
std::string past_table(const Entity& entity) { return entity.name + "_past"; }
std::string series_table(const Entity& entity) { return entity.name + "_series"; }
std::string value_table(const Entity& entity) { return entity.name + "_value"; }

std::string held_at(std::string_view alias, UnixTime t) { return held_at(alias, std::to_string(unix_seconds(t))); }

namespace {

/// One for each class of how long versions held.
std::vector<std::string> held_arms(const std::string& prefix, std::string_view t) {
  const auto of_class = lifespan_class(prefix);
  std::vector<std::string> arms;
  for (std::size_t i = 0; i <= k_lifespans.size(); ++i) {
    auto& arm = arms.emplace_back(fmt::format("{} = {} AND {}superseded_at > {}", of_class, i, prefix, t));
    if (i < k_lifespans.size()) arm += fmt::format(" AND {}superseded_at <= {} + {}", prefix, t, k_lifespans[i]);
  }
  return arms;
}

}  // namespace

std::string held_at(std::string_view alias, std::string_view t) {
  const auto prefix = fmt::format("{}.", alias);
  return fmt::format("{}observed_at <= {} AND (({}))", prefix, t, join(held_arms(prefix, t), ") OR ("));
}

std::string select_held(std::string_view columns, std::string_view past, std::string_view t, std::string_view more) {
  std::string sql;
  for (const auto& arm : held_arms("p.", t))
    sql += fmt::format("{}SELECT {} FROM {} p WHERE {} AND p.observed_at <= {}{}{}", sql.empty() ? "" : " UNION ALL ",
                       columns, past, arm, t, more.empty() ? "" : " AND ", more);
  return sql;
}

std::string held_after(std::string_view alias, std::string_view t) {
  const auto prefix = fmt::format("{}.", alias);
  const auto of_class = lifespan_class(prefix);
  std::string arms;
  for (std::size_t i = 0; i <= k_lifespans.size(); ++i)
    arms += fmt::format("{}({} = {} AND {}superseded_at > {})", i == 0 ? "" : " OR ", of_class, i, prefix, t);
  return "(" + arms + ")";
}

std::vector<const Column*> value_columns(const Entity& entity) {
  std::vector<const Column*> values;
  for (const auto& column : entity.columns) {
    const bool key = std::ranges::find(entity.series_key, column.name) != entity.series_key.end();
    if (!key && column.name != "at") values.push_back(&column);
  }
  return values;
}

std::vector<std::string> table_columns(Database& db, std::string_view table) {
  Statement statement(db, "SELECT name FROM pragma_table_info(?1, 'main')");
  statement.bind(table);
  std::vector<std::string> names;
  while (statement.step()) names.emplace_back(statement.text(0));
  return names;
}

std::string record_columns(Database& db, const Entity& entity) {
  std::string list;
  for (const auto& column : table_columns(db, current_table(entity)))
    if (column != "key") list += (list.empty() ? "" : ", ") + quote_name(column);
  return list;
}

std::vector<std::string> dropped_columns(Database& db, const Entity& entity) {
  const bool versions = entity.keeping == Keeping::versions;
  std::vector<std::string> dropped;
  for (auto& name : table_columns(db, versions ? current_table(entity) : value_table(entity))) {
    const bool ours = std::ranges::find(model::k_reserved_columns, name) != model::k_reserved_columns.end();
    if (!ours && !(name == "at" && !versions) && entity.index_of(name) < 0) dropped.push_back(std::move(name));
  }
  return dropped;
}

void check_names(std::span<const Entity> own) {
  for (const auto& entity : own) {
    if (model::is_reserved_entity(entity.name))
      fail(ErrorKind::config, "[entity.{}]: the store needs this name itself; choose another one", entity.name);
    for (const auto& column : entity.columns)
      if (std::ranges::find(model::k_reserved_columns, lower_ascii(column.name)) != model::k_reserved_columns.end())
        fail(ErrorKind::config, "[entity.{}]: every entity has a column '{}' already; choose another name", entity.name,
             column.name);
  }
}

void ensure_entities(Database& db, std::span<const Entity> entities) {
  for (const auto& entity : entities) {
    if (entity.keeping == Keeping::versions) {
      const auto current = current_table(entity);
      const auto past = past_table(entity);
      ensure_table(db, entity, current, versions_sql(entity, current, false), pointers(entity));
      ensure_table(db, entity, past, versions_sql(entity, past, true), pointers(entity));
      ensure_indexes(db, entity);
      if (entity.name == "incident") ensure_incident_packs(db);
    } else {
      ensure_table(db, entity, series_table(entity), series_sql(entity), {});
      ensure_table(db, entity, value_table(entity), values_sql(entity), value_columns(entity));
      if (entity.name == "capacity_sample") ensure_sample_days(db);
    }
  }
  create_file_views(db, entities);
}

void ensure_indexes(Database& db, const Entity& entity) {
  if (entity.keeping != Keeping::versions) return;
  const auto current = quote_name(current_table(entity));
  const auto past = quote_name(past_table(entity));
  // What an upsert looks for, and what links of other records lead to (incidents 55 %, launch reviews 60 %).
  db.execute(
      fmt::format("CREATE UNIQUE INDEX IF NOT EXISTS {} ON {}(id, source_id)", quote_name(key_index(entity)), current));
  // History of a record (incidents 50 %, launch reviews 75 %). The id comes first: people ask for it without the
  // source.
  db.execute(
      fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}(id, source_id)", quote_name(entity.name + "_past_by_id"), past));
  // What was removed before a moment: few, so that diff soon tells what is there again from what is new (0 % where
  // nothing was removed; without it a diff of a week looks up the whole past of 20,000 new incidents).
  db.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}(id, source_id, deleted_at) WHERE deleted_at IS NOT NULL",
                         quote_name(entity.name + "_past_gone"), past));
  // What held at a moment (held_at()), however long the past is: for --as-of and diff (65 %, 50 %).
  db.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}({}, superseded_at, observed_at)",
                         quote_name(entity.name + "_past_held"), past, lifespan_class("")));
  db.execute("DROP INDEX IF EXISTS " + quote_name(entity.name + "_past_by_end"));
  for (const auto name : k_retired_indexes) db.execute(fmt::format("DROP INDEX IF EXISTS {}", name));
  // Links of own entities: they are what joins go by.
  for (const auto& column : entity.columns)
    if (!column.refers_to.empty())
      db.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}({})",
                             quote_name(fmt::format("{}_by_{}", entity.name, column.name)), current,
                             quote_name(column.name)));
  for (const auto& index : k_report_indexes)
    if (index.entity == entity.name)
      db.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}", index.name, index.definition));
}

// What has begun since a moment, for diff (50 %, 50 %; without it a diff of a week scans all incidents).
void ensure_seen_index(Database& db, const Entity& entity) {
  db.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}(observed_at)", quote_name(seen_index(entity)),
                         quote_name(current_table(entity))));
}

void drop_indexes(Database& db, const Entity& entity) {
  const auto drop = [&](std::string_view name) {
    db.execute(fmt::format("DROP INDEX IF EXISTS {}", quote_name(name)));
  };
  drop(key_index(entity));
  drop(seen_index(entity));
  // A partial one has a place for few of the rows: to keep it costs less than to look through them all once more.
  for (const auto& index : k_report_indexes)
    if (index.entity == entity.name && index.definition.find(" WHERE ") == std::string_view::npos) drop(index.name);
}

bool has_key_index(Database& db, const Entity& entity) {
  Statement statement(db, "SELECT 1 FROM main.sqlite_schema WHERE type = 'index' AND name = ?1");
  return statement.bind(key_index(entity)).step();
}

}  // namespace sitrep::store
