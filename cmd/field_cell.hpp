#pragma once

#include <string_view>

#include "cli/table.hpp"
#include "model/entity.hpp"
#include "store/value.hpp"

namespace sitrep::cmd {

/// A stored value as an entity's column means it: timestamps as RFC 3339, booleans as such. `column` may be "url" or
/// "extra".
cli::Table::Cell field_cell(const model::Entity& entity, std::string_view column, const store::Value& value);

/// A value of any column as JSON: timestamps as RFC 3339, booleans as such, JSON columns nested.
std::string field_json(const model::Entity& entity, std::string_view column, const store::Value& value);

}  // namespace sitrep::cmd
