#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep {
namespace fs = std::filesystem;
namespace {

/// An open descriptor, closed on every way out.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

[[noreturn]] void fail_io(const char* what, const fs::path& path) {
  const int reason = errno;
  fail(ErrorKind::store, "cannot {} {}: {}", what, display(path), std::strerror(reason));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A new file beside the target; its path goes into `temporary`. A killed run leaves one behind, and a container gives
/// every run the same process number: a name that is taken is passed over.
int open_neighbour(const fs::path& target, mode_t mode, fs::path& temporary) {
  static std::atomic<unsigned> serial{0};
  constexpr int k_tries = 10'000;
  for (int i = 0; i < k_tries; ++i) {
    temporary = target.parent_path() / fmt::format(".sitrep-{}-{}.tmp", ::getpid(), ++serial);
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

std::optional<mode_t> mode_of(const fs::path& file) {
  struct stat info{};
  return ::stat(file.c_str(), &info) == 0 ? std::optional<mode_t>(info.st_mode & 0777) : std::nullopt;
}

void write_in_place(const fs::path& target, std::string_view text) {
  Descriptor fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0 || !write_all(fd.get(), text) || !fd.close()) fail_io("write", target);
}

/// Where a chain of symbolic links ends, whether or not something is there.
fs::path end_of_links(fs::path path) {
  constexpr int k_most_links = 40;  // the system's own limit
  for (int i = 0; i < k_most_links; ++i) {
    std::error_code no_link;
    const auto to = fs::read_symlink(path, no_link);
    if (no_link) return path;
    path = path.parent_path() / to;  // an absolute one replaces the whole
  }
  errno = ELOOP;
  fail_io("write", path);
}

}  // namespace

StagedFile::StagedFile(const fs::path& path, std::string_view text, Privacy privacy) : target_(end_of_links(path)) {
  const bool is_private = privacy == Privacy::owner_only;
  const auto kept = is_private ? std::optional<mode_t>(0600) : mode_of(target_);
  fd_ = open_neighbour(target_, is_private ? 0600 : 0666, temporary_);
  if (fd_ < 0) {
    temporary_.clear();
    fail_io("write", target_);
  }
  if ((!kept || ::fchmod(fd_, *kept) == 0) && write_all(fd_, text)) return;
  const int reason = errno;
  drop();
  errno = reason;
  fail_io("write", target_);
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)),
      sync_error_(other.sync_error_) {}

StagedFile::~StagedFile() { drop(); }

void StagedFile::drop() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void StagedFile::sync() noexcept {
  if (fd_ < 0) return;
  const bool synced = ::fsync(fd_) == 0;
  if (!synced) sync_error_ = errno;
  const bool closed = ::close(std::exchange(fd_, -1)) == 0;
  if (synced && !closed) sync_error_ = errno;
}

void StagedFile::put_in_place() {
  sync();
  if (sync_error_ != 0) errno = sync_error_;
  if (sync_error_ != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) fail_io("write", target_);
  temporary_.clear();
}

void sync_files(std::span<StagedFile> files) {
  // What waits is the disk: a flush of its caches and of the file system's journal serves all who ask at that time.
  constexpr std::size_t k_at_once = 8, k_worth_a_thread = 8;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < files.size(); i = next++) files[i].sync();
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(k_at_once, files.size() / k_worth_a_thread); ++i) others.emplace_back(work);
  work();
}

std::string read_file(const fs::path& path, std::size_t max_bytes) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) fail_io("read", path);
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  for (;;) {
    const auto n = ::read(fd.get(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_io("read", path);
    if (n == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(n));
    if (text.size() > max_bytes)
      fail(ErrorKind::store, "cannot read {}: it is larger than {} bytes", display(path), max_bytes);
  }
}

void write_file(const fs::path& path, std::string_view text, Overwrite overwrite, Privacy privacy) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_directory(status)) fail(ErrorKind::store, "cannot write {}: it is a folder", display(path));
  if (fs::exists(status)) {
    if (overwrite == Overwrite::no) fail(ErrorKind::store, "{} exists and is not overwritten", display(path));
    if (!fs::is_regular_file(status)) return write_in_place(path, text);  // also behind a link: /dev/stdout
  }
  StagedFile(path, text, privacy).put_in_place();
}

void make_private_folder(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (::mkdir(path.c_str(), 0700) == 0) {
    ::chmod(path.c_str(), 0700);
    return;
  }
  if (errno != EEXIST || !fs::is_directory(path, error)) fail_io("create", path);
}

std::string display(const fs::path& path) { return visible(path.native()); }

}  // namespace sitrep
