#include "cli/plugin.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

std::filesystem::path write_program(const test::TempDir& folder, std::string_view name) {
  const auto file = folder.write(name, "#!/bin/sh\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

}  // namespace

TEST_CASE("cli::find_plugin takes the first executable of PATH and passes over everything else") {
  const test::TempDir folder;
  const auto program = write_program(folder, "b/sitrep-hello");
  folder.write("a/sitrep-hello", "not executable");
  write_program(folder, "c/sitrep-hello");
  const auto path = (folder / "a").string() + ":" + (folder / "b").string() + ":" + (folder / "c").string();
  CHECK(cli::find_plugin("hello", path) == program);
  CHECK_FALSE(cli::find_plugin("bye", path));
  CHECK_FALSE(cli::find_plugin("../b/sitrep-hello", path));
  CHECK_FALSE(cli::find_plugin("hello", "b:.:"));
}

TEST_CASE("cli::check_plugin refuses an untrusted program inside the workspace, through a link too") {
  const test::TempDir folder;
  const auto program = write_program(folder, "workspace/bin/sitrep-hello");
  const auto outside = write_program(folder, "bin/sitrep-hello");
  const auto workspace = folder / "workspace";
  const auto yes = [](const std::filesystem::path&) { return true; };
  const auto no = [](const std::filesystem::path&) { return false; };
  CHECK_THROWS_AS(cli::check_plugin(program, workspace, no), Error);
  CHECK_NOTHROW(cli::check_plugin(program, workspace, yes));
  CHECK_NOTHROW(cli::check_plugin(outside, workspace, no));
  std::filesystem::create_symlink(program, folder / "sitrep-hello");
  CHECK_THROWS_AS(cli::check_plugin(folder / "sitrep-hello", workspace, no), Error);
}
