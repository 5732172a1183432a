#pragma once

#include <chrono>
#include <filesystem>

namespace sitrep::store {

/// What a store's file lacks without its log (-wal), as writers note it in the lock file, where it outlives them.
enum class LogState {
  settled,  ///< nothing
  needed,   ///< what was committed since the writer began
  moving,   ///< the log is being written back: the file alone is neither as before nor as after
};

/// The one advisory lock of a store: the file beside it whose open description holds a kernel lock (F_OFD_SETLK) and
/// whose text names the holder's process. The kernel lets go when the holder ends, however it ends.
class WriterLock {
 public:
  /// Waits for at most `patience`. Error{store} names the process that holds it.
  WriterLock(const std::filesystem::path& store, std::chrono::milliseconds patience);
  ~WriterLock();
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&&) = delete;

  /// As the holders before left it: settled unless one was killed, or a reader kept its log from being written back.
  LogState log() const { return log_; }
  void note(LogState state);
  /// What the lock file of a store says, whoever holds it.
  static LogState noted(const std::filesystem::path& store);

 private:
  void write() const;
  int fd_;
  LogState log_ = LogState::settled;
};

}  // namespace sitrep::store
