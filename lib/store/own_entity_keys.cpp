#include "store/own_entity_keys.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

using model::ColumnType;
using model::Entity;

/// Whether a stored value of the type reads as it came: then the id that it was part of can be made again.
bool reads_as_it_came(const Entity& entity, const std::string& column) {
  const auto* found = entity.find(column);
  return found != nullptr &&
         (found->type == ColumnType::text || found->type == ColumnType::date || found->type == ColumnType::integer);
}

/// The id that a key makes of the row's columns from `first` on: a text, of several parts their JSON array. nullopt:
/// one of them is missing.
std::optional<std::string> id_of(const Statement& row, int first, std::size_t parts) {
  json::Writer writer;
  writer.begin_array();
  for (std::size_t i = 0; i < parts; ++i) {
    const auto text = row.text(first + static_cast<int>(i));
    if (text.empty()) return std::nullopt;
    if (parts == 1) return std::string(text);
    writer.value(text);
  }
  return writer.end_array().take();
}

struct Record {
  std::int64_t source;
  std::string id;
  friend auto operator<=>(const Record&, const Record&) = default;
};

/// In two steps: a new id may be another record's old one.
void rename(Database& db, const Entity& entity, const std::map<Record, std::string>& names) {
  const auto each = [&](const std::string& table, std::string_view which) {
    Statement statement(db, fmt::format("UPDATE {} SET id = ?3 WHERE id = ?2 AND source_id = ?1{}", table, which));
    for (const bool second : {false, true}) {
      for (const auto& [record, id] : names) {
        if (record.id == id) continue;
        const auto between = "\x01" + id;
        statement.bind(record.source, std::string_view(second ? between : record.id),
                       std::string_view(second ? id : between));
        if (!which.empty()) statement.bind_one(4, entity.name);
        statement.run();
      }
    }
  };
  each(quote_name(current_table(entity)), "");
  each(quote_name(past_table(entity)), "");
  each("sighting", " AND entity = ?4");
}

std::string columns_of(const std::vector<std::string>& key) {
  std::string list;
  for (const auto& name : key) list += ", " + quote_name(name);
  return list;
}

}  // namespace

std::string change_key(Database& db, const Entity& entity, const std::vector<std::string>& was) {
  const auto words = [](const auto& key) { return key.empty() ? std::string("the record's id") : join(key, ", "); };
  const auto sentence = fmt::format("the key is {} now, was {}", words(entity.key), words(was));
  const auto usable = [&](const auto& key) {
    return !key.empty() &&
           std::ranges::all_of(key, [&](const std::string& column) { return reads_as_it_came(entity, column); });
  };
  if (!usable(was) || !usable(entity.key))
    return sentence +
           ": records keep their ids, and come as new ones with the next import; 'sitrep import --snapshot' "
           "ends the old ones";
  // The newest state of a record says what it is called; its past goes with it.
  std::map<Record, std::string> renamed;
  std::set<Record> taken;
  std::int64_t kept = 0;
  for (const bool past : {false, true}) {
    const auto table = past ? past_table(entity) : current_table(entity);
    Statement rows(db, fmt::format("SELECT source_id, id{}{} FROM {} ORDER BY observed_at DESC, key DESC",
                                   columns_of(was), columns_of(entity.key), quote_name(table)));
    while (rows.step()) {
      Record record{rows.integer(0), std::string(rows.text(1))};
      if (renamed.contains(record)) continue;
      const bool by_key = id_of(rows, 2, was.size()) == record.id;
      const auto id = by_key ? id_of(rows, 2 + static_cast<int>(was.size()), entity.key.size()) : std::nullopt;
      // A record that is gone makes way for a living one of that name.
      if (!id || (past && taken.contains({record.source, *id}))) {
        if (taken.insert(record).second) ++kept;
        continue;
      }
      if (!taken.insert({record.source, *id}).second)
        fail(ErrorKind::config,
             "[entity.{}]: with the key {} two records would both be '{}'; choose a key that tells them apart",
             entity.name, join(entity.key, ", "), visible(*id));
      renamed.emplace(std::move(record), *id);
    }
  }
  rename(db, entity, renamed);
  return sentence + fmt::format(": {} renamed in every version{}",
                                count_of(static_cast<std::int64_t>(renamed.size()), "record"),
                                kept > 0 ? fmt::format(", {} with ids of their own keep them", kept) : std::string());
}

}  // namespace sitrep::store
