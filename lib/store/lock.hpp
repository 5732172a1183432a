#pragma once

#include <chrono>
#include <filesystem>

namespace sitrep::store {

/// The one advisory lock of a store: the file beside it whose open description holds a kernel lock (F_OFD_SETLK) and
/// whose text names the holder's process. The kernel lets go when the holder ends, however it ends.
class WriterLock {
 public:
  /// Waits for at most `patience`. Error{store} names the process that holds it.
  WriterLock(const std::filesystem::path& store, std::chrono::milliseconds patience);
  ~WriterLock();
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;

 private:
  int fd_;
};

}  // namespace sitrep::store
