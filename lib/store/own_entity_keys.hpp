#pragma once

#include <string>
#include <vector>

#include "model/entity.hpp"
#include "store/database.hpp"

namespace sitrep::store {

/// Gives the records of an own entity the ids that its new key makes, every version of them; inside the caller's
/// transaction. Records whose id their old key did not make (a file with ids of its own, a stream with a primary_key)
/// keep it. A sentence about what was done. Error{config}: two records would become one.
std::string change_key(Database& db, const model::Entity& entity, const std::vector<std::string>& was);

}  // namespace sitrep::store
