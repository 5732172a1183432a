#include "store/forget.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/incident_pack.hpp"
#include "store/own_entities.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;

/// Writes the value without the person; gives back whether they were in it.
bool rewrite_json(const json::Value& value, const PersonName& person, json::Writer& writer) {
  bool found = false;
  const auto cleaned = [&](std::string_view text) {
    auto other = person.taken_out(text);
    found = found || other;
    return other ? *std::move(other) : std::string(text);
  };
  if (value.is_array()) {
    writer.begin_array();
    for (const json::Member member : value.members()) found = rewrite_json(member.value, person, writer) || found;
    writer.end_array();
  } else if (value.is_object()) {
    writer.begin_object();
    std::set<std::string> keys;  // "Dana" and "dana" are two, and stay two
    for (const json::Member member : value.members()) {
      const auto key = cleaned(member.key);
      auto own = key;
      for (int i = 2; !keys.insert(own).second; ++i) own = fmt::format("{} {}", key, i);
      writer.key(own);
      found = rewrite_json(member.value, person, writer) || found;
    }
    writer.end_object();
  } else if (const auto text = value.string()) {
    writer.value(cleaned(*text));
  } else {
    writer.raw(value.to_json());
  }
  return found;
}

/// A person, by name and as the name stands in JSON.
struct Person {
  explicit Person(std::string_view text) : name(text), in_json(without_quotes(json::quoted(text))) {}

  /// JSON stays JSON: a name can only be in its strings. nullopt: the text does not name them.
  std::optional<std::string> taken_out(std::string_view text) const {
    if (!text.starts_with('{') && !text.starts_with('[')) return name.taken_out(text);
    json::Document document;
    try {
      json::Writer writer;
      if (!rewrite_json(document.parse(text), name, writer)) return std::nullopt;
      return writer.take();
    } catch (const json::SyntaxError&) {  // of a record that was rejected for it, or cut
      auto plain = name.taken_out(text);
      auto escaped = in_json.taken_out(plain ? *plain : text);
      return escaped ? std::move(escaped) : std::move(plain);
    }
  }

  PersonName name, in_json;

 private:
  static std::string without_quotes(const std::string& text) { return text.substr(1, text.size() - 2); }
};

class Eraser {
 public:
  Eraser(Database& db, std::string_view person, bool apply) : db_(db), person_(person), apply_(apply) {}

  /// Text columns of a table. `author`: the column of who wrote a row, "" when there is none.
  void table(const std::string& where, const std::string& name, const std::vector<std::string>& columns,
             const std::string& author) {
    for (const auto& column : columns) {
      const bool wrote = !author.empty() && (column == "text" || column == "body");
      auto condition = may_name(column);
      if (wrote)
        condition = fmt::format("{} IS NOT NULL AND ({} OR {})", quote_name(column), condition, may_name(author));
      Statement rows(db_, fmt::format("SELECT {0}, {1}, {2} FROM main.{3} WHERE {4}", key_of(name), quote_name(column),
                                      wrote ? quote_name(author) : "NULL", quote_name(name), condition));
      rows.bind(person_.name.clue());
      std::vector<std::pair<std::vector<std::int64_t>, std::string>> changes;
      const int keys = keys_of(name);
      while (rows.step()) {
        auto after =
            person_.name.is(rows.text(keys + 1)) ? std::string(k_forgotten) : person_.taken_out(rows.text(keys));
        if (!after || *after == rows.text(keys)) continue;
        std::vector<std::int64_t> key;
        for (int i = 0; i < keys; ++i) key.push_back(rows.integer(i));
        changes.emplace_back(std::move(key), *std::move(after));
      }
      rows.reset();
      note(where, column, static_cast<std::int64_t>(changes.size()), false);
      if (!apply_ || changes.empty()) continue;
      Statement write(db_,
                      fmt::format("UPDATE main.{} SET {} = ?1 WHERE {}", quote_name(name), quote_name(column),
                                  keys == 1 ? key_of(name) + " = ?2" : "series = ?2 AND at = ?3 AND observed_at = ?4"));
      for (const auto& [key, text] : changes) {
        write.reset();
        write.bind_one(1, text);
        for (int i = 0; const auto part : key) write.bind_one(2 + i++, part);
        write.run();
      }
    }
  }

  /// What names records stays, and is told.
  void left(const std::string& where, const std::string& name, const std::string& column) {
    Statement rows(
        db_, fmt::format("SELECT {} FROM main.{} WHERE {}", quote_name(column), quote_name(name), may_name(column)));
    rows.bind(person_.name.clue());
    std::int64_t count = 0;
    while (rows.step())
      if (person_.taken_out(rows.text(0))) ++count;
    note(where, column, count, true);
  }

  std::vector<Forgotten> take() { return std::move(found_); }

 private:
  /// A condition on rows that are worth a look; ?1 is the clue. Foreign JSON may write plain letters as \u00XX.
  static std::string may_name(const std::string& column) {
    return fmt::format("(instr(lower({0}), ?1) > 0 OR instr({0}, '\\u00') > 0)", quote_name(column));
  }
  std::string key_of(const std::string& name) const {
    if (name.ends_with("_value")) return "series, at, observed_at";
    return name.ends_with("_current") || name.ends_with("_past") ? "key" : "id";
  }
  static int keys_of(const std::string& name) { return name.ends_with("_value") ? 3 : 1; }

  void note(const std::string& where, const std::string& column, std::int64_t values, bool left) {
    if (values == 0) return;
    const auto found = std::ranges::find_if(
        found_, [&](const Forgotten& f) { return f.where == where && f.column == column && f.left == left; });
    if (found != found_.end())
      found->values += values;
    else
      found_.push_back({where, column, values, left});
  }

  Database& db_;
  const Person person_;
  const bool apply_;
  std::vector<Forgotten> found_;
};

/// Text columns of a table but those of its key; the author's last, so that what they wrote is found by it first.
std::vector<std::string> text_columns(Database& db, const std::string& table) {
  std::vector<std::string> names;
  Statement columns(db,
                    "SELECT name FROM pragma_table_info(?1, 'main') WHERE type = 'TEXT' AND name <> 'id' ORDER BY "
                    "name = 'author', cid");
  columns.bind(table);
  while (columns.step()) names.emplace_back(columns.text(0));
  return names;
}

void erase_entity(Database& db, const Entity& entity, Eraser& eraser) {
  const auto author = entity.index_of("author") >= 0 ? std::string("author") : std::string();
  if (entity.keeping == model::Keeping::versions) {
    for (const auto& table : {current_table(entity), past_table(entity)}) {
      if (table_columns(db, table).empty()) continue;
      eraser.table(entity.name, table, text_columns(db, table), author);
      eraser.left(entity.name, table, "id");
    }
  } else if (!table_columns(db, value_table(entity)).empty()) {
    eraser.table(entity.name, value_table(entity), text_columns(db, value_table(entity)), author);
    eraser.left(entity.name, series_table(entity), "series_text");
  }
}

}  // namespace

void leave_no_trace(Store& store) {
  auto& db = store.db();
  try {
    db.execute("VACUUM");
  } catch (const Error& error) {
    fail(error.kind(), "no version has the name any more, but free pages of the file still do: {}; run this again",
         error.what());
  }
  Statement checkpoint(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  if (checkpoint.step() && checkpoint.integer(0) != 0)
    fail(ErrorKind::store,
         "no version has the name any more, but another program reads the store and keeps its old pages in the file; "
         "end that program and run this again");
}

std::vector<Forgotten> forget(Store& store, std::string_view person, bool apply) {
  person = trim_view(person);
  if (person.size() < 2)
    fail(ErrorKind::usage, "'{}' is too short to be a person: it would be found everywhere", visible(person));
  auto& db = store.db();
  if (apply) db.execute("PRAGMA secure_delete = ON");
  std::vector<Forgotten> found;
  {
    std::optional<Transaction> transaction;
    if (apply) transaction.emplace(db);
    Eraser eraser(db, person, apply);
    for (const auto& entity : model::built_in_entities()) erase_entity(db, entity, eraser);
    for (const auto& entity : remembered_entities(db)) erase_entity(db, entity, eraser);
    eraser.table("reject", "reject_log", {"reason", "raw", "place"}, "");
    eraser.table("sync_run", "sync_run_log", {"error", "notes"}, "");
    eraser.table("outbox", "outbox", {"body", "subject", "path", "remote_id", "remote_url", "error"}, "");
    eraser.left("source", "source_name", "name");
    eraser.left("stream", "stream_state", "name");
    found = eraser.take();
    if (apply && std::ranges::any_of(found, [](const Forgotten& f) { return f.where == "incident" && !f.left; }))
      rebuild_incident_packs(db);
    if (transaction) transaction->commit();
  }
  return found;
}

bool is_forgotten(const Statement& row) {
  for (int i = 0; i < row.columns(); ++i)
    if (row.text(i).find(k_forgotten) != std::string_view::npos) return true;
  return false;
}

}  // namespace sitrep::store
