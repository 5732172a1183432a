#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/entity.hpp"
#include "store/database.hpp"

// The documented names: for every entity E the views E and E_history; sync_run, reject, stream; slip and its sums by
// record (slip_views.hpp). The file's own
// views show the present to other tools; a connection of ours covers each with a TEMP view that knows --as-of.
namespace sitrep::store {

/// Names of all documented views, sorted.
std::vector<std::string> view_names(std::span<const model::Entity> entities);

/// Creates or renews the views of the file whose text differs.
void create_file_views(Database& db, std::span<const model::Entity> entities);

/// Covers each documented name. With `as_of` they show what was known then, the runs and rejects too. A table or column
/// that the file lacks yet reads as empty.
void create_temp_views(Database& db, std::span<const model::Entity> entities, std::optional<UnixTime> as_of);

}  // namespace sitrep::store
