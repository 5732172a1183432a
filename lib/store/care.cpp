#include "store/care.hpp"

#include <algorithm>
#include <map>

#include "store/content_hash.hpp"
#include "store/forget.hpp"
#include "store/incident_pack.hpp"
#include "store/sample_days.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;
using model::Keeping;

std::int64_t number(Database& db, const std::string& sql) {
  Statement statement(db, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void expect_none(Database& db, std::vector<std::string>& problems, const std::string& what, const std::string& rows) {
  if (const auto n = number(db, "SELECT count(*) FROM (" + rows + ")"); n > 0)
    problems.push_back(fmt::format("{}: {}", what, n));
}

void check_entity(Database& db, const Entity& entity, std::vector<std::string>& problems) {
  const auto current = "main." + quote_name(current_table(entity));
  const auto past = "main." + quote_name(past_table(entity));
  const auto expect = [&](std::string_view what, const std::string& rows) {
    expect_none(db, problems, fmt::format("{}: {}", entity.name, what), rows);
  };
  expect("versions that end before they began",
         fmt::format("SELECT 1 FROM {} WHERE superseded_at < observed_at", past));
  expect("removals at another moment than their version's end",
         fmt::format("SELECT 1 FROM {} WHERE deleted_at <> superseded_at", past));
  expect("records with two present states",
         fmt::format("SELECT 1 FROM {} GROUP BY source_id, id HAVING count(*) > 1", current));
  expect("versions that overlap the next one", fmt::format("SELECT 1 FROM (SELECT superseded_at, lead(observed_at) "
                                                           "OVER (PARTITION BY source_id, id ORDER BY observed_at, "
                                                           "superseded_at) AS next FROM {}) WHERE superseded_at > next",
                                                           past));
  expect("past versions that last beyond the start of the present one",
         fmt::format("SELECT 1 FROM {} p JOIN {} c ON c.source_id = p.source_id AND c.id = p.id WHERE p.superseded_at "
                     "> c.observed_at",
                     past, current));
  for (const auto& table : {current, past})
    expect("rows of no stream",
           fmt::format("SELECT 1 FROM {} t WHERE NOT EXISTS (SELECT 1 FROM main.stream_state st WHERE st.id = "
                       "t.stream_id AND st.source_id = t.source_id)",
                       table));
}

/// What is made of samples; it may not be made yet.
enum class Derived { checked, not_yet };

void check_series(Database& db, const Entity& entity, Derived derived, std::vector<std::string>& problems) {
  const auto values = "main." + quote_name(value_table(entity));
  const auto expect = [&](std::string_view what, const std::string& rows) {
    expect_none(db, problems, fmt::format("{}: {}", entity.name, what), rows);
  };
  expect("samples with two present values",
         fmt::format("SELECT 1 FROM {} WHERE superseded_at IS NULL GROUP BY series, at HAVING count(*) > 1", values));
  expect("samples corrected before they were seen",
         fmt::format("SELECT 1 FROM {} WHERE superseded_at < observed_at", values));
  if (entity.name == "capacity_sample" && derived == Derived::checked) {
    expect("days that say something else than their samples", wrong_sample_days());
    expect("samples whose day is not summed up",
           fmt::format("SELECT 1 FROM {} v WHERE NOT EXISTS (SELECT 1 FROM main.capacity_sample_day d WHERE d.series = "
                       "v.series AND d.day = {})",
                       values, sample_day_of("v.at")));
  }
  expect("samples that overlap the next value",
         fmt::format("SELECT 1 FROM {0} v WHERE superseded_at IS NOT NULL AND EXISTS (SELECT 1 FROM {0} n WHERE "
                     "n.series = v.series AND n.at = v.at AND n.observed_at > v.observed_at AND n.observed_at < "
                     "v.superseded_at)",
                     values));
  expect("samples of no series",
         fmt::format("SELECT 1 FROM {} v WHERE NOT EXISTS (SELECT 1 FROM main.{} s WHERE s.key = v.series)", values,
                     quote_name(series_table(entity))));
}

/// Every state against the hash that it was written with: a bit that turned on the disk is seen here alone. The hash of
/// what a person was taken out of is that of what the source says.
void check_hashes(Database& db, const Entity& entity, std::vector<std::string>& problems) {
  ContentHasher hasher(entity);
  std::string list, bytes;
  for (const auto& column : entity.columns) list += ", " + quote_name(column.name);
  std::vector<model::Cell> cells(entity.columns.size());
  std::int64_t wrong = 0;
  for (const auto& table : {current_table(entity), past_table(entity)}) {
    Statement rows(db, fmt::format("SELECT hash, url, extra{} FROM main.{}", list, quote_name(table)));
    while (rows.step()) {
      for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = rows.cell(static_cast<int>(i) + 3);
      if (rows.blob(0) == hash_blob(hasher({{}, rows.text(1), rows.text(2), 0, cells}), bytes)) continue;
      if (!is_forgotten(rows)) ++wrong;
    }
  }
  if (wrong > 0)
    problems.push_back(fmt::format("{}: versions that say something else than was written: {}", entity.name, wrong));
}

bool in_file(Database& db, const Entity& entity) {
  return !table_columns(db, entity.keeping == Keeping::versions ? current_table(entity) : value_table(entity)).empty();
}

}  // namespace

std::vector<std::string> check_versions(Database& db, std::span<const Entity> entities) {
  std::vector<std::string> problems;
  for (const auto& entity : entities) {
    if (!in_file(db, entity)) continue;
    if (entity.keeping == Keeping::versions)
      check_entity(db, entity, problems);
    else
      check_series(db, entity, Derived::not_yet, problems);
  }
  return problems;
}

std::vector<std::string> check(Store& store) {
  auto& db = store.db();
  std::vector<std::string> problems;
  Statement integrity(db, "PRAGMA integrity_check(20)");
  while (integrity.step())
    if (integrity.text(0) != "ok") problems.push_back("file: " + std::string(integrity.text(0)));
  integrity.reset();
  if (!problems.empty()) return problems;  // what follows would stumble over the same pages
  Statement references(db, "PRAGMA foreign_key_check");
  std::int64_t dangling = 0;
  while (references.step()) ++dangling;
  if (dangling > 0) problems.push_back(fmt::format("file: references to nothing: {}", dangling));
  for (const auto& entity : store.entities()) {
    if (!in_file(db, entity)) continue;
    if (entity.name == "incident") {
      if (const auto n = count_wrong_packs(db); n > 0)
        problems.push_back(fmt::format("incident: spans packed otherwise than their records are: {}", n));
    }
    if (entity.keeping == Keeping::versions)
      check_entity(db, entity, problems);
    else
      check_series(db, entity, Derived::checked, problems);
    if (entity.keeping == Keeping::versions && model::find_built_in(entity.name) != nullptr)
      check_hashes(db, entity, problems);
  }
  return problems;
}

namespace {

struct Link {
  std::string child, column, parent;
  bool series = false;   ///< the child keeps a series
  bool by_name = false;  ///< people name the parent by its name too
};

std::string names_of_parents(Database& db, const Link& link) {
  const auto table = link.parent + "_current";
  auto sql = fmt::format("SELECT id FROM main.{}", quote_name(table));
  const auto columns = table_columns(db, table);
  if (link.by_name && std::ranges::find(columns, "name") != columns.end())
    sql += fmt::format(" UNION SELECT name FROM main.{} WHERE name IS NOT NULL", quote_name(table));
  return sql;
}

/// Those of the built-in entities, and what [entity.X] links say.
std::vector<Link> links(const Store& store) {
  std::vector<Link> all = {{"incident_update", "incident_id", "incident"},
                           {"action_item", "incident_id", "incident"},
                           {"launch_approval", "launch_id", "launch_review"},
                           {"capacity_sample", "resource_id", "capacity_resource", true},
                           {"capacity_request", "resource_id", "capacity_resource"},
                           {"slo_sample", "slo_id", "slo", true},
                           {"milestone", "program_id", "program", false, true},
                           {"risk", "program_id", "program", false, true}};
  for (const auto& entity : store.entities()) {
    for (const auto& column : entity.columns) {
      if (!column.refers_to.empty()) all.push_back({entity.name, column.name, column.refers_to, false, true});
    }
  }
  return all;
}

}  // namespace

std::vector<std::string> orphans(Store& store) {
  auto& db = store.db();
  std::vector<std::string> found;
  for (const auto& link : links(store)) {
    const auto table = link.child + (link.series ? "_series" : "_current");
    if (table_columns(db, table).empty() || table_columns(db, link.parent + "_current").empty()) continue;
    auto sql = fmt::format("SELECT count(*) FROM main.{0} WHERE {1} IS NOT NULL AND {1} NOT IN ({2})",
                           quote_name(table), quote_name(link.column), names_of_parents(db, link));
    if (link.parent == "service")  // goes by other names, too
      sql += fmt::format(" AND lower({}) NOT IN (SELECT name FROM service_name)", quote_name(link.column));
    const auto n = number(db, sql);
    if (n > 0) found.push_back(fmt::format("{}.{}: {} name no {}", link.child, link.column, n, link.parent));
  }
  return found;
}

Stats stats(Store& store) {
  auto& db = store.db();
  Stats result;
  std::map<std::string, std::int64_t, std::less<>> bytes;  // by table
  {
    Statement pages(db,
                    "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN main.sqlite_schema s ON s.name = d.name WHERE "
                    "d.aggregate = 1 GROUP BY 1");
    while (pages.step()) bytes.emplace(pages.text(0), pages.integer(1));
  }
  for (const auto& entity : store.entities()) {
    if (!in_file(db, entity)) continue;
    const bool versions = entity.keeping == Keeping::versions;
    const auto first = versions ? current_table(entity) : value_table(entity);
    const auto second = versions ? past_table(entity) : series_table(entity);
    EntityStats of{entity.name, 0, 0, bytes[first] + bytes[second]};
    if (versions) {
      of.rows = number(db, fmt::format("SELECT count(*) FROM main.{}", quote_name(first)));
      of.past_rows = number(db, fmt::format("SELECT count(*) FROM main.{}", quote_name(second)));
    } else {
      of.rows = number(db, fmt::format("SELECT count(*) FROM main.{} WHERE superseded_at IS NULL", quote_name(first)));
      of.past_rows =
          number(db, fmt::format("SELECT count(*) FROM main.{} WHERE superseded_at IS NOT NULL", quote_name(first)));
    }
    if (of.rows + of.past_rows > 0) result.entities.push_back(of);
  }
  result.streams = number(db, "SELECT count(*) FROM main.stream_state");
  result.runs = number(db, "SELECT count(*) FROM main.sync_run_log");
  result.rejects = number(db, "SELECT count(*) FROM main.reject_log");
  const auto page = number(db, "PRAGMA page_size");
  result.file_bytes = number(db, "PRAGMA page_count") * page;
  result.free_bytes = number(db, "PRAGMA freelist_count") * page;
  return result;
}

}  // namespace sitrep::store
