#pragma once

#include <string>

#include "base/time.hpp"

struct sqlite3_vfs;

namespace sitrep::store {

/// The operating system as SQLite sees it, except that its clock stands still: datetime('now') and CURRENT_TIMESTAMP
/// of a connection opened with name() are `now`. Registered while this object lives.
class FixedTime {
 public:
  explicit FixedTime(UnixTime now);
  ~FixedTime();
  FixedTime(const FixedTime&) = delete;
  FixedTime& operator=(const FixedTime&) = delete;

  const char* name() const { return name_.c_str(); }
  void set(UnixTime now);

 private:
  struct Vfs;
  std::string name_;
  Vfs* vfs_;
};

}  // namespace sitrep::store
