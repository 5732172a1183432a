#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "store/value.hpp"

namespace sitrep::store {

struct FieldChange {
  std::string column;  ///< of the entity, or "url", or "extra.KEY": then the values are JSON texts
  Value before, after;
  std::optional<std::int64_t> days;  ///< date columns: how far the day moved; a positive number is a slip
};

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

/// Columns of two states that differ; of `extra` its keys.
std::vector<FieldChange> compare(const model::Entity& entity, const std::vector<Value>& before,
                                 const std::vector<Value>& after);

}  // namespace sitrep::store
