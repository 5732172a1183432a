// --fields over the command tree: every command that prints JSON obeys it, or refuses it before it does anything.
#include "base/file.hpp"
#include "base/text.hpp"
#include "example_workspace.hpp"
#include "json/value.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace sitrep;

namespace {

/// Names and sizes of the workspace's own files: what a command that refuses must leave as it is.
std::map<std::string, std::uintmax_t> files_of(const std::filesystem::path& folder) {
  std::map<std::string, std::uintmax_t> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto name = entry.path().lexically_relative(folder).string();
    if (entry.is_regular_file() && !name.starts_with(".sitrep")) files.emplace(name, entry.file_size());
  }
  return files;
}

/// The command's first example that says neither where its output goes nor in which format, with more flags.
std::string with_flags(std::string_view path, std::string_view example, std::string_view flags) {
  std::string line(example);
  const auto at = line.find(path);
  REQUIRE(at != std::string::npos);
  return line.insert(at + path.size(), " " + std::string(flags));
}

std::map<std::string, std::string> examples(const test::RunOptions& options) {
  std::map<std::string, std::string> found;
  const auto list = test::run_sitrep({"help", "--examples"}, options);
  REQUIRE(list.exit_code == 0);
  for (const auto line : split_views(trim_view(list.out), '\n')) {
    const auto parts = split_views(line, '\t');
    const bool plain = parts.size() == 2 && parts[1].find("--format") == std::string_view::npos &&
                       parts[1].find("--json") == std::string_view::npos &&
                       parts[1].find(" -o ") == std::string_view::npos;
    if (plain)
      found.emplace(parts[0], replace_all(replace_all(parts[1], "INC-1902", "INC-1"), "'Checkout wallets'", "Others"));
  }
  return found;
}

/// What "; there are a, b, c" names at the end of a refusal.
std::vector<std::string> names_told(std::string_view message) {
  constexpr std::string_view k_before = "; there are ";
  const auto at = message.find(k_before);
  std::vector<std::string> names;
  if (at == std::string_view::npos) return names;
  auto list = message.substr(at + k_before.size());
  list = list.substr(0, list.find('"'));
  for (const auto name : split_views(list, ',')) names.emplace_back(trim_view(name));
  return names;
}

}  // namespace

TEST_CASE("--fields: every command that prints JSON obeys it or refuses it, and refuses before it acts") {
  const test::TempDir folder;
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  const test::ServedWorkspace workspace(folder.path());
  const auto launch = test::run_sitrep(
      {"launch", "new", "Checkout wallets", "--service", "checkout-api", "-o", "launches/checkout-wallets.md"},
      options);
  CHECK(launch.exit_code == 0);
  write_file(folder.path() / "incidents.csv", "id,title,started_at\nINC-9,Slow,2026-11-01T00:00:00Z\n");
  std::size_t obeyed = 0, documents = 0;
  std::string failed;  // for another reason than --fields: an example may need what an earlier one makes
  for (const auto& [path, example] : examples(options)) {
    CAPTURE(example);
    const auto before = files_of(folder.path());
    const auto refused =
        test::run_program("/bin/bash", {"-c", with_flags(path, example, "--json --fields zzzzz")}, options);
    CAPTURE(refused.err);
    if (refused.err.find("--json has no meaning here") != std::string::npos) continue;  // prints no data
    if (refused.err.find("has no json") != std::string::npos) continue;
    if (refused.err.find("--fields") == std::string::npos) {
      CHECK(refused.exit_code != 0);
      failed += example + "\n";
      continue;
    }
    CHECK(files_of(folder.path()) == before);
    if (refused.err.find("prints one document") != std::string::npos) {
      ++documents;
      continue;
    }
    const auto names = names_told(refused.err);
    REQUIRE(names.size() >= 1);
    const auto asked = names.size() > 1 ? names.back() + "," + names.front() : names.front();
    const auto result =
        test::run_program("/bin/bash", {"-c", with_flags(path, example, "--json --fields '" + asked + "'")}, options);
    CAPTURE(asked);
    CAPTURE(result.err);
    if (!result.out.starts_with("{\"schema\":")) {
      CHECK(result.err.find("--fields") == std::string::npos);
      failed += example + "\n";
      continue;
    }
    json::Document document;
    const auto rows = document.parse(result.out).get("rows");
    REQUIRE(rows);
    for (const json::Member row : rows->members()) {
      std::string keys;
      for (const json::Member member : row.value.members()) keys += (keys.empty() ? "" : ",") + std::string(member.key);
      // The last name of JSON that no table made may stand beside the rows.
      CHECK((keys == asked || (keys == names.front() && document.root().get(names.back()))));
    }
    ++obeyed;
  }
  CAPTURE(failed);
  CHECK(obeyed >= 40);
  CHECK(documents >= 1);
}

TEST_CASE("--fields: refused where a format prints no rows, and picks rows where text is a table") {
  const test::TempDir folder;
  test::write_example_workspace(folder.path());
  const auto sitrep = [&](const std::vector<std::string>& args) {
    return test::run_sitrep(args, {.folder = folder.path(), .environment = {}, .input = {}});
  };
  for (const auto& args : std::vector<std::vector<std::string>>{{"metric", "show", "incidents", "--fields", "value"},
                                                                {"check", "--format", "junit", "--fields", "state"},
                                                                {"check", "--format", "github", "--fields", "state"}}) {
    CAPTURE(args);
    const auto result = sitrep(args);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("--fields selects from rows") != std::string::npos);
  }
  const auto report = sitrep({"report", "weekly-health", "--json", "--fields", "title"});
  CHECK(report.exit_code == 2);
  CHECK(report.err.find("prints one document") != std::string::npos);
  const auto health = sitrep({"health", "--fields", "program,color"});
  CHECK(health.exit_code == 0);
  CHECK(health.out.starts_with("program"));
}
