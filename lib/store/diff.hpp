#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/field_change.hpp"
#include "store/store.hpp"

namespace sitrep::store {

/// How one record differs between two moments.
struct Change {
  enum class Kind {
    added,
    changed,
    removed,
    restored,  ///< was removed before the first moment and is there again
  };
  Kind kind = Kind::added;
  std::string entity, source, id;
  std::string title;                ///< what people call it: title, name or subject; else the id
  UnixTime at{};                    ///< when the state of the second moment was first seen, or seen to be gone
  std::vector<FieldChange> fields;  ///< changed: the columns that differ, in the entity's order; added, removed: none
};
std::string_view name(Change::Kind kind);

/// What people call a record of this entity: the column, or -1 when it has none.
int title_column(const model::Entity& entity);

/// Columns that change all the time and say nothing: "ENTITY.COLUMN", "ENTITY.extra", "ENTITY.extra.KEY"; "*" is every
/// entity ([diff] exclude).
class Exclusions {
 public:
  Exclusions() = default;
  /// Error{config}: an entity that is not there, or a column that it does not have.
  Exclusions(const Store& store, const std::vector<std::string>& patterns);
  bool covers(const model::Entity& entity, std::string_view column) const;

 private:
  std::vector<std::pair<std::string, std::string>> excluded_;  // entity or "*", column
};

/// Changes of a versioned entity from what was known at `from` to what was known at `to`, by source and id. A record
/// that changed and changed back is no change, nor is one of which only excluded columns changed. Never shows more than
/// the store does (as_of). Error{usage}: a series.
std::vector<Change> diff(Store& store, const model::Entity& entity, UnixTime from, UnixTime to,
                         const Exclusions& exclusions = {});

/// The same, one by one in that order, in the memory of their ids and titles. The change is good until `use` returns.
void each_change(Store& store, const model::Entity& entity, UnixTime from, UnixTime to, const Exclusions& exclusions,
                 const std::function<void(const Change&)>& use);

}  // namespace sitrep::store
