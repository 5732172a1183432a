#pragma once

#include <map>
#include <string>

#include "store/database.hpp"

namespace sitrep::store {

/// The open transaction of a writing store. Several StreamWriters take turns in it: a commit by one also commits rows
/// that others have put, which is harmless, since their bookmarks stay behind and the rows are found unchanged later.
class WriteSession {
 public:
  explicit WriteSession(Database& db) : db_(&db) {}

  void begin();  ///< starts a transaction unless one is open
  void commit();
  void roll_back() noexcept;

  /// Grows when SQLite undid work by itself (disk full): what writers remember is then wrong.
  int lost();

  void enter(const std::string& entity) { ++writers_[entity]; }
  void leave(const std::string& entity) noexcept { --writers_[entity]; }
  int writers(const std::string& entity) const;

  void add_dirty() { ++dirty_; }
  void remove_dirty() noexcept { --dirty_; }
  int dirty() const { return dirty_; }

 private:
  Database* db_;
  bool open_ = false;
  int lost_ = 0;
  int dirty_ = 0;
  std::map<std::string, int> writers_;
};

}  // namespace sitrep::store
