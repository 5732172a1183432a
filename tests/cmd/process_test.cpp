#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace sitrep;

namespace {

test::RunOptions in(const test::TempDir& folder) { return {.folder = folder.path(), .environment = {}, .input = {}}; }

/// Runs a shell line in which `sitrep` is the program under test.
test::RunResult shell(const test::TempDir& folder, const std::string& line) {
  auto options = in(folder);
  options.environment["PATH"] =
      test::sitrep_binary().parent_path().string() + ":" + (folder / "bin").string() + ":/usr/bin:/bin";
  return test::run_program("/bin/bash", {"-c", line}, options);
}

void write_script(const test::TempDir& folder, std::string_view name, std::string_view text) {
  std::filesystem::permissions(folder.write(name, text), std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("sitrep ends quietly with 0 when the reader of its output goes away") {
  const test::TempDir folder;
  const auto result = shell(folder, "(sleep 0.2; sitrep completion bash; echo code $? >&2) | true");
  CHECK(result.err == "code 0\n");
}

TEST_CASE("sitrep says so and exits 5 when its output can't be written") {
  const test::TempDir folder;
  const auto result = shell(folder, "sitrep help > /dev/full");
  CHECK(result.exit_code == 5);
  CHECK(result.err == "sitrep: error: standard output: No space left on device\n");
}

TEST_CASE("sitrep keeps working when standard error can't be written") {
  const test::TempDir folder;
  CHECK(shell(folder, "sitrep bogus 2> /dev/full").exit_code == 2);
}

TEST_CASE("sitrep -o writes a file as a whole, and -C makes its path relative to the folder") {
  const test::TempDir folder;
  folder.write("ws/keep", "");
  const auto result = test::run_sitrep({"-C", "ws", "completion", "bash", "-o", "c.bash"}, in(folder));
  CHECK(result.exit_code == 0);
  CHECK(result.out.empty());
  CHECK(std::filesystem::file_size(folder / "ws/c.bash") > 1000);
  CHECK(test::run_sitrep({"completion", "bash", "-o", "none/c.bash"}, in(folder)).exit_code == 5);
}

TEST_CASE(
    "86: -o keeps a link and changes its target, refuses a folder, writes into a pipe, and is never half written") {
  namespace fs = std::filesystem;
  const test::TempDir folder;
  const auto sitrep = [&](const std::string& output) {
    return test::run_sitrep({"completion", "bash", "-o", output}, in(folder));
  };
  folder.write("target", "old");
  fs::create_symlink("target", folder / "link");
  CHECK(sitrep("link").exit_code == 0);
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::file_size(folder / "target") > 1000);
  fs::create_directory(folder / "folder");
  const auto refused = sitrep("folder");
  CHECK(refused.exit_code == 5);
  CHECK(refused.err == "sitrep: error: cannot write folder: it is a folder\n");
  const auto full = sitrep("/dev/full");
  CHECK(full.exit_code == 5);
  CHECK(full.err == "sitrep: error: cannot write /dev/full: No space left on device\n");
  const auto piped = shell(folder, "mkfifo pipe; sitrep completion bash -o pipe & head -c 5 pipe; wait $!");
  CHECK(piped.out.size() == 5);
  CHECK(fs::is_fifo(folder / "pipe"));
  // What is read is read as a whole before anything is written.
  folder.write("same.json", R"({"name": "x"})");
  folder.write("t.md", "+++\ntitle = \"t\"\nkind = \"document\"\n+++\nHello\n");
  CHECK(test::run_sitrep({"template", "render", "t.md", "-o", "t.md"}, in(folder)).exit_code == 0);
  std::ifstream rendered(folder / "t.md");
  std::string line;
  std::getline(rendered, line);
  CHECK(line.find("+++") == std::string::npos);
}

TEST_CASE("102: more than fits a pipe, to a reader that goes away and to a full device, in every form") {
  const test::TempDir folder;
  folder.write("sitrep.toml", "[workspace]\nname = \"x\"\n");
  folder.write("i.json", R"([{"id":"1","title":"t"}])");
  REQUIRE(test::run_sitrep({"import", "incident", "i.json", "-q"}, in(folder)).exit_code == 0);
  for (const std::string format : {"text", "json", "csv", "ndjson", "markdown"}) {
    CAPTURE(format);
    const auto command =
        "sitrep query \"with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i, "
        "printf('%.40c', 'x') as x from n\" --format " +
        format;
    const auto closed = shell(folder, "set -o pipefail; " + command + " | head -c 100");
    CHECK(closed.exit_code == 0);
    CHECK(closed.err.empty());
    CHECK(closed.out.size() == 100);
    const auto full = shell(folder, command + " > /dev/full");
    CHECK(full.exit_code == 5);
    CHECK(full.err.find("standard output: No space left on device") != std::string::npos);
  }
}

TEST_CASE("sitrep foo runs sitrep-foo of PATH with its arguments and returns its exit code") {
  const test::TempDir folder;
  write_script(folder, "bin/sitrep-hello", "#!/bin/sh\necho \"$# $2 $PWD\"\nexit 42\n");
  std::filesystem::create_directory(folder / "ws");
  const auto result = shell(folder, "sitrep -C ws hello --json 'a b'");
  CHECK(result.exit_code == 42);
  CHECK(result.out == "2 a b " + (folder / "ws").string() + "\n");
}

TEST_CASE("a plug-in never shadows a command, and one inside the workspace is refused") {
  const test::TempDir folder;
  write_script(folder, "bin/sitrep-help", "#!/bin/sh\necho shadow\n");
  write_script(folder, "bin/sitrep-hello", "#!/bin/sh\necho ran\n");
  CHECK(shell(folder, "sitrep help").out.find("shadow") == std::string::npos);
  folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  const auto refused = shell(folder, "sitrep hello");
  CHECK(refused.exit_code == 3);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("lies in the workspace and is not trusted") != std::string::npos);
  const auto trusted = shell(folder,
                             "sitrep trust bin/sitrep-hello --accept $(sha256sum < bin/sitrep-hello | head -c 64) "
                             "&& sitrep hello");
  CHECK(trusted.exit_code == 0);
  CHECK(trusted.out == "ran\n");
}

TEST_CASE("options in front of a plug-in's name are refused rather than lost") {
  const test::TempDir folder;
  write_script(folder, "bin/sitrep-hello", "#!/bin/sh\necho ran\n");
  const auto result = shell(folder, "sitrep -v hello");
  CHECK(result.exit_code == 2);
  CHECK(result.err == "sitrep: error: put '-v' behind 'hello': a plug-in reads its own options\n");
}

TEST_CASE("a mistake in a template is shown with its line and a caret") {
  const test::TempDir folder;
  folder.write("t.md", "+++\ntitle = \"T\"\n+++\n# Hello\n{{ incidnets | length }}\n");
  const auto shown = test::run_sitrep({"template", "render", "t.md", "--data", R"({"incidents":[]})"}, in(folder));
  CHECK(shown.exit_code == 7);
  CHECK(shown.err ==
        "sitrep: error: t.md:5:4: 'incidnets' is undefined; did you mean 'incidents'?\n"
        "    5 | {{ incidnets | length }}\n"
        "      |    ^\n");
}
