#include "base/file.hpp"
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

using namespace sitrep;
using test::Received;
using test::Reply;

namespace {

using namespace std::chrono_literals;

// A workspace whose sources answer on a loopback port.
struct Workspace {
  test::TempDir folder;

  void write(std::string_view toml) const { write_file(folder.path() / "sitrep.toml", toml); }

  test::RunResult sitrep(const std::vector<std::string>& args,
                         const std::map<std::string, std::string>& environment = {}) const {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = environment, .input = {}});
  }
};

std::string source(std::string_view name, const std::string& url, std::string_view more = "") {
  return fmt::format(
      "[source.{0}]\nbase_url = \"{1}\"\n{2}\n[[source.{0}.stream]]\nname = \"incidents\"\nentity = \"incident\"\npath "
      "= "
      "\"incidents\"\ndata_selector = \"data\"\npaginator = {{ type = \"page_number\" }}\ncolumns = {{ title = \"t\" "
      "}}\n",
      name, url, more);
}

// Page n of `pages`, with `rows` records each.
std::string page(int number, int pages, int rows) {
  std::string body;
  for (int i = 0; number <= pages && i < rows; ++i) {
    body += fmt::format("{}{{\"id\":\"p{}-{}\",\"t\":\"page {}\"}}", body.empty() ? "" : ",", number, i, number);
  }
  return "{\"data\":[" + body + "]}";
}

int page_number(const Received& request) { return std::stoi(request.query("page")); }

}  // namespace

TEST_CASE("sync pulls over a socket, and a second run changes nothing") {
  test::ScriptedServer server([](const Received& request) { return Reply::json(page(page_number(request), 3, 2)); });
  Workspace workspace;
  workspace.write(source("pager", server.url()));
  const auto first = workspace.sitrep({"sync"});
  CAPTURE(first.err);
  CHECK(first.exit_code == 0);
  CHECK(first.out.starts_with("pager  incidents  6 new   4 requests   "));
  CHECK(first.err.empty());
  const auto listed = workspace.sitrep({"incident", "list", "--json"});
  const auto second = workspace.sitrep({"sync", "--json"});
  CHECK(second.exit_code == 0);
  CHECK(second.out.find("\"added\":0,\"changed\":0,\"unchanged\":6") != std::string::npos);
  CHECK(second.out.starts_with("{\"schema\":\"sitrep.sync/1\""));
  CHECK(workspace.sitrep({"incident", "list", "--json"}).out == listed.out);
}

TEST_CASE("sync waits as long as Retry-After says") {
  test::ScriptedServer server([calls = 0](const Received& request) mutable {
    if (++calls == 2) return Reply::status(429, "slow down", {{"Retry-After", "1"}});
    return Reply::json(page(page_number(request), 2, 1));
  });
  Workspace workspace;
  workspace.write(source("pager", server.url()));
  const auto result = workspace.sitrep({"sync"});
  CAPTURE(result.err);
  CHECK(result.exit_code == 0);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK(requests[1].query("page") == requests[2].query("page"));
  CHECK(requests[2].at - requests[1].at >= 1s);
  CHECK(result.out.find("waited 1") != std::string::npos);
}

TEST_CASE("sync finishes the healthy sources and exits with the code of the first broken one") {
  test::ScriptedServer server([](const Received& request) {
    if (request.header("Authorization").empty()) return Reply::json(page(page_number(request), 1, 3));
    return Reply::status(401, R"({"error":{"message":"no such key"}})");
  });
  Workspace workspace;
  workspace.write(source("good", server.url()) +
                  source("locked", server.url(), "auth = { type = \"bearer\", token = { env = \"TOKEN\" } }") +
                  source("gone", fmt::format("http://127.0.0.1:{}", test::closed_port()), "retry.max = 0"));
  const auto result = workspace.sitrep({"sync"}, {{"TOKEN", "s3cr3t-canary"}});
  CHECK(result.exit_code == 9);
  CHECK(result.out.find("good    incidents  3 new") != std::string::npos);
  CHECK(result.out.find("failed: page 1: GET http://127.0.0.1:") != std::string::npos);
  CHECK(result.out.find("401 Unauthorized: no such key; the token in $TOKEN was refused") != std::string::npos);
  CHECK(result.err == "sitrep: error: 2 of 3 sources failed (exit 9)\n");
  CHECK((result.out + result.err).find("canary") == std::string::npos);
  const auto json = workspace.sitrep({"sync", "gone", "--json"});
  CHECK(json.exit_code == 4);
  CHECK(json.err == "{\"error\":{\"kind\":\"network\",\"message\":\"1 of 1 source failed (exit 4)\",\"exit\":4}}\n");
}

TEST_CASE("a killed sync resumes where it stopped, and ends as one that was not killed") {
  constexpr int k_pages = 12;
  std::atomic<bool> hang = true;
  test::ScriptedServer server([&](const Received& request) {
    const int number = page_number(request);
    if (hang && number == 8) return Reply().hold();
    return Reply::json(page(number, k_pages, 1500));
  });
  const std::string toml = source("pager", server.url());
  Workspace killed;
  killed.write(toml);
  test::BackgroundSitrep child({"sync", "-q"}, {.folder = killed.folder.path(), .environment = {}, .input = {}});
  // Seven pages have 10,500 rows: a batch. The kill comes when the eighth is asked for and the batch had its time.
  const auto asked = [&] {
    for (const auto& request : server.requests()) {
      if (request.query("page") == "8") return true;
    }
    return false;
  };
  for (int i = 0; i < 600 && !asked(); ++i) std::this_thread::sleep_for(50ms);
  REQUIRE(asked());
  std::this_thread::sleep_for(4s);
  CHECK(child.kill());

  hang = false;
  const auto before = server.requests().size();
  const auto resumed = killed.sitrep({"sync"});
  CAPTURE(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(resumed.out.find("resumed") != std::string::npos);
  CHECK(server.requests()[before].query("page") == "8");

  Workspace whole;
  whole.write(toml);
  CHECK(whole.sitrep({"sync"}).exit_code == 0);
  CHECK(killed.sitrep({"incident", "list", "--json"}).out == whole.sitrep({"incident", "list", "--json"}).out);
  CHECK(killed.sitrep({"sync", "--json"}).out.find("\"added\":0,\"changed\":0,\"unchanged\":18000") !=
        std::string::npos);
}

TEST_CASE("source test shows how one page maps, and stores nothing") {
  test::ScriptedServer server(
      [](const Received&) { return Reply::json(R"({"data":[{"id":1,"t":"Down"},{"t":"no id"}]})"); });
  Workspace workspace;
  workspace.write(source("pager", server.url()));
  const auto result = workspace.sitrep({"source", "test", "pager"});
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("Down") != std::string::npos);
  CHECK(result.err.find("2 records on the first page, 1 row") != std::string::npos);
  CHECK(result.err.find("rejected: record 2: the id (id) is missing") != std::string::npos);
  CHECK(server.requests().size() == 1);
  CHECK_FALSE(std::filesystem::exists(workspace.folder.path() / ".sitrep"));
}

TEST_CASE("source presets prints what a preset stands for, and source show what became of it") {
  Workspace workspace;
  workspace.write("[source.page]\npreset = \"statuspage\"\nbase_url = \"https://status.example\"\n");
  const auto list = workspace.sitrep({"source", "presets"});
  CHECK(list.out.find("pagerduty") != std::string::npos);
  CHECK(workspace.sitrep({"source", "presets", "statuspage"}).out.find("incident_updates") != std::string::npos);
  const auto typo = workspace.sitrep({"source", "presets", "pagerdutty"});
  CHECK(typo.exit_code == 2);
  CHECK(typo.err.find("did you mean 'pagerduty'") != std::string::npos);
  const auto shown = workspace.sitrep({"source", "show", "page", "--format", "csv"});
  CHECK(shown.out.find("https://status.example/api/v2/incidents.json") != std::string::npos);
  CHECK(workspace.sitrep({"source", "list"}).out.find("maintenance") != std::string::npos);
}

TEST_CASE(
    "87: sync under a clock that goes back: no negative age, no version that ends before it began, nothing skipped") {
  std::atomic<int> round = 0;
  test::ScriptedServer server([&](const Received& request) {
    if (page_number(request) > 1) return Reply::json(R"({"data":[]})");
    return Reply::json(fmt::format(R"({{"data":[{{"id":"a","t":"round {}"}}]}})", round.load()));
  });
  const Workspace workspace;
  workspace.write(source("pager", server.url()));
  for (const char* now :
       {"2026-11-16T16:00:00Z", "2026-11-16T15:00:00Z", "2025-11-16T16:00:00Z", "2026-11-17T16:00:00Z"}) {
    ++round;
    CAPTURE(now);
    CHECK(workspace.sitrep({"sync", "-q"}, {{"SITREP_NOW", now}}).exit_code == 0);
    for (const auto& look : {std::vector<std::string>{"status"}, {"status", "--json"}, {"history", "incident", "a"}}) {
      const auto result = workspace.sitrep(look, {{"SITREP_NOW", now}});
      CHECK(result.exit_code == 0);
      CHECK(result.out.find("\"age_seconds\":-") == std::string::npos);
    }
    CHECK(workspace.sitrep({"store", "check"}).exit_code == 0);
  }
  const auto history = workspace.sitrep(
      {"query", "select title, iso(observed_at) at from incident_history order by observed_at", "--format", "csv"});
  CHECK(history.out ==
        "title,at\nround 1,2026-11-16T16:00:00Z\nround 2,2026-11-16T16:00:01Z\nround 3,2026-11-16T16:00:02Z\n"
        "round 4,2026-11-17T16:00:00Z\n");
}
