#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "store/database.hpp"
#include "store/lock.hpp"

// A writer that is killed leaves its log (-wal) behind, and whoever opens the store next writes it back. When somebody
// removes the log first, the file is what it was when the log was last written back; a kill in the middle of that
// leaves neither. The lock file tells which (LogState).
namespace sitrep::store {

/// Whether the log that the file needs is not there.
bool lacks_log(const std::filesystem::path& file, LogState noted);

/// What that means, in words for people. Error{store}: the file was damaged by it.
std::string describe_lost_log(Database& db, const std::filesystem::path& file, LogState noted);

/// From now on the log is needed: notes it, and when it is written back; in `db`, opened by the holder of `lock`, which
/// outlives it.
void note_log(Database& db, WriterLock& lock);

/// Writes the log back and leaves none; notes whether that could be done.
void settle_log(Database& db, WriterLock& lock) noexcept;

/// What a reader does at its end: a log that a killed writer left is written back, unless somebody is writing.
void settle_left_log(Database& db, const std::filesystem::path& file) noexcept;

}  // namespace sitrep::store
