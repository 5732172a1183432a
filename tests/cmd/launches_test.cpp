#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// The example workspace with gates, holidays and past reviews.
struct Workspace {
  test::TempDir folder;

  Workspace() {
    test::write_example_workspace(folder.path());
    folder.write("sitrep.toml",
                 read_file(folder.path() / "sitrep.toml") +
                     "\n[launch]\nreview_days = { default = 3 }\n[[launch.exception]]\nreview = \"LR-1\"\n"
                     "code = \"L032\"\nowner = \"noor\"\nreason = \"law\"\nexpires = 2026-12-20\n");
    std::string gates = R"([{"id":"g1","launch_id":"LR-1","area":"security","approver":"noor@example.com",)"
                        R"("status":"pending","turn":"reviewer","requested_at":"2026-11-09T10:00:00Z"},)"
                        R"({"id":"g2","launch_id":"LR-1","area":"sre","status":"approved",)"
                        R"("requested_at":"2026-11-09T10:00:00Z","decided_at":"2026-11-10T10:00:00Z"})";
    for (int i = 0; i < 6; ++i)
      gates += R"(,{"id":"p)" + std::to_string(i) + R"(","launch_id":"old","area":"security","status":"approved",)" +
               R"("requested_at":"2026-08-03T10:00:00Z","decided_at":"2026-08-31T10:00:00Z"})";
    load("launch_approval", gates + "]");
    load("calendar",
         R"([{"id":"h","kind":"holiday","name":"Thanksgiving","from_date":"2026-11-26"},)"
         R"({"id":"f","kind":"freeze","name":"Year end","from_date":"2026-12-05","to_date":"2027-01-04"}])");
  }

  void load(const std::string& entity, const std::string& json) const {
    folder.write("rows.json", json);
    const auto result = sitrep({"import", entity, "rows.json", "--source", "src"});
    CAPTURE(result.err);
    REQUIRE(result.exit_code == 0);
  }
  test::RunResult sitrep(const std::vector<std::string>& args, const std::string& user = "mei") const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {{"SITREP_USER", user}}, .input = {}});
  }
};

}  // namespace

TEST_CASE("launch list and launch show: turn, waits without holidays, promise, prediction, freeze, exceptions") {
  Workspace workspace;
  const auto listed = workspace.sitrep({"launch", "list", "--json"});
  CAPTURE(listed.out);
  REQUIRE(listed.exit_code == 0);
  // Filed on Monday the 9th, asked on the 16th; security takes 20 business days at the median, 5 are over. The 15 to
  // come pass over Thanksgiving: December 8.
  for (const auto* part : {R"("id":"LR-1")", R"("turn":"reviewers","waits_for":"security")", R"("age_business_days":5)",
                           R"("predicted_date":"2026-12-08")", R"("overdue":true)", R"("freeze":"Year end")",
                           R"(security waits 5 business days (promised 3))"}) {
    CAPTURE(std::string(part));
    CHECK(contains(listed.out, part));
  }
  const auto shown = workspace.sitrep({"launch", "show", "LR-1"});
  CAPTURE(shown.out);
  for (const auto* part :
       {"Wallets", "2026-12-08", "L032 until 2026-12-20: law (noor)", "gates", "history", "in review"}) {
    CAPTURE(std::string(part));
    CHECK(contains(shown.out, part));
  }
  CHECK(workspace.sitrep({"launch", "show", "LR-9"}).exit_code == 2);
}

TEST_CASE("launch list filters what is blocked, overdue or mine") {
  Workspace workspace;
  const auto ids = [&](std::vector<std::string> args, const std::string& user = "mei") {
    args.insert(args.begin(), {"launch", "list"});
    args.insert(args.end(), {"--format", "csv", "--fields", "id"});
    return workspace.sitrep(args, user).out;
  };
  CHECK(ids({}) == "id\nLR-2\nLR-1\n");
  CHECK(ids({"--blocked"}) == "id\n");
  CHECK(ids({"--overdue"}) == "id\nLR-1\n");
  CHECK(ids({"--mine"}) == "id\nLR-1\n");
  CHECK(ids({"--mine"}, "Noor") == "id\nLR-1\n");
  CHECK(ids({"--mine"}, "dana") == "id\n");
  CHECK(ids({"--status", "launched"}) == "id\nLR-2\n");
  CHECK(ids({"--since", "2026-12-01"}) == "id\nLR-1\n");
  CHECK(ids({"--sort", "id"}) == "id\nLR-1\nLR-2\n");
  CHECK(ids({"--sort", "-target_date"}) == "id\nLR-1\nLR-2\n");
  CHECK(ids({"--limit", "1"}) == "id\nLR-2\n");
  CHECK(ids({"--limit", "0"}) == "id\nLR-2\nLR-1\n");
  workspace.load("launch_approval", R"([{"id":"g3","launch_id":"LR-1","area":"privacy","status":"changes requested",)"
                                    R"("requested_at":"2026-11-09T10:00:00Z","decided_at":"2026-11-12T10:00:00Z"}])");
  CHECK(ids({"--blocked"}) == "id\nLR-1\n");
  CHECK(contains(workspace.sitrep({"launch", "list"}).out, "mei"));
}

TEST_CASE("launch new fills in what the store knows of the service; launch check names what is left") {
  Workspace workspace;
  const auto made = workspace.sitrep(
      {"launch", "new", "Wallets 2", "--service", "ledger", "--phase", "beta", "--target", "2026-12-10"});
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  const auto text = read_file(workspace.folder.path() / "launches/wallets-2.md");
  for (const auto* part : {"program: Ledger migration", "tier: \"1\"", "the target date lies in it",
                           "Overdue since 2026-11-10", "ledger availability", "ledger-db disk", "Depend on it"}) {
    CAPTURE(std::string(part));
    CHECK(contains(text, part));
  }
  const auto checked = workspace.sitrep({"launch", "check", "launches/wallets-2.md"});
  CHECK(checked.exit_code == 1);
  for (const auto* code : {"L001 oncall", "L001 rollback_tested", "L012 Rollback", "L032 target_date", "L045 adds"}) {
    CAPTURE(std::string(code));
    CHECK(contains(checked.out, code));
  }
}

TEST_CASE("launch check works in a fresh clone, without store or network, in every format") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"launch", "new", "X", "--service", "ledger", "--target", "2026-12-10"}).exit_code == 0);
  std::filesystem::remove_all(workspace.folder.path() / ".sitrep");
  for (const std::string format : {"text", "json", "github", "sarif", "csv"}) {
    CAPTURE(format);
    const auto checked = workspace.sitrep({"launch", "check", "launches/x.md", "--format", format});
    CHECK(checked.exit_code == 1);
    CHECK(contains(checked.out, "L012"));
    CHECK(contains(checked.out, "launches/x.md"));
  }
  CHECK_FALSE(std::filesystem::exists(workspace.folder.path() / ".sitrep"));
}

TEST_CASE("template copy keeps what it copied, and template diff shows what an upgrade changed in it") {
  Workspace workspace;
  REQUIRE(workspace.sitrep({"template", "copy", "documents/runbook.md"}).exit_code == 0);
  CHECK(workspace.sitrep({"template", "diff", "documents/runbook.md"}).exit_code == 0);
  const auto own = "templates/documents/runbook.md", kept = "templates/.upstream/documents/runbook.md";
  workspace.folder.write(own, read_file(workspace.folder.path() / own) + "\n## Ours\n");
  CHECK(contains(workspace.sitrep({"template", "diff", "documents/runbook.md", "--own"}).out, "+ ## Ours"));
  // As if an older release had been copied.
  workspace.folder.write(kept, replace_all(read_file(workspace.folder.path() / kept), "## Escalate", "## Call"));
  CHECK(contains(workspace.sitrep({"template", "list"}).out, "changed"));
  const auto changed = workspace.sitrep({"template", "diff", "documents/runbook.md"});
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "- ## Call"));
  CHECK(contains(changed.out, "+ ## Escalate"));
  CHECK_FALSE(contains(changed.out, "Ours"));
  CHECK(workspace.sitrep({"template", "diff", "documents/runbook.md", "--accept"}).exit_code == 0);
  CHECK(workspace.sitrep({"template", "diff", "documents/runbook.md"}).exit_code == 0);
}
