#pragma once

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

/// What a connection's views show.
enum class Shows {
  present,
  past,  ///< what was known at the moment that known_until() gives: runs and rejects too
};

/// Covers each documented name. A table or column that the file lacks yet reads as empty.
void create_temp_views(Database& db, std::span<const model::Entity> entities, Shows shows);

}  // namespace sitrep::store
