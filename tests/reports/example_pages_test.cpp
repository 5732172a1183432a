#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "base/file.hpp"
#include "reports/demo_workspace.hpp"

using namespace sitrep;

TEST_CASE("reports: man/reports holds each standard report of the demo") {
  const std::filesystem::path folder = std::filesystem::path(SITREP_SOURCE_DIR) / "man/reports";
  const bool update = std::getenv("SITREP_UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::set<std::string> names;
  for (const auto& report : test::example_reports()) {
    CAPTURE(report.name);
    const auto markdown = render::to_markdown(test::example_page(report));
    const auto file = folder / (report.name + ".md");
    names.insert(file.filename().string());
    if (update) {
      write_file(file, markdown);
    } else {
      REQUIRE(std::filesystem::exists(file));
      CHECK_MESSAGE(read_file(file) == markdown, "run ./dev update-golden and review the diff");
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    CAPTURE(entry.path());
    CHECK(names.contains(entry.path().filename().string()));
  }
}
