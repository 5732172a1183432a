#include "terminal.hpp"

#include "support/run_sitrep.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace sitrep::test {

Terminal::Terminal(const std::filesystem::path& folder, const std::vector<std::string>& args,
                   const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{"sitrep"};
  words.insert(words.end(), args.begin(), args.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const winsize size{24, 60, 0, 0};
  child_ = ::forkpty(&fd_, nullptr, nullptr, &size);
  if (child_ != 0) return;
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  ::setenv("HOME", folder.c_str(), 1);
  ::setenv("TERM", "dumb", 1);
  ::setenv("SITREP_NOW", k_test_now, 1);
  for (const char* name : {"XDG_STATE_HOME", "PAGER", "SITREP_PAGER", "LESS", "NO_COLOR"}) ::unsetenv(name);
  ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);  // libedit does not free its copies of the terminal's key strings
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  ::execv(sitrep_binary().c_str(), argv.data());
  ::_exit(127);
}

Terminal::~Terminal() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ::close(fd_);
}

void Terminal::type(std::string_view keys) {
  CHECK(::write(fd_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
}

bool Terminal::shows(std::string_view part) {
  while (true) {
    if (const auto found = text_.find(part); found != std::string::npos) {
      text_.erase(0, found + part.size());
      return true;
    }
    if (!read_what_is_there(60'000)) return false;
  }
}

int Terminal::exit_code() {
  while (read_what_is_there(60'000)) {
  }
  int status = 0;
  for (int i = 0; i < 3000; ++i, ::usleep(20'000)) {
    if (::waitpid(child_, &status, WNOHANG) != child_) continue;
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  MESSAGE("still running, and showed: " << text_);
  return -1;
}

int Terminal::end() {
  // What comes while the terminal changes its mode is lost, and what nobody reads could hold the program up.
  constexpr int k_tries = 30;
  int status = 0;
  for (int i = 0; i < k_tries * 20; ++i) {
    if (i % 20 == 0) type("\x15\x04");
    if (!read_what_is_there(50)) ::usleep(20'000);  // a terminal that nobody holds any more answers at once
    if (::waitpid(child_, &status, WNOHANG) == child_) {
      child_ = -1;
      CAPTURE(status);
      CHECK(WIFEXITED(status));
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
  }
  MESSAGE("still running, and showed: " << text_);
  return -1;
}

/// false: nothing came for so long, or the other side is gone.
bool Terminal::read_what_is_there(int milliseconds) {
  pollfd waiting{fd_, POLLIN, 0};
  if (::poll(&waiting, 1, milliseconds) <= 0) return false;
  std::array<char, 4096> block{};
  const auto n = ::read(fd_, block.data(), block.size());
  if (n <= 0) return false;
  text_.append(block.data(), static_cast<std::size_t>(n));
  return true;
}

}  // namespace sitrep::test
