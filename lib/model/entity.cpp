#include "model/entity.hpp"

#include <algorithm>
#include <array>

namespace sitrep::model {
namespace {

constexpr std::array<std::string_view, 7> k_names = {"text", "integer", "real", "boolean", "timestamp", "date", "json"};

}  // namespace

std::optional<ColumnType> parse_column_type(std::string_view name) {
  const auto found = std::ranges::find(k_names, name);
  if (found == k_names.end()) return std::nullopt;
  return static_cast<ColumnType>(found - k_names.begin());
}

std::string_view name(ColumnType type) { return k_names[static_cast<std::size_t>(type)]; }

std::string_view sqlite_type(ColumnType type) {
  switch (type) {
    case ColumnType::integer:
    case ColumnType::boolean:
    case ColumnType::timestamp:
      return "INTEGER";
    case ColumnType::real:
      return "REAL";
    case ColumnType::text:
    case ColumnType::date:
    case ColumnType::json:
      return "TEXT";
  }
  return "TEXT";
}

int Entity::index_of(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

const Column* Entity::find(std::string_view column) const {
  const int index = index_of(column);
  return index < 0 ? nullptr : &columns[static_cast<std::size_t>(index)];
}

const Entity* find_built_in(std::string_view name) {
  const auto entities = built_in_entities();
  const auto found = std::ranges::find(entities, name, &Entity::name);
  return found == entities.end() ? nullptr : &*found;
}

}  // namespace sitrep::model
