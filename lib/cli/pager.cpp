#include "cli/pager.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <vector>

#include "base/text.hpp"

namespace sitrep::cli {
namespace {

namespace fs = std::filesystem;

bool is_installed(std::string_view program, std::string_view path) {
  return std::ranges::any_of(split_views(path, ':'), [&](std::string_view folder) {
    return !folder.empty() && ::access((fs::path(folder) / program).c_str(), X_OK) == 0;
  });
}

/// Ours with what a pager needs to show colours, to leave what it showed, and to end by itself on one screen.
std::vector<std::string> environment_of_pager() {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) all.emplace_back(*entry);
  for (const std::string_view setting : {"LESS=FRX", "LV=-c"}) {
    const auto name = setting.substr(0, setting.find('=') + 1);
    if (std::ranges::none_of(all, [&](const std::string& entry) { return entry.starts_with(name); }))
      all.emplace_back(setting);
  }
  return all;
}

/// Ctrl-C and Ctrl-\ belong to the pager while it runs.
class IgnoredKeys {
 public:
  IgnoredKeys() : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
  ~IgnoredKeys() {
    std::signal(SIGINT, interrupt_);
    std::signal(SIGQUIT, quit_);
  }
  IgnoredKeys(const IgnoredKeys&) = delete;
  IgnoredKeys& operator=(const IgnoredKeys&) = delete;

 private:
  using Handler = void (*)(int);
  Handler interrupt_, quit_;
};

/// Its process id with the pipe's reading end as standard input; nullopt: there is no shell to run it.
std::optional<pid_t> spawn(const std::string& command, int input) {
  auto entries = environment_of_pager();
  std::vector<char*> variables;
  for (auto& entry : entries) variables.push_back(entry.data());
  variables.push_back(nullptr);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  sigset_t defaults;
  ::sigemptyset(&defaults);
  for (const int signal : {SIGPIPE, SIGINT, SIGQUIT}) ::sigaddset(&defaults, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  const int failure = ::posix_spawn(&child, "/bin/sh", &files, &attributes, arguments.data(), variables.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return failure == 0 ? std::optional(child) : std::nullopt;
}

/// Until the reader has enough.
void feed(int pipe, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(pipe, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      return;
  }
}

}  // namespace

std::optional<std::string> pager_command(const config::Environment& environment) {
  if (!environment || environment("TERM").value_or("dumb") == "dumb") return std::nullopt;
  auto command = environment("SITREP_PAGER");
  if (!command) command = environment("PAGER");
  if (!command && is_installed("less", environment("PATH").value_or(""))) command = "less";
  if (!command || trim_view(*command).empty() || trim_view(*command) == "cat") return std::nullopt;
  return command;
}

bool is_long(std::string_view text, int width, int height) {
  const auto columns = static_cast<std::size_t>(std::max(width, 1));
  std::size_t lines = 0;
  for (const auto line : split_views(text, '\n')) {
    lines += 1 + (line.empty() ? 0 : (display_width(line) - 1) / columns);
    if (lines > static_cast<std::size_t>(std::max(height, 1))) return true;  // the last is the prompt's
  }
  return false;
}

bool show_in_pager(const std::string& command, std::string_view text) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const IgnoredKeys ignored;
  const auto child = spawn(command, ends[0]);
  ::close(ends[0]);
  if (child) feed(ends[1], text);
  ::close(ends[1]);
  if (!child) return false;
  int status = 0;
  while (::waitpid(*child, &status, 0) < 0 && errno == EINTR) {
  }
  // What the shell says of a command that it cannot find or run.
  return !WIFEXITED(status) || (WEXITSTATUS(status) != 126 && WEXITSTATUS(status) != 127);
}

}  // namespace sitrep::cli
