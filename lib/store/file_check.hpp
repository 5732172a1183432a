#pragma once

#include <filesystem>

namespace sitrep::store {

/// Reads the first bytes of a store, without SQLite, so that nothing is written to a file that is not ours.
/// Error{store} for anything that is not a whole SQLite file with our application_id.
void check_file(const std::filesystem::path& file);

}  // namespace sitrep::store
