#include "sources/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "sources/time_pattern.hpp"

namespace sitrep::sources {
namespace {

using config::ColumnMap;

[[noreturn]] void fail_at(const config::Location& where, std::string_view what) {
  if (where.line == 0) fail(ErrorKind::config, "{}", what);
  fail(ErrorKind::config, "{}: {}", where.text(), what);
}

// Errors of paths, zones and formats know what is wrong but not where it stands.
template <class Make>
auto at(const config::Location& where, const Make& make) {
  try {
    return make();
  } catch (const Error& e) {
    fail_at(where, e.what());
  }
}

const model::Entity& entity_of(const EntityLookup& entities, const std::string& name, const config::Location& where) {
  const model::Entity* entity = entities(name);
  if (!entity) fail_at(where, "'" + name + "' is not an entity");
  return *entity;
}

TimeReading times_of(const std::string& format, const std::string& zone) {
  TimeReading times;
  using Format = TimeReading::Format;
  if (format == "epoch")
    times.format = Format::epoch;
  else if (format == "epoch_ms")
    times.format = Format::epoch_ms;
  else if (!format.empty() && format != "auto")
    times.format = Format::pattern;
  if (times.format == Format::pattern) check_time_pattern(format);
  times.pattern = format;
  times.zone = Zone::load(zone);
  return times;
}

// What a STRICT table would refuse later is refused here.
void check_fits(const ColumnMap& knobs, const model::Column& own) {
  using model::ColumnType;
  using List = ColumnMap::List;
  const auto textual = [](ColumnType type) { return type == ColumnType::text || type == ColumnType::json; };
  if (knobs.type && *knobs.type != own.type && !(textual(*knobs.type) && textual(own.type))) {
    fail_at(knobs.where, fmt::format("column '{}' is of type {}; type = \"{}\" does not fit it", own.name,
                                     model::name(own.type), model::name(*knobs.type)));
  }
  const bool makes_text = knobs.list == List::json || knobs.list == List::join;
  const bool makes_number = knobs.list == List::count;
  if ((makes_text && !textual(own.type)) ||
      (makes_number && own.type != ColumnType::integer && own.type != ColumnType::real)) {
    fail_at(knobs.where, fmt::format("column '{}' is of type {}; what its 'list' makes does not fit it", own.name,
                                     model::name(own.type)));
  }
}

MappedColumn map_column(const ColumnMap& knobs, const config::Stream& stream, const model::Entity& entity) {
  MappedColumn column;
  column.knobs = &knobs;
  column.nan = stream.nan;
  column.inf = stream.inf;
  column.type = knobs.type;
  const int index = entity.index_of(knobs.column);
  if (index >= 0) {
    const model::Column& own = entity.columns[static_cast<std::size_t>(index)];
    if (knobs.list != ColumnMap::List::rows) check_fits(knobs, own);
    column.index = static_cast<std::size_t>(index);
    if (!column.type) column.type = own.type;
    if (!own.values.empty()) column.vocabulary = &own.values;
  } else {
    column.to = knobs.column == "url" ? MappedColumn::To::url : MappedColumn::To::extra;
    if (column.to == MappedColumn::To::url) column.type = model::ColumnType::text;
  }
  column.origin.from = Origin::From::constant;
  if (!knobs.path.empty()) column.origin = Origin::parse(knobs.path);
  for (const std::string& path : knobs.parts) column.parts.push_back({Origin::parse(path), {}, false});
  if (!column.parts.empty() && !column.type) column.type = model::ColumnType::text;
  column.gathers = knobs.list != ColumnMap::List::none && knobs.list != ColumnMap::List::rows &&
                   column.origin.from == Origin::From::path && column.origin.path.has_wildcard();
  if (column.origin.from == Origin::From::key) column.type = model::ColumnType::text;
  if (column.origin.from == Origin::From::index) column.type = model::ColumnType::integer;
  if (column.origin.from == Origin::From::now) {
    if (column.type && *column.type != model::ColumnType::timestamp)
      fail_at(knobs.where,
              fmt::format("column '{}' is of type {}; $now is a time", knobs.column, model::name(*column.type)));
    column.type = model::ColumnType::timestamp;
  }
  column.quantity = knobs.format == "quantity";
  if (column.quantity && column.type != model::ColumnType::real)
    fail_at(knobs.where, fmt::format("column '{}' is not of type real, as format = \"quantity\" needs", knobs.column));
  column.times =
      times_of(column.quantity ? "" : knobs.format, knobs.timezone.empty() ? stream.timezone : knobs.timezone);
  return column;
}

// A part of a key is a mapped column where there is one of that name, and a path into the record otherwise.
std::vector<KeyPart> key_of(const std::vector<std::string>& names, const std::vector<ColumnMap>& columns,
                            const model::Entity& entity) {
  std::vector<KeyPart> key;
  for (const std::string& name : names) {
    const auto column = std::ranges::find(columns, name, &ColumnMap::column);
    KeyPart part;
    if (column == columns.end()) {
      part.origin = Origin::parse(name);
    } else if (!column->parts.empty()) {
      fail_at(column->where, "primary_key names '" + name + "', which is made of parts: name those parts there");
    } else if (column->path.empty()) {
      part.origin.from = Origin::From::constant;
      part.constant = column->fallback.value_or("");
    } else {
      part.origin = Origin::parse(column->path);
      const model::Column* own = entity.find(name);
      part.takes_objects = column->type.value_or(own ? own->type : model::ColumnType::text) == model::ColumnType::json;
    }
    key.push_back(std::move(part));
  }
  return key;
}

std::unique_ptr<Mapping> make_child(const ColumnMap& knobs, const config::Stream& stream,
                                    const EntityLookup& entities) {
  auto child = std::make_unique<Mapping>();
  child->stream = stream.name + "." + knobs.column;
  child->entity = &entity_of(entities, knobs.child_entity, knobs.where);
  const int parent = child->entity->index_of(knobs.parent_key);
  if (parent < 0) {
    fail_at(knobs.where, "parent_key '" + knobs.parent_key + "' is not a column of " + child->entity->name);
  }
  child->parent_key = static_cast<std::size_t>(parent);
  for (const ColumnMap& column : knobs.columns) {
    if (column.list == ColumnMap::List::rows)
      fail_at(column.where, "a child table cannot hold another one (list = \"rows\")");
    child->columns.push_back(at(column.where, [&] { return map_column(column, stream, *child->entity); }));
  }
  child->key = at(knobs.where, [&] { return key_of(knobs.primary_key, knobs.columns, *child->entity); });
  child->key_under_parent =
      std::ranges::none_of(child->key, [](const KeyPart& part) { return part.origin.path.parents() > 0; });
  return child;
}

/// Gives numbers to the members of a record that paths start at.
void name_members(Mapping& mapping) {
  const auto name = [&](Origin& origin) {
    const auto& steps = origin.path.steps();
    if (origin.from != Origin::From::path || origin.path.parents() > 0 || steps.empty()) return;
    const auto* key = std::get_if<json::Path::Key>(&steps.front());
    if (!key) return;
    const auto known = std::ranges::find(mapping.names, key->name);
    origin.name = static_cast<std::size_t>(known - mapping.names.begin());
    if (known == mapping.names.end()) mapping.names.push_back(key->name);
  };
  for (MappedColumn& column : mapping.columns) {
    name(column.origin);
    for (KeyPart& part : column.parts) name(part.origin);
  }
  for (KeyPart& part : mapping.key) name(part.origin);
  if (mapping.cursor) name(*mapping.cursor);
}

}  // namespace

Origin Origin::parse(std::string_view text) {
  Origin origin;
  if (text == "$key")
    origin.from = From::key;
  else if (text == "$index")
    origin.from = From::index;
  else if (text == "$now")
    origin.from = From::now;
  else
    origin.path = json::Path::parse(text);
  return origin;
}

Mapping make_mapping(const config::Stream& stream, const EntityLookup& entities) {
  Mapping mapping;
  mapping.stream = stream.name;
  mapping.entity = &entity_of(entities, stream.entity, stream.where);
  for (const ColumnMap& knobs : stream.columns) {
    MappedColumn column = at(knobs.where, [&] { return map_column(knobs, stream, *mapping.entity); });
    if (knobs.list == ColumnMap::List::rows) {
      column.child = mapping.children.size();
      mapping.children.push_back(make_child(knobs, stream, entities));
    }
    mapping.columns.push_back(std::move(column));
  }
  mapping.key = at(stream.where, [&] { return key_of(stream.primary_key, stream.columns, *mapping.entity); });
  if (stream.incremental && !stream.incremental->cursor_path.empty()) {
    at(stream.incremental->where, [&] {
      mapping.cursor = Origin::parse(stream.incremental->cursor_path);
      mapping.cursor_times = times_of("", stream.timezone);
      return 0;
    });
  }
  name_members(mapping);
  return mapping;
}

}  // namespace sitrep::sources
