#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::model {

enum class ColumnType { text, integer, real, boolean, timestamp, date, json };

std::optional<ColumnType> parse_column_type(std::string_view name);
std::string_view name(ColumnType type);
/// The type SQLite stores: INTEGER for booleans and timestamps (Unix seconds UTC), TEXT for dates and JSON.
std::string_view sqlite_type(ColumnType type);

struct Column {
  std::string name;
  ColumnType type = ColumnType::text;
  std::string doc;                  ///< meaning and unit, one line, for sitrep-schema(7)
  std::vector<std::string> values;  ///< the vocabulary; empty: any. Another value goes to `extra` with its reason.
  std::string refers_to{};          ///< own entities: the entity whose records this column names; empty: none
};

enum class Keeping {
  versions,     ///< every past state of a row is kept
  corrections,  ///< append-only series: a changed sample is a further row with a later observed_at
};

/// A kind of record. Beside its columns every entity has source, id, url and extra (JSON).
struct Entity {
  std::string name;
  std::string doc;
  Keeping keeping = Keeping::versions;
  std::vector<std::string> series_key;  ///< of Keeping::corrections: the columns that with `at` identify a sample
  std::vector<Column> columns;
  std::vector<std::string> key{};  ///< own entities: the columns that make the id; empty: the record's own id

  const Column* find(std::string_view column) const;
  /// Position in `columns`; -1 when there is none of that name.
  int index_of(std::string_view column) const;
};

/// The entities of the contract, in the order of the documentation.
std::span<const Entity> built_in_entities();
const Entity* find_built_in(std::string_view name);

}  // namespace sitrep::model
