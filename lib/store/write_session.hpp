#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "store/database.hpp"

namespace sitrep::store {

/// The open transaction of a writing store. Several StreamWriters take turns in it: a commit by one also commits rows
/// that others have put, which is harmless, since their bookmarks stay behind and the rows are found unchanged later.
class WriteSession {
 public:
  /// `file`: of the open database; empty in memory.
  WriteSession(Database& db, std::filesystem::path file);

  void begin();  ///< starts a transaction unless one is open
  /// Error{store} when another file has taken the place of the open one: what is written would be lost with it.
  void commit();
  void roll_back() noexcept;
  /// While held, commit() leaves the transaction open.
  void hold(bool held) { held_ = held; }

  /// Grows when SQLite undid work by itself (disk full): what writers remember is then wrong.
  int lost();

  void enter(const std::string& entity) { ++writers_[entity]; }
  void leave(const std::string& entity) noexcept { --writers_[entity]; }
  int writers(const std::string& entity) const;

  void add_dirty() { ++dirty_; }
  void remove_dirty() noexcept { --dirty_; }
  int dirty() const { return dirty_; }

 private:
  struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  Identity identity() const;

  Database* db_;
  std::filesystem::path file_;
  Identity opened_;
  bool open_ = false, held_ = false;
  int lost_ = 0;
  int dirty_ = 0;
  std::map<std::string, int> writers_;
};

/// What several writers do becomes one transaction: all of it with commit(), nothing without.
class OneCommit {
 public:
  explicit OneCommit(WriteSession& session) : session_(session) { session_.hold(true); }
  ~OneCommit() {
    session_.hold(false);
    if (!done_) session_.roll_back();
  }
  OneCommit(const OneCommit&) = delete;
  OneCommit& operator=(const OneCommit&) = delete;
  void commit() {
    session_.hold(false);
    session_.commit();
    done_ = true;
  }

 private:
  WriteSession& session_;
  bool done_ = false;
};

}  // namespace sitrep::store
