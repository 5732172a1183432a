#include "store/diff.hpp"

#include <algorithm>
#include <map>

#include "json/value.hpp"
#include "json/writer.hpp"
#include "store/schema.hpp"

namespace sitrep::store {
namespace {

constexpr std::string_view k_in_extra = "extra.";

struct State {
  UnixTime at{};
  std::vector<Value> values;  // the entity's columns, url, extra
};
using Key = std::pair<std::string, std::string>;  // source, id

/// The entity's columns, url and extra; what the file lacks is NULL.
std::string value_list(Database& db, const model::Entity& entity) {
  const auto in_file = table_columns(db, current_table(entity));
  std::string list;
  for (const auto& column : entity.columns) {
    const bool there = std::ranges::find(in_file, column.name) != in_file.end();
    list += (there ? "t." + quote_name(column.name) : std::string("NULL")) + ", ";
  }
  return list + "t.url, t.extra";
}

std::map<Key, State> read_states(Statement& statement, std::size_t columns) {
  std::map<Key, State> states;
  while (statement.step()) {
    State state;
    state.at = statement.time(2);
    for (std::size_t i = 0; i < columns; ++i) state.values.push_back(to_value(statement.cell(static_cast<int>(i) + 3)));
    states.insert_or_assign(Key(statement.text(0), statement.text(1)), std::move(state));
  }
  return states;
}

std::string title_of(const model::Entity& entity, const Key& key, const State& state) {
  const int column = title_column(entity);
  const auto* text = column < 0 ? nullptr : std::get_if<std::string>(&state.values[static_cast<std::size_t>(column)]);
  return text == nullptr || text->empty() ? key.second : *text;
}

/// The members of an extra as JSON texts; what is no object has one of no name.
std::map<std::string, std::string> members_of(const Value& extra) {
  std::map<std::string, std::string> members;
  const auto* text = std::get_if<std::string>(&extra);
  if (text == nullptr) return members;
  try {
    json::Document document;
    const auto root = document.parse(*text);
    if (!root.is_object()) return {{"", *text}};
    for (const json::Member member : root.members()) members.emplace(member.key, member.value.to_json());
  } catch (const json::SyntaxError&) {
    members = {{"", json::quoted(*text)}};
  }
  return members;
}

void compare_extra(const Value& before, const Value& after, std::vector<FieldChange>& changes) {
  const auto was = members_of(before), is = members_of(after);
  auto names = was;
  names.insert(is.begin(), is.end());
  const auto value = [](const auto& members, const std::string& name) -> Value {
    const auto found = members.find(name);
    if (found == members.end()) return std::monostate{};
    return found->second;
  };
  for (const auto& [name, text] : names) {
    FieldChange change{std::string(k_in_extra) + name, value(was, name), value(is, name), std::nullopt};
    if (change.before != change.after) changes.push_back(std::move(change));
  }
}

std::optional<std::int64_t> days_between(const Value& before, const Value& after) {
  const auto* a = std::get_if<std::string>(&before);
  const auto* b = std::get_if<std::string>(&after);
  if (a == nullptr || b == nullptr) return std::nullopt;
  const auto from = parse_date(*a), to = parse_date(*b);
  if (!from || !to) return std::nullopt;
  return (*to - *from).count();
}

}  // namespace

std::string_view name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added:
      return "added";
    case Change::Kind::changed:
      return "changed";
    case Change::Kind::removed:
      return "removed";
    case Change::Kind::restored:
      return "restored";
  }
  return "changed";
}

int title_column(const model::Entity& entity) {
  for (const char* name : {"title", "name", "subject", "text"})
    if (const int index = entity.index_of(name); index >= 0) return index;
  return -1;
}

Exclusions::Exclusions(const Store& store, const std::vector<std::string>& patterns) {
  for (const auto& pattern : patterns) {
    const auto dot = pattern.find('.');
    const auto name = pattern.substr(0, dot);
    const auto column = pattern.substr(dot + 1);
    const auto* entity = store.find_entity(name);
    const bool in_all = column == "url" || column == "extra" || column.starts_with(k_in_extra);
    if (entity == nullptr && name != "*")
      fail(ErrorKind::config, "[diff] exclude: '{}': there is no entity '{}'", pattern, name);
    if (entity != nullptr && !in_all && entity->index_of(column) < 0)
      fail(ErrorKind::config, "[diff] exclude: '{}': {} has no column '{}'; a key of extra is extra.{}", pattern, name,
           column, column);
    excluded_.emplace_back(name, column);
  }
}

bool Exclusions::covers(const model::Entity& entity, std::string_view column) const {
  return std::ranges::any_of(excluded_, [&](const auto& pattern) {
    if (pattern.first != "*" && pattern.first != entity.name) return false;
    return pattern.second == column || (pattern.second == "extra" && column.starts_with(k_in_extra));
  });
}

std::vector<FieldChange> compare(const model::Entity& entity, const std::vector<Value>& before,
                                 const std::vector<Value>& after) {
  std::vector<FieldChange> changes;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    const bool own = i < entity.columns.size();
    if (i > entity.columns.size()) {
      compare_extra(before[i], after[i], changes);
      continue;
    }
    FieldChange change{own ? entity.columns[i].name : "url", before[i], after[i], std::nullopt};
    if (own && entity.columns[i].type == model::ColumnType::date) change.days = days_between(before[i], after[i]);
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<Change> diff(Store& store, const model::Entity& entity, UnixTime from, UnixTime to,
                         const Exclusions& exclusions) {
  if (entity.keeping != model::Keeping::versions)
    fail(ErrorKind::usage, "{} is a series: its samples are not compared; look at {}_history", entity.name,
         entity.name);
  auto& db = store.db();
  if (const auto as_of = store.options().as_of) to = std::min(to, *as_of);
  std::vector<Change> changes;
  if (table_columns(db, current_table(entity)).empty() || to <= from) return changes;

  const auto list = value_list(db, entity);
  const auto current = "main." + quote_name(current_table(entity));
  const auto past = "main." + quote_name(past_table(entity));
  const std::string name = "(SELECT name FROM main.source_name n WHERE n.id = t.source_id)";
  // A state of `from` that still holds at `to` is in neither list.
  Statement ended(db, fmt::format("SELECT {}, t.id, t.superseded_at, {} FROM {} t WHERE {} AND t.superseded_at <= ?1",
                                  name, list, past, held_at("t", from)));
  Statement begun(
      db,
      fmt::format("SELECT {0}, t.id, t.observed_at, {1} FROM {2} t WHERE t.observed_at > ?1 AND t.observed_at <= ?2 "
                  "UNION ALL SELECT {0}, t.id, t.observed_at, {1} FROM {3} t WHERE {4} AND t.observed_at > ?1",
                  name, list, current, past, held_at("t", to)));
  ended.bind(to);
  begun.bind(from, to);
  const auto width = entity.columns.size() + 2;
  const auto before = read_states(ended, width);
  const auto after = read_states(begun, width);

  Statement gone(
      db, fmt::format("SELECT 1 FROM {} t WHERE t.source_id = (SELECT id FROM main.source_name WHERE name = ?1) AND "
                      "t.id = ?2 AND t.deleted_at <= ?3 LIMIT 1",
                      past));
  for (const auto& [key, state] : after) {
    Change change{Change::Kind::added, entity.name, key.first, key.second, title_of(entity, key, state), state.at, {}};
    if (const auto was = before.find(key); was != before.end()) {
      change.fields = compare(entity, was->second.values, state.values);
      std::erase_if(change.fields, [&](const FieldChange& field) { return exclusions.covers(entity, field.column); });
      if (change.fields.empty()) continue;
      change.kind = Change::Kind::changed;
    } else if (gone.bind(key.first, key.second, from).step()) {
      change.kind = Change::Kind::restored;
    }
    changes.push_back(std::move(change));
  }
  gone.reset();
  for (const auto& [key, state] : before)
    if (!after.contains(key))
      changes.push_back(
          {Change::Kind::removed, entity.name, key.first, key.second, title_of(entity, key, state), state.at, {}});
  std::ranges::sort(changes, {}, [](const Change& c) { return std::tie(c.source, c.id); });
  return changes;
}

}  // namespace sitrep::store
