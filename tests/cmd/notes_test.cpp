// People's words beside what they are about: in health, show commands, reports and documents; not once they expired.
#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Workspace {
  test::TempDir folder;
  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult sitrep(const std::vector<std::string>& args) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = {}});
  }
  void note(const std::string& subject, const std::string& text, const std::string& expires = {}) const {
    std::vector<std::string> args{"note", "add", subject, text, "--author", "dana"};
    if (!expires.empty()) args.insert(args.end(), {"--expires", expires});
    REQUIRE(sitrep(args).exit_code == 0);
  }
  std::string shown(const std::vector<std::string>& args) const {
    const auto result = sitrep(args);
    CAPTURE(result.err);
    REQUIRE(result.exit_code == 0);
    return result.out;
  }
};

/// From a heading to the next one.
std::string section(const std::string& markdown, const std::string& heading) {
  const auto from = markdown.find(heading + "\n");
  REQUIRE(from != std::string::npos);
  return markdown.substr(from, markdown.find("\n#", from + 1) - from);
}

}  // namespace

TEST_CASE("notes stand beside rules, metrics and records on the command line") {
  const Workspace workspace;
  workspace.note("Ledger migration", "Vendor confirmed the disks");
  workspace.note("overdue_actions", "Half of them wait for the freeze");
  workspace.note("A1", "Ravi is back on Monday");
  workspace.note("INC-2", "Three partners asked");
  workspace.note("lr-1", "The date is promised to a partner");
  workspace.note("ledger-db disk", "A second array is in the basement");
  workspace.note("ledger availability", "The probe was wrong on the 3rd");
  workspace.note("INC-2", "Gone by now", "2026-11-15");

  const auto health = workspace.shown({"health", "Ledger migration"});
  CHECK(contains(health, "\"Vendor confirmed the disks\" (dana, 2026-11-16)"));
  const auto rule = health.find("Half of them wait");
  CHECK(rule != std::string::npos);
  CHECK(rule > health.find("follow-through"));
  CHECK(contains(health, "Ravi is back on Monday"));
  const auto json = workspace.shown({"health", "--json"});
  CHECK(contains(json, R"("subject":"overdue_actions","text":"Half of them wait for the freeze")"));

  CHECK(contains(workspace.shown({"metric", "show", "overdue_actions"}), "Half of them wait"));
  CHECK(contains(workspace.shown({"metric", "explain", "overdue_actions"}), "Half of them wait"));
  const auto incident = workspace.shown({"incident", "show", "INC-2"});
  CHECK(contains(incident, "Three partners asked"));
  CHECK_FALSE(contains(incident, "Gone by now"));
  CHECK(contains(workspace.shown({"incident", "show", "INC-2", "--json"}), R"("notes":[{"at":)"));
  CHECK(contains(workspace.shown({"launch", "show", "LR-1"}), "promised to a partner"));
  CHECK(contains(workspace.shown({"capacity", "show", "ledger-db disk"}), "in the basement"));
  CHECK(contains(workspace.shown({"slo", "show", "ledger availability"}), "The probe was wrong"));
}

TEST_CASE("notes stand in the section of a report that shows what they are about, and nowhere else") {
  const Workspace workspace;
  const auto before = workspace.shown({"report", "weekly-health", "--format", "markdown"});
  workspace.note("INC-2", "Three *partners* asked");
  workspace.note("time_to_mitigate", "Two game days in it");
  workspace.note("Ledger migration", "Vendor confirmed the disks");
  workspace.note("M1", "The vendor says the 8th");
  workspace.note("LR-2", "Nothing shows this one here");
  workspace.note("INC-2", "Gone by now", "2026-11-15");
  const auto weekly = workspace.shown({"report", "weekly-health", "--format", "markdown"});
  CAPTURE(weekly);
  CHECK(contains(section(weekly, "## Programs"), "> Ledger migration: “Vendor confirmed the disks” (dana"));
  CHECK(contains(section(weekly, "## Incidents"), "> INC-2: “Three \\*partners\\* asked” (dana, 2026-11-16)"));
  CHECK(contains(section(weekly, "## Incidents"), "> time_to_mitigate: “Two game days in it”"));
  CHECK(contains(weekly, "> M1: “The vendor says the 8th”"));
  CHECK_FALSE(contains(weekly, "Nothing shows this one here"));
  CHECK_FALSE(contains(weekly, "Gone by now"));
  // Without the notes it is the report that it was.
  std::string without;
  for (const auto line : split_views(weekly, '\n'))
    if (!line.starts_with("> ")) without.append(line) += '\n';
  CHECK(replace_all(without, "\n\n\n", "\n\n").substr(0, 200) == before.substr(0, 200));
  CHECK(contains(workspace.shown({"report", "weekly-health", "--json"}), R"({"call":"notes")"));
}

TEST_CASE("notes stand in the generated blocks of documents, which a new note makes out of date") {
  const Workspace workspace;
  workspace.note("INC-1", "The vendor paid for it");
  REQUIRE(workspace.sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana"}).exit_code == 0);
  const auto file = workspace.folder / "docs/postmortems/2026-11-02-ledger-writes-time-out.md";
  const auto text = read_file(file);
  const auto note = text.find("> INC-1: “The vendor paid for it” (dana, 2026-11-16)");
  REQUIRE(note != std::string::npos);
  CHECK(note > text.find("sitrep:begin incident_facts"));
  CHECK(note < text.find("sitrep:end", text.find("sitrep:begin incident_facts")));
  CHECK(workspace.sitrep({"doc", "refresh", "--check"}).exit_code == 0);
  workspace.note("INC-1", "And said sorry");
  CHECK(workspace.sitrep({"doc", "refresh", "--check"}).exit_code == 1);
  REQUIRE(workspace.sitrep({"doc", "refresh"}).exit_code == 0);
  CHECK(contains(read_file(file), "And said sorry"));
  // The last day of a note is behind us: it goes.
  workspace.note("INC-1", "Until today", "2026-11-16");
  REQUIRE(workspace.sitrep({"doc", "refresh"}).exit_code == 0);
  CHECK(contains(read_file(file), "Until today"));
  REQUIRE(workspace.sitrep({"doc", "refresh", "--now", "2026-11-17T16:00:00Z"}).exit_code == 0);
  CHECK_FALSE(contains(read_file(file), "Until today"));
}
