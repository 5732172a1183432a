// `sitrep query` on a terminal of its own.
#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

using namespace sitrep;

namespace {

class Terminal {
 public:
  explicit Terminal(const std::filesystem::path& folder) {
    const winsize size{24, 60, 0, 0};
    child_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::setenv("HOME", folder.c_str(), 1);
    ::setenv("TERM", "dumb", 1);
    ::setenv("SITREP_NOW", test::k_test_now, 1);
    ::unsetenv("XDG_STATE_HOME");
    ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);  // libedit does not free its copies of the terminal's key strings
    ::execl(test::sitrep_binary().c_str(), "sitrep", "query", nullptr);
    ::_exit(127);
  }
  ~Terminal() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(std::string_view keys) {
    CHECK(::write(fd_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }

  /// Whether that text comes, behind what an earlier call found.
  bool shows(std::string_view part) {
    while (true) {
      if (const auto found = text_.find(part); found != std::string::npos) {
        text_.erase(0, found + part.size());
        return true;
      }
      if (!read_what_is_there(60'000)) return false;
    }
  }

  /// Empties the line and types Ctrl-D until the program ends; -1 when it goes on running or a signal ended it. What
  /// comes while the terminal changes its mode is lost, and what nobody reads could hold the program up.
  int end() {
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

 private:
  /// false: nothing came for so long, or the other side is gone.
  bool read_what_is_there(int milliseconds) {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, milliseconds) <= 0) return false;
    std::array<char, 4096> block{};
    const auto n = ::read(fd_, block.data(), block.size());
    if (n <= 0) return false;
    text_.append(block.data(), static_cast<std::size_t>(n));
    return true;
  }

  int fd_ = -1;
  pid_t child_ = -1;
  std::string text_;  // that nothing has asked for yet
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("sitrep query on a terminal prompts, completes names, survives mistakes and keeps a history") {
  const test::TempDir folder;
  folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  REQUIRE(test::run_sitrep({"note", "add", "Ledger", "disks came", "--author", "dana"},
                           {.folder = folder.path(), .environment = {}, .input = {}})
              .exit_code == 0);
  {
    Terminal terminal(folder.path());
    CHECK(terminal.shows(".help says more"));
    REQUIRE(terminal.shows("sitrep> "));
    terminal.type("select disk, tex\t");
    terminal.type("from no\t\t");
    CHECK(terminal.shows("text from note"));
    CHECK(terminal.shows("note_history"));
    terminal.type(";\n");
    CHECK(terminal.shows("no such column: disk"));
    terminal.type("select text from note;\n");
    CHECK(terminal.shows("disks came"));
    terminal.type("select nonsense from note;\n");
    CHECK(terminal.shows("no such column: nonsense"));
    terminal.type("select 40\n");
    CHECK(terminal.shows("...> "));
    terminal.type("+ 2 as sum;\n");
    CHECK(terminal.shows("42"));
    terminal.type(".columns note\n");
    CHECK(terminal.shows("author"));
    terminal.type("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;\n");
    CHECK(terminal.shows("from n;"));
    ::usleep(500'000);
    terminal.type("\x03");
    CHECK(terminal.shows("query: stopped"));
    CHECK(terminal.shows("sitrep> "));
    CHECK(terminal.end() == 0);
  }
  const auto history = folder / ".local/state/sitrep/query_history";
  REQUIRE(std::filesystem::exists(history));
  CHECK((std::filesystem::status(history).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(has(read_file(history), "nonsense"));
}

TEST_CASE("sitrep query without SQL and without a terminal says what to give") {
  const test::TempDir folder;
  const auto result = test::run_sitrep({"query"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 2);
  CHECK(has(result.err, "give one of SQL"));
}
