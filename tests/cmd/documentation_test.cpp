#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

// The command tree as the binary itself tells it: `sitrep help --examples` names every command that runs.
using namespace sitrep;

namespace {

std::map<std::string, std::vector<std::string>> examples_by_command() {
  const test::TempDir folder;
  const auto result =
      test::run_sitrep({"help", "--examples"}, {.folder = folder.path(), .environment = {}, .input = {}});
  std::map<std::string, std::vector<std::string>> examples;
  for (const auto line : split_views(trim_view(result.out), '\n')) {
    const auto parts = split_views(line, '\t');
    auto& lines = examples[std::string(parts.at(0))];
    if (parts.size() > 1) lines.emplace_back(parts[1]);
  }
  return examples;
}

std::string help_of(const std::string& command) {
  const test::TempDir folder;
  auto words = test::split_words(command);
  words.erase(words.begin());
  words.emplace_back("-h");
  const auto result = test::run_sitrep(words, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 0);
  return result.out;
}

}  // namespace

TEST_CASE("every command has an example that calls it, a man page and completion entries") {
  const auto root = std::filesystem::path(SITREP_SOURCE_DIR);
  const auto completions = read_file(root / "completions/sitrep.bash");
  const auto commands = examples_by_command();
  REQUIRE(commands.size() >= 2);
  for (const auto& [command, examples] : commands) {
    CAPTURE(command);
    if (command == "sitrep") continue;
    CHECK_FALSE(examples.empty());
    for (const auto& example : examples) CHECK_MESSAGE(example.find(command) != std::string::npos, example);
    const auto path = command.substr(std::string("sitrep ").size());
    const auto top = path.substr(0, path.find(' '));
    CHECK(std::filesystem::exists(root / "man" / ("sitrep-" + top + ".1")));
    CHECK(completions.find("'" + path + "') commands=") != std::string::npos);
  }
}

TEST_CASE("every command that prints data prints json, and its help shows an example") {
  for (const auto& [command, examples] : examples_by_command()) {
    CAPTURE(command);
    const auto help = help_of(command);
    if (const auto at = help.find("--format FORMAT"); at != std::string::npos && command != "sitrep") {
      CHECK(help.substr(at, help.find('\n', at) - at).find("json") != std::string::npos);
    }
    if (command != "sitrep") CHECK(help.find("\nExamples:\n") != std::string::npos);
  }
}

TEST_CASE("the GitLab job of the README runs: it makes and keeps the documents, and fails with the reason") {
  const auto readme = read_file(std::filesystem::path(SITREP_SOURCE_DIR) / "README.md");
  const auto start = readme.find("  script:\n");
  REQUIRE(start != std::string::npos);
  std::string script = "set -e\n";
  for (const auto line : split_views(std::string_view(readme).substr(start + 10), '\n')) {
    if (!line.starts_with("    - ")) break;
    script += std::string(line.substr(6)) + "\n";
  }
  const test::TempDir folder;
  test::write_example_workspace(folder.path());  // its source answers nothing
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  const auto result = test::run_program("/bin/bash", {"-c", script}, options);
  CAPTURE(result.err);
  CHECK(result.exit_code == 4);
  CHECK(read_file(folder / "public/weekly.html").find("Ledger migration") != std::string::npos);
  CHECK(read_file(folder / "public/check.xml").find("<testsuites>") != std::string::npos);
}
