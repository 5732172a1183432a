#include "store/write_session.hpp"

#include <sqlite3.h>

namespace sitrep::store {

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
  if (!open_) return;
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
