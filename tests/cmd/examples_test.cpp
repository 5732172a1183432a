#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

/// Commands that exit with 1 when they found what they look for, or nothing of it; of every other 1 would be a defect.
bool may_find_something(std::string_view example) {
  for (const std::string_view command : {"sitrep check", "sitrep launch check", "sitrep doc check", "sitrep doctor",
                                         "sitrep launch file", "sitrep history"})
    if (example.starts_with(command)) return true;
  return example.find("--exit-code") != example.npos || example.find("--check") != example.npos;
}

/// Examples whose output is a table or sentences for people: neither a file's text, nor data, nor a place in a file,
/// which editors read from the line's start.
bool is_for_people(std::string_view path, std::string_view example) {
  for (const std::string_view part :
       {"--format", "--json", "--dry-run", "-o ", ">", "sitrep slo list --fields", "presets pagerduty"})
    if (example.find(part) != example.npos) return false;
  for (const std::string_view command :
       {"completion",   "config schema",  "doc check",      "doc new",       "doc refresh",
        "help",         "demo",           "init",           "launch check",  "launch new",
        "launch file",  "metric explain", "publish",        "report schema", "source show",
        "store export", "sync",           "template check", "template diff", "template render",
        "template show"})
    if (path == "sitrep " + std::string(command)) return false;
  return true;
}

}  // namespace

TEST_CASE("every example of the help runs, and what it prints for people keeps to 80 columns") {
  const test::TempDir folder;
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.timeout = std::chrono::minutes{10};  // `sitrep demo` with sanitizers on a busy machine
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  const auto list = test::run_sitrep({"help", "--examples"}, options);
  REQUIRE(list.exit_code == 0);
  const test::ServedWorkspace workspace(folder.path());
  write_file(folder.path() / "note.md", "Hello {{ name }}\n");
  write_file(folder.path() / "note.json", "{\"name\": \"dana\"}");
  write_file(folder.path() / "incidents.csv", "id,title,started_at\nINC-9,Slow,2026-11-01T00:00:00Z\n");
  write_file(folder.path() / "dump.json", R"({"data": [{"id": "LR-400", "name": "Wallets", "state": "draft"}]})");
  for (const auto line : split_views(trim_view(list.out), '\n')) {
    const auto parts = split_views(line, '\t');
    if (parts.size() < 2) continue;
    const std::string example(parts[1]);
    CAPTURE(example);
    const auto result = test::run_program("/bin/bash", {"-c", example}, options);
    CAPTURE(result.err);
    if (is_for_people(parts[0], example)) {
      for (const auto shown : split_views(result.out, '\n')) {
        CAPTURE(shown);
        CHECK(display_width(shown) <= 80);
      }
    }
    CHECK_MESSAGE((result.exit_code == 0 || (result.exit_code == 1 && may_find_something(example))),
                  "exit code " << result.exit_code);
  }
}
