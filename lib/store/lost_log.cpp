#include "store/lost_log.hpp"

#include <sqlite3.h>

#include "base/file.hpp"
#include "store/care.hpp"
#include "store/migrations.hpp"
#include "store/own_entities.hpp"

namespace sitrep::store {
namespace fs = std::filesystem;

namespace {

// About 100 MB of log between write-backs; SQLite's default of 1,000 pages costs half the speed of a first sync.
constexpr int k_pages_between = 25'000;

fs::path log_of(const fs::path& file) {
  auto log = file;
  log += "-wal";
  return log;
}

/// Pages of two states can make whole tables that contradict each other: what holds after every commit must hold here.
bool is_sound(Database& db) {
  try {
    Statement check(db, "PRAGMA integrity_check(1)");
    if (!check.step() || check.text(0) != "ok") return false;
    if (schema_version(db) != migrations().back().version) return true;  // its rules are not known any more
    return check_versions(db, model::built_in_entities()).empty() &&
           check_versions(db, remembered_entities(db)).empty();
  } catch (const Error&) {  // too broken to be looked through
    return false;
  }
}

/// SQLite's own hook does the same without a word to anybody.
int after_commit(void* context, sqlite3* db, const char*, int pages) {
  if (pages < k_pages_between) return SQLITE_OK;
  auto& lock = *static_cast<WriterLock*>(context);
  lock.note(LogState::moving);
  int in_log = 0, moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code == SQLITE_OK && in_log == moved) lock.note(LogState::needed);
  return SQLITE_OK;  // what was committed is safe in the log whatever became of it
}

}  // namespace

bool lacks_log(const fs::path& file, LogState noted) {
  std::error_code code;
  return noted != LogState::settled && !fs::exists(log_of(file), code);
}

std::string describe_lost_log(Database& db, const fs::path& file, LogState noted) {
  const auto log = display(log_of(file));
  if (noted == LogState::needed)
    return fmt::format(
        "the log {} of a run that was killed is gone: the store is as it was before that run; run it again", log);
  if (!is_sound(db))
    fail(ErrorKind::store,
         "the store {} is damaged: its log {} was removed while a run that was killed had written back half of it; "
         "restore a backup with 'sitrep restore', or move it away and sync again",
         display(file), log);
  return fmt::format(
      "the log {} is gone, and a run was killed while it was written back: records of that run may be missing; "
      "'sitrep sync --full' reads all of them again, what was imported has to be imported again",
      log);
}

void note_log(Database& db, WriterLock& lock) {
  Statement any(db, "PRAGMA user_version");  // makes the log
  any.step();
  lock.note(LogState::needed);
  sqlite3_wal_hook(db.handle(), after_commit, &lock);
}

void settle_log(Database& db, WriterLock& lock) noexcept {
  lock.note(LogState::moving);
  if (sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) == SQLITE_OK) {
    lock.note(LogState::settled);
    return;
  }
  // A reader keeps the log from being emptied. What it reads may still be all of it, and then the file needs no log.
  int in_log = 0, moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code == SQLITE_OK && in_log == moved) lock.note(LogState::settled);
}

void settle_left_log(Database& db, const fs::path& file) noexcept {
  try {
    if (WriterLock::noted(file) == LogState::settled) return;
    WriterLock lock(file, std::chrono::milliseconds{0});
    settle_log(db, lock);
  } catch (...) {  // somebody is writing, or we may not: the next one does it
  }
}

}  // namespace sitrep::store
