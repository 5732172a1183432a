#include "store/backup.hpp"

#include <sqlite3.h>

#include "base/file.hpp"
#include "store/file_check.hpp"
#include "store/lock.hpp"
#include "store/migrations.hpp"

namespace sitrep::store {
namespace fs = std::filesystem;
namespace {

struct Partial {
  fs::path path;
  bool keep = false;
  ~Partial() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      auto file = path;
      file += suffix;
      if (!keep || *suffix != '\0') fs::remove(file, ignored);
    }
  }
};

}  // namespace

void copy_database(Database& db, const fs::path& target) {
  Partial partial{target};
  partial.path += ".part";
  {
    std::error_code ignored;
    fs::remove(partial.path, ignored);
  }
  {
    Database copy = Database::create(partial.path);
    sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", db.handle(), "main");
    if (backup == nullptr) fail_sqlite(copy.handle(), "backup");
    const int code = sqlite3_backup_step(backup, -1);
    const int end = sqlite3_backup_finish(backup);
    if (code != SQLITE_DONE || end != SQLITE_OK) fail_sqlite(copy.handle(), "backup");
    Statement check(copy, "PRAGMA quick_check(1)");
    if (!check.step() || check.text(0) != "ok")
      fail(ErrorKind::store, "the copy {} failed its check; the original may be damaged: run 'sitrep store check'",
           display(target));
  }
  {
    // The copy is a WAL database like the original; opened once more so that closing it leaves the file alone.
    Database copy = Database::open(partial.path, Access::read_write);
    copy.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::error_code code;
  fs::rename(partial.path, target, code);
  if (code) fail(ErrorKind::store, "cannot write {}: {}", display(target), code.message());
  partial.keep = true;
}

void back_up(Store& store, const fs::path& target) {
  if (std::error_code ignored; fs::exists(fs::symlink_status(target, ignored)))
    fail(ErrorKind::store, "{} exists already; choose another name for the backup", display(target));
  copy_database(store.db(), target);
}

void restore(const fs::path& backup, const fs::path& target) {
  std::error_code ignored;
  if (!fs::exists(backup, ignored)) fail(ErrorKind::store, "there is no backup {}", display(backup));
  check_file(backup);
  Database source = Database::open(fs::absolute(backup), Access::read_only);
  if (const int found = schema_version(source); found > migrations().back().version)
    fail(ErrorKind::store, "{} has schema {} and this sitrep knows {} at most; upgrade sitrep", display(backup), found,
         migrations().back().version);
  Statement check(source, "PRAGMA integrity_check(1)");
  if (!check.step() || check.text(0) != "ok")
    fail(ErrorKind::store, "{} is damaged ({}); use another backup", display(backup), std::string(check.text(0)));
  check.reset();
  const auto file = fs::absolute(target);
  if (const auto folder = file.parent_path(); !fs::exists(folder)) make_private_folder(folder);
  WriterLock lock(file, std::chrono::seconds(2));
  if (fs::exists(fs::symlink_status(file, ignored)))
    fail(ErrorKind::store, "there is a store at {}; move it away first: a backup never replaces one", display(target));
  copy_database(source, file);
  lock.note(LogState::settled);  // what it told of a file that was here before
}

}  // namespace sitrep::store
