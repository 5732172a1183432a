#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zone.hpp"
#include "config/source.hpp"
#include "json/path.hpp"
#include "model/entity.hpp"

namespace sitrep::sources {

/// Finds an entity by name, own ones included; null when there is none.
using EntityLookup = std::function<const model::Entity*(std::string_view name)>;

/// Where a column or a part of an id takes its value from.
struct Origin {
  enum class From {
    path,      ///< in the record or, with '^', in what it was expanded from
    key,       ///< "$key": the record's name in a map, or in an object that was expanded
    index,     ///< "$index": the record's place in its list, from 0
    now,       ///< "$now": when the sync began
    constant,  ///< no path: the default
  };
  From from = From::path;
  json::Path path;
  /// Of a path that starts at a member of the record: which one of Mapping::names that is.
  std::optional<std::size_t> name;
  static Origin parse(std::string_view text);
};

/// How times are read: a format and the zone of times that name none.
struct TimeReading {
  enum class Format { automatic, epoch, epoch_ms, pattern } format = Format::automatic;
  std::string pattern;
  Zone zone;
};

struct KeyPart {
  Origin origin;
  std::string constant;
  bool takes_objects = false;  ///< of a json column: a set of labels may be a part of an id
};

/// A column of a stream, ready for use.
struct MappedColumn {
  enum class To { entity, extra, url } to = To::entity;
  std::size_t index = 0;                                 ///< of the entity's column, To::entity
  std::optional<model::ColumnType> type;                 ///< absent: kept as JSON (To::extra)
  const std::vector<std::string>* vocabulary = nullptr;  ///< null: any value
  Origin origin;
  std::vector<KeyPart> parts;  ///< in place of origin: the id or text that they make
  TimeReading times;
  config::Stream::Nan nan = config::Stream::Nan::null, inf = config::Stream::Nan::null;
  const config::ColumnMap* knobs = nullptr;  ///< of the stream's configuration
  bool quantity = false;                     ///< format = "quantity": numbers as Kubernetes writes them
  bool gathers = false;                      ///< a list from every match of a path with a wildcard
  std::size_t child = 0;                     ///< list = rows: position among Mapping::children
};

/// A stream's (or a child table's) configuration, ready for use. Refers to the configuration and the entities, which
/// must outlive it.
struct Mapping {
  std::string stream;  ///< "incidents", and "incidents.updates" for a child table
  const model::Entity* entity = nullptr;
  std::vector<KeyPart> key;  ///< empty (child tables only): the record's `id`, or parent's id and place
  std::vector<MappedColumn> columns;
  std::optional<Origin> cursor;
  TimeReading cursor_times;
  std::optional<std::size_t> parent_key;  ///< child table: the column that takes the parent's id
  bool key_under_parent = false;          ///< child table: the parent's id leads the key, which does not name it itself
  std::vector<std::string> names;         ///< members of a record that paths start at; not of child tables
  std::vector<std::unique_ptr<Mapping>> children;
};

/// Error{config} names the knob: a bad path, zone or time format, an unknown entity, a parent_key that the entity
/// lacks.
Mapping make_mapping(const config::Stream& stream, const EntityLookup& entities);

}  // namespace sitrep::sources
