#include "store/export.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "json/writer.hpp"
#include "store/content_hash.hpp"
#include "store/own_entities.hpp"
#include "store/person_name.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;
using Line = std::function<void(std::string_view)>;

void member(json::Writer& writer, std::string_view name, const model::Cell& cell) {
  if (model::is_null(cell)) return;
  std::visit(
      [&](const auto& v) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(v)>, std::monostate>) writer.key(name).value(v);
      },
      cell);
}

void finish(json::Writer& writer, const Line& line) {
  auto text = writer.end_object().take();
  text += '\n';
  line(text);
}

/// Columns of the statement from `first` on, by their names.
void members(json::Writer& writer, const Statement& row, int first) {
  for (int i = first; i < row.columns(); ++i) member(writer, row.column_name(i), row.cell(i));
}

std::string column_list(std::string_view alias, const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += fmt::format(", {}.{}", alias, quote_name(name));
  return list;
}

/// Own columns, those that are declared no more, url and extra: what a version says.
std::vector<std::string> said(Database& db, const Entity& entity) {
  std::vector<std::string> names;
  const bool versions = entity.keeping == model::Keeping::versions;
  const auto in_file = table_columns(db, versions ? current_table(entity) : value_table(entity));
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(in_file, name) != in_file.end()) names.push_back(name);
  };
  if (versions)
    for (const auto& column : entity.columns) add(column.name);
  else
    for (const auto* column : value_columns(entity)) add(column->name);
  for (auto& name : dropped_columns(db, entity)) names.push_back(std::move(name));
  names.emplace_back("url");
  names.emplace_back("extra");
  return names;
}

/// One line of a version, with what it is sorted by beside its id.
struct Kept {
  std::string source;
  std::int64_t from = 0, until = 0;
  std::string line;
};

/// Rows of E_current or E_past in the order of their ids, a line at a time.
class Versions {
 public:
  Versions(Database& db, const Entity& entity, bool past)
      : entity_(entity.name),
        past_(past),
        rows_(db,
              fmt::format(
                  "SELECT t.id, n.name, t.observed_at, {}, st.name, t.hash{} FROM main.{} t JOIN main.source_name n "
                  "ON n.id = t.source_id LEFT JOIN main.stream_state st ON st.id = t.stream_id ORDER BY "
                  "t.id, t.source_id",
                  past ? "t.superseded_at, t.deleted_at" : "NULL, NULL", column_list("t", said(db, entity)),
                  quote_name(past ? past_table(entity) : current_table(entity)))) {
    next();
  }
  const std::optional<std::string>& id() const { return id_; }
  /// Adds all lines of the present id and goes to the next one.
  void take(std::vector<Kept>& kept) {
    const auto id = id_;
    while (id_ == id) {
      json::Writer writer;
      writer.begin_object().member("version", entity_).member("source", rows_.text(1)).member("id", *id_);
      member(writer, "stream", rows_.cell(5));
      member(writer, "observed_at", rows_.cell(2));
      member(writer, "superseded_at", rows_.cell(3));
      member(writer, "deleted_at", rows_.cell(4));
      writer.key("row").begin_object();
      members(writer, rows_, 7);
      auto line = writer.end_object().end_object().take();
      // What the source says of somebody who was forgotten is known by this alone.
      if (line.find(k_forgotten) != std::string::npos) {
        line.pop_back();
        line += fmt::format(",\"hash\":\"{}\"}}", hash_text(blob_hash(rows_.blob(6))));
      }
      kept.push_back(
          {std::string(rows_.text(1)), rows_.integer(2), past_ ? rows_.integer(3) : INT64_MAX, std::move(line) + '\n'});
      next();
    }
  }

 private:
  void next() {
    id_.reset();
    if (rows_.step()) id_ = rows_.text(0);
  }
  std::string entity_;
  bool past_;
  Statement rows_;
  std::optional<std::string> id_;
};

void write_versions(Database& db, const Entity& entity, const Line& line) {
  Versions current(db, entity, false), past(db, entity, true);
  std::vector<Kept> kept;
  while (current.id() || past.id()) {
    kept.clear();
    const bool first = !past.id() || (current.id() && *current.id() <= *past.id());
    const auto id = first ? *current.id() : *past.id();
    if (past.id() == id) past.take(kept);
    if (current.id() == id) current.take(kept);
    std::ranges::sort(kept, {}, [](const Kept& k) { return std::tie(k.source, k.from, k.until, k.line); });
    for (const auto& k : kept) line(k.line);
  }
}

void write_dropped(Database& db, const Entity& entity, json::Writer& writer) {
  const auto names = dropped_columns(db, entity);
  if (names.empty()) return;
  writer.key("dropped").begin_object();
  Statement type(db, "SELECT type FROM pragma_table_info(?1, 'main') WHERE name = ?2");
  const auto table = current_table(entity);
  for (const auto& name : names)
    if (type.bind(table, name).step()) writer.member(name, type.text(0));
  writer.end_object();
}

void write_samples(Database& db, const Entity& entity, const Line& line) {
  std::string key;
  for (const auto& name : entity.series_key) key += ", s." + quote_name(name);
  Statement series(db, fmt::format("SELECT s.key, n.name, st.name{} FROM main.{} s JOIN main.source_name n ON n.id = "
                                   "s.source_id LEFT JOIN main.stream_state st ON st.id = s.stream_id ORDER BY n.name, "
                                   "s.series_text",
                                   key, quote_name(series_table(entity))));
  Statement values(db, fmt::format("SELECT t.at, t.observed_at, t.superseded_at{} FROM main.{} t WHERE t.series = ?1 "
                                   "ORDER BY t.at, t.observed_at",
                                   column_list("t", said(db, entity)), quote_name(value_table(entity))));
  while (series.step()) {
    values.bind(series.integer(0));
    while (values.step()) {
      json::Writer writer;
      writer.begin_object().member("sample", entity.name).member("source", series.text(1));
      member(writer, "stream", series.cell(2));
      writer.key("series").begin_object();
      members(writer, series, 3);
      writer.end_object();
      for (int i = 0; i < 3; ++i) member(writer, values.column_name(i), values.cell(i));
      writer.key("row").begin_object();
      members(writer, values, 3);
      writer.end_object();
      finish(writer, line);
    }
  }
}

/// A statement's rows as they are; the first column is the value of `kind`.
void write_rows(Database& db, std::string_view kind, std::string_view sql, const Line& line) {
  Statement rows(db, sql);
  while (rows.step()) {
    json::Writer writer;
    writer.begin_object();
    member(writer, kind, rows.cell(0));
    members(writer, rows, 1);
    finish(writer, line);
  }
}

constexpr std::string_view k_streams =
    "SELECT st.name, n.name AS source, st.entity, nullif(st.bookmark, '') AS bookmark, st.last_observed_at FROM "
    "main.stream_state st JOIN main.source_name n ON n.id = st.source_id ORDER BY n.name, st.name";
constexpr std::string_view k_sightings =
    "SELECT g.entity, n.name AS source, g.id, g.at FROM main.sighting g JOIN main.source_name n ON n.id = g.source_id "
    "ORDER BY g.entity, n.name, g.id, g.at";
constexpr std::string_view k_runs =
    "SELECT r.id, n.name AS source, st.name AS stream, r.pass, r.observed_at, r.started_at, r.finished_at, r.requests, "
    "r.not_modified, r.bytes, r.added, r.changed, r.unchanged, r.removed, r.rejected, r.duplicates, r.odd_values, "
    "r.row_count, r.error, r.notes FROM main.sync_run_log r JOIN main.stream_state st ON st.id = r.stream_id JOIN "
    "main.source_name n ON n.id = st.source_id ORDER BY r.id";
constexpr std::string_view k_rejects =
    "SELECT j.reason, n.name AS source, st.name AS stream, j.place, j.first_at, j.last_at, j.raw FROM main.reject_log "
    "j "
    "JOIN main.stream_state st ON st.id = j.stream_id JOIN main.source_name n ON n.id = st.source_id ORDER BY n.name, "
    "st.name, j.first_at, j.reason, j.raw";
constexpr std::string_view k_outbox =
    "SELECT id, idempotency_key, source, verb, subject, method, path, body, body_hash, state, tries, created_at, "
    "updated_at, status, remote_id, remote_url, error FROM main.outbox ORDER BY id";

}  // namespace

void export_store(Store& store, const std::function<void(std::string_view)>& write) {
  auto& db = store.db();
  std::int64_t lines = 0;
  const Line line = [&](std::string_view text) {
    ++lines;
    write(text);
  };
  std::vector<Entity> entities(model::built_in_entities().begin(), model::built_in_entities().end());
  const auto own = remembered_entities(db);
  entities.insert(entities.end(), own.begin(), own.end());
  // One state of the file, while somebody else may write.
  db.execute("BEGIN");
  try {
    line(fmt::format("{{\"sitrep_store\":{}}}\n", k_export_format));
    for (const auto& entity : own) {
      json::Writer writer;
      writer.begin_object().member("own_entity", entity.name).key("declaration").raw(declaration_of(entity));
      write_dropped(db, entity, writer);
      finish(writer, line);
    }
    write_rows(db, "stream", k_streams, line);
    for (const auto& entity : entities) {
      const bool versions = entity.keeping == model::Keeping::versions;
      if (table_columns(db, versions ? current_table(entity) : value_table(entity)).empty()) continue;
      (versions ? write_versions : write_samples)(db, entity, line);
    }
    write_rows(db, "sighting", k_sightings, line);
    write_rows(db, "run", k_runs, line);
    write_rows(db, "reject", k_rejects, line);
    write_rows(db, "outbox", k_outbox, line);
    write_rows(db, "removed_past", "SELECT what, before FROM main.removed_past ORDER BY what", line);
    write(fmt::format("{{\"end\":{}}}\n", lines));  // tells a whole export from one that was cut off
  } catch (...) {
    db.execute("ROLLBACK");
    throw;
  }
  db.execute("COMMIT");
}

}  // namespace sitrep::store
