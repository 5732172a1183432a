#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "launch_api.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace sitrep;
using test::k_file;
using test::k_review;
using test::Reply;
using Workspace = test::FilingWorkspace;

namespace {

using namespace std::chrono_literals;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("launch file files once, writes id and URL into the file, and sends a later edit to the same review") {
  Workspace workspace;
  const auto filed = workspace.file();
  CAPTURE(filed.err);
  CHECK(filed.exit_code == 0);
  CHECK(filed.out == "filed as LR-1 https://launch.example/LR-1 (written to the file)\n");
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));
  CHECK(contains(workspace.review(), "\nurl: https://launch.example/LR-1\n"));
  CHECK(contains(workspace.review(), "Pay with a stored wallet."));

  CHECK(contains(workspace.file().out, "nothing has changed since"));
  CHECK(workspace.api.posts == 1);

  workspace.folder.write(k_file, replace_all(workspace.review(), "100 %, a day", "100 %, a week"));
  CHECK(workspace.file().out == "updated LR-1 https://launch.example/LR-1 (written to the file)\n");
  CHECK(workspace.api.posts == 1);
  CHECK(workspace.api.reviews.size() == 1);
  CHECK(contains(workspace.api.reviews[0], "a week apart"));
}

TEST_CASE(
    "launch file --dry-run shows the request and sends it nowhere, unless the API can try it; the file stays as it "
    "is") {
  Workspace workspace;
  const auto shown = workspace.sitrep({"launch", "file", k_file, "--dry-run"});
  CAPTURE(shown.err);
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.starts_with("POST " + workspace.server.url("/reviews") + "\n{\"name\":\"Wallets\""));
  CHECK(contains(shown.err, "nothing was sent: the action 'file' has no dry_run_param"));
  CHECK(workspace.server.requests().empty());

  Workspace asks("dry_run_param = \"dryRun=All\"");
  const auto tried = asks.sitrep({"launch", "file", k_file, "--dry-run"});
  CAPTURE(tried.err);
  CHECK(tried.exit_code == 0);
  CHECK(contains(tried.err, "launches would accept it (201); nothing was kept"));
  CHECK(asks.server.requests().back().query("dryRun") == "All");
  CHECK(asks.review() == k_review);
  const auto json = asks.sitrep({"launch", "file", k_file, "--dry-run", "--json"});
  CHECK(contains(json.out, "\"outcome\":\"tried\""));
  CHECK(contains(json.out, "\"status\":201"));
  CHECK(contains(asks.sitrep({"launch", "outbox", "--json"}).out, "\"rows\":[]"));
}

TEST_CASE("launch file, killed while the answer is on its way, settles the filing on the next run: one review") {
  Workspace workspace;
  workspace.api.answers = false;
  workspace.api.accident = Reply().hold();
  test::BackgroundSitrep child({"launch", "file", k_file}, workspace.options());
  for (int i = 0; i < 1200 && workspace.api.posts == 0; ++i) std::this_thread::sleep_for(50ms);
  REQUIRE(workspace.api.posts == 1);
  CHECK(child.kill());
  CHECK(workspace.review() == k_review);
  const auto outbox = workspace.sitrep({"launch", "outbox", "--format", "csv"});
  CHECK(contains(outbox.out, "pending"));
  CHECK(contains(outbox.out, k_file));

  workspace.api.answers = true;
  const auto settled = workspace.file();
  CAPTURE(settled.err);
  CHECK(settled.exit_code == 0);
  CHECK(settled.out == "filed as LR-1 https://launch.example/LR-1: an earlier try had arrived (written to the file)\n");
  CHECK(workspace.api.posts == 2);
  CHECK(workspace.api.reviews.size() == 1);
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));
  CHECK(contains(workspace.sitrep({"launch", "outbox"}).err, "nothing waits"));
}

TEST_CASE("launch file, stopped after the answer but before the file was written, writes it without filing again") {
  Workspace workspace;
  REQUIRE(workspace.file().exit_code == 0);
  workspace.folder.write(k_file, k_review);  // as a kill between the outbox and the file leaves it
  CHECK(workspace.file().exit_code == 0);
  CHECK(workspace.api.posts == 1);
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));
}

TEST_CASE("launch file exits 8 and sends nothing by itself when an answer is lost and the API knows no keys") {
  Workspace workspace("");
  workspace.api.knows_keys = false;
  workspace.api.answers = false;
  for (const int expected_posts : {1, 1}) {
    const auto lost = workspace.file();
    CAPTURE(lost.err);
    CHECK(lost.exit_code == 8);
    CHECK(lost.out.empty());
    CHECK(contains(lost.err, "launches/wallets.md: it is not known whether it was filed with launches"));
    CHECK(workspace.api.posts == expected_posts);
    CHECK(workspace.review() == k_review);
  }
}

TEST_CASE("launch file believes the id that a person wrote into the file after a lost answer") {
  Workspace workspace("");
  workspace.api.knows_keys = false;
  workspace.api.answers = false;
  REQUIRE(workspace.file().exit_code == 8);
  workspace.folder.write(k_file, replace_all(k_review, "status: draft", "status: draft\nid: LR-1"));
  const auto settled = workspace.file();
  CAPTURE(settled.err);
  CHECK(settled.exit_code == 0);
  CHECK(contains(settled.out, "filed as LR-1"));
  CHECK(workspace.api.posts == 1);
}

TEST_CASE("launch file updates a review whose id the answer did not tell, once a person wrote it into the file") {
  Workspace workspace;
  workspace.api.tells_id = false;
  REQUIRE(workspace.file().exit_code == 0);
  workspace.folder.write(k_file, replace_all(workspace.review(), "a day apart", "a week apart"));
  const auto asked = workspace.file();
  CHECK(asked.exit_code == 6);
  CHECK(contains(asked.err, "write it into the front matter as 'id'"));
  workspace.folder.write(k_file, replace_all(workspace.review(), "status: draft", "status: draft\nid: LR-1"));
  CHECK(contains(workspace.file().out, "updated LR-1"));
  CHECK(contains(workspace.api.reviews.at(0), "a week apart"));
}

TEST_CASE("launch file: an edit made while it is filed stays, and launch status shows it against what was filed") {
  Workspace workspace;
  workspace.api.meanwhile = [&] {
    workspace.folder.write(k_file, replace_all(k_review, "tried on 2026-11-02", "tried on 2026-11-09"));
  };
  const auto filed = workspace.file();
  CAPTURE(filed.err);
  REQUIRE(filed.exit_code == 0);
  CHECK(contains(workspace.review(), "tried on 2026-11-09"));
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));
  CHECK(contains(workspace.api.reviews.at(0), "tried on 2026-11-02"));
  const auto status = workspace.sitrep({"launch", "status", k_file});
  CHECK(contains(status.out, "changed since"));
  CHECK(contains(status.out, "- The flag wallets_enabled, two minutes, tried on 2026-11-02."));
  CHECK(contains(status.out, "+ The flag wallets_enabled, two minutes, tried on 2026-11-09."));
  CHECK_FALSE(contains(status.out, "Macros are ready"));
  CHECK(contains(workspace.sitrep({"launch", "status", k_file, "--json"}).out, R"("differences":[{"field":"body")"));
  workspace.api.meanwhile = [] {};
  CHECK(contains(workspace.file().out, "updated LR-1"));
  CHECK_FALSE(contains(workspace.sitrep({"launch", "status", k_file}).out, "differs"));
}

TEST_CASE("launch file by two people at once, in one workspace or in two clones: one review") {
  Workspace workspace;
  std::vector<int> exits(2, -1);
  std::vector<std::thread> people;
  for (int& exit : exits) people.emplace_back([&] { exit = workspace.file().exit_code; });
  for (auto& person : people) person.join();
  for (const int exit : exits) CHECK((exit == 0 || exit == 5));  // 5: the other one held the store for too long
  CHECK((exits[0] == 0 || exits[1] == 0));
  CHECK(workspace.api.reviews.size() == 1);
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));

  const test::TempDir clone;
  clone.write("sitrep.toml", read_file(workspace.folder.path() / "sitrep.toml"));
  clone.write(k_file, k_review);
  const auto again =
      test::run_sitrep({"launch", "file", k_file}, {.folder = clone.path(), .environment = {}, .input = {}});
  CAPTURE(again.err);
  CHECK(again.exit_code == 0);
  CHECK(workspace.api.reviews.size() == 1);
  CHECK(contains(read_file(clone.path() / k_file), "\nid: LR-1\n"));
}

TEST_CASE("launch file sends nothing while launch check finds errors") {
  Workspace workspace;
  workspace.folder.write(k_file, replace_all(k_review, "Adds 3 % to checkout-api.", "TBD"));
  const auto refused = workspace.file();
  CHECK(refused.exit_code == 1);
  CHECK(contains(refused.err, "TBD"));
  CHECK(contains(refused.err, "--unchecked"));
  CHECK(workspace.api.posts == 0);
}

TEST_CASE("doc new postmortem fills in facts, timeline and actions, and never replaces a file") {
  const test::TempDir folder;
  test::write_example_workspace(folder.path());
  const test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  const auto made = test::run_sitrep({"doc", "new", "postmortem", "--incident", "INC-1", "--owner", "dana"}, options);
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  const auto path = folder.path() / trim_view(made.out);
  const auto text = read_file(path);
  for (const auto* part : {"incident: INC-1", "owner: dana", "Ledger writes time out", "Rolling back",
                           "Alert on queue age", "## Causes"}) {
    CAPTURE(std::string(part));
    CHECK(contains(text, part));
  }
  write_file(path, "written by a person\n");
  const auto again = test::run_sitrep({"doc", "new", "postmortem", "--incident", "INC-1"}, options);
  CHECK(again.exit_code == 5);
  CHECK(contains(again.err, "exists"));
  CHECK(read_file(path) == "written by a person\n");
}

TEST_CASE("doc new postmortem of an incident that is not in the store writes nothing and says so") {
  const test::TempDir folder;
  test::write_example_workspace(folder.path());
  const test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  const auto result = test::run_sitrep({"doc", "new", "postmortem", "--incident", "INC-11"}, options);
  CHECK(result.exit_code == 2);
  CHECK(contains(result.err, "INC-11"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "docs"));
}
