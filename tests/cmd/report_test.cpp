// `sitrep report` and its files: a page for each program, charts beside Markdown, PDF.
#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace sitrep;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Workspace {
  test::TempDir folder;
  std::map<std::string, std::string> environment;

  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult sitrep(const std::vector<std::string>& args) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = environment, .input = {}});
  }
  bool has(const std::string& file) const { return std::filesystem::exists(folder / file); }
  void program(const std::string& name, const std::string& script) const {
    folder.write(name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
};

/// Where chromium or another browser of its kind is; empty: not here.
std::string browser() {
  for (const std::string name : {"chromium", "chromium-browser", "google-chrome"})
    for (const std::string folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"})
      if (std::filesystem::exists(folder + name)) return folder + name;
  return {};
}

/// Pages of a PDF whose objects stand uncompressed in it.
std::size_t pages_of(const std::string& pdf) {
  std::size_t pages = 0;
  for (auto at = pdf.find("/Type /Page"); at != std::string::npos; at = pdf.find("/Type /Page", at + 1))
    pages += pdf[at + std::string_view("/Type /Page").size()] == 's' ? 0 : 1;
  return pages;
}

}  // namespace

TEST_CASE("report --program all -o 'reports/{program}.md' makes a page for each program and nothing else") {
  const Workspace workspace;
  std::filesystem::create_directories(workspace.folder / "reports");
  const auto made = workspace.sitrep(
      {"report", "program", "--program", "all", "-o", "reports/{program}.md", "-o", "reports/{program}.html"});
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(workspace.folder / "reports"))
    files += entry.is_regular_file() ? 1 : 0;
  CHECK(files == 4);
  const auto ledger = read_file(workspace.folder / "reports/ledger-migration.md");
  const auto checkout = read_file(workspace.folder / "reports/checkout-3.md");
  CHECK(contains(ledger, "# Ledger migration"));
  CHECK(contains(ledger, "dual-write at 100 %"));
  CHECK_FALSE(contains(checkout, "dual-write at 100 %"));
  CHECK(contains(read_file(workspace.folder / "reports/checkout-3.html"), "<!DOCTYPE html>"));

  SUBCASE("the same page as that of one program") {
    REQUIRE(workspace.sitrep({"report", "program", "--program", "Ledger migration", "-o", "one.md"}).exit_code == 0);
    CHECK(read_file(workspace.folder / "one.md") == ledger);
  }
  SUBCASE("{program} needs --program") {
    const auto refused = workspace.sitrep({"report", "program", "-o", "reports/{program}.md"});
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.err, "{program} needs --program all"));
  }
  SUBCASE("names that would be one file get numbers") {
    workspace.folder.write("more.json", R"([{"id":"P9","name":"Ledger, migration!"}])");
    REQUIRE(workspace.sitrep({"import", "program", "more.json", "--source", "x"}).exit_code == 0);
    std::filesystem::create_directories(workspace.folder / "other");
    REQUIRE(workspace.sitrep({"report", "program", "--program", "all", "-o", "other/{program}.md"}).exit_code == 0);
    CHECK(contains(read_file(workspace.folder / "other/ledger-migration.md"), "# Ledger migration"));
    CHECK(contains(read_file(workspace.folder / "other/ledger-migration-2.md"), "Ledger, migration!"));
  }
}

TEST_CASE("report --charts svg writes charts beside the Markdown, which names them; the same bytes again") {
  const Workspace workspace;
  const std::vector<std::string> command{"report", "capacity-review", "-o", "my capacity.md", "--charts", "svg"};
  const auto made = workspace.sitrep(command);
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  const auto markdown = read_file(workspace.folder / "my capacity.md");
  CAPTURE(markdown);
  REQUIRE(contains(markdown, "](my%20capacity-chart-1.svg)"));
  std::size_t charts = 0;
  while (workspace.has("my capacity-chart-" + std::to_string(charts + 1) + ".svg")) {
    ++charts;
    const auto svg = read_file(workspace.folder / ("my capacity-chart-" + std::to_string(charts) + ".svg"));
    CHECK(svg.starts_with("<svg"));
    CHECK(contains(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(contains(svg, "<title"));
    CHECK(contains(svg, "<style>"));
    CHECK_FALSE(contains(svg, "<script"));
    CHECK(contains(markdown, "](my%20capacity-chart-" + std::to_string(charts) + ".svg)"));
  }
  CHECK_FALSE(contains(markdown, "-chart-" + std::to_string(charts + 1) + ".svg"));
  const auto first = read_file(workspace.folder / "my capacity-chart-1.svg");
  REQUIRE(workspace.sitrep(command).exit_code == 0);
  CHECK(read_file(workspace.folder / "my capacity.md") == markdown);
  CHECK(read_file(workspace.folder / "my capacity-chart-1.svg") == first);

  const auto refused = workspace.sitrep({"report", "capacity-review", "--charts", "svg", "-o", "page.html"});
  CHECK(refused.exit_code == 2);
  CHECK(contains(refused.err, "give -o FILE.md"));
  CHECK_FALSE(workspace.has("page.html"));
}

TEST_CASE("report -o FILE.pdf: without a program that makes one it says what to install, and writes nothing") {
  Workspace workspace;
  workspace.environment["PATH"] = (workspace.folder / "empty").string();
  const auto result = workspace.sitrep({"report", "executive-summary", "-o", "page.pdf", "-o", "page.md"});
  CHECK(result.exit_code == 5);
  CHECK(contains(result.err, "a PDF needs chromium or weasyprint"));
  CHECK_FALSE(workspace.has("page.pdf"));
  CHECK_FALSE(workspace.has("page.md"));
}

TEST_CASE(
    "report -o FILE.pdf: WeasyPrint makes it where there is no browser; one that fails leaves the last good file") {
  Workspace workspace;
  workspace.environment["PATH"] = (workspace.folder / "bin").string();
  workspace.program(
      "bin/weasyprint",
      "read -r line <\"$2\"\n[ \"$line\" = '<!DOCTYPE html>' ] && printf '%%PDF-1.7 by weasyprint' >\"$3\"\n");
  REQUIRE(workspace.sitrep({"report", "executive-summary", "-o", "page.pdf"}).exit_code == 0);
  CHECK(read_file(workspace.folder / "page.pdf") == "%PDF-1.7 by weasyprint");

  workspace.program("bin/chromium", "echo no display >&2; exit 7\n");
  const auto before = read_file(workspace.folder / "page.pdf");
  const auto failed = workspace.sitrep({"report", "executive-summary", "-o", "page.pdf"});
  CHECK(failed.exit_code == 5);
  CHECK(contains(failed.err, "made no PDF"));
  CHECK(read_file(workspace.folder / "page.pdf") == before);
}

TEST_CASE("report -o FILE.pdf: Chromium makes a PDF with its pages") {
  if (browser().empty()) {
    MESSAGE("*** SKIPPED: no chromium in /usr/bin: the PDF was not tried ***");
    return;
  }
  const Workspace workspace;
  const auto result = workspace.sitrep({"report", "executive-summary", "-o", "page.pdf"});
  CAPTURE(result.err);
  REQUIRE(result.exit_code == 0);
  const auto pdf = read_file(workspace.folder / "page.pdf");
  CHECK(pdf.starts_with("%PDF-"));
  CHECK(contains(pdf, "%%EOF"));
  CHECK(pages_of(pdf) == 1);
  REQUIRE(workspace.sitrep({"report", "ops-review", "-o", "long.pdf"}).exit_code == 0);
  CHECK(pages_of(read_file(workspace.folder / "long.pdf")) >= 2);
}
