#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/entity.hpp"
#include "store/database.hpp"
#include "store/value.hpp"

// Own entities of sitrep.toml over time. The file remembers each declaration; when it has changed, every version of
// every record moves along, so that neither history nor the next sync sees a change that is none.
//
//   a new column       takes what records held under its name in `extra`; else it is empty
//   another type       values are converted; what cannot be, or not back again, is kept in extra."$was" as it came
//                      first, and comes back when the column gets a type that can hold it
//   a column dropped   leaves the views; its values stay in the file, and come back when it is declared again
//   an entity dropped  likewise
namespace sitrep::store {

/// Brings the tables of `own` to their declaration; inside the caller's transaction, before ensure_entities(). A
/// sentence for each thing that changed.
std::vector<std::string> migrate_own_entities(Database& db, std::span<const model::Entity> own);

/// As declared last, those that sitrep.toml names no more included.
std::vector<model::Entity> remembered_entities(Database& db);

/// A declaration as own_entity keeps it: JSON of columns in order with their types, and key.
std::string declaration_of(const model::Entity& entity);
/// Error{store}: not one.
model::Entity read_declaration(std::string_view name, std::string_view json);

/// The member of `extra` that holds what columns held before types that cannot hold it.
constexpr std::string_view k_was = "$was";
/// What the source said of `extra`, which is what hashes are of.
std::string without_originals(std::string_view extra);

struct Converted {
  Value value;         ///< NULL: the type cannot hold it
  bool exact = false;  ///< it could be converted back to what it was
};
/// A stored value as another column type.
Converted convert(const Value& value, model::ColumnType from, model::ColumnType to);

}  // namespace sitrep::store
