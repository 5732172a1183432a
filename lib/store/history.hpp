#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/field_change.hpp"
#include "store/store.hpp"

namespace sitrep::store {

/// One state of a record.
struct Version {
  std::string source, id;
  UnixTime observed_at{};
  std::optional<UnixTime> superseded_at;  ///< absent: it holds
  std::optional<UnixTime> deleted_at;
  std::vector<Value> values;         ///< the entity's columns, url, extra
  std::vector<FieldChange> changes;  ///< from the state before; none for a first state and after a removal
};

/// Every state of the records with this id, by source and time; with `source` of that one alone. Empty: never seen.
/// Never shows more than the store does (as_of).
std::vector<Version> history(Store& store, const model::Entity& entity, std::string_view id,
                             std::optional<std::string> source);

}  // namespace sitrep::store
