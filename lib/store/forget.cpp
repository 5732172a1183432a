#include "store/forget.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/incident_pack.hpp"
#include "store/own_entities.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Entity;

/// Letters, digits and whatever is not ASCII belong to a word.
bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

void rewrite_json(const json::Value& value, std::string_view person, json::Writer& writer) {
  if (value.is_array()) {
    writer.begin_array();
    for (const json::Member member : value.members()) rewrite_json(member.value, person, writer);
    writer.end_array();
  } else if (value.is_object()) {
    writer.begin_object();
    for (const json::Member member : value.members()) {
      writer.key(without_person(member.key, person));
      rewrite_json(member.value, person, writer);
    }
    writer.end_object();
  } else if (const auto text = value.string()) {
    writer.value(without_person(*text, person));
  } else {
    writer.raw(value.to_json());
  }
}

/// JSON stays JSON: a name can only be in its strings.
std::string cleaned(std::string_view text, std::string_view person) {
  if (!text.starts_with('{') && !text.starts_with('[')) return without_person(text, person);
  json::Document document;
  try {
    json::Writer writer;
    rewrite_json(document.parse(text), person, writer);
    return writer.take();
  } catch (const json::SyntaxError&) {
    return without_person(text, person);
  }
}

class Eraser {
 public:
  Eraser(Database& db, std::string_view person, bool apply)
      : db_(db), person_(person), lower_(lower_ascii(person)), apply_(apply) {}

  /// Text columns of a table. `author`: the column of who wrote a row, "" when there is none.
  void table(const std::string& where, const std::string& name, const std::vector<std::string>& columns,
             const std::string& author) {
    for (const auto& column : columns) {
      const bool wrote = !author.empty() && (column == "text" || column == "body");
      auto condition = fmt::format("instr(lower({}), ?1) > 0", quote_name(column));
      if (wrote)
        condition += fmt::format(" OR (lower({}) = ?1 AND {} IS NOT NULL)", quote_name(author), quote_name(column));
      Statement rows(
          db_, fmt::format("SELECT {0}, {1}{2} FROM main.{3} WHERE {4}", key_of(name), quote_name(column),
                           wrote ? ", lower(" + quote_name(author) + ") = ?1" : ", 0", quote_name(name), condition));
      rows.bind(lower_);
      std::vector<std::pair<std::vector<std::int64_t>, std::string>> changes;
      const int keys = keys_of(name);
      while (rows.step()) {
        const auto before = rows.text(keys);
        auto after = rows.integer(keys + 1) != 0 ? std::string(k_forgotten) : cleaned(before, person_);
        if (after == before) continue;
        std::vector<std::int64_t> key;
        for (int i = 0; i < keys; ++i) key.push_back(rows.integer(i));
        changes.emplace_back(std::move(key), std::move(after));
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
    Statement rows(db_, fmt::format("SELECT {} FROM main.{} WHERE instr(lower({}), ?1) > 0", quote_name(column),
                                    quote_name(name), quote_name(column)));
    rows.bind(lower_);
    std::int64_t count = 0;
    while (rows.step())
      if (cleaned(rows.text(0), person_) != rows.text(0)) ++count;
    note(where, column, count, true);
  }

  std::vector<Forgotten> take() { return std::move(found_); }

 private:
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
  std::string_view person_;
  const std::string lower_;
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

std::string without_person(std::string_view text, std::string_view person) {
  const auto lower = lower_ascii(text), wanted = lower_ascii(person);
  std::string out;
  std::size_t at = 0;
  for (std::size_t found = lower.find(wanted); found != std::string::npos; found = lower.find(wanted, found)) {
    const auto end = found + wanted.size();
    const bool begins = found == 0 || !in_word(text[found - 1]) || !in_word(text[found]);
    const bool ends = end == text.size() || !in_word(text[end]) || !in_word(text[end - 1]);
    if (!begins || !ends) {
      ++found;
      continue;
    }
    out += text.substr(at, found - at);
    out += k_forgotten;
    at = found = end;
  }
  out += text.substr(at);
  return out;
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
    eraser.table("outbox", "outbox", {"body", "remote_url", "error"}, "");
    found = eraser.take();
    if (apply && std::ranges::any_of(found, [](const Forgotten& f) { return f.where == "incident" && !f.left; }))
      rebuild_incident_packs(db);
    if (transaction) transaction->commit();
  }
  // What rows left behind in free pages goes with the pages.
  if (apply && !found.empty()) db.execute("VACUUM");
  return found;
}

}  // namespace sitrep::store
