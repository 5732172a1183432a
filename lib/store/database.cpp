#include "store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>

#include "base/file.hpp"
#include "base/text.hpp"
#include "store/fixed_time.hpp"

namespace sitrep::store {
namespace fs = std::filesystem;

namespace {

std::string file_of(sqlite3* db) {
  const char* name = sqlite3_db_filename(db, "main");
  return name == nullptr || *name == '\0' ? "(in memory)" : display(name);
}

/// The SQL on one line, cut to what a message can carry.
std::string excerpt(std::string_view sql) {
  std::string line;
  for (const char c : trim_view(sql)) {
    const bool blank = c == '\n' || c == ' ' || c == '\t';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return truncate_display(line, 200);
}

}  // namespace

void fail_sqlite(sqlite3* db, std::string_view sql) {
  const std::string words = sqlite3_errmsg(db);
  const std::string file = file_of(db);
  switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      fail(ErrorKind::store,
           "the store {} is damaged ({}); restore a backup with 'sitrep restore', or move it away and sync again", file,
           words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      fail(ErrorKind::store, "the store {} is locked by another program ({}); close it and run again", file, words);
    case SQLITE_FULL:
      fail(ErrorKind::store,
           "no space left for the store {} ({}); free some and run again: what was not finished is undone", file,
           words);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      fail(ErrorKind::store, "cannot use the store {}: {}; check its owner, its permissions and its disk", file, words);
    default:
      break;
  }
  fail(ErrorKind::store, "the store {}: {} in: {}", file, words, excerpt(sql));
}

std::string quote_name(std::string_view name) { return '"' + replace_all(name, "\"", "\"\"") + '"'; }

void Database::Close::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }

Database::Database(sqlite3* db, std::shared_ptr<FixedTime> time) : db_(db, Close{std::move(time)}) {}

Database Database::open(const fs::path& file, int flags, std::optional<UnixTime> now) {
  auto time = now ? std::make_shared<FixedTime>(*now) : nullptr;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                   time ? time->name() : nullptr);
  Database db(raw, std::move(time));
  if (code != SQLITE_OK) fail_sqlite(raw, "open");
  sqlite3_busy_timeout(raw, 5000);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  return db;
}

namespace {

/// For the -shm file beside the store.
bool has_room(const fs::path& file) {
  constexpr std::uintmax_t k_shared_memory = 65'536;
  std::error_code error;
  const auto space = fs::space(file, error);
  return error || space.available >= k_shared_memory;
}

}  // namespace

Database Database::open(const fs::path& file, Access access, std::optional<UnixTime> now) {
  // A reader opens for writing where it may, with query_only: the last connection to close can then remove the -wal and
  // -shm files, which a connection without write access leaves behind.
  const bool writable = ::access(file.c_str(), W_OK) == 0 &&
                        ::access(file.parent_path().empty() ? "." : file.parent_path().c_str(), W_OK) == 0;
  if (access == Access::read_write) return open(file, SQLITE_OPEN_READWRITE, now);
  fs::path log = file;
  log += "-wal";
  std::error_code ignored;
  const bool has_log = fs::exists(log, ignored);
  // A full disk leaves an empty log behind.
  if (writable && (has_room(file) || (has_log && fs::file_size(log, ignored) > 0))) {
    Database db = open(file, SQLITE_OPEN_READWRITE, now);
    db.execute("PRAGMA query_only = 1");
    return db;
  }
  if (has_log && !writable) return open(file, SQLITE_OPEN_READONLY, now);
  // Nobody is writing and we cannot, or there is no room left on the disk: a WAL database needs its -shm file unless it
  // is said to be immutable.
  std::string uri = "file:";
  for (const char byte : file.native()) {
    const auto c = static_cast<unsigned char>(byte);
    if (std::isalnum(c) != 0 || c == '/' || c == '.' || c == '_' || c == '-')
      uri += static_cast<char>(c);
    else
      uri += fmt::format("%{:02X}", c);
  }
  return open(uri + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, now);
}

Database Database::create(const fs::path& file) {
  // Made here and not by SQLite, so that the mode is 0600 from the first moment whatever the umask.
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) fail(ErrorKind::store, "cannot create {}: {}", display(file), std::strerror(errno));
  ::fchmod(fd, 0600);
  ::close(fd);
  return open(file, SQLITE_OPEN_READWRITE, std::nullopt);
}

Database Database::memory(std::optional<UnixTime> now) {
  return open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, now);
}

void Database::set_now(UnixTime now) {
  if (const auto& time = db_.get_deleter().time) time->set(now);
}

void Database::execute(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(handle(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail_sqlite(handle(), sql);
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle()); }
std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(handle()); }

Transaction::Transaction(Database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  db_.execute("COMMIT");
  open_ = false;
}

}  // namespace sitrep::store
