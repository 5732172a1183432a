#include <algorithm>
#include <list>
#include <map>
#include <memory>

#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/care.hpp"
#include "store/content_hash.hpp"
#include "store/export.hpp"
#include "store/incident_pack.hpp"
#include "store/own_entities.hpp"
#include "store/sample_days.hpp"
#include "store/schema.hpp"
#include "store/stream_log.hpp"

namespace sitrep::store {
namespace {

using model::Entity;

/// As its column keeps it. Error{data}: it is of another type.
model::Cell cell_of(const json::Value& value, model::ColumnType type) {
  const auto fits = [&] {
    const auto kept = model::sqlite_type(type);
    if (kept == "INTEGER") return value.integer().has_value();
    if (kept == "REAL") return value.integer().has_value() || value.real().has_value();
    return value.string().has_value() && (type != model::ColumnType::date || parse_date(*value.string()));
  };
  if (!fits()) fail(ErrorKind::data, "{} is no {}", visible(value.to_json()), model::name(type));
  if (const auto integer = value.integer()) {
    // 5.0 is written as 5; its column says what it is.
    if (type == model::ColumnType::real) return static_cast<double>(*integer);
    return *integer;
  }
  if (const auto real = value.real()) return *real;
  if (const auto text = value.string()) return *text;
  return std::monostate{};
}

model::Cell as_it_is(const json::Value& value) {
  if (const auto integer = value.integer()) return *integer;
  if (const auto real = value.real()) return *real;
  if (const auto text = value.string()) return *text;
  return std::monostate{};
}

/// As SQL: one of three words, whatever the file says.
std::string_view sqlite_type_named(std::string_view name) {
  if (name == "INTEGER" || name == "REAL") return name == "REAL" ? "REAL" : "INTEGER";
  return "TEXT";
}

/// The tables of one entity, ready to take lines.
class EntityLoader {
 public:
  EntityLoader(Database& db, const Entity& entity)
      : db_(db), entity_(entity), is_own_(model::find_built_in(entity.name) == nullptr), hasher_(entity) {
    const bool versions = entity.keeping == model::Keeping::versions;
    for (const auto& column : entity.columns)
      if (versions ||
          (column.name != "at" && std::ranges::find(entity.series_key, column.name) == entity.series_key.end()))
        names_.push_back(column.name);
    for (auto& name : dropped_columns(db, entity)) names_.push_back(std::move(name));
    names_.insert(names_.end(), {"url", "extra"});
    std::string columns, marks;
    const int first = versions ? 8 : 5;
    for (int i = 0; const auto& name : names_) {
      columns += ", " + quote_name(name);
      marks += fmt::format(", ?{}", first + i++);
    }
    if (versions) {
      const auto insert = [&](const std::string& table, bool past) {
        return fmt::format(
            "INSERT INTO {} (source_id, id, stream_id, observed_at, hash{}{}) VALUES (?1, ?2, ?3, ?4, "
            "?5{}{})",
            quote_name(table), past ? ", superseded_at, deleted_at" : "", columns, past ? ", ?6, ?7" : "", marks);
      };
      current_.emplace(db, insert(current_table(entity), false));
      past_.emplace(db, insert(past_table(entity), true));
      ensure_seen_index(db, entity);
    } else {
      values_.emplace(db, fmt::format("INSERT INTO {} (series, at, observed_at, superseded_at{}) VALUES (?1, ?2, ?3, "
                                      "?4{})",
                                      quote_name(value_table(entity)), columns, marks));
      std::string keys, key_marks;
      for (int i = 4; const auto& name : entity.series_key) {
        keys += ", " + quote_name(name);
        key_marks += fmt::format(", ?{}", i++);
      }
      series_.emplace(db, fmt::format("INSERT INTO {} (source_id, stream_id, series_text{}) VALUES (?1, ?2, ?3{})",
                                      quote_name(series_table(entity)), keys, key_marks));
    }
  }

  void version(const json::Value& line, std::int64_t source_id, std::int64_t stream_id) {
    const auto until = line.get("superseded_at");
    const auto deleted = line.get("deleted_at");
    const auto begins = line.get("observed_at").value().integer().value();
    if (until && until->integer().value() < begins) fail(ErrorKind::data, "a version ends before it begins");
    if (deleted && (!until || deleted->integer() != until->integer()))
      fail(ErrorKind::data, "a version was removed at another time than it ended");
    auto& insert = until ? *past_ : *current_;
    insert.reset();
    insert.bind_one(1, source_id);
    insert.bind_one(2, line.get("id").value().string().value());
    insert.bind_one(3, stream_id);
    insert.bind_one(4, begins);
    cells_.assign(entity_.columns.size(), std::monostate{});
    const auto row = line.get("row").value();
    check_names(row);
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (const auto value = row.get(entity_.columns[i].name)) cells_[i] = cell_of(*value, entity_.columns[i].type);
    const auto text = [&](const char* name) {
      const auto value = row.get(name);
      return value ? value->string().value_or("") : std::string_view();
    };
    const auto extra = is_own_ ? without_originals(text("extra")) : std::string(text("extra"));
    const auto kept = line.get("hash");  // of what a person was taken out of
    const auto hash = kept ? read_hash(kept->string().value()) : hasher_({{}, text("url"), extra, 0, cells_});
    if (!hash) fail(ErrorKind::data, "its hash is not 32 hexadecimal digits");
    insert.bind_blob(5, hash_blob(*hash, bytes_));
    if (until) {
      insert.bind_one(6, until->integer().value());
      insert.bind_one(7, deleted ? deleted->integer() : std::nullopt);
    }
    bind_row(insert, 8, row);
    insert.run();
  }

  void sample(const json::Value& line, std::int64_t source_id, std::int64_t stream_id) {
    const auto key = series_of(line.get("series").value(), source_id, stream_id);
    values_->reset();
    values_->bind_one(1, key);
    values_->bind_one(2, line.get("at").value().integer().value());
    const auto begins = line.get("observed_at").value().integer().value();
    values_->bind_one(3, begins);
    const auto until = line.get("superseded_at");
    if (until && until->integer().value() < begins) fail(ErrorKind::data, "a sample ends before it begins");
    values_->bind_one(4, until ? until->integer() : std::nullopt);
    check_names(line.get("row").value());
    bind_row(*values_, 5, line.get("row").value());
    values_->run();
  }

 private:
  void check_names(const json::Value& row) const {
    for (const json::Member member : row.members()) {
      if (std::ranges::find(names_, member.key) == names_.end())
        fail(ErrorKind::data, "{} has no column '{}'{}", entity_.name, visible(member.key),
             did_you_mean(member.key, std::vector<std::string_view>(names_.begin(), names_.end())));
      if (member.key != "extra") continue;
      json::Document document;
      const auto text = member.value.string().value();
      try {
        if (document.parse(text).is_object()) continue;
      } catch (const json::SyntaxError&) {  // told below
      }
      fail(ErrorKind::data, "extra is no object of JSON");
    }
  }

  void bind_row(Statement& insert, int index, const json::Value& row) {
    for (const auto& name : names_) {
      const auto* column = entity_.find(name);
      const auto value = row.get(name);
      insert.bind_one(index++, !value   ? model::Cell(std::monostate{})
                               : column ? cell_of(*value, column->type)
                                        : as_it_is(*value));
    }
  }

  std::int64_t series_of(const json::Value& key, std::int64_t source_id, std::int64_t stream_id) {
    json::Writer text;
    text.begin_array();
    std::vector<model::Cell> cells;
    for (const auto& name : entity_.series_key) {
      const auto value = key.get(name);
      cells.push_back(value ? cell_of(*value, entity_.find(name)->type) : model::Cell(std::monostate{}));
      if (value)
        text.raw(value->to_json());
      else
        text.null();
    }
    text.end_array();
    const auto [found, fresh] = keys_.try_emplace({source_id, text.text()});
    if (fresh) {
      series_->reset();
      series_->bind_one(1, source_id);
      series_->bind_one(2, stream_id);
      series_->bind_one(3, found->first.second);
      for (int i = 4; const auto& cell : cells) series_->bind_one(i++, cell);
      series_->run();
      found->second = db_.last_insert_rowid();
    }
    return found->second;
  }

  Database& db_;
  const Entity& entity_;
  const bool is_own_;
  ContentHasher hasher_;
  std::vector<std::string> names_;  // as they are bound
  std::vector<model::Cell> cells_;
  std::string bytes_;
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> keys_;
  std::optional<Statement> current_, past_, values_, series_;
};

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
    auto entity = read_declaration(name.string().value(), root.get("declaration").value().to_json());
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
