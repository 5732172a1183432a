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

constexpr std::array<std::string_view, 3> k_states = {"", "needed", "moving"};

std::string text_of(int fd) {
  std::array<char, 64> text{};
  const auto n = ::pread(fd, text.data(), text.size(), 0);
  return std::string(trim_view(std::string_view(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0)));
}

LogState state_in(std::string_view text) {
  for (const auto state : {LogState::needed, LogState::moving})
    if (text.ends_with(k_states[static_cast<std::size_t>(state)])) return state;
  return LogState::settled;
}

std::string holder(int fd) {
  const auto text = text_of(fd);
  const auto pid = std::string_view(text).substr(0, text.find(' '));
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
  log_ = state_in(text_of(fd_));
  write();
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), log_(other.log_) {}

WriterLock::~WriterLock() {
  if (fd_ < 0) return;
  if (log_ == LogState::settled) {
    [[maybe_unused]] const int ignored = ::ftruncate(fd_, 0);
  }
  ::close(fd_);
}

void WriterLock::note(LogState state) {
  if (state == log_) return;
  log_ = state;
  write();
}

/// Of one length and in one call, so that a kill leaves the one or the other. Messages and the search for lost logs
/// depend on it, the lock does not: that is the kernel's.
void WriterLock::write() const {
  const auto text = fmt::format("{:<11}{:<9}\n", ::getpid(), k_states[static_cast<std::size_t>(log_)]);
  [[maybe_unused]] const auto ignored = ::pwrite(fd_, text.data(), text.size(), 0);
}

LogState WriterLock::noted(const std::filesystem::path& store) {
  auto file = store;
  file += ".lock";
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return LogState::settled;
  const auto state = state_in(text_of(fd));
  ::close(fd);
  return state;
}

}  // namespace sitrep::store
