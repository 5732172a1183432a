// Kills whole commands that write the store at the system calls that write, and runs them again: a sample of the calls
// in the usual run, every one with SITREP_LONG_TESTS set.
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"
#include "support/traced.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

using namespace sitrep;

namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

constexpr int k_sample = 5;

test::RunResult run(const fs::path& folder, const Arguments& arguments) {
  return test::run_sitrep(arguments, {.folder = folder, .environment = {}, .input = {}});
}

/// Every version of the store, as `store export` writes them; not its runs, of which a killed command leaves one more.
std::string story(const fs::path& folder) {
  const auto result = run(folder, {"store", "export"});
  REQUIRE(result.exit_code == 0);
  std::string versions;
  for (const auto line : split_views(result.out, '\n'))
    if (line.starts_with("{\"version\"")) versions.append(line) += '\n';
  return versions;
}

/// The first line in which two stories differ; empty: they are the same.
std::string difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const auto line = [&](const std::string& text) {
    const auto begin = text.rfind('\n', std::min(at, text.size() - 1)) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  return line(a) + " | " + line(b);
}

/// A workspace with two states of 300 incidents, half a year and two months ago.
void make_workspace(const test::TempDir& made, std::string_view toml) {
  made.write("sitrep.toml", toml);
  for (const int state : {1, 2}) {
    std::string csv = "id,title,severity,status\n";
    for (int i = state == 2 ? 20 : 0; i < 300; ++i) {
      csv += fmt::format("INC-{},{} {},sev{},{}\n", i, state == 1 ? "disk slow" : "disk replaced", i, 1 + i % 4,
                         state == 1 ? "open" : "resolved");
    }
    made.write(fmt::format("state{}.csv", state), csv);
  }
  const auto first = run(made.path(), {"import", "incident", "state1.csv", "--source", "pager", "--observed-at",
                                       "2025-06-01T00:00:00Z", "--snapshot"});
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
}

/// Kills `command` at sampled calls in copies of `made`; each copy, run again, must tell what an undisturbed one does.
/// `look` sees the copy right after the kill.
void kill_everywhere(const test::TempDir& made, const Arguments& command,
                     const std::function<void(const fs::path&)>& look) {
  const test::TempDir place;
  const auto copy_of = [&](const std::string& name) {
    const auto copy = place / name;
    fs::remove_all(copy);
    fs::copy(made.path(), copy, fs::copy_options::recursive);
    return copy;
  };
  const auto whole = copy_of("whole");
  const auto undisturbed = test::run_traced([&] { return test::become_sitrep(whole, command); }, {});
  if (!undisturbed.traced) {
    MESSAGE("skipped: this system does not allow ptrace");
    return;
  }
  REQUIRE(undisturbed.exit_code == 0);
  REQUIRE(undisturbed.calls > 5);
  const auto expected = story(whole);
  for (int at = 1; at <= undisturbed.calls; at += test::step_between(undisturbed.calls, k_sample)) {
    CAPTURE(at);
    const auto copy = copy_of("killed");
    const auto killed = test::run_traced([&] { return test::become_sitrep(copy, command); }, {.at = at});
    CHECK(killed.killed);
    look(copy);
    const auto check = run(copy, {"store", "check"});
    CAPTURE(check.err);
    CHECK(check.exit_code == 0);
    const auto again = run(copy, command);
    CAPTURE(again.err);
    CHECK(again.exit_code == 0);
    CHECK(difference(story(copy), expected) == "");
  }
}

}  // namespace

TEST_CASE("79: an import killed at a call that writes took in the whole file or none of it") {
  const test::TempDir made;
  make_workspace(made, "[workspace]\nname = \"t\"\n");
  const auto before = story(made.path());
  const Arguments command{"import", "incident",      "state2.csv",           "--source",
                          "pager",  "--observed-at", "2025-09-01T00:00:00Z", "--snapshot"};
  std::string after;
  kill_everywhere(made, command, [&](const fs::path& copy) {
    const auto now = story(copy);
    if (now == before) return;
    if (after.empty()) after = now;
    CHECK(now == after);
    CHECK(now.find("disk replaced 299") != std::string::npos);
  });
}

TEST_CASE("79: a store gc killed at a call that writes removed all of the past it should, or nothing") {
  const test::TempDir made;
  make_workspace(made, "[workspace]\nname = \"t\"\n");
  REQUIRE(run(made.path(), {"import", "incident", "state2.csv", "--source", "pager", "--observed-at",
                            "2025-09-01T00:00:00Z", "--snapshot"})
              .exit_code == 0);
  const auto before = story(made.path());
  kill_everywhere(made, {"store", "gc", "--keep", "incident=300d"}, [&](const fs::path& copy) {
    const auto now = story(copy);
    if (now != before) CHECK(now.find("disk slow") == std::string::npos);
  });
  CHECK(before.find("disk slow") != std::string::npos);
}

TEST_CASE("79: a sync killed at a call that writes goes on and ends like one left alone") {
  constexpr int k_pages = 6;
  constexpr int k_rows = 3500;  // so that three pages fill a batch
  test::ScriptedServer server([](const test::Received& request) {
    const int number = std::stoi(request.query("page"));
    std::string body;
    for (int i = 0; number <= k_pages && i < k_rows; ++i) {
      body += fmt::format("{}{{\"id\":\"p{}-{}\",\"t\":\"page {}\"}}", body.empty() ? "" : ",", number, i, number);
    }
    return test::Reply::json("{\"data\":[" + body + "]}");
  });
  const test::TempDir made;
  made.write("sitrep.toml",
             fmt::format("[workspace]\nname = \"t\"\n[source.pager]\nbase_url = \"{}\"\n[[source.pager.stream]]\n"
                         "name = \"incidents\"\nentity = \"incident\"\npath = \"incidents\"\ndata_selector = \"data\"\n"
                         "paginator = {{ type = \"page_number\" }}\ncolumns = {{ title = \"t\" }}\n",
                         server.url()));
  REQUIRE(run(made.path(), {"note", "add", "pager", "a store to begin with", "--author", "dana"}).exit_code == 0);
  kill_everywhere(made, {"sync"}, [](const fs::path&) {});
}
