#pragma once

#include <string>

#include "store/store.hpp"

namespace sitrep::cmd {

/// The entity a person named; Error{usage} with the nearest name for one the store does not have.
const model::Entity& entity_argument(const store::Store& store, const std::string& name);

}  // namespace sitrep::cmd
