#pragma once

#include <span>
#include <string_view>

#include "store/database.hpp"

namespace sitrep::store {

constexpr std::int64_t k_application_id = 0x53495452;  // "SITR", at offset 68 of the file

/// One step from version - 1 to version. Append only: a step that has landed never changes.
struct Migration {
  int version;
  std::string_view summary;
  std::string_view sql;
};

std::span<const Migration> migrations();

/// PRAGMA user_version.
int schema_version(Database& db);

/// Applies what is missing, each step in its own transaction that first reads the version again. Error{store} when the
/// file is newer than `steps`.
void migrate(Database& db, std::span<const Migration> steps);

}  // namespace sitrep::store
