#include "store/own_entities.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/content_hash.hpp"
#include "store/forget.hpp"
#include "store/own_entity_keys.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::Column;
using model::ColumnType;
using model::Entity;

/// The type that a table's column can be of when no declaration says it.
ColumnType type_of(std::string_view sqlite_type) {
  if (sqlite_type == "INTEGER") return ColumnType::integer;
  return sqlite_type == "REAL" ? ColumnType::real : ColumnType::text;
}

/// The columns that the file holds of an entity, those that were declared once included.
Entity read_table(Database& db, const Entity& entity) {
  Entity found;
  found.name = entity.name;
  Statement columns(db, "SELECT name, type FROM pragma_table_info(?1, 'main')");
  const auto table = current_table(entity);
  columns.bind(table);
  while (columns.step()) {
    const std::string name(columns.text(0));
    const auto* declared = entity.find(name);
    auto type = type_of(columns.text(1));
    if (declared != nullptr && model::sqlite_type(declared->type) == columns.text(1)) type = declared->type;
    found.columns.push_back({name, type, "", {}});
  }
  return found;
}

/// The object's other members as they are, then `name` with `json`, unless that is empty; "" when none are left. An
/// empty text is an object without members.
std::string with_member(std::string_view object, std::string_view name, std::string_view json) {
  json::Writer writer;
  writer.begin_object();
  bool any = !json.empty();
  json::Document document;
  if (!object.empty()) {
    for (const json::Member member : document.parse(object).members()) {
      if (member.key == name) continue;
      writer.key(member.key).raw(member.value.to_json());
      any = true;
    }
  }
  if (!json.empty()) writer.key(name).raw(json);
  writer.end_object();
  return any ? writer.take() : "";
}

std::string json_of(const Value& value) {
  json::Writer writer;
  if (const auto* text = std::get_if<std::string>(&value)) writer.value(*text);
  if (const auto* real = std::get_if<double>(&value)) writer.value(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) writer.value(*integer);
  return writer.take();
}

// What a column held before it got a type that cannot hold it stands in `extra`: {"$was":{"percent":"half"}}. It is the
// store's own and no part of what the source said.

/// `extra` with `value` as what column `name` held at first; without one when it is NULL.
std::string with_original(std::string_view extra, std::string_view name, const Value& value) {
  json::Document document;
  const auto originals = extra.empty() ? std::nullopt : document.parse(extra).get(k_was);
  return with_member(extra, k_was, with_member(originals ? originals->to_json() : "", name, json_of(value)));
}

struct Original {
  Value value;
  ColumnType type;
};

/// What a source said of column `name` while that could not hold it: {"$odd":{"percent":{"value":"half",…}}}.
constexpr std::string_view k_odd = "$odd";

/// `extra` without what did not fit column `name`: it does now.
std::string without_odd(std::string_view extra, std::string_view name) {
  if (extra.find(k_odd) == std::string_view::npos) return std::string(extra);
  json::Document document;
  const auto odd = document.parse(extra).get(k_odd);
  return odd ? with_member(extra, k_odd, with_member(odd->to_json(), name, {})) : std::string(extra);
}

std::optional<Original> original_of(std::string_view extra, std::string_view name) {
  if (extra.find(k_was) == std::string_view::npos && extra.find(k_odd) == std::string_view::npos) return std::nullopt;
  json::Document document;
  const auto root = document.parse(extra);
  const auto originals = root.get(k_was), odd = root.get(k_odd);
  auto value = originals ? originals->get(name) : std::nullopt;
  if (const auto said = !value && odd ? odd->get(name) : std::nullopt; said) value = said->get("value");
  if (!value) return std::nullopt;
  if (const auto text = value->string()) return Original{std::string(*text), ColumnType::text};
  if (const auto integer = value->integer()) return Original{*integer, ColumnType::integer};
  if (const auto real = value->real()) return Original{*real, ColumnType::real};
  return std::nullopt;
}

struct Tally {
  std::int64_t moved = 0, kept = 0;
};

/// Gives each row of both tables that has none its value of `target`, made from column `from` of the file by `read`.
template <class Read>
void rewrite(Database& db, const Entity& entity, const std::string& target, const std::string& from, const Read& read) {
  for (const auto& table : {current_table(entity), past_table(entity)}) {
    Statement rows(db,
                   fmt::format("SELECT key, {0}, extra FROM {1} WHERE ({0} IS NOT NULL OR instr(extra, '{2}') > 0 OR "
                               "instr(extra, '{4}') > 0) AND {3} IS NULL",
                               quote_name(from), quote_name(table), k_was, quote_name(target), k_odd));
    Statement write(
        db, fmt::format("UPDATE {} SET {} = ?2, extra = ?3 WHERE key = ?1", quote_name(table), quote_name(target)));
    while (rows.step()) {
      auto extra = std::string(rows.text(2));
      const Value value = read(to_value(rows.cell(1)), extra);
      write.reset();
      write.bind_one(1, rows.integer(0));
      std::visit(
          [&](const auto& v) {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>)
              write.bind_one(2, nullptr);
            else
              write.bind_one(2, v);
          },
          value);
      if (extra.empty())
        write.bind_one(3, nullptr);
      else
        write.bind_one(3, extra);
      write.run();
    }
  }
}

void on_both(Database& db, const Entity& entity, std::string_view change) {
  for (const auto& table : {current_table(entity), past_table(entity)})
    db.execute(fmt::format("ALTER TABLE {} {}", quote_name(table), change));
}

Tally retype(Database& db, const Entity& entity, const Column& column, ColumnType from) {
  Tally tally;
  const std::string fresh = column.name + "$new";
  on_both(db, entity, fmt::format("ADD COLUMN {} {}", quote_name(fresh), model::sqlite_type(column.type)));
  rewrite(db, entity, fresh, column.name, [&](const Value& value, std::string& extra) {
    const auto original = original_of(extra, column.name);
    if (!original && std::holds_alternative<std::monostate>(value)) return Value{};
    ++tally.moved;
    auto converted = convert(value, from, column.type);
    if (!original) {
      if (converted.exact) return std::move(converted.value);
      extra = with_original(extra, column.name, value);
    } else {
      auto back = convert(original->value, original->type, column.type);
      // Any number can be a text; only what was one is back.
      if (back.exact && (column.type != ColumnType::text || original->type == ColumnType::text)) {
        extra = without_odd(with_original(extra, column.name, {}), column.name);
        return std::move(back.value);
      }
      if (std::holds_alternative<std::monostate>(converted.value)) converted.value = std::move(back.value);
    }
    ++tally.kept;
    return std::move(converted.value);
  });
  on_both(db, entity, fmt::format("DROP COLUMN {}", quote_name(column.name)));
  on_both(db, entity, fmt::format("RENAME COLUMN {} TO {}", quote_name(fresh), quote_name(column.name)));
  return tally;
}

/// What records held under the name of a new column while they had none.
std::int64_t take_from_extra(Database& db, const Entity& entity, const Column& column) {
  std::int64_t taken = 0;
  rewrite(db, entity, column.name, "extra", [&](const Value& text, std::string& extra) -> Value {
    json::Document document;
    const auto found = document.parse(std::get<std::string>(text)).get(column.name);
    if (!found || found->is_null()) return std::monostate{};
    Value value = found->to_json();
    auto from = ColumnType::json;
    if (const auto string = found->string()) {
      value = std::string(*string);
      from = ColumnType::text;
    } else if (const auto integer = found->integer()) {
      value = *integer;
      from = ColumnType::integer;
    } else if (const auto real = found->real()) {
      value = *real;
      from = ColumnType::real;
    }
    auto converted = convert(value, from, column.type);
    if (std::holds_alternative<std::monostate>(converted.value)) return converted.value;
    extra = with_member(extra, column.name, {});
    ++taken;
    return std::move(converted.value);
  });
  return taken;
}

/// States are known by their hash: after a change of columns they would all look changed. Gives back for how many
/// present ones that cannot be helped: what the source says of somebody who was forgotten is known by its old hash
/// alone.
std::int64_t rehash(Database& db, const Entity& entity) {
  std::int64_t forgotten = 0;
  ContentHasher hasher(entity);
  std::string list, bytes;
  for (const auto& column : entity.columns) list += ", " + quote_name(column.name);
  for (const auto& table : {current_table(entity), past_table(entity)}) {
    Statement rows(db, fmt::format("SELECT key, url, extra{} FROM {}", list, quote_name(table)));
    Statement write(db, fmt::format("UPDATE {} SET hash = ?2 WHERE key = ?1", quote_name(table)));
    std::vector<model::Cell> cells(entity.columns.size());
    while (rows.step()) {
      for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = rows.cell(static_cast<int>(i) + 3);
      if (is_forgotten(rows)) {
        if (table == current_table(entity)) ++forgotten;
        continue;
      }
      const auto extra = without_originals(rows.text(2));
      const auto hash = hasher({{}, rows.text(1), extra, 0, cells});
      write.bind(rows.integer(0));
      write.bind_blob(2, hash_blob(hash, bytes));
      write.run();
    }
  }
  return forgotten;
}

std::int64_t count_values(Database& db, const Entity& entity, const std::string& column) {
  Statement count(db,
                  fmt::format("SELECT (SELECT count({0}) FROM {1}) + (SELECT count({0}) FROM {2})", quote_name(column),
                              quote_name(current_table(entity)), quote_name(past_table(entity))));
  count.step();
  return count.integer(0);
}

/// The changes of one entity that the file has already.
class Change {
 public:
  Change(Database& db, const Entity& entity, const Entity& before, std::vector<std::string>& notes)
      : db_(db), entity_(entity), before_(before), in_file_(read_table(db, entity)), notes_(notes) {}

  void run() {
    // ALTER TABLE reads every view of the file again; those of this entity come back with its new columns.
    for (const auto& view : {entity_.name, entity_.name + "_history"})
      db_.execute(fmt::format("DROP VIEW IF EXISTS {}", quote_name(view)));
    for (const auto& column : in_file_.columns)
      db_.execute(
          fmt::format("DROP INDEX IF EXISTS {}", quote_name(fmt::format("{}_by_{}", entity_.name, column.name))));
    for (const auto& column : entity_.columns) declare(column);
    for (const auto& column : before_.columns)
      if (entity_.find(column.name) == nullptr && in_file_.find(column.name) != nullptr)
        note("column {} is declared no more: its {} stay in the store and come back when it is declared again",
             column.name, count_of(count_values(db_, entity_, column.name), "value"));
    if (const auto forgotten = rehash(db_, entity_); forgotten > 0)
      note(
          "somebody was taken out of {}, and the next sync brings the name back with the new columns: run "
          "'sitrep store forget' again then",
          count_of(forgotten, "record"));
    if (entity_.key != before_.key) note("{}", change_key(db_, entity_, before_.key));
  }

 private:
  template <class... Args>
  void note(fmt::format_string<Args...> text, Args&&... args) {
    notes_.push_back(fmt::format("entity {}: ", entity_.name) + fmt::format(text, std::forward<Args>(args)...));
  }

  void declare(const Column& column) {
    const auto* was = before_.find(column.name);
    const auto* kept = in_file_.find(column.name);
    if (kept == nullptr) {
      on_both(db_, entity_, fmt::format("ADD COLUMN {} {}", quote_name(column.name), model::sqlite_type(column.type)));
      if (const auto taken = take_from_extra(db_, entity_, column); taken > 0)
        note("column {} is new: {} taken from extra", column.name, count_of(taken, "value"));
      else
        note("column {} is new", column.name);
      return;
    }
    const auto from = was != nullptr ? was->type : kept->type;
    if (from != column.type) change_type(column, from);
    if (was != nullptr) return;
    take_from_extra(db_, entity_, column);  // what was said of it in between
    note("column {} is back, with {}", column.name, count_of(count_values(db_, entity_, column.name), "value"));
  }

  void change_type(const Column& column, ColumnType from) {
    const auto tally = retype(db_, entity_, column, from);
    note("column {} is {} now, was {}: {} converted{}", column.name, model::name(column.type), model::name(from),
         count_of(tally.moved, "value"),
         tally.kept == 0 ? std::string()
                         : fmt::format(", of which {} did not fit and {} kept in extra.\"$was\"", tally.kept,
                                       tally.kept == 1 ? "is" : "are"));
  }

  Database& db_;
  const Entity& entity_;
  const Entity& before_;
  const Entity in_file_;
  std::vector<std::string>& notes_;
};

}  // namespace

std::string without_originals(std::string_view extra) {
  return extra.find(k_was) == std::string_view::npos ? std::string(extra) : with_member(extra, k_was, {});
}

std::string declaration_of(const Entity& entity) {
  json::Writer writer;
  writer.begin_object().key("columns").begin_object();
  for (const auto& column : entity.columns) writer.member(column.name, std::string(model::name(column.type)));
  writer.end_object().key("key").begin_array();
  for (const auto& name : entity.key) writer.value(name);
  return writer.end_array().end_object().take();
}

Entity read_declaration(std::string_view name, std::string_view text) {
  Entity entity;
  entity.name = name;
  entity.doc = "Own entity of this workspace";
  json::Document document;
  const auto root = document.parse(text);
  if (const auto columns = root.get("columns"))
    for (const json::Member member : columns->members()) {
      const auto type = model::parse_column_type(member.value.string().value_or(""));
      if (!type) fail(ErrorKind::store, "the declaration of entity {} is damaged: {}", name, visible(text));
      entity.columns.push_back({std::string(member.key), *type, "", {}});
    }
  if (const auto key = root.get("key"))
    for (const json::Member member : key->members()) entity.key.emplace_back(member.value.string().value_or(""));
  return entity;
}

std::vector<Entity> remembered_entities(Database& db) {
  std::vector<Entity> entities;
  Statement rows(db, "SELECT name, declaration FROM main.own_entity ORDER BY name");
  while (rows.step()) entities.push_back(read_declaration(rows.text(0), rows.text(1)));
  return entities;
}

std::vector<std::string> migrate_own_entities(Database& db, std::span<const Entity> own) {
  std::vector<std::string> notes;
  const auto remembered = remembered_entities(db);
  for (const auto& entity : own) {
    const auto declaration = declaration_of(entity);
    const auto before = std::ranges::find(remembered, entity.name, &Entity::name);
    if (before != remembered.end() && declaration_of(*before) == declaration) continue;
    if (!table_columns(db, current_table(entity)).empty()) {
      // Files from before the declarations were kept have no more than their tables.
      const auto as_kept = before != remembered.end() ? *before : read_table(db, entity);
      auto known = as_kept;
      if (before == remembered.end()) {
        std::erase_if(known.columns, [&](const Column& column) { return entity.find(column.name) == nullptr; });
        known.key = entity.key;
      }
      Change(db, entity, known, notes).run();
    }
    Statement(db,
              "INSERT INTO own_entity (name, declaration) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET declaration = ?2")
        .bind(entity.name, declaration)
        .run();
  }
  return notes;
}

}  // namespace sitrep::store
