#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <mutex>

using namespace sitrep;
using test::Received;
using test::Reply;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A workspace with one target of each kind at a server that keeps what it gets.
struct Workspace {
  test::TempDir folder;
  std::vector<Received> received;
  std::vector<Reply> replies;  ///< taken from the front; then 200
  std::mutex mutex;
  test::ScriptedServer server{[this](const Received& request) {
    const std::lock_guard lock(mutex);
    received.push_back(request);
    if (replies.empty()) return Reply::status(200, "ok");
    auto reply = replies.front();
    replies.erase(replies.begin());
    return reply;
  }};

  Workspace() {
    test::write_example_workspace(folder.path());
    folder.write("sitrep.toml", read_file(folder.path() / "sitrep.toml") + fmt::format(R"(
[redact.all]
people = "drop"
[publish.chat]
type = "slack"
url = {{ env = "HOOK" }}
report = "weekly-health"
link = "https://reports.example/weekly"
redact = "all"
retry.max = 0
[publish.page]
type = "put"
url = "{0}/page"
report = "weekly-health"
auth.token = {{ env = "WIKI" }}
retry.max = 0
[publish.hook]
type = "webhook"
url = "{0}/hook"
file = "notes.md"
json = {{ name = "{{{{ title }}}}", body = "{{{{ text }}}}" }}
retry.max = 0
[publish.pages]
type = "git"
folder = "pages"
path = "weekly/health.md"
report = "weekly-health"
)",
                                                                                       server.url()));
    folder.write("notes.md", "# Notes\nAll is \"well\".\n");
  }

  test::RunResult publish(std::vector<std::string> args) const {
    args.insert(args.begin(), "publish");
    return test::run_sitrep(args, {.folder = folder.path(),
                                   .environment = {{"HOOK", server.url() + "/services/T0/secret-hook"},
                                                   {"WIKI", "wiki-token"},
                                                   {"GIT_AUTHOR_NAME", "ci"},
                                                   {"GIT_AUTHOR_EMAIL", "ci@example.com"},
                                                   {"GIT_COMMITTER_NAME", "ci"},
                                                   {"GIT_COMMITTER_EMAIL", "ci@example.com"}},
                                   .input = {}});
  }
};

}  // namespace

TEST_CASE("publish: a page is put once; the same content is not sent again, another one is") {
  Workspace workspace;
  const auto sent = workspace.publish({"page"});
  CAPTURE(sent.err);
  REQUIRE(sent.exit_code == 0);
  CHECK(contains(sent.out, "page: sent"));
  REQUIRE(workspace.received.size() == 1);
  CHECK(workspace.received[0].method == "PUT");
  CHECK(workspace.received[0].header("Authorization") == "Bearer wiki-token");
  CHECK(contains(workspace.received[0].header("Content-Type"), "text/html"));
  CHECK(contains(workspace.received[0].body, "Ledger migration"));
  CHECK(contains(workspace.publish({"page"}).out, "unchanged"));
  CHECK(workspace.received.size() == 1);
  CHECK(contains(workspace.publish({"page", "--now", "2026-11-30T16:00:00Z"}).out, "sent"));
  CHECK(workspace.received.size() == 2);
}

TEST_CASE("publish: Slack gets a summary with its link, nobody's name, and its URL stays a secret") {
  Workspace workspace;
  const auto dry = workspace.publish({"chat", "--dry-run"});
  CHECK(dry.exit_code == 0);
  CHECK(workspace.received.empty());
  workspace.replies = {Reply::status(403, "invalid_token")};
  const auto refused = workspace.publish({"chat"});
  CHECK(refused.exit_code == 9);
  CHECK_FALSE(contains(refused.err, "secret-hook"));
  REQUIRE(workspace.publish({"chat", "-v"}).exit_code == 0);
  REQUIRE(workspace.received.size() == 2);
  const auto& body = workspace.received[1].body;
  CHECK(body + "\n" == dry.out);
  CHECK(contains(body, "<https://reports.example/weekly|The whole report>"));
  CHECK(contains(body, "Decide this week"));
  for (const auto* name : {"dana", "ravi", "mei"}) CHECK_FALSE(contains(body, name));
  CHECK_FALSE(contains(read_file(workspace.folder.path() / ".sitrep/store.db"), "secret-hook"));
}

TEST_CASE("publish: a message whose answer was lost is not told twice unless a person says so") {
  Workspace workspace;
  workspace.replies = {Reply().reset()};
  CHECK(workspace.publish({"hook"}).exit_code == 8);
  const auto unknown = workspace.publish({"hook"});
  CHECK(unknown.exit_code == 8);
  CHECK(contains(unknown.err, "--resend"));
  CHECK(workspace.received.size() == 1);
  CHECK(workspace.publish({"hook", "--resend"}).exit_code == 0);
  REQUIRE(workspace.received.size() == 2);
  CHECK(workspace.received[1].header("Idempotency-Key") == workspace.received[0].header("Idempotency-Key"));
  CHECK(workspace.received[1].body == R"({"name":"notes.md","body":"# Notes\nAll is \"well\".\n"})");
  CHECK(contains(workspace.publish({"hook"}).out, "unchanged"));
}

TEST_CASE("publish: a put whose answer was lost is simply put again; 422 is told and not kept as sent") {
  Workspace workspace;
  workspace.replies = {Reply().reset(), Reply::status(422, "{\"message\":\"no \\u001b[31mspace\"}")};
  CHECK(workspace.publish({"page"}).exit_code == 8);
  const auto refused = workspace.publish({"page"});
  CHECK(refused.exit_code == 4);
  CHECK_FALSE(contains(refused.err, "\x1b"));
  CHECK(contains(workspace.publish({"page"}).out, "sent"));
  CHECK(workspace.received.size() == 3);
}

TEST_CASE("publish: a git folder gets one commit for each content, and none of its hooks runs") {
  Workspace workspace;
  const test::RunOptions options{.folder = workspace.folder.path(), .environment = {}, .input = {}};
  REQUIRE(test::run_program("/bin/sh",
                            {"-c",
                             "git init -q pages && printf '#!/bin/sh\\ntouch ../hooked; exit 1\\n' > "
                             "pages/.git/hooks/pre-commit && chmod +x pages/.git/hooks/pre-commit"},
                            options)
              .exit_code == 0);
  const auto first = workspace.publish({"pages"});
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(contains(first.out, "committed"));
  CHECK(contains(workspace.publish({"pages"}).out, "unchanged"));
  CHECK(contains(workspace.publish({"pages", "--now", "2026-11-30T16:00:00Z"}).out, "committed"));
  CHECK(test::run_program("/bin/sh", {"-c", "git -C pages log --oneline | wc -l"}, options).out == "2\n");
  CHECK_FALSE(std::filesystem::exists(workspace.folder.path() / "hooked"));
}

TEST_CASE("publish: an unknown target and an unset secret are told") {
  Workspace workspace;
  const auto unknown = workspace.publish({"pge"});
  CHECK(unknown.exit_code == 2);
  CHECK(contains(unknown.err, "did you mean 'page'?"));
  const auto unset =
      test::run_sitrep({"publish", "chat"}, {.folder = workspace.folder.path(), .environment = {}, .input = {}});
  CHECK(unset.exit_code == 9);
}
