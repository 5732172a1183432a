#include <sqlite3.h>

#include <algorithm>
#include <list>
#include <map>
#include <memory>

#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/care.hpp"
#include "store/entity_loader.hpp"
#include "store/export.hpp"
#include "store/incident_pack.hpp"
#include "store/own_entities.hpp"
#include "store/sample_days.hpp"
#include "store/schema.hpp"
#include "store/stream_log.hpp"

namespace sitrep::store {
namespace {

using model::Entity;

/// As SQL: one of three words, whatever the file says.
std::string_view sqlite_type_named(std::string_view name) {
  if (name == "INTEGER" || name == "REAL") return name == "REAL" ? "REAL" : "INTEGER";
  return "TEXT";
}

class Loader {
 public:
  explicit Loader(Store& store) : store_(store), db_(store.db()) {}

  void line(const json::Value& root) {
    if (ended_) fail(ErrorKind::data, "stands behind the last line of the export");
    if (const auto lines = root.get("end"); lines && loaded_.lines > 0) {
      if (lines->integer() != loaded_.lines)
        fail(ErrorKind::data, "{} lines were written before this one, and {} are here", lines->to_text(),
             loaded_.lines);
      ended_ = true;
      return;
    }
    ++loaded_.lines;
    if (loaded_.lines == 1) {
      const auto format = root.get("sitrep_store");
      if (!format) fail(ErrorKind::data, "this is not an export of a sitrep store");
      if (const auto number = format->integer().value_or(0); number < 1 || number > k_export_format)
        fail(ErrorKind::data, "this export has format {} and this sitrep knows {}; upgrade sitrep", format->to_text(),
             k_export_format);
      has_end_ = format->integer() != 1;
      return;
    }
    for (const auto& [name, take] : k_kinds)
      if (const auto value = root.get(name)) return (this->*take)(root, *value);
    fail(ErrorKind::data, "is no line of an export");
  }

  const Loaded& loaded() const { return loaded_; }
  std::vector<Entity> entities() const {
    const auto all = store_.entities();
    std::vector<Entity> entities(all.begin(), all.end());
    for (const auto& own : own_)
      if (store_.find_entity(own.name) == nullptr) entities.push_back(own);
    return entities;
  }
  bool is_whole() const { return ended_ || !has_end_; }

 private:
  using Take = void (Loader::*)(const json::Value&, const json::Value&);
  static const std::vector<std::pair<std::string_view, Take>> k_kinds;

  void own_entity(const json::Value& root, const json::Value& name) {
    const auto called = name.string().value();
    if (called.empty() || called.front() < 'a' || called.front() > 'z' ||
        called.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
      fail(ErrorKind::data, "'{}' cannot name an own entity: lower-case letters, digits and _", visible(called));
    auto entity = read_declaration(called, root.get("declaration").value().to_json());
    if (const auto* here = store_.find_entity(entity.name)) {
      if (declaration_of(*here) != declaration_of(entity))
        fail(ErrorKind::config,
             "entity {} is declared otherwise in sitrep.toml; import with columns {} and change it afterwards",
             entity.name, declaration_of(entity));
    } else {
      check_names({&entity, 1});
      ensure_entities(db_, {&entity, 1});
      const auto declaration = declaration_of(entity);
      Statement(db_, "INSERT INTO own_entity (name, declaration) VALUES (?1, ?2)").bind(entity.name, declaration).run();
    }
    if (const auto dropped = root.get("dropped"))
      for (const json::Member member : dropped->members())
        for (const auto& table : {current_table(entity), past_table(entity)})
          db_.execute(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quote_name(table), quote_name(member.key),
                                  sqlite_type_named(member.value.string().value())));
    own_.push_back(std::move(entity));
  }

  void stream(const json::Value& root, const json::Value& name) {
    const auto id = source_id(root);
    const auto bookmark = root.get("bookmark");
    const auto last = root.get("last_observed_at");
    Statement(db_,
              "INSERT INTO stream_state (source_id, name, entity, bookmark, last_observed_at) VALUES (?1, ?2, ?3, "
              "?4, ?5)")
        .bind(id, name.string().value(), root.get("entity").value().string().value(),
              bookmark ? bookmark->string().value() : std::string_view(), last ? last->integer() : std::nullopt)
        .run();
    streams_[{id, std::string(name.string().value())}] = db_.last_insert_rowid();
    ++loaded_.streams;
  }

  void version(const json::Value& root, const json::Value& name) {
    loader_of(name.string().value()).version(root, source_id(root), stream_id(root));
    ++loaded_.versions;
  }

  void sample(const json::Value& root, const json::Value& name) {
    loader_of(name.string().value()).sample(root, source_id(root), stream_id(root));
    ++loaded_.samples;
  }

  void sighting(const json::Value& root, const json::Value& name) {
    if (!sightings_)
      sightings_.emplace(db_, "INSERT INTO sighting (source_id, entity, id, at) VALUES (?1, ?2, ?3, ?4)");
    sightings_
        ->bind(source_id(root), name.string().value(), root.get("id").value().string().value(),
               root.get("at").value().integer().value())
        .run();
  }

  void run(const json::Value& root, const json::Value& id) {
    if (!runs_)
      runs_.emplace(db_,
                    "INSERT INTO sync_run_log (id, stream_id, pass, observed_at, started_at, finished_at, requests, "
                    "not_modified, bytes, added, changed, unchanged, removed, rejected, duplicates, odd_values, "
                    "row_count, error, notes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                    "?15, ?16, ?17, ?18, ?19)");
    runs_->bind(id.integer().value(), stream_id(root));
    const auto pass = root.get("pass").value().string().value();
    if (pass != name(Pass::full) && pass != name(Pass::partial))
      fail(ErrorKind::data, "'{}' is no pass; there are full and partial ones", visible(pass));
    bind_members(
        *runs_, 3, root,
        {"pass", "observed_at", "started_at", "finished_at", "requests", "not_modified", "bytes", "added", "changed",
         "unchanged", "removed", "rejected", "duplicates", "odd_values", "row_count", "error", "notes"});
    runs_->run();
  }

  void reject(const json::Value& root, const json::Value& reason) {
    const auto raw = root.get("raw").value().string().value();
    Statement insert(db_,
                     "INSERT INTO reject_log (stream_id, reason, raw, place, first_at, last_at, hash) VALUES (?1, "
                     "?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING");
    const auto first_at = root.get("first_at").value().integer().value();
    Statement same(db_, "SELECT 1 FROM reject_log WHERE stream_id = ?1 AND reason = ?2 AND raw = ?3 AND first_at = ?4");
    if (same.bind(stream_id(root), reason.string().value(), raw, first_at).step())
      fail(ErrorKind::data, "is there twice");
    std::string bytes;
    std::int64_t span = 0;
    do {  // spans of one reject stand in their order
      insert.bind(stream_id(root), reason.string().value(), raw);
      bind_members(insert, 4, root, {"place", "first_at", "last_at"});
      insert.bind_blob(7, hash_blob(reject_hash(reason.string().value(), raw, span++), bytes));
      insert.run();
    } while (db_.changes() == 0);
  }

  void outbox(const json::Value& root, const json::Value& id) {
    Statement insert(db_,
                     "INSERT INTO outbox (id, idempotency_key, source, verb, subject, method, path, body, "
                     "body_hash, state, tries, created_at, updated_at, status, remote_id, remote_url, error) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    insert.bind(id.integer().value());
    bind_members(insert, 2, root,
                 {"idempotency_key", "source", "verb", "subject", "method", "path", "body", "body_hash", "state",
                  "tries", "created_at", "updated_at", "status", "remote_id", "remote_url", "error"});
    insert.run();
  }

  void removed_past(const json::Value& root, const json::Value& what) {
    Statement(db_, "INSERT INTO removed_past (what, before) VALUES (?1, ?2)")
        .bind(what.string().value(), root.get("before").value().integer().value())
        .run();
  }

  static void bind_members(Statement& insert, int index, const json::Value& root,
                           std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
      const auto value = root.get(name);
      insert.bind_one(index++, value ? as_it_is(*value) : model::Cell(std::monostate{}));
    }
  }

  std::int64_t source_id(const json::Value& root) {
    const auto [found, fresh] = sources_.try_emplace(std::string(root.get("source").value().string().value()));
    if (fresh) {
      Statement(db_, "INSERT INTO source_name (name) VALUES (?1)").bind(found->first).run();
      found->second = db_.last_insert_rowid();
    }
    return found->second;
  }

  std::int64_t stream_id(const json::Value& root) {
    const auto name = root.get("stream").value().string().value();
    const auto found = streams_.find({source_id(root), std::string(name)});
    if (found == streams_.end())
      fail(ErrorKind::data, "names a stream '{}' that no line before declares", visible(name));
    return found->second;
  }

  EntityLoader& loader_of(std::string_view name) {
    if (const auto found = loaders_.find(name); found != loaders_.end()) return *found->second;
    const auto* entity = store_.find_entity(name);
    for (const auto& own : own_)
      if (own.name == name) entity = &own;
    if (entity == nullptr) fail(ErrorKind::data, "'{}' is not an entity", visible(name));
    return *loaders_.emplace(std::string(name), std::make_unique<EntityLoader>(db_, *entity)).first->second;
  }

  Store& store_;
  Database& db_;
  Loaded loaded_;
  bool has_end_ = false, ended_ = false;
  std::map<std::string, std::int64_t, std::less<>> sources_;
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> streams_;
  std::list<Entity> own_;  // loaders keep references
  std::map<std::string, std::unique_ptr<EntityLoader>, std::less<>> loaders_;
  std::optional<Statement> sightings_, runs_;
};

const std::vector<std::pair<std::string_view, Loader::Take>> Loader::k_kinds = {{"version", &Loader::version},
                                                                                {"sample", &Loader::sample},
                                                                                {"sighting", &Loader::sighting},
                                                                                {"run", &Loader::run},
                                                                                {"reject", &Loader::reject},
                                                                                {"outbox", &Loader::outbox},
                                                                                {"removed_past", &Loader::removed_past},
                                                                                {"stream", &Loader::stream},
                                                                                {"own_entity", &Loader::own_entity}};

bool is_empty(Database& db) {
  Statement any(db, "SELECT EXISTS (SELECT 1 FROM main.source_name) OR EXISTS (SELECT 1 FROM main.outbox)");
  return any.step() && any.integer(0) == 0;
}

}  // namespace

Loaded load_export(Store& store, std::string_view text, const std::string& file) {
  auto& db = store.db();
  if (!is_empty(db))
    fail(ErrorKind::store,
         "the store has records already; an export is taken back into an empty one, such as with "
         "--store NEW.db");
  Transaction transaction(db);
  Loader loader(store);
  json::Document document;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    try {
      loader.line(document.parse(line));
    } catch (const std::bad_optional_access&) {
      fail(ErrorKind::data, "{}:{}: lacks a member, or one has the wrong type", file, number);
    } catch (const Error& e) {
      if (e.kind() == ErrorKind::store && (sqlite3_errcode(db.handle()) & 0xff) == SQLITE_CONSTRAINT)
        fail(ErrorKind::data, "{}:{}: is there twice, or holds what its column cannot", file, number);
      throw Error(e.kind(), fmt::format("{}:{}: {}", file, number, e.what()));
    }
  }
  if (number == 0) fail(ErrorKind::data, "{}: is empty", file);
  if (!loader.is_whole())
    fail(ErrorKind::data, "{}:{}: the export is cut off behind this line; make it again with 'sitrep store export'",
         file, number);
  if (const auto problems = check_versions(db, loader.entities()); !problems.empty())
    fail(ErrorKind::data, "{}: lines of it contradict each other: {}", file, problems.front());
  rebuild_sample_days(db);
  rebuild_incident_packs(db);
  transaction.commit();
  return loader.loaded();
}

}  // namespace sitrep::store
