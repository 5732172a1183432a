#include "sources/secret.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "process/process.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_max_bytes = std::size_t{8} << 10;  // servers refuse headers beyond that
constexpr std::chrono::seconds k_command_limit{60};        // a person may have to touch a key or type a PIN

/// What password managers need to find their store, agent and terminal.
constexpr std::array k_command_environment = {std::string_view("PATH"),
                                              std::string_view("HOME"),
                                              std::string_view("USER"),
                                              std::string_view("LOGNAME"),
                                              std::string_view("LANG"),
                                              std::string_view("LC_ALL"),
                                              std::string_view("TERM"),
                                              std::string_view("TMPDIR"),
                                              std::string_view("GNUPGHOME"),
                                              std::string_view("GPG_TTY"),
                                              std::string_view("DISPLAY"),
                                              std::string_view("WAYLAND_DISPLAY"),
                                              std::string_view("SSH_AUTH_SOCK"),
                                              std::string_view("XDG_RUNTIME_DIR"),
                                              std::string_view("XDG_CONFIG_HOME"),
                                              std::string_view("XDG_DATA_HOME"),
                                              std::string_view("PASSWORD_STORE_DIR"),
                                              std::string_view("DBUS_SESSION_BUS_ADDRESS")};

/// "sitrep.toml:14:3: auth.token of source 'pager': " for all messages of one secret.
class Place {
 public:
  Place(const config::Secret& secret, std::string_view what)
      : prefix_((secret.where.line > 0 ? secret.where.text() + ": " : std::string{}) + std::string(what)) {}
  template <class... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) const {
    throw Error(ErrorKind::credentials, prefix_ + ": " + fmt::format(format, std::forward<Args>(args)...));
  }
  const std::string& text() const { return prefix_; }

 private:
  std::string prefix_;
};

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

/// For the command line that a message proposes.
std::string quoted(const std::filesystem::path& path) {
  const auto text = display(path);
  if (text.find_first_of(" '\"$`\\&;|<>()*?[]!#~") == std::string::npos) return text;
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

/// From the first secret on, a crash leaves no copy of it on a disk. The programs we start inherit the limit.
void forbid_core_dumps() {
  rlimit cores{};
  if (::getrlimit(RLIMIT_CORE, &cores) != 0) return;
  cores.rlim_cur = 0;
  ::setrlimit(RLIMIT_CORE, &cores);
}

std::string read_secret_file(const std::filesystem::path& path, const Place& place) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (file.fd < 0) {
    if (errno == ELOOP) place.refuse("{} is a symbolic link; name the file itself", display(path));
    place.refuse("{} cannot be read: {}", display(path), std::strerror(errno));
  }
  struct stat status{};
  if (::fstat(file.fd, &status) != 0) place.refuse("{} cannot be read: {}", display(path), std::strerror(errno));
  if (!S_ISREG(status.st_mode)) place.refuse("{} is not a regular file", display(path));
  if (status.st_uid != ::geteuid()) {
    place.refuse("{} belongs to another user; run: chown {} {}", display(path), ::geteuid(), quoted(path));
  }
  if ((status.st_mode & 077) != 0) {
    place.refuse("{} is open to other users (mode {:04o}); run: chmod 600 {}", display(path), status.st_mode & 07777U,
                 quoted(path));
  }
  std::string text(k_max_bytes + 3, '\0');  // a line break of two bytes, and one byte to see that it is too long
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(file.fd, text.data() + size, text.size() - size);
    if (count < 0) place.refuse("{} cannot be read: {}", display(path), std::strerror(errno));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

std::string run_for_secret(const std::vector<std::string>& argv, const Place& place, const SecretContext& context) {
  process::Command command;
  command.argv = argv;
  command.environment = process::allowed(context.environment, k_command_environment);
  command.folder = context.folder;
  command.time_limit = k_command_limit;
  command.output_bytes = k_max_bytes + 2;
  process::Outcome outcome;
  try {
    outcome = process::run(command);
  } catch (const Error& error) {
    throw Error(error.kind(), place.text() + ": " + error.what());
  }
  if (!outcome.succeeded()) {
    const auto said = truncate_display(visible(trim_view(outcome.error)), 200);
    place.refuse("'{}' {}{}", visible(argv.front()), outcome.text(command), said.empty() ? "" : ": " + said);
  }
  return outcome.output;
}

/// Line breaks would add headers of their own; other bytes are read differently by different servers.
std::string checked(std::string value, const Place& place) {
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (value.empty()) place.refuse("its value is empty");
  if (value.size() > k_max_bytes) place.refuse("its value is longer than 8 KiB; is that the right file or variable?");
  const auto holds = [&value](auto&& is_bad) { return std::ranges::any_of(value, is_bad); };
  if (holds([](char c) { return c == '\n' || c == '\r'; })) place.refuse("its value holds a line break");
  if (holds([](char c) { return c == ' ' || c == '\t'; })) place.refuse("its value holds a blank");
  if (holds([](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    place.refuse("its value holds control characters");
  }
  if (holds([](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    place.refuse("its value holds characters outside ASCII; was it copied from formatted text?");
  }
  return value;
}

}  // namespace

std::string read_secret(const config::Secret& secret, std::string_view what, const SecretContext& context) {
  using From = config::Secret::From;
  const Place place(secret, what);
  forbid_core_dumps();
  switch (secret.from) {
    case From::none:
      place.refuse("it is not configured");
    case From::literal:
      return checked(secret.text, place);
    case From::env: {
      auto value = context.environment(secret.text);
      if (!value) place.refuse("${} is not set; export it before running sitrep", visible(secret.text));
      return checked(std::move(*value), place);
    }
    case From::file:
      return checked(read_secret_file(context.folder / secret.text, place), place);
    case From::keyring:
      return checked(run_for_secret({"secret-tool", "lookup", "sitrep", secret.text}, place, context), place);
    case From::command:
      if (!context.is_trusted || !context.is_trusted(secret)) {
        throw Error(ErrorKind::config, place.text() +
                                           ": it runs a program, which is not trusted yet; read it, then run: "
                                           "sitrep trust");
      }
      return checked(run_for_secret(secret.command, place, context), place);
  }
  place.refuse("it is not configured");
}

}  // namespace sitrep::sources
