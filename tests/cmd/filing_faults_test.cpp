// Filing with an API that misbehaves, by the numbers of the list of faults: one review, whatever happens.
#include "base/text.hpp"
#include "launch_api.hpp"
#include "support/traced.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace sitrep;
using test::k_file;
using test::k_review;
using test::Reply;
using Workspace = test::FilingWorkspace;

namespace {

constexpr auto k_keyed = "idempotency = { in = \"header\", name = \"Idempotency-Key\" }";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// All tries of the same content carry one key.
bool one_key(const Workspace& workspace) {
  return std::set<std::string>(workspace.api.keys.begin(), workspace.api.keys.end()).size() == 1;
}

/// The first run fails and leaves the file as it was; the next one settles it: one review, whose id is in the file.
void check_settled_later(Workspace& workspace) {
  const auto lost = workspace.file();
  CAPTURE(lost.err);
  CHECK(lost.exit_code != 0);
  CHECK(lost.out.empty());
  CHECK(workspace.review() == k_review);
  workspace.api.answers = true;
  const auto settled = workspace.file();
  CAPTURE(settled.err);
  CHECK(settled.exit_code == 0);
  CHECK(workspace.api.reviews.size() == 1);
  CHECK(one_key(workspace));
  CHECK(contains(workspace.review(), "\nid: LR-1\n"));
}

}  // namespace

TEST_CASE("65: a redirect of the filing to another host gets neither the body nor the key") {
  Workspace workspace;
  test::ScriptedServer trap(std::vector<Reply>{Reply::status(201, "{}")});
  workspace.api.before = {Reply::status(307, "", {{"Location", trap.url("/reviews")}})};
  const auto refused = workspace.file();
  CHECK(refused.exit_code == 4);
  CHECK(trap.requests().empty());
  CHECK(workspace.review() == k_review);
}

TEST_CASE("72: a reply that is lost after the API acted: the same key again, one review") {
  Workspace workspace;
  workspace.api.answers = false;
  workspace.api.accident = Reply().reset();
  check_settled_later(workspace);
}

TEST_CASE("73: a 500 after the API acted: the same key again, one review") {
  Workspace workspace;
  workspace.api.answers = false;
  workspace.api.accident = Reply::status(500, "{\"message\":\"\\u001b[31mdatabase\"}");
  check_settled_later(workspace);
}

TEST_CASE("74: a 409 while the first try is in flight is waited out with the same key") {
  Workspace workspace(k_keyed, 3);
  workspace.api.before = {Reply::status(409, "{}", {{"Retry-After", "1"}}), Reply::status(409, "{}")};
  const auto filed = workspace.file();
  CAPTURE(filed.err);
  CHECK(filed.exit_code == 0);
  CHECK(workspace.api.keys.size() == 3);
  CHECK(one_key(workspace));
  CHECK(workspace.api.reviews.size() == 1);
}

TEST_CASE("75: an API that knows no keys and lists nothing: outcome unknown, exit 8, no blind second try") {
  Workspace workspace("", 3);
  workspace.api.knows_keys = false;
  workspace.api.answers = false;
  for (int run = 0; run < 2; ++run) {
    const auto unknown = workspace.file();
    CAPTURE(unknown.err);
    CHECK(unknown.exit_code == 8);
    CHECK(contains(unknown.err, "--resend"));
  }
  CHECK(workspace.api.posts == 1);
  CHECK(workspace.review() == k_review);
}

TEST_CASE("76: killed at any call that writes, before the send, after it, before the reply is kept: one review") {
  const auto trial = [](int at) {
    Workspace workspace;
    const auto& folder = workspace.folder.path();
    const auto run =
        test::run_traced([&] { return test::become_sitrep(folder, {"launch", "file", k_file}); }, {.at = at});
    if (!run.traced) return 0;
    if (at > 0) CHECK(run.killed);
    const auto again = workspace.file();
    CAPTURE(at);
    CAPTURE(again.err);
    CHECK(again.exit_code == 0);
    CHECK(workspace.api.reviews.size() == 1);
    CHECK(one_key(workspace));
    CHECK(contains(workspace.review(), "\nid: LR-1\n"));
    CHECK(contains(workspace.review(), "Macros are ready."));
    return run.calls;
  };
  const int calls = trial(-1);
  if (calls == 0) {
    MESSAGE("skipped: this system does not allow ptrace");
    return;
  }
  for (int at = 1; at <= calls; at += test::step_between(calls, 8)) trial(at);
}

TEST_CASE("77: a review edited after a lost reply: the old content is settled first, the edit is an update") {
  Workspace workspace;
  workspace.api.answers = false;
  REQUIRE(workspace.file().exit_code != 0);
  workspace.folder.write(k_file, replace_all(k_review, "a day apart", "a week apart"));
  workspace.api.answers = true;
  const auto filed = workspace.file();
  CAPTURE(filed.err);
  REQUIRE(filed.exit_code == 0);
  CHECK(one_key(workspace));
  REQUIRE(workspace.api.reviews.size() == 1);
  CHECK(contains(workspace.api.reviews[0], "a week apart"));

  Workspace reused;
  reused.api.before = {Reply::status(422, R"({"message":"this idempotency key was used with another body"})")};
  const auto refused = reused.file();
  CHECK(refused.exit_code == 4);
  CHECK(contains(refused.err, "this idempotency key was used with another body"));
  CHECK(reused.review() == k_review);
}

TEST_CASE("78: odd answers to a filing are clean errors; an id comes from Location") {
  struct Case {
    std::string name;
    Reply reply;
    std::string told;
  };
  const Case cases[] = {
      {"422 with escape codes", Reply::status(422, "{\"message\":\"no \\u001b[31mtier\\u0007\"}"), "tier"},
      {"413", Reply::status(413, "too large"), "413"},
      {"a page of HTML with 200", Reply::status(200, "<html>\x1b[2Jsign in</html>", {{"Content-Type", "text/html"}}),
       "the answer is a page of HTML"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Workspace workspace;
    workspace.api.before = {c.reply};
    const auto refused = workspace.file();
    CAPTURE(refused.err);
    CHECK(refused.exit_code == 4);
    CHECK(contains(refused.err, c.told));
    CHECK_FALSE(contains(refused.err, "\x1b"));
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK(workspace.review() == k_review);
  }
  Workspace workspace;
  workspace.api.before = {Reply::status(201, "", {{"Location", "/reviews/LR-77"}})};
  const auto filed = workspace.file();
  CAPTURE(filed.err);
  CHECK(filed.exit_code == 0);
  CHECK(contains(workspace.review(), "\nid: LR-77\n"));
}

TEST_CASE("93: a mistake in an action's template sends nothing and says where it stands") {
  Workspace workspace;
  workspace.folder.write("sitrep.toml",
                         replace_all(read_file(workspace.folder / "sitrep.toml"), "{{ title }}", "{{ title | uper }}"));
  const auto refused = workspace.file();
  CAPTURE(refused.err);
  CHECK(refused.exit_code == 7);
  CHECK(contains(refused.err, "[source.launches.action.file]"));
  CHECK(contains(refused.err, "did you mean 'upper'?"));
  CHECK(workspace.api.keys.empty());
  CHECK(workspace.review() == k_review);
}
