#include "process/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds k_drain{200};  // for output still in a pipe that a background process holds open

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read, write;
};

/// The same above 2. Where 0, 1 or 2 is closed, the next descriptor takes that number, and putting one in place for the
/// program would close another.
Descriptor above_standard(Descriptor fd) {
  if (fd.get() < 0 || fd.get() > 2) return fd;
  return Descriptor(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
}

[[noreturn]] void fail_here(const Command& command, std::string_view what, int reason) {
  fail(ErrorKind::config, "cannot run '{}': {}: {}", visible(command.argv.empty() ? "" : command.argv[0]), what,
       std::strerror(reason));
}

Pipe make_pipe(const Command& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_here(command, "no pipe", errno);
  Pipe pipe{above_standard(Descriptor(ends[0])), above_standard(Descriptor(ends[1]))};
  if (pipe.read.get() < 0 || pipe.write.get() < 0) fail_here(command, "no pipe", errno);
  return pipe;
}

/// The input as a file in memory: the program reads when it likes, and writing to it can neither block nor raise
/// SIGPIPE.
Descriptor input_of(const Command& command) {
  auto fd = above_standard(Descriptor(::memfd_create("sitrep-input", MFD_CLOEXEC)));
  if (fd.get() < 0) fail_here(command, "no input", errno);
  std::string_view rest = command.input;
  while (!rest.empty()) {
    const auto count = ::write(fd.get(), rest.data(), rest.size());
    if (count <= 0) fail_here(command, "no input", errno);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// What execve needs, built before fork: the child may only make calls that are safe after a fork of many threads.
struct Image {
  std::vector<std::string> candidates;  // paths to try in order
  std::vector<std::string> variables;
  std::vector<char*> argv, envp;
};

Image image_of(const Command& command) {
  Image image;
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  for (const auto& [name, value] : command.environment) {
    if (name == "PATH") path = value;
    image.variables.push_back(name + "=" + value);
  }
  const auto& program = command.argv.front();
  if (program.find('/') != std::string::npos) {
    image.candidates.push_back(program);
  } else {
    for (const auto folder : split_views(path, ':')) {
      if (folder.starts_with('/')) image.candidates.push_back(std::string(folder) + "/" + program);
    }
  }
  for (const auto& argument : command.argv) image.argv.push_back(const_cast<char*>(argument.c_str()));
  for (auto& variable : image.variables) image.envp.push_back(variable.data());
  image.argv.push_back(nullptr);
  image.envp.push_back(nullptr);
  return image;
}

/// In the child, until exec: async-signal-safe calls only. Gives errno to the parent through `status`.
[[noreturn]] void become(const Command& command, const Image& image, pid_t parent, int input, int output, int error,
                         int status) {
  ::setpgid(0, 0);
  // A parent that is killed has no moment to end the program. It may be gone already.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  struct sigaction plain{};
  plain.sa_handler = SIG_DFL;
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaction(number, &plain, nullptr);
  bool ready = ::dup2(input, 0) == 0 && ::dup2(output, 1) == 1 && ::dup2(error, 2) == 2;
  if (command.memory_bytes) {
    const rlimit limit{*command.memory_bytes, *command.memory_bytes};
    ready = ready && ::setrlimit(RLIMIT_AS, &limit) == 0;
  }
  const rlimit no_core{0, 0};  // a core would hold the environment and its secrets
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (!command.folder.empty()) ready = ready && ::chdir(command.folder.c_str()) == 0;
  int reason = errno;
  if (ready) {
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    reason = ENOENT;
    for (const auto& candidate : image.candidates) {
      ::execve(candidate.c_str(), image.argv.data(), image.envp.data());
      if (errno != ENOENT && errno != ENOTDIR) reason = errno;
    }
  }
  static_cast<void>(!::write(status, &reason, sizeof reason));
  ::_exit(127);
}

/// The program while it runs. (glibc 2.36 declares pidfd_open without extern "C", so the call is made by number.) Kills
/// the group and collects the child on every way out.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  ~Child() {
    if (!collected_) collect();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int descriptor() const { return pidfd_.get(); }

  /// Its wait status. The group is killed while the child still holds its number, so that no other group can be hit.
  int collect() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    collected_ = true;
    return status;
  }

 private:
  pid_t pid_;
  Descriptor pidfd_;
  bool collected_ = false;
};

/// Reads once; false at the end of the pipe.
bool read_some(const Descriptor& from, std::string& into, std::size_t keep) {
  std::array<char, 65536> chunk;
  const auto count = ::read(from.get(), chunk.data(), chunk.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  const auto room = keep - std::min(keep, into.size());
  into.append(chunk.data(), std::min(room, static_cast<std::size_t>(count)));
  return count > 0;
}

/// Collects output until the child has ended and its pipes are empty, or a limit is met.
std::optional<Outcome::End> watch(const Command& command, const Child& child, Pipe& output, Pipe& error,
                                  Outcome& outcome) {
  auto end = steady_clock::now() + command.time_limit;
  bool running = true;
  while (running || output.read.get() >= 0 || error.read.get() >= 0) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left <= milliseconds{0}) return running ? std::optional(Outcome::End::timed_out) : std::nullopt;
    std::array<pollfd, 3> waiting{{{output.read.get(), POLLIN, 0},
                                   {error.read.get(), POLLIN, 0},
                                   {running ? child.descriptor() : -1, POLLIN, 0}}};
    const auto span = std::min<milliseconds::rep>(left.count(), 60'000);
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(span)) < 0) continue;  // EINTR
    if (waiting[0].revents != 0 && !read_some(output.read, outcome.output, command.output_bytes + 1)) {
      output.read.reset();
    }
    if (waiting[1].revents != 0 && !read_some(error.read, outcome.error, command.error_bytes)) error.read.reset();
    if (outcome.output.size() > command.output_bytes) {
      outcome.output.resize(command.output_bytes);
      return Outcome::End::too_much_output;
    }
    if (waiting[2].revents != 0) {
      running = false;
      end = std::min(end, steady_clock::now() + k_drain);
    }
  }
  return std::nullopt;
}

void set_end(Outcome& outcome, int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    outcome.end = Outcome::End::signalled;
    outcome.signal = WTERMSIG(wait_status);
  } else {
    outcome.exit_status = WEXITSTATUS(wait_status);
  }
}

}  // namespace

Outcome run(const Command& command) {
  if (command.argv.empty()) fail(ErrorKind::config, "a command needs the name of a program");
  const auto image = image_of(command);
  const auto input = input_of(command);
  auto output = make_pipe(command);
  auto error = make_pipe(command);
  auto status = make_pipe(command);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) fail_here(command, "no new process", errno);
  if (pid == 0) {
    become(command, image, parent, input.get(), output.write.get(), error.write.get(), status.write.get());
  }
  ::setpgid(pid, pid);  // in both: whichever comes first, the group is there before it is needed
  Child child(pid);
  output.write.reset();
  error.write.reset();
  status.write.reset();
  int reason = 0;
  if (::read(status.read.get(), &reason, sizeof reason) == sizeof reason) {
    fail_here(command, reason == ENOENT ? "not found" : "not started", reason);
  }
  Outcome outcome;
  const auto stopped = watch(command, child, output, error, outcome);
  // Without a stop the child is over already, so that killing it changes nothing about how it ended.
  set_end(outcome, child.collect());
  if (stopped) outcome.end = *stopped;
  return outcome;
}

std::string Outcome::text(const Command& command) const {
  switch (end) {
    case End::exited:
      return fmt::format("exited with status {}", exit_status);
    case End::signalled:
      return fmt::format("was killed by signal {} ({})", signal, ::strsignal(signal));
    case End::timed_out:
      return fmt::format("did not finish within {} s",
                         format_real(static_cast<double>(command.time_limit.count()) / 1000));
    case End::too_much_output:
      return fmt::format("printed more than {} bytes",
                         group_thousands(static_cast<std::int64_t>(command.output_bytes)));
  }
  return {};
}

Environment allowed(const std::function<std::optional<std::string>(const std::string&)>& environment,
                    std::span<const std::string_view> names) {
  Environment kept;
  for (const auto name : names) {
    if (auto value = environment(std::string(name))) kept.emplace_back(name, std::move(*value));
  }
  return kept;
}

}  // namespace sitrep::process
