// `sitrep query` on a terminal of its own.
#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/temp_dir.hpp"
#include "terminal.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace sitrep;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("sitrep query on a terminal prompts, completes names, survives mistakes and keeps a history") {
  const test::TempDir folder;
  folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  REQUIRE(test::run_sitrep({"note", "add", "Ledger", "disks came", "--author", "dana"},
                           {.folder = folder.path(), .environment = {}, .input = {}})
              .exit_code == 0);
  {
    test::Terminal terminal(folder.path(), {"query"});
    CHECK(terminal.shows(".help says more"));
    REQUIRE(terminal.shows("sitrep> "));
    terminal.type("select disk, tex\t");
    terminal.type("from no\t\t");
    CHECK(terminal.shows("text from note"));
    CHECK(terminal.shows("note_history"));
    terminal.type(";\n");
    CHECK(terminal.shows("no such column: disk"));
    terminal.type("select text from note;\n");
    CHECK(terminal.shows("disks came"));
    terminal.type("select nonsense from note;\n");
    CHECK(terminal.shows("no such column: nonsense"));
    terminal.type("select 40\n");
    CHECK(terminal.shows("...> "));
    terminal.type("+ 2 as sum;\n");
    CHECK(terminal.shows("42"));
    terminal.type("select 2 * unicode('é') as twice;\n");
    CHECK(terminal.shows("466"));
    terminal.type(".columns note\n");
    CHECK(terminal.shows("author"));
    terminal.type("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;\n");
    CHECK(terminal.shows("from n;"));
    ::usleep(500'000);
    terminal.type("\x03");
    CHECK(terminal.shows("query: stopped"));
    CHECK(terminal.shows("sitrep> "));
    CHECK(terminal.end() == 0);
  }
  const auto history = folder / ".local/state/sitrep/query_history";
  REQUIRE(std::filesystem::exists(history));
  CHECK((std::filesystem::status(history).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(has(read_file(history), "nonsense"));
}

TEST_CASE("sitrep query without SQL and without a terminal says what to give") {
  const test::TempDir folder;
  const auto result = test::run_sitrep({"query"}, {.folder = folder.path(), .environment = {}, .input = {}});
  CHECK(result.exit_code == 2);
  CHECK(has(result.err, "give one of SQL"));
}
