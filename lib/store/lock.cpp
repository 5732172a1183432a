#include "store/lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace sitrep::store {
namespace {

/// Held up by a signal or a debugger; false also where there is no /proc.
bool is_stopped(std::string_view pid) {
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string_view::npos) return false;
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(in, line);
  const auto name_end = line.rfind(')');  // the name in parentheses may hold anything
  return name_end != std::string::npos && name_end + 2 < line.size() &&
         (line[name_end + 2] == 'T' || line[name_end + 2] == 't');
}

std::string holder(int fd) {
  std::array<char, 64> text{};
  const auto n = ::pread(fd, text.data(), text.size(), 0);
  const auto pid = trim_view(std::string_view(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0));
  if (pid.empty()) return "another process";
  return fmt::format("process {}{}", visible(pid),
                     is_stopped(pid) ? fmt::format(" (stopped: 'kill -CONT {}' lets it go on)", visible(pid)) : "");
}

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& store, std::chrono::milliseconds patience) {
  auto file = store;
  file += ".lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) fail(ErrorKind::store, "cannot open the lock file {}: {}", display(file), std::strerror(errno));
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::fcntl(fd_, F_OFD_SETLK, &lock) != 0) {
    const int reason = errno;
    if (reason == EINTR) continue;
    const bool held = reason == EAGAIN || reason == EACCES;
    if (held && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    const std::string who = holder(fd_);
    ::close(std::exchange(fd_, -1));
    if (held)
      fail(ErrorKind::store, "{} is writing to the store {}; wait until it ends, or end it", who, display(store));
    fail(ErrorKind::store, "cannot lock {}: {}; the store needs a file system with locks", display(file),
         std::strerror(reason));
  }
  // Only the message of the next one in line depends on it: the lock is the kernel's.
  const auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, pid.data(), pid.size(), 0) < 0) {
  }
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::~WriterLock() {
  if (fd_ < 0) return;
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, 0);
  ::close(fd_);
}

}  // namespace sitrep::store
