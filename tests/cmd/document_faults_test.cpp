#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

// Bad input and outputs on the paths of documents and launch reviews, by the numbers of the list of faults.
using namespace sitrep;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Workspace {
  test::TempDir folder;
  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult sitrep(const std::vector<std::string>& args) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = {}});
  }
  test::RunResult shell(const std::string& line) const {
    test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
    options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
    return test::run_program("/bin/bash", {"-c", line}, options);
  }
};

const std::string k_hostile = "=1+1 | <script>alert(1)</script> [x](javascript:alert(1)) \x1b[31m\u202e";

}  // namespace

TEST_CASE("86: a document goes to a device, a link, or not at all; never over a file or into a folder") {
  Workspace workspace;
  const auto to = [&](const std::string& target) {
    return workspace.sitrep({"doc", "new", "decision-record", "--title", "X", "-o", target}).exit_code;
  };
  workspace.folder.write("taken.md", "mine");
  std::filesystem::create_directory(workspace.folder.path() / "folder");
  std::filesystem::create_symlink("taken.md", workspace.folder.path() / "link.md");
  CHECK(to("/dev/full") == 5);
  CHECK(to("folder") == 5);
  CHECK(to("taken.md") == 5);
  CHECK(to("link.md") == 5);
  CHECK(read_file(workspace.folder.path() / "taken.md") == "mine");
  CHECK(workspace.sitrep({"launch", "check", "folder"}).exit_code == 2);
  CHECK(workspace.sitrep({"doc", "check", "gone.md"}).exit_code == 2);
}

TEST_CASE("88: names with blanks, quotes, line ends, dashes and bytes that are no UTF-8 work or are refused clearly") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"launch", "new", "X", "--service", "ledger", "--target", "2026-12-10"}).exit_code == 0);
  const auto text = read_file(workspace.folder.path() / "launches/x.md");
  for (const auto& name :
       std::initializer_list<std::string>{"with blank.md", "quo\"te's.md", "new\nline.md", "-dash.md",
                                          "bad\xff utf8.md", std::string(251, 'a') + ".md"}) {
    CAPTURE(name);
    workspace.folder.write("launches/" + name, text);
    const auto checked = workspace.sitrep({"launch", "check", "--", "launches/" + name});
    CHECK(checked.exit_code == 1);
    CHECK(contains(checked.out, "L012"));
    CHECK_FALSE(contains(checked.out, "new\nline"));
    CHECK(is_valid_utf8(checked.out));
  }
  CHECK(workspace.sitrep({"doc", "check"}).exit_code <= 1);
  REQUIRE(workspace.sitrep({"doc", "index"}).exit_code == 0);
  const auto index = read_file(workspace.folder.path() / "docs/index.md");
  CHECK(contains(index, "../launches/with%20blank.md"));
  CHECK(contains(index, "../launches/bad%FF%20utf8.md"));
  CHECK(workspace.sitrep({"doc", "new", "runbook", "--title", std::string(1000, 'x')}).exit_code == 0);
}

TEST_CASE("93: a document's own template with an unknown name, no end, or a file from outside writes nothing") {
  struct Case {
    std::string name, body, told;
  };
  const Case cases[] = {
      {"an unknown name", "# {{ title }}\n{{ servise }}\n", "templates/documents/own.md:8:4: 'servise' is undefined"},
      {"no end", "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "templates/documents/own.md:7"},
      {"a file from outside", "{% include '../../secret.md' %}", "templates/documents/own.md:7"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Workspace workspace;
    workspace.folder.write("secret.md", "the secret");
    workspace.folder.write(
        "templates/documents/own.md",
        "+++\nkind = \"document\"\ntitle = \"Own\"\nfile_name = \"docs/own.md\"\nparams = { title = { "
        "type = \"text\" } }\n+++\n" +
            c.body);
    const auto result = workspace.sitrep({"doc", "new", "own", "--title", "X"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 7);
    CHECK(contains(result.err, c.told));
    CHECK_FALSE(contains(result.out + result.err, "the secret"));
    CHECK_FALSE(std::filesystem::exists(workspace.folder / "docs/own.md"));
  }
}

TEST_CASE("98-101: hostile titles stay text in documents, tables, CSV and on a terminal") {
  Workspace workspace;
  const auto made = workspace.sitrep({"doc", "new", "runbook", "--title", k_hostile, "--owner", "dana"});
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  REQUIRE(workspace.sitrep({"doc", "index"}).exit_code == 0);
  const auto file = std::string(trim_view(made.out));
  const auto text = read_file(workspace.folder.path() / file),
             index = read_file(workspace.folder.path() / "docs/index.md");
  for (const auto& document : {text.substr(text.find("\n# ")), index}) {
    CHECK_FALSE(contains(document, "\x1b"));
    CHECK_FALSE(contains(document, "\u202e"));
    CHECK_FALSE(contains(document, " <script>"));
    CHECK_FALSE(contains(document, "[x](javascript"));
  }
  std::size_t columns = 0;
  for (const auto line : split_views(index, '\n')) {
    if (!line.starts_with("| ")) continue;
    const auto bars = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|')) -
                      (split_views(replace_all(line, "\\|", "\1"), '\1').size() - 1);
    if (columns == 0) columns = bars;
    CHECK(bars == columns);
  }
  const auto csv = workspace.sitrep({"doc", "list", "--format", "csv"});
  CHECK(contains(csv.out, "\"'=1+1"));
  const auto listed = workspace.sitrep({"doc", "list"});
  CHECK_FALSE(contains(listed.out, "\x1b"));
  workspace.folder.write("launches/a.md", "---\ntitle: \"\\x1b[31m\"\ntier: \"\\x1b[2J\"\n---\n");
  const auto checked = workspace.sitrep({"launch", "check", "launches/a.md"});
  CHECK(contains(checked.out, "\\x1b[2J"));
  CHECK_FALSE(contains(checked.out + checked.err, "\x1b"));
}

TEST_CASE("102: a closed pipe is quiet, a full device is told, on the paths of documents too") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"doc", "new", "runbook", "--title", "X"}).exit_code == 0);
  for (const std::string command :
       {"doc list", "doc check --json", "launch list --json", "launch outbox --all --json"}) {
    CAPTURE(command);
    const auto full = workspace.shell("sitrep " + command + " > /dev/full");
    CHECK(full.exit_code == 5);
    const auto closed = workspace.shell("set -o pipefail; sitrep " + command + " | true");
    CHECK(closed.exit_code <= 1);
    CHECK_FALSE(contains(closed.err, "error"));
  }
}
