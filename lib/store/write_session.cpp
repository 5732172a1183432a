#include "store/write_session.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include "base/file.hpp"

namespace sitrep::store {

WriteSession::WriteSession(Database& db, std::filesystem::path file)
    : db_(&db), file_(std::move(file)), opened_(identity()) {}

WriteSession::Identity WriteSession::identity() const {
  struct stat status{};
  if (file_.empty() || ::stat(file_.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

int WriteSession::lost() {
  if (open_ && sqlite3_get_autocommit(db_->handle()) != 0) {
    open_ = false;
    ++lost_;
  }
  return lost_;
}

void WriteSession::begin() {
  lost();
  if (open_) return;
  db_->execute("BEGIN IMMEDIATE");
  open_ = true;
}

void WriteSession::commit() {
  if (!open_ || held_) return;
  if (identity() != opened_)
    fail(ErrorKind::store,
         "the store {} was replaced or removed while it was written; what this run fetched is not in "
         "the new one: run it again",
         display(file_));
  db_->execute("COMMIT");
  open_ = false;
}

void WriteSession::roll_back() noexcept {
  if (open_) sqlite3_exec(db_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  open_ = false;
}

int WriteSession::writers(const std::string& entity) const {
  const auto found = writers_.find(entity);
  return found == writers_.end() ? 0 : found->second;
}

}  // namespace sitrep::store
