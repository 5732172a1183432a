#include "store/fixed_time.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include "base/error.hpp"

namespace sitrep::store {

// A copy of the default VFS: its functions take the VFS as their first argument and read nothing from it but pAppData,
// which the copy keeps.
struct FixedTime::Vfs : sqlite3_vfs {
  std::int64_t julian_ms = 0;

  static int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
    *out = static_cast<Vfs*>(vfs)->julian_ms;
    return SQLITE_OK;
  }
  static int current_time(sqlite3_vfs* vfs, double* days) {
    *days = static_cast<double>(static_cast<Vfs*>(vfs)->julian_ms) / 86'400'000.0;
    return SQLITE_OK;
  }
};

FixedTime::FixedTime(UnixTime now) : vfs_(new Vfs) {
  const sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  if (system == nullptr) {
    delete vfs_;
    fail(ErrorKind::bug, "this sqlite has no default vfs");
  }
  static_cast<sqlite3_vfs&>(*vfs_) = *system;
  set(now);
  name_ = fmt::format("sitrep-{}", static_cast<void*>(vfs_));
  vfs_->zName = name_.c_str();
  vfs_->pNext = nullptr;
  vfs_->iVersion = system->iVersion;
  vfs_->xCurrentTime = &Vfs::current_time;
  vfs_->xCurrentTimeInt64 = &Vfs::current_time_ms;
  sqlite3_vfs_register(vfs_, 0);
}

void FixedTime::set(UnixTime now) {
  constexpr std::int64_t k_unix_epoch_julian_ms = 210'866'760'000'000;  // 1970-01-01 as milliseconds of Julian days
  vfs_->julian_ms = k_unix_epoch_julian_ms + unix_seconds(now) * 1000;
}

FixedTime::~FixedTime() {
  sqlite3_vfs_unregister(vfs_);
  delete vfs_;
}

}  // namespace sitrep::store
