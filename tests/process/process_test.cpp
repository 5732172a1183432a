#include "process/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using namespace std::chrono_literals;
using process::Command;
using process::Outcome;

namespace {

Command shell(const std::string& script) {
  Command command;
  command.argv = {"/bin/sh", "-c", script};
  command.environment = {{"PATH", "/usr/bin:/bin"}};
  command.time_limit = 10s;
  return command;
}

/// True once no process of that number is left (or only a zombie that init has yet to collect).
bool is_gone(pid_t pid) {
  for (int i = 0; i < 100; ++i) {
    if (::kill(pid, 0) != 0) return true;
    const auto stat = read_file("/proc/" + std::to_string(pid) + "/stat");
    if (stat.find(") Z ") != std::string::npos) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

}  // namespace

TEST_CASE("process::run gives back output, errors and status") {
  auto command = shell("cat; echo oops >&2; exit 3");
  command.input = std::string(300'000, 'x') + "\n";
  const auto outcome = process::run(command);
  CHECK(outcome.output == command.input);
  CHECK(outcome.error == "oops\n");
  CHECK(outcome.end == Outcome::End::exited);
  CHECK(outcome.exit_status == 3);
  CHECK_FALSE(outcome.succeeded());
  CHECK(outcome.text(command) == "exited with status 3");
}

TEST_CASE("process::run passes arguments whole, without a shell") {
  Command command;
  command.argv = {"printf", "%s|", "a b", "$HOME", "`id`", "", "*"};
  const auto outcome = process::run(command);
  CHECK(outcome.succeeded());
  CHECK(outcome.output == "a b|$HOME|`id`||*|");
}

TEST_CASE("process::run shows the program only the environment it is given") {
  ::setenv("SITREP_CANARY", "s3cr3t", 1);
  auto command = shell("env");
  command.environment.emplace_back("KEPT", "yes");
  const auto outcome = process::run(command);
  CHECK(outcome.output.find("KEPT=yes") != std::string::npos);
  CHECK(outcome.output.find("s3cr3t") == std::string::npos);
  ::unsetenv("SITREP_CANARY");
}

TEST_CASE("process::run leaves the program none of our descriptors") {
  const test::TempDir folder;
  const int fd = ::open(folder.write("secret", "x").c_str(), O_RDONLY);  // on purpose without O_CLOEXEC
  const auto outcome = process::run(shell("ls /proc/self/fd | wc -l"));
  CHECK(outcome.output == "4\n");  // 0, 1, 2 and the one that ls reads the folder with
  ::close(fd);
}

TEST_CASE("process::run ends a program that is out of time, with all it started, even one that ignores SIGTERM") {
  auto command = shell("trap '' TERM; sleep 1000 & echo $! ; echo $$; wait");
  command.time_limit = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = process::run(command);
  CHECK(std::chrono::steady_clock::now() - start < 15s);
  CHECK(outcome.end == Outcome::End::timed_out);
  CHECK(outcome.text(command) == "did not finish within 0.2 s");
  std::size_t used = 0;
  const pid_t background = std::stoi(outcome.output, &used);
  CHECK(is_gone(background));
  CHECK(is_gone(std::stoi(outcome.output.substr(used))));
}

TEST_CASE("process::run does not wait for a background process that holds the pipe, and ends it") {
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = process::run(shell("sleep 1000 & echo $!"));
  CHECK(std::chrono::steady_clock::now() - start < 15s);
  CHECK(outcome.succeeded());
  CHECK(is_gone(std::stoi(outcome.output)));
}

TEST_CASE("process::run ends a program that floods its output and drops a flood of errors") {
  auto flood = shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
  flood.output_bytes = 10'000;
  const auto flooded = process::run(flood);
  CHECK(flooded.end == Outcome::End::too_much_output);
  CHECK(flooded.output.size() == 10'000);
  CHECK(flooded.text(flood) == "printed more than 10,000 bytes");

  auto noisy = shell("i=0; while [ $i -lt 3000 ]; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx >&2; i=$((i+1)); done");
  noisy.error_bytes = 1000;
  const auto outcome = process::run(noisy);
  CHECK(outcome.succeeded());
  CHECK(outcome.error.size() == 1000);

  auto exact = shell("printf 12345");
  exact.output_bytes = 5;
  CHECK(process::run(exact).succeeded());
}

TEST_CASE("process::run tells a signal from a status") {
  const auto command = shell("kill -SEGV $$");
  const auto outcome = process::run(command);
  CHECK(outcome.end == Outcome::End::signalled);
  CHECK(outcome.signal == SIGSEGV);
  CHECK(outcome.text(command).starts_with("was killed by signal 11"));
}

TEST_CASE("process::run holds the program to its memory limit") {
  Command command;
  command.argv = {"dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"};  // one buffer of 200 MB
  CHECK(process::run(command).succeeded());
  command.memory_bytes = std::size_t{64} << 20;
  const auto outcome = process::run(command);
  CHECK(outcome.end == Outcome::End::exited);
  CHECK(outcome.exit_status != 0);
  CHECK(outcome.error.find("memory exhausted") != std::string::npos);
}

TEST_CASE("process::run leaves no program behind when its caller is killed") {
  const test::TempDir folder;
  const auto note = folder / "pid";
  const pid_t caller = ::fork();
  REQUIRE(caller >= 0);
  if (caller == 0) {
    process::run(shell("echo $$ > " + note.native() + ".new; mv " + note.native() + ".new " + note.native() +
                       "; exec sleep 1000"));
    ::_exit(0);
  }
  for (int i = 0; i < 1000 && !std::filesystem::exists(note); ++i) std::this_thread::sleep_for(10ms);
  ::kill(caller, SIGKILL);
  ::waitpid(caller, nullptr, 0);
  CHECK(is_gone(std::stoi(read_file(note))));
}

TEST_CASE("process::run works where standard input, output and error are closed") {
  const pid_t caller = ::fork();
  REQUIRE(caller >= 0);
  if (caller == 0) {
    for (const int fd : {0, 1, 2}) ::close(fd);
    auto command = shell("cat; echo oops >&2");
    command.input = "in\n";
    const auto outcome = process::run(command);
    ::_exit(outcome.output == "in\n" && outcome.error == "oops\n" && outcome.succeeded() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(caller, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("process::run says why a program cannot be started") {
  const test::TempDir folder;
  struct Case {
    std::string name;
    std::vector<std::string> argv;
    std::string says;
  };
  const Case cases[] = {{"nothing", {}, "needs the name"},
                        {"unknown name", {"no-such-program-here"}, "not found"},
                        {"unknown path", {"/nonexistent/x"}, "not found"},
                        {"not executable", {folder.write("data", "x").native()}, "Permission denied"},
                        {"control bytes in the name", {"/x\x1b[2J"}, "\\x1b"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Command command;
    command.argv = c.argv;
    try {
      process::run(command);
      FAIL("started");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::config);
      CHECK(std::string(error.what()).find(c.says) != std::string::npos);
    }
  }
}

TEST_CASE("process::run looks a name up in the given PATH, absolute folders only, and runs in the given folder") {
  const test::TempDir folder;
  const auto tool = folder.write("bin/tool", "#!/bin/sh\npwd\n");
  std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  Command command;
  command.argv = {"tool"};
  command.environment = {{"PATH", "bin:" + (folder / "bin").native() + ":/usr/bin:/bin"}};
  command.folder = folder.path();
  CHECK(process::run(command).output == folder.path().native() + "\n");
  command.environment = {{"PATH", "bin:"}};
  CHECK_THROWS_AS(process::run(command), Error);
}

TEST_CASE("process::allowed keeps the names listed that are set") {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "A" || name == "SECRET") return "1";
    return std::nullopt;
  };
  constexpr std::array<std::string_view, 2> names = {"A", "B"};
  CHECK(process::allowed(environment, names) == process::Environment{{"A", "1"}});
}
