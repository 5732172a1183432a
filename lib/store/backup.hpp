#pragma once

#include <filesystem>

#include "store/database.hpp"

namespace sitrep::store {

/// Copies a database while it may be in use: made under another name, checked, renamed. Error{store}; `target` is
/// replaced.
void copy_database(Database& db, const std::filesystem::path& target);

}  // namespace sitrep::store
