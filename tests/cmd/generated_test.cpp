#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace sitrep;

namespace {

namespace fs = std::filesystem;

const fs::path k_root = SITREP_SOURCE_DIR;

constexpr auto k_remedy = "run ./dev update-golden and review the diff";

std::set<std::string> man_pages(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto section = entry.path().extension();
    if (section == ".1" || section == ".5" || section == ".7") names.insert(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("generated: completions/ holds what `sitrep completion` prints") {
  const test::TempDir folder;
  const std::pair<const char*, const char*> scripts[] = {
      {"bash", "sitrep.bash"}, {"zsh", "_sitrep"}, {"fish", "sitrep.fish"}};
  for (const auto& [shell, file] : scripts) {
    CAPTURE(file);
    const auto result =
        test::run_sitrep({"completion", shell}, {.folder = folder.path(), .environment = {}, .input = {}});
    REQUIRE(result.exit_code == 0);
    CHECK_MESSAGE(read_file(k_root / "completions" / file) == result.out, k_remedy);
  }
}

TEST_CASE("generated: man/ holds what `sitrep help --man` writes") {
  const test::TempDir folder;
  const auto result =
      test::run_sitrep({"help", "--man", "man"}, {.folder = folder.path(), .environment = {}, .input = {}});
  REQUIRE(result.exit_code == 0);
  const auto written = man_pages(folder / "man");
  CHECK_MESSAGE(man_pages(k_root / "man") == written, k_remedy);
  for (const auto& name : written) {
    CAPTURE(name);
    if (fs::exists(k_root / "man" / name)) {
      CHECK_MESSAGE(read_file(k_root / "man" / name) == read_file(folder / "man" / name), k_remedy);
    }
  }
}
