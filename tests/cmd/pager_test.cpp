// Long text on a terminal: which pager shows it, and what becomes of the command's exit code.
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"
#include "terminal.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

/// A pager that says how it was called and shows the first three lines of what it got.
struct Pager {
  test::TempDir folder;
  std::map<std::string, std::string> environment{{"TERM", "xterm"}, {"PATH", "/usr/bin:/bin"}};

  Pager() {
    folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
    folder.write("my pager", "#!/bin/sh\necho \"paged by $1, LESS=$LESS LV=$LV\"\nhead -n 3\nexit 3\n");
    std::filesystem::permissions(folder / "my pager", std::filesystem::perms::owner_all);
    environment["SITREP_PAGER"] = "'" + (folder / "my pager").string() + "' 'an argument'";
  }

  test::Terminal sitrep(const std::vector<std::string>& args) const { return {folder.path(), args, environment}; }
};

std::size_t lines_of(std::string_view text) { return split_views(text, '\n').size(); }

const std::vector<std::string> k_long{"template", "functions"};

}  // namespace

TEST_CASE("pager: long text on a terminal goes through it, and the exit code is the command's") {
  const Pager pager;
  auto terminal = pager.sitrep(k_long);
  CHECK(terminal.exit_code() == 0);
  CHECK(terminal.text().find("paged by an argument, LESS=FRX LV=-c") == 0);
  CHECK(terminal.text().find("parameters") != std::string::npos);
  CHECK(lines_of(terminal.text()) == 5);  // the last is empty: the pager left in the middle, which is no error
}

TEST_CASE("pager: a command that found something exits with 1 behind the pager, and its notes stand below") {
  const Pager pager;
  for (int i = 0; i < 40; ++i)
    pager.folder.write("templates/reports/bad" + std::to_string(i) + ".md",
                       "+++\ntitle = \"t\"\nkind = \"report\"\n+++\n{{ nonsense }}\n");
  auto terminal = pager.sitrep({"template", "check"});
  CHECK(terminal.exit_code() == 1);
  CHECK(terminal.text().find("paged by") == 0);
  CHECK(terminal.text().find("40 mistakes") > terminal.text().find("nonsense"));
}

TEST_CASE("pager: $PAGER is asked behind $SITREP_PAGER, less without either") {
  Pager pager;
  std::swap(pager.environment["PAGER"], pager.environment["SITREP_PAGER"]);
  pager.environment.erase("SITREP_PAGER");
  auto by_pager = pager.sitrep(k_long);
  CHECK(by_pager.exit_code() == 0);
  CHECK(by_pager.text().find("paged by an argument") == 0);

  pager.folder.write("bin/less", "#!/bin/sh\necho it is less\n");
  std::filesystem::permissions(pager.folder / "bin/less", std::filesystem::perms::owner_all);
  pager.environment.erase("PAGER");
  pager.environment["PATH"] = (pager.folder / "bin").string() + ":/usr/bin:/bin";
  auto by_less = pager.sitrep(k_long);
  CHECK(by_less.exit_code() == 0);
  CHECK(by_less.text().find("it is less") == 0);
}

TEST_CASE("pager: none for short text, csv, cat, an empty name, a dumb terminal and -o") {
  Pager pager;
  const auto shown = [&](const std::vector<std::string>& args, const std::string& name, const std::string& value) {
    auto environment = pager.environment;
    if (!name.empty()) environment[name] = value;
    test::Terminal terminal(pager.folder.path(), args, environment);
    CHECK(terminal.exit_code() == 0);
    CHECK(terminal.text().find("paged by") == std::string::npos);
    return lines_of(terminal.text());
  };
  CHECK(shown({"query", "--list"}, "", "") < 10);
  CHECK(shown({"template", "functions", "--format", "csv"}, "", "") > 30);
  CHECK(shown(k_long, "SITREP_PAGER", "cat") > 30);
  CHECK(shown(k_long, "SITREP_PAGER", "") > 30);
  CHECK(shown(k_long, "TERM", "dumb") > 30);
  CHECK(shown({"template", "functions", "-o", "functions.txt"}, "", "") <= 2);
}

TEST_CASE("pager: one that cannot be started does not cost the text") {
  Pager pager;
  pager.environment["SITREP_PAGER"] = "/nonexistent/pager";
  auto terminal = pager.sitrep(k_long);
  CHECK(terminal.exit_code() == 0);
  CHECK(terminal.text().find("not found") != std::string::npos);
  CHECK(lines_of(terminal.text()) > 30);
}

TEST_CASE("pager: never off a terminal") {
  const Pager pager;
  const auto piped =
      test::run_sitrep(k_long, {.folder = pager.folder.path(), .environment = pager.environment, .input = {}});
  CHECK(piped.exit_code == 0);
  CHECK(piped.out.find("paged by") == std::string::npos);
  CHECK(lines_of(piped.out) > 30);
}
