#include "store/views.hpp"

#include <algorithm>
#include <map>

#include "store/present.hpp"
#include "store/schema.hpp"
#include "store/service_name_view.hpp"
#include "store/slip_views.hpp"

namespace sitrep::store {
namespace {

using model::Entity;
using model::Keeping;

struct View {
  std::string name;
  std::string select;
};

/// What the views are for: "main." in front of tables in TEMP views, where a name of the user's cannot come between;
/// nothing in the file's own, which may be attached under another name.
struct Scope {
  std::string schema;
  Shows shows;
  std::map<std::string, std::vector<std::string>, std::less<>> columns;  // of every table of the file

  const std::vector<std::string>& columns_of(std::string_view table) const {
    static const std::vector<std::string> k_none;
    const auto found = columns.find(table);
    return found == columns.end() ? k_none : found->second;
  }
};

/// One query for all tables: a pragma for each of them would take longer than the views.
Scope scope_of(Database& db, std::string schema, Shows shows) {
  Scope scope{std::move(schema), shows, {}};
  Statement statement(db,
                      "SELECT s.name, c.name FROM main.sqlite_schema s, pragma_table_info(s.name, 'main') c "
                      "WHERE s.type = 'table' ORDER BY s.name, c.cid");
  while (statement.step()) scope.columns[std::string(statement.text(0))].emplace_back(statement.text(1));
  return scope;
}

/// "alias"."name", or NULL AS "name" when the file's table has no such column yet.
std::string column(std::string_view alias, const std::string& name, const std::vector<std::string>& in_file) {
  if (std::ranges::find(in_file, name) == in_file.end()) return "NULL AS " + quote_name(name);
  return fmt::format("{}.{}", alias, quote_name(name));
}

std::string source_of(std::string_view alias, const Scope& scope) {
  return fmt::format("(SELECT name FROM {}source_name n WHERE n.id = {}.source_id) AS source", scope.schema, alias);
}

std::string version_columns(const Entity& entity, std::string_view alias, const std::vector<std::string>& in_file,
                            const Scope& scope) {
  std::string list = fmt::format("{}, {}.id", source_of(alias, scope), alias);
  for (const auto& c : entity.columns) list += ", " + column(alias, c.name, in_file);
  return list + fmt::format(", {0}.url, {0}.extra, {0}.observed_at", alias);
}

std::string empty_select(const Entity& entity, bool history) {
  std::string list = "NULL AS source, NULL AS id";
  for (const auto& c : entity.columns) list += ", NULL AS " + quote_name(c.name);
  list += ", NULL AS url, NULL AS extra, NULL AS observed_at";
  if (history) list += ", NULL AS superseded_at, NULL AS deleted_at";
  return "SELECT " + list + " WHERE 0";
}

/// A moment of the future seen from T is not known yet.
std::string until(std::string_view expression, Shows shows, std::string_view name) {
  if (shows == Shows::present) return fmt::format("{} AS {}", expression, name);
  return fmt::format("CASE WHEN {0} <= {1} THEN {0} END AS {2}", expression, k_known_until, name);
}

std::vector<View> version_views(const Entity& entity, const Scope& scope) {
  const bool past_shown = scope.shows == Shows::past;
  const auto& current_columns = scope.columns_of(current_table(entity));
  if (current_columns.empty())
    return {{entity.name, empty_select(entity, false)}, {entity.name + "_history", empty_select(entity, true)}};
  const auto& past_columns = scope.columns_of(past_table(entity));
  const auto current = scope.schema + quote_name(current_table(entity));
  const auto past = scope.schema + quote_name(past_table(entity));
  const auto of_current = version_columns(entity, "c", current_columns, scope);
  const auto of_past = version_columns(entity, "p", past_columns, scope);

  std::string present = fmt::format("SELECT {} FROM {} c", of_current, current);
  std::string history =
      fmt::format("SELECT {}, NULL AS superseded_at, NULL AS deleted_at FROM {} c", of_current, current);
  if (past_shown) {
    // What was known at a moment is nearly all: no index on it, so that one on what is asked for serves ("+").
    present += fmt::format(" WHERE +c.observed_at <= {0} UNION ALL SELECT {1} FROM {2} p WHERE {3}", k_known_until,
                           of_past, past, held_at("p", k_known_until));
    history += fmt::format(" WHERE +c.observed_at <= {}", k_known_until);
  }
  history += fmt::format(" UNION ALL SELECT {}, {}, {} FROM {} p", of_past,
                         until("p.superseded_at", scope.shows, "superseded_at"),
                         until("p.deleted_at", scope.shows, "deleted_at"), past);
  if (past_shown) history += fmt::format(" WHERE p.observed_at <= {}", k_known_until);
  return {{entity.name, present}, {entity.name + "_history", history}};
}

std::vector<View> series_views(const Entity& entity, const Scope& scope) {
  const auto& in_file = scope.columns_of(value_table(entity));
  if (in_file.empty())
    return {{entity.name, empty_select(entity, false)}, {entity.name + "_history", empty_select(entity, true)}};
  std::string key, list;
  for (const auto& name : entity.series_key) key += "s." + quote_name(name) + ", ";
  for (const auto& c : entity.columns) {
    const bool in_series = std::ranges::find(entity.series_key, c.name) != entity.series_key.end();
    list += ", " + (in_series ? "s." + quote_name(c.name) : column("v", c.name, in_file));
  }
  const auto select = fmt::format("SELECT {}, json_array({}v.at) AS id{}, v.url, v.extra, v.observed_at",
                                  source_of("s", scope), key, list);
  // The dictionary is the outer loop: a span of time is then one seek in each series.
  const auto from = fmt::format(" FROM {0}{1} s CROSS JOIN {0}{2} v ON v.series = s.key", scope.schema,
                                quote_name(series_table(entity)), quote_name(value_table(entity)));
  std::string present = select + from + " WHERE v.superseded_at IS NULL";
  std::string history =
      fmt::format("{}, {}, NULL AS deleted_at{}", select, until("v.superseded_at", scope.shows, "superseded_at"), from);
  if (scope.shows == Shows::past) {
    present = fmt::format("{0}{1} WHERE v.observed_at <= {2} AND (v.superseded_at IS NULL OR v.superseded_at > {2})",
                          select, from, k_known_until);
    history += fmt::format(" WHERE v.observed_at <= {}", k_known_until);
  }
  return {{entity.name, present}, {entity.name + "_history", history}};
}

std::vector<View> run_views(const Scope& scope) {
  const bool past = scope.shows == Shows::past;
  const auto& in = scope.schema;
  const std::string stream = fmt::format(
      "(SELECT name FROM {}source_name n WHERE n.id = st.source_id) AS source, st.name AS stream, st.entity", in);
  // What a run that was still going at T found is knowledge of a later moment.
  const std::string over = past ? fmt::format("r.finished_at <= {}", k_known_until) : "r.finished_at IS NOT NULL";
  // Nor is a run of a later moment, which the index of runs passes over, however many there were since.
  const std::string by_then = past ? fmt::format(" AND r.observed_at <= {}", k_known_until) : "";
  std::string facts;
  for (const std::string_view name :
       {"finished_at", "requests", "not_modified", "bytes", "added", "changed", "unchanged", "removed", "rejected",
        "duplicates", "odd_values", "row_count", "error", "notes"}) {
    const auto shown = name == "row_count" ? "rows" : name;
    facts += past ? fmt::format(", CASE WHEN {} THEN r.{} END AS {}", over, name, shown)
                  : fmt::format(", r.{} AS {}", name, shown);
  }
  View run{"sync_run", fmt::format("SELECT r.id, {}, r.pass, r.observed_at, r.started_at{} FROM {}sync_run_log r "
                                   "JOIN {}stream_state st ON st.id = r.stream_id",
                                   stream, facts, in, in)};
  // A full pass sees every record: what it did not reject again is mended or gone.
  const std::string standing = fmt::format(
      "j.last_at >= coalesce((SELECT max(r.observed_at) FROM {}sync_run_log r WHERE r.stream_id = st.id "
      "AND r.pass = 'full' AND r.error IS NULL AND {}), 0) AS standing",
      in, over);
  // Each full pass in between rejected it, too; partial ones leave no trace of their own.
  const std::string last_at =
      past ? fmt::format(
                 "CASE WHEN j.last_at <= {0} THEN j.last_at ELSE coalesce((SELECT max(r.observed_at) FROM "
                 "{1}sync_run_log r WHERE r.stream_id = st.id AND r.pass = 'full' AND r.error IS NULL AND {2} AND "
                 "r.observed_at BETWEEN j.first_at AND {0}), j.first_at) END",
                 k_known_until, in, over)
           : "j.last_at";
  View reject{"reject", fmt::format("SELECT {}, j.reason, j.raw, j.place, j.first_at, {} AS last_at, {} FROM "
                                    "{}reject_log j JOIN {}stream_state st ON st.id = j.stream_id",
                                    stream, last_at, standing, in, in)};
  const auto last = [&](std::string_view what, std::string_view condition) {
    return fmt::format(
        "(SELECT {} FROM {}sync_run_log r WHERE r.stream_id = st.id AND {}{} AND r.error IS NULL{} "
        "ORDER BY r.observed_at DESC, r.id DESC LIMIT 1)",
        what, in, over, by_then, condition);
  };
  View streams{"stream",
               fmt::format("SELECT {}, {} AS last_success_at, {} AS last_full_at, {} AS rows FROM {}stream_state st",
                           stream, last("r.finished_at", ""), last("r.finished_at", " AND r.pass = 'full'"),
                           last("r.row_count", ""), in)};
  // Notes are a person's words, not a source that could fall behind.
  streams.select += fmt::format(
      " WHERE NOT (st.name = 'note' AND st.source_id IN (SELECT id FROM {}source_name WHERE name = 'local'))", in);
  if (past) {
    run.select += fmt::format(" WHERE r.started_at <= {}{}", k_known_until, by_then);
    reject.select += fmt::format(" WHERE j.first_at <= {}", k_known_until);
    streams.select +=
        fmt::format(" AND EXISTS (SELECT 1 FROM {}sync_run_log r WHERE r.stream_id = st.id AND r.started_at <= {})", in,
                    k_known_until);
  }
  return {run, reject, streams};
}

std::vector<View> all_views(std::span<const Entity> entities, const Scope& scope) {
  std::vector<View> all;
  for (const auto& entity : entities) {
    auto views = entity.keeping == Keeping::versions ? version_views(entity, scope) : series_views(entity, scope);
    std::ranges::move(views, std::back_inserter(all));
  }
  std::ranges::move(run_views(scope), std::back_inserter(all));
  for (auto& [name, select] : slip_views()) all.push_back({std::move(name), std::move(select)});
  all.push_back({"service_name", service_name_view()});
  return all;
}

}  // namespace

std::vector<std::string> view_names(std::span<const Entity> entities) {
  std::vector<std::string> names = {"launch_slip", "milestone_slip", "reject",  "service_name",
                                    "slip",        "stream",         "sync_run"};
  for (const auto& entity : entities) {
    names.push_back(entity.name);
    names.push_back(entity.name + "_history");
  }
  std::ranges::sort(names);
  return names;
}

void create_file_views(Database& db, std::span<const Entity> entities) {
  Statement existing(db, "SELECT sql FROM main.sqlite_schema WHERE type = 'view' AND name = ?1");
  for (const auto& view : all_views(entities, scope_of(db, "", Shows::present))) {
    const auto sql = fmt::format("CREATE VIEW {} AS {}", quote_name(view.name), view.select);
    const bool there = existing.bind(view.name).step();
    const bool same = there && existing.text(0) == sql;
    existing.reset();
    if (same) continue;
    if (there) db.execute(fmt::format("DROP VIEW main.{}", quote_name(view.name)));
    db.execute(sql);
  }
}

void create_temp_views(Database& db, std::span<const Entity> entities, Shows shows) {
  std::string sql = "BEGIN;";
  for (const auto& view : all_views(entities, scope_of(db, "main.", shows)))
    sql += fmt::format("CREATE TEMP VIEW {} AS {};", quote_name(view.name), view.select);
  db.execute(sql + "COMMIT");
}

}  // namespace sitrep::store
