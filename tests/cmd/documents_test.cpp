#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

using namespace sitrep;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Workspace {
  test::TempDir folder;
  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult sitrep(const std::vector<std::string>& args) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = {}});
  }
  std::string text(const std::string& name) const { return read_file(folder.path() / name); }
};

constexpr const char* k_postmortem = "docs/postmortems/2026-11-02-ledger-writes-time-out.md";

}  // namespace

TEST_CASE("doc refresh rewrites, doc refresh --check tells, and an edited block is shown and left") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana"}).exit_code == 0);
  const auto original = workspace.text(k_postmortem);
  CHECK(workspace.sitrep({"doc", "refresh", "--check"}).exit_code == 0);

  // The same store with one update less, as an older document would have it.
  const auto import_update = [&](const std::string& body) {
    workspace.folder.write("u.json",
                           R"([{"id":"U9","incident_id":"INC-1","at":"2026-11-02T10:20:00Z","body":")" + body + "\"}]");
    return workspace.sitrep({"import", "incident_update", "u.json"}).exit_code;
  };
  REQUIRE(import_update("Caches warm") == 0);
  const auto stale = workspace.sitrep({"doc", "refresh", "--check"});
  CHECK(stale.exit_code == 1);
  CHECK(contains(stale.out, "incident_timeline is out of date"));
  CHECK(workspace.text(k_postmortem) == original);
  CHECK(workspace.sitrep({"doc", "refresh"}).exit_code == 0);
  CHECK(contains(workspace.text(k_postmortem), "Caches warm"));

  workspace.folder.write(k_postmortem, replace_all(workspace.text(k_postmortem), "Caches warm", "Caches were warm"));
  REQUIRE(import_update("Caches cold") == 0);
  const auto conflict = workspace.sitrep({"doc", "refresh"});
  CHECK(conflict.exit_code == 1);
  CHECK(contains(conflict.out, "edited by hand"));
  CHECK(contains(conflict.out, "Caches were warm"));
  CHECK(contains(conflict.out, "Caches cold"));
  CHECK(contains(workspace.text(k_postmortem), "Caches were warm"));
  CHECK(contains(workspace.sitrep({"doc", "refresh", "--json"}).out, "\"outcome\":\"conflict\""));
  CHECK(workspace.sitrep({"doc", "refresh", "--discard-edits"}).exit_code == 0);
  CHECK(contains(workspace.text(k_postmortem), "Caches cold"));
}

TEST_CASE("doc new tells incidents of one day and title apart by their id, and never writes over a document") {
  Workspace workspace;
  workspace.folder.write("i.json",
                         R"([{"id":"INC-9","title":"Ledger writes time out","started_at":"2026-11-02T18:00:00Z"},
                                       {"id":"INC-10","title":"Ledger writes time out","started_at":"2026-11-02T19:00:00Z"}])");
  REQUIRE(workspace.sitrep({"import", "incident", "i.json"}).exit_code == 0);
  const auto make = [&](const std::string& id) {
    return workspace.sitrep({"doc", "new", "postmortem", "--incident", id, "--owner", "dana"});
  };
  REQUIRE(make("INC-1").exit_code == 0);
  const auto first = workspace.text(k_postmortem);
  const std::string second_name = "docs/postmortems/2026-11-02-ledger-writes-time-out-inc-9.md";
  const auto second = make("INC-9");
  CHECK(second.exit_code == 0);
  CHECK(second.out == second_name + "\n");
  const auto text = workspace.text(second_name);
  CHECK(contains(text, "incident: INC-9\n"));
  CHECK(make("INC-10").exit_code == 0);
  CHECK(contains(workspace.text("docs/postmortems/2026-11-02-ledger-writes-time-out-inc-10.md"), "INC-10"));
  // Again for the same incidents, with the plain name and with the longer one; and beside a page that says nothing.
  for (const std::string id : {"INC-1", "INC-9"}) {
    const auto again = make(id);
    CHECK(again.exit_code == 5);
    CHECK(contains(again.err, "exists and is not overwritten"));
  }
  CHECK(workspace.text(k_postmortem) == first);
  CHECK(workspace.text(second_name) == text);
  workspace.folder.write(k_postmortem, "A page of ours.\n");
  CHECK(make("INC-9").exit_code == 5);
  CHECK(workspace.text(k_postmortem) == "A page of ours.\n");
}

TEST_CASE("doc new: a postmortem names the open actions of similar incidents, incident by incident") {
  Workspace workspace;
  workspace.folder.write("i.json", R"([
      {"id":"INC-20","title":"Ledger writes time out","service":"ledger","started_at":"2026-10-01T18:00:00Z"},
      {"id":"INC-21","title":"Ledger writes time out","service":"ledger","started_at":"2026-10-20T18:00:00Z"}])");
  workspace.folder.write("a.json", R"([
      {"id":"A20","incident_id":"INC-20","title":"Widen the queue","status":"open","due_date":"2026-11-01"},
      {"id":"A21","incident_id":"INC-21","title":"Page the owner","status":"open"},
      {"id":"A22","incident_id":"INC-21","title":"Add a limit","status":"open","owner":"mei","due_date":"2026-12-01"},
      {"id":"A23","incident_id":"INC-21","title":"Buy disks","status":"done","due_date":"2026-12-01"}])");
  REQUIRE(workspace.sitrep({"import", "incident", "i.json"}).exit_code == 0);
  REQUIRE(workspace.sitrep({"import", "action_item", "a.json"}).exit_code == 0);
  REQUIRE(workspace.sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana"}).exit_code == 0);
  CHECK(contains(workspace.text(k_postmortem),
                 "Open actions of these: Add a limit (mei, due 2026-12-01); Page the owner (nobody); Widen the queue "
                 "(nobody, due 2026-11-01)."));
}

TEST_CASE("doc new --redact hides people and what they wrote, and so does each refresh of that document") {
  Workspace workspace;
  workspace.folder.write("sitrep.toml", workspace.text("sitrep.toml") + "\n[redact.partner]\n");
  const auto is_clean = [&] {
    const auto text = workspace.text("shared.md");
    for (const std::string hidden : {"dana", "ravi", "mei", "Rolling back", "Caches"}) {
      CAPTURE(hidden);
      CHECK_FALSE(contains(text, hidden));
    }
    CHECK(contains(text, "redact: partner\n"));
    CHECK(contains(text, "person "));
    CHECK(contains(text, "INC-1"));
    return text;
  };
  REQUIRE(workspace
              .sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana", "--redact", "partner",
                       "-o", "shared.md"})
              .exit_code == 0);
  const auto text = is_clean();
  CHECK(workspace.sitrep({"doc", "refresh", "--check", "shared.md"}).exit_code == 0);
  workspace.folder.write("u.json", R"([{"id":"U9","incident_id":"INC-1","at":"2026-11-02T10:20:00Z",
                                        "author":"mei","body":"Caches were cold"}])");
  REQUIRE(workspace.sitrep({"import", "incident_update", "u.json"}).exit_code == 0);
  const auto refreshed = workspace.sitrep({"doc", "refresh", "shared.md"});
  CHECK(refreshed.exit_code == 0);
  CHECK(contains(refreshed.out, "incident_timeline rewritten"));
  CHECK_FALSE(contains(refreshed.out, "mei"));
  CHECK(is_clean() != text);

  // A profile that is gone must not let anything out.
  workspace.folder.write("sitrep.toml", replace_all(workspace.text("sitrep.toml"), "[redact.partner]", ""));
  const auto before = workspace.text("shared.md");
  const auto without = workspace.sitrep({"doc", "refresh", "shared.md"});
  CHECK(without.exit_code != 0);
  CHECK(contains(without.err, "there is no [redact.partner]"));
  CHECK(workspace.text("shared.md") == before);
}

TEST_CASE("doc refresh: a document that can't be read stops no other one, and shows in the exit code") {
  Workspace workspace;
  workspace.folder.write("docs/a.md", "<!-- sitrep:begin review_times {} -->\n");
  workspace.folder.write("docs/b.md", "<!-- sitrep:begin review_times {} -->\n<!-- sitrep:end -->\n");
  const auto result = workspace.sitrep({"doc", "refresh"});
  CHECK(result.exit_code == 6);
  CHECK(contains(result.err, "docs/a.md:1: the generated block is not closed"));
  CHECK(contains(workspace.text("docs/b.md"), "sha256="));
}

TEST_CASE("doc check, doc list and doc index over a workspace") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana"}).exit_code == 0);
  REQUIRE(workspace.sitrep({"launch", "new", "A | B <b>", "--owner", "ravi", "--target", "2026-11-02"}).exit_code == 0);
  workspace.folder.write("docs/notes.md", "Just a page.\n");

  const auto checked = workspace.sitrep({"doc", "check"});
  CHECK(checked.exit_code == 1);  // the launch is past its date
  CHECK(contains(checked.out, "launches/a-b-b.md:"));
  CHECK(contains(checked.out, " D022 target_date: it was due on 2026-11-02"));
  CHECK_FALSE(contains(checked.out, "notes.md"));
  CHECK(contains(workspace.sitrep({"doc", "check", "docs/notes.md"}).out, "docs/notes.md:1: error D001"));
  CHECK(contains(workspace.sitrep({"doc", "check", "--format", "sarif"}).out, "\"ruleId\": \"D022\""));
  CHECK(contains(workspace.sitrep({"doc", "check", "--format", "github"}).out, "::error file=launches/a-b-b.md,line="));

  const auto late = workspace.sitrep({"doc", "list", "--late", "--format", "csv"});
  CHECK(contains(late.out, "launches/a-b-b.md"));
  CHECK_FALSE(contains(late.out, "postmortem"));

  CHECK(workspace.sitrep({"doc", "index", "--check"}).exit_code == 1);
  REQUIRE(workspace.sitrep({"doc", "index"}).exit_code == 0);
  CHECK(workspace.sitrep({"doc", "index", "--check"}).exit_code == 0);
  const auto index = workspace.text("docs/index.md");
  CHECK(contains(index, "](postmortems/2026-11-02-ledger-writes-time-out.md) | dana | draft |"));
  CHECK(contains(index, "](../launches/a-b-b.md) | ravi | draft | 2026-11-02 (late) |"));
  CHECK_FALSE(contains(index, " <b>"));

  workspace.folder.write("docs/index.md", "Our words.\n\n" + index + "\nMore words.\n");
  REQUIRE(workspace.sitrep({"doc", "new", "postmortem", "--incident", "INC-2"}).exit_code == 0);
  CHECK(workspace.sitrep({"doc", "index"}).exit_code == 0);
  const auto again = workspace.text("docs/index.md");
  CHECK(again.starts_with("Our words.\n"));
  CHECK(again.ends_with("\nMore words.\n"));
  CHECK(contains(again, "2026-11-15-"));
  workspace.folder.write("docs/index.md", "A page of ours.\n");
  CHECK(workspace.sitrep({"doc", "index"}).exit_code == 6);
  CHECK(workspace.text("docs/index.md") == "A page of ours.\n");
}

TEST_CASE(
    "doc new asks on a terminal for what neither the command line nor the store says, and elsewhere for nothing") {
  Workspace workspace;
  int terminal = -1;
  const auto child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    if (::chdir(workspace.folder.path().c_str()) != 0) ::_exit(126);
    ::setenv("SITREP_NOW", test::k_test_now, 1);
    ::execl(test::sitrep_binary().c_str(), "sitrep", "doc", "new", "migration-plan", "--program", "Ledger migration",
            nullptr);
    ::_exit(127);
  }
  const std::string_view answers = "One ledger\n\n";  // the title; no service
  CHECK(::write(terminal, answers.data(), answers.size()) == static_cast<ssize_t>(answers.size()));
  std::string shown;
  std::array<char, 512> block{};
  for (ssize_t n = 0; (n = ::read(terminal, block.data(), block.size())) > 0;)
    shown.append(block.data(), static_cast<std::size_t>(n));
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  CAPTURE(shown);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(contains(shown, "title (what moves where): "));
  CHECK(contains(shown, "service (the service that moves): "));
  CHECK_FALSE(contains(shown, "who runs it"));  // the store knows the program's owner
  CHECK(contains(workspace.text("docs/migrations/one-ledger.md"), "owner: dana"));

  const auto elsewhere = workspace.sitrep({"doc", "new", "migration-plan"});
  CHECK(elsewhere.exit_code == 2);
  CHECK(contains(elsewhere.err, "'title' is missing"));
}

TEST_CASE("doc new numbers decision records by themselves") {
  Workspace workspace;
  for (const auto* title : {"First", "Second"})
    REQUIRE(workspace.sitrep({"doc", "new", "decision-record", "--title", title, "--owner", "dana"}).exit_code == 0);
  CHECK(contains(workspace.text("docs/decisions/0002-second.md"), "# Second"));
}
