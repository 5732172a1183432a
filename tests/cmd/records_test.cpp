#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

struct Workspace {
  test::TempDir folder;
  Workspace() { test::write_example_workspace(folder.path()); }
  test::RunResult run(const std::vector<std::string>& args) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = {}});
  }
  std::string ids(std::vector<std::string> args) const {
    args.insert(args.end(), {"--fields", "id", "--format", "csv"});
    return run(args).out;
  }
};

}  // namespace

TEST_CASE("sitrep incident list filters by service, program, severity, status and time") {
  const Workspace workspace;
  struct Case {
    const char* name;
    std::vector<std::string> args;
    std::string expected;
  };
  const Case cases[] = {{"all, the newest first", {}, "id\nINC-2\nINC-1\nINC-3\n"},
                        {"by an alias", {"--service", "ledger"}, "id\nINC-1\nINC-3\n"},
                        {"by the program of the service", {"--program", "checkout 3"}, "id\nINC-2\n"},
                        {"by severity and status", {"--severity", "sev1", "--status", "resolved"}, "id\nINC-1\n"},
                        {"two severities", {"--severity", "SEV1", "--severity", "SEV2"}, "id\nINC-2\nINC-1\n"},
                        {"since", {"--since", "-3d"}, "id\nINC-2\n"},
                        {"until", {"--until", "2026-11-01"}, "id\nINC-3\n"},
                        {"sorted", {"--sort", "severity"}, "id\nINC-1\nINC-2\nINC-3\n"},
                        {"limited", {"--limit", "1"}, "id\nINC-2\n"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto args = c.args;
    args.insert(args.begin(), {"incident", "list"});
    CHECK(workspace.ids(args) == c.expected);
  }
}

TEST_CASE("sitrep incident list shows what outsiders wrote with escapes, and says what the limit left out") {
  const Workspace workspace;
  const auto result = workspace.run({"incident", "list", "--limit", "1", "--fields", "id,title"});
  CHECK(result.out.find("Checkout errors: \\x1b[31m5xx") != std::string::npos);
  CHECK(result.err == "1 of 3 shown; --limit 0 shows all\n");
}

TEST_CASE("sitrep incident list shows what was known at --as-of") {
  const Workspace workspace;
  CHECK(workspace.ids({"incident", "list", "--as-of", "2026-11-01"}) == "id\n");
}

TEST_CASE("sitrep incident show has updates and action items, nested in JSON") {
  const Workspace workspace;
  const auto text = workspace.run({"incident", "show", "inc-1"}).out;
  CHECK(text.find("Rolling back") != std::string::npos);
  CHECK(text.find("Alert on queue age") != std::string::npos);
  const auto json = workspace.run({"incident", "show", "INC-1", "--json"}).out;
  CHECK(json.find("\"updates\":[{\"at\":\"2026-11-02T10:10:00Z\"") != std::string::npos);
  CHECK(json.starts_with("{\"schema\":\"sitrep.incident.show/1\",\"as_of\":\"2026-11-16T16:00:00Z\",\"rows\":["));
}

TEST_CASE("sitrep program show takes a name, gathers milestones by id and by name, and guesses a typing error") {
  const Workspace workspace;
  const auto text = workspace.run({"program", "show", "Ledger migration"}).out;
  CHECK(text.find("dual-write at 100 %") != std::string::npos);
  CHECK(text.find("schema frozen") != std::string::npos);
  CHECK(text.find("vendor delays disks") != std::string::npos);
  const auto wrong = workspace.run({"program", "show", "Ledger migraton"});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.err ==
        "sitrep: error: there is no program 'Ledger migraton' in the store; did you mean 'Ledger migration'?\n");
}

TEST_CASE("sitrep launch list keeps to the order of target dates") {
  const Workspace workspace;
  CHECK(workspace.ids({"launch", "list"}) == "id\nLR-2\nLR-1\n");
  CHECK(workspace.ids({"launch", "list", "--since", "today"}) == "id\nLR-1\n");
}

TEST_CASE("lists without a store say what to do and exit 5") {
  const test::TempDir folder;
  folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  const auto result = test::run_sitrep({"incident", "list"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 5);
  CHECK(result.err.find("sitrep sync") != std::string::npos);
}

TEST_CASE("sitrep complete gives names of the workspace, and nothing outside one") {
  const Workspace workspace;
  CHECK(workspace.run({"complete", "program"}).out == "Checkout 3\nLedger migration\n");
  CHECK(workspace.run({"complete", "source"}).out == "pager\npager.incidents\n");
  const test::TempDir folder;
  const auto outside =
      test::run_sitrep({"complete", "program"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(outside.exit_code == 0);
  CHECK(outside.out.empty());
}

TEST_CASE("a list that is empty because of a typing error says so") {
  const Workspace workspace;
  const auto typo = workspace.run({"incident", "list", "--program", "Checkout3"});
  CHECK(typo.exit_code == 2);
  CHECK(typo.err == "sitrep: error: --program: there is no program 'Checkout3'; did you mean 'Checkout 3'?\n");
  CHECK(workspace.run({"capacity", "list", "--service", "ledger-ap"}).exit_code == 2);
  CHECK(workspace.run({"capacity", "list", "--limit", "-5"}).exit_code == 2);
  CHECK(workspace.run({"incident", "list", "--service", "ledger", "--since", "2030-01-01"}).exit_code == 0);
}

TEST_CASE("diff --until alone looks at the seven days before it") {
  const Workspace workspace;
  CHECK(workspace.run({"diff", "--until", "-14d"}).exit_code == 0);
}

TEST_CASE("report refuses before the work what it could not write") {
  const Workspace workspace;
  CHECK(workspace.run({"report", "weekly-health", "--json", "-o", "x.md"}).exit_code == 2);
  const auto nowhere = workspace.run({"report", "weekly-health", "-o", "y.md", "-o", "nodir/y.html"});
  CHECK(nowhere.exit_code == 5);
  CHECK(nowhere.err.find("there is no folder") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(workspace.folder.path() / "y.md"));
}

TEST_CASE("complete answers every kind that a command completes") {
  const Workspace workspace;
  for (const auto* kind :
       {"entity", "metric", "preset", "program", "report", "service", "source", "team", "template"}) {
    CAPTURE(std::string(kind));
    const auto offered = workspace.run({"complete", kind});
    CHECK(offered.exit_code == 0);
    CHECK_FALSE(offered.out.empty());
  }
}
