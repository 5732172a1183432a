#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/entity.hpp"
#include "store/value.hpp"

namespace sitrep::store {

struct FieldChange {
  std::string column;  ///< of the entity, or "url", or "extra.KEY": then the values are JSON texts
  Value before, after;
  std::optional<std::int64_t> days;  ///< date columns, of the same stage: how far the day moved
};

/// Keys of `extra` are columns of this prefix.
inline constexpr std::string_view k_in_extra = "extra.";

/// Columns of two states that differ, in the entity's order; of `extra` its keys. A state is the entity's columns, url
/// and extra.
std::vector<FieldChange> compare(const model::Entity& entity, std::span<const model::Cell> before,
                                 std::span<const model::Cell> after);

}  // namespace sitrep::store
