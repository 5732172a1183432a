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
    ::execl(test::sitrep_binary().c_str(), "sitrep", "query", nullptr);
    ::_exit(127);
  }
  ~Terminal() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(std::string_view keys) {
    CHECK(::write(fd_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }

  /// What came since the last call, up to and with `end`; all there is when it does not come.
  std::string until(std::string_view end) {
    std::string text;
    std::array<char, 4096> block{};
    while (text.find(end) == std::string::npos) {
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 30'000) <= 0) break;
      const auto n = ::read(fd_, block.data(), block.size());
      if (n <= 0) break;
      text.append(block.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

  int exit_code() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int fd_ = -1;
  pid_t child_ = -1;
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
    CHECK(has(terminal.until("sitrep> "), ".help says more"));
    terminal.type("select disk, tex\t");
    terminal.type("from no\t\t");
    CHECK(has(terminal.until("note_history"), "text from note"));
    terminal.type(";\n");
    CHECK(has(terminal.until("sitrep> "), "no such column: disk"));
    terminal.type("select text from note;\n");
    const auto answer = terminal.until("sitrep> ");
    CHECK_MESSAGE(has(answer, "disks came"), answer);
    terminal.type("select nonsense from note;\n");
    CHECK(has(terminal.until("sitrep> "), "no such column: nonsense"));
    terminal.type("select 40\n");
    CHECK(has(terminal.until("...> "), "...> "));
    terminal.type("+ 2 as sum;\n");
    CHECK(has(terminal.until("sitrep> "), "42"));
    terminal.type(".columns note\n");
    CHECK(has(terminal.until("sitrep> "), "author"));
    terminal.type("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;\n");
    terminal.until("\n");
    ::usleep(300'000);
    terminal.type("\x03");
    CHECK(has(terminal.until("sitrep> "), "query: stopped"));
    terminal.type("\x04");
    CHECK(terminal.exit_code() == 0);
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
