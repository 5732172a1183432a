#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("sitrep demo refuses a folder with other files, and leaves them alone") {
  const test::TempDir folder;
  folder.write("work/thesis.txt", "mine");
  const auto result = test::run_sitrep({"demo", "work"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find("work is not empty and no demo workspace") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "work/sitrep.toml"));
}

TEST_CASE("sitrep demo --serve tells the story, serves other commands and ends by SIGTERM with 0") {
  const test::TempDir folder;
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.timeout = std::chrono::minutes{10};  // sanitizers on a busy machine
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  // The shell waits for the line that --serve ends with, tries what it is for, and interrupts it.
  const auto result = test::run_program("/bin/bash", {"-c", R"(
set -e
sitrep demo d --serve --now 2026-11-16T16:00:00Z > out 2> err & demo=$!
for _ in $(seq 3000); do grep -q 'until you press Ctrl-C' out && break; kill -0 $demo || break; sleep 0.1; done
sitrep -C d --now 2026-11-16T16:05:00Z sync launches tracker > sync.txt
sitrep -C d query --format csv "select count(*) from launch_review" > reviews.csv
kill -TERM $demo
wait $demo
)"},
                                        options);
  CAPTURE(result.err);
  CAPTURE(read_file(folder / "err"));
  REQUIRE(result.exit_code == 0);
  const auto out = read_file(folder / "out");
  for (const char* line : {"Ledger migration    RED", "Checkout 3          YELLOW", "Support tooling     GREY",
                           "Edge consolidation  GREEN"}) {
    CAPTURE(line);
    CHECK(out.find(line) != std::string::npos);
  }
  CHECK(read_file(folder / "reviews.csv").find("120") != std::string::npos);
  CHECK(read_file(folder / "d/reports/weekly-health.md").find("Ledger migration is declared green but is red") !=
        std::string::npos);
  CHECK(std::filesystem::exists(folder / "d/launches/wallets-for-partners.md"));
}
