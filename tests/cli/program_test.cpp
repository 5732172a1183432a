#include "cli/program.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace sitrep;

namespace {

struct Result {
  int code;
  std::string out, err;
};

Result run(const cli::Command::Action& action, const std::vector<std::string>& args) {
  const test::TempDir folder;
  std::ostringstream out, err;
  const FixedClock clock(unix_time(0));
  cli::World world;
  world.out = &out;
  world.err = &err;
  world.clock = &clock;
  world.working_folder = folder.path();
  world.version = "1.2.3";
  cli::Command root("sitrep", "test");
  root.add("act", "Acts").formats({"text", "json"}).run(action);
  const int code = cli::run_program(root, std::move(world), args);
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("cli::run_program returns the command's code and its output") {
  const auto result = run(
      [](cli::Context& ctx) {
        ctx.out() << "data\n";
        return 1;
      },
      {"act"});
  CHECK(result.code == 1);
  CHECK(result.out == "data\n");
  CHECK(result.err.empty());
}

TEST_CASE("cli::run_program turns what stops the work into one line and its exit code") {
  struct Case {
    const char* name;
    cli::Command::Action action;
    int code;
    std::string err;
  };
  const Case cases[] = {{"an Error", [](cli::Context&) -> int { fail(ErrorKind::credentials, "no\ttoken"); }, 9,
                         "sitrep: error: no\\ttoken\n"},
                        {"a failed file operation",
                         [](cli::Context&) -> int {
                           std::filesystem::create_directory("/nonexistent/x");
                           return 0;
                         },
                         5, "sitrep: error: /nonexistent/x: No such file or directory\n"},
                        {"anything else", [](cli::Context&) -> int { throw std::runtime_error("index 3"); }, 70,
                         "sitrep: error: this is a bug in sitrep, please report it: index 3\n"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto result = run(c.action, {"act"});
    CHECK(result.code == c.code);
    CHECK(result.err == c.err);
  }
}

TEST_CASE("cli::run_program reports errors as one JSON object in JSON mode, also for a broken command line") {
  const auto failing = [](cli::Context&) -> int { fail(ErrorKind::network, "no \"route\""); };
  CHECK(run(failing, {"act", "--json"}).err ==
        "{\"error\":{\"kind\":\"network\",\"message\":\"no \\\"route\\\"\",\"exit\":4}}\n");
  const auto broken = run(failing, {"act", "--bogus", "--format=json"});
  CHECK(broken.code == 2);
  CHECK(broken.err.starts_with("{\"error\":{\"kind\":\"usage\","));
}

TEST_CASE("cli::run_program prints version and help to standard output with 0") {
  const auto nothing = [](cli::Context&) { return 5; };
  CHECK(run(nothing, {"--version"}).out == "sitrep 1.2.3\n");
  const auto help = run(nothing, {"act", "-h"});
  CHECK(help.code == 0);
  CHECK(help.out.starts_with("Acts.\n\nUsage: sitrep act [options]\n"));
  CHECK(run(nothing, {}).code == 0);
}

TEST_CASE("cli::run_program suggests the command that was meant") {
  const auto result = run([](cli::Context&) { return 0; }, {"atc"});
  CHECK(result.code == 2);
  CHECK(result.err == "sitrep: error: unknown command 'atc'; did you mean 'act'?\n");
}
