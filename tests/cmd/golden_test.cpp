#include "base/file.hpp"
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

// tests/golden/<command>/<case>/ holds
//   cmd                   one `sitrep …` line per run, in order
//   files/                copied into the folder the runs share
//   stdin                 of the last run
//   stdout stderr exit    of all runs together; a file that is absent stands for nothing, or 0
// SITREP_UPDATE_GOLDEN=1 rewrites the last three.
using namespace sitrep;

namespace {

namespace fs = std::filesystem;

const fs::path k_golden = fs::path(SITREP_SOURCE_DIR) / "tests/golden";

std::string read_or(const fs::path& file, std::string otherwise) {
  return fs::exists(file) ? read_file(file) : std::move(otherwise);
}

std::vector<fs::path> cases() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(k_golden)) {
    if (entry.path().filename() == "cmd" && entry.is_regular_file()) found.push_back(entry.path().parent_path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

test::RunResult run_case(const fs::path& folder) {
  const test::TempDir work;
  if (fs::exists(folder / "files")) {
    fs::copy(folder / "files", work.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  test::RunOptions options{.folder = work.path(), .environment = {}, .input = {}};
  test::RunResult all{0, {}, {}};
  const auto text = read_file(folder / "cmd");
  const auto lines = split_views(trim_view(text), '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto words = test::split_words(std::string(lines[i]));
    REQUIRE(words.size() > 0);
    REQUIRE(words.front() == "sitrep");
    words.erase(words.begin());
    if (i + 1 == lines.size()) options.input = read_or(folder / "stdin", "");
    const auto result = test::run_sitrep(words, options);
    all.exit_code = result.exit_code;
    all.out += result.out;
    all.err += result.err;
  }
  all.out = replace_all(all.out, work.path().string(), "$DIR");
  all.err = replace_all(all.err, work.path().string(), "$DIR");
  return all;
}

void update(const fs::path& file, const std::string& text) {
  if (text.empty())
    fs::remove(file);
  else
    write_file(file, text);
}

}  // namespace

TEST_CASE("golden: every case prints what is on file") {
  const bool rewrite = std::getenv("SITREP_UPDATE_GOLDEN") != nullptr;
  const auto all = cases();
  REQUIRE_FALSE(all.empty());
  for (const auto& folder : all) {
    CAPTURE(folder.string());
    const auto result = run_case(folder);
    if (rewrite) {
      update(folder / "stdout", result.out);
      update(folder / "stderr", result.err);
      update(folder / "exit", result.exit_code == 0 ? "" : fmt::format("{}\n", result.exit_code));
      continue;
    }
    CHECK(result.out == read_or(folder / "stdout", ""));
    CHECK(result.err == read_or(folder / "stderr", ""));
    CHECK(fmt::format("{}\n", result.exit_code) == read_or(folder / "exit", "0\n"));
  }
}
