#include "base/file.hpp"
#include "base/text.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Whether the word stands in the text by itself, whatever its case.
bool has_word(std::string_view whole, std::string_view wanted) {
  const auto text = lower_ascii(whole), word = lower_ascii(wanted);
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

/// A page without its style sheet and script, whose words are no data.
std::string without_style(std::string text) {
  for (const auto* tag : {"style", "script"}) {
    const auto open = "<" + std::string(tag), close = "</" + std::string(tag) + ">";
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open))
      text.erase(at, text.find(close, at) + close.size() - at);
  }
  return text;
}

}  // namespace

TEST_CASE("sitrep demo refuses a folder with other files, and leaves them alone") {
  const test::TempDir folder;
  folder.write("work/thesis.txt", "mine");
  const auto result = test::run_sitrep({"demo", "work"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find("work is not empty and no demo workspace") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / "work/sitrep.toml"));
}

TEST_CASE("sitrep demo --serve tells the story, serves other commands and ends by SIGTERM with 0") {
  const test::TempDir folder;
  test::RunOptions options{.folder = folder.path(), .environment = {}, .input = {}};
  options.timeout = std::chrono::minutes{10};  // sanitizers on a busy machine
  options.environment["PATH"] = test::sitrep_binary().parent_path().string() + ":/usr/bin:/bin";
  // The shell waits for the line that --serve ends with, tries what it is for, and interrupts it.
  const auto result = test::run_program("/bin/bash", {"-c", R"(
set -e
sitrep demo d --serve --now 2026-11-16T16:00:00Z > out 2> err & demo=$!
for _ in $(seq 3000); do grep -q 'until you press Ctrl-C' out && break; kill -0 $demo || break; sleep 0.1; done
sitrep -C d --now 2026-11-16T16:05:00Z sync launches tracker > sync.txt
sitrep -C d query --format csv "select count(*) from launch_review" > reviews.csv
sitrep -C d --now 2026-11-16T16:05:00Z report weekly-health --redact partner -o r.md -o r.html -o r.json
sitrep -C d query --format csv "select owner from program union select sponsor from program union select owner from service
  union select owner from launch_review union select approver from launch_approval union select author from incident_update
  union select owner from action_item union select owner from milestone union select owner from risk
  union select owner from capacity_resource" > names.csv
kill -TERM $demo
wait $demo
)"},
                                        options);
  CAPTURE(result.err);
  CAPTURE(read_file(folder / "err"));
  REQUIRE(result.exit_code == 0);
  const auto out = read_file(folder / "out");
  for (const char* line : {"Ledger migration    RED", "Checkout 3          YELLOW", "Support tooling     GREY",
                           "Edge consolidation  GREEN"}) {
    CAPTURE(line);
    CHECK(out.find(line) != std::string::npos);
  }
  CHECK(read_file(folder / "reviews.csv").find("120") != std::string::npos);
  CHECK(read_file(folder / "d/reports/weekly-health.md").find("Ledger migration is declared green but is red") !=
        std::string::npos);
  CHECK(std::filesystem::exists(folder / "d/launches/wallets-for-partners.md"));

  // Nobody's name is left in the redacted report, whether it is written with or without the domain.
  std::string redacted;
  for (const char* file : {"r.md", "r.html", "r.json"}) redacted += without_style(read_file(folder / "d" / file));
  const auto names = read_file(folder / "names.csv");
  std::size_t looked_for = 0;
  for (const auto line : split_views(names, '\n')) {
    const auto name = trim_view(line);
    if (name.size() < 2 || name == "owner") continue;
    ++looked_for;
    CAPTURE(std::string(name));
    CHECK_FALSE(has_word(redacted, name));
    CHECK_FALSE(has_word(redacted, name.substr(0, name.find('@'))));
  }
  CHECK(looked_for > 20);
  CHECK(redacted.find("person ") != std::string::npos);
}
