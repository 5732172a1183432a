#pragma once

#include <filesystem>

#include "store/store.hpp"

namespace sitrep::store {

/// Copies a database while it may be in use: made under another name, checked, renamed. Error{store}; `target` is
/// replaced.
void copy_database(Database& db, const std::filesystem::path& target);

/// `sitrep backup`: a whole, checked copy of the store, also while a sync writes to it. Error{store}: `target` exists.
void back_up(Store& store, const std::filesystem::path& target);

/// `sitrep restore`: makes the store at `target` from a backup, which may be of an older schema. Error{store}: there is
/// a file at `target`, or `backup` is not a sound sitrep store.
void restore(const std::filesystem::path& backup, const std::filesystem::path& target);

}  // namespace sitrep::store
