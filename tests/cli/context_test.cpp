#include "cli/context.hpp"

#include "base/error.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace sitrep;

namespace {

constexpr std::int64_t k_clock = 1794844800;  // 2026-11-16T16:00:00Z

struct Bench {
  test::TempDir folder;
  std::ostringstream out, err;
  FixedClock clock{unix_time(k_clock)};
  std::map<std::string, std::string> variables;
  cli::Command command{"list", "Lists"};
  cli::Globals globals;
  bool terminal = false;

  Bench() { command.formats({"text", "json", "csv", "ndjson", "markdown"}); }

  cli::Context context() {
    cli::World world;
    world.out = &out;
    world.err = &err;
    world.out_is_terminal = terminal;
    world.clock = &clock;
    world.working_folder = folder.path();
    world.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    world.presets = [](std::string_view) { return std::nullopt; };
    return {std::move(world), globals, command};
  }

  std::string refusal() {
    try {
      context().check_output_options();
    } catch (const Error& e) {
      CHECK(e.kind() == ErrorKind::usage);
      return e.what();
    }
    return "(accepted)";
  }
};

const cli::Table k_table{{{"a"}, {"b"}}, {{std::int64_t{1}, std::string("x")}}};

}  // namespace

TEST_CASE("cli::Context::now is --now, else SITREP_NOW, else --as-of, else the clock") {
  Bench bench;
  CHECK(unix_seconds(bench.context().now()) == k_clock);
  bench.globals.as_of = "2026-11-01";
  CHECK(format_utc(bench.context().now()) == "2026-11-01T00:00:00Z");
  bench.variables["SITREP_NOW"] = "2026-11-10T00:00:00Z";
  CHECK(format_utc(bench.context().now()) == "2026-11-10T00:00:00Z");
  CHECK(format_utc(*bench.context().as_of()) == "2026-11-01T00:00:00Z");
  bench.globals.now = "-1d";
  CHECK(format_utc(bench.context().now()) == "2026-11-15T16:00:00Z");
}

TEST_CASE("cli::Context::as_of counts back from --now") {
  Bench bench;
  bench.globals.now = "2026-11-10T00:00:00Z";
  bench.globals.as_of = "-7d";
  CHECK(format_utc(*bench.context().as_of()) == "2026-11-03T00:00:00Z");
}

TEST_CASE("cli::Context::time reads dates in the workspace's zone and names the option it refuses") {
  Bench bench;
  bench.folder.write("sitrep.toml", "[workspace]\nname = \"t\"\ntimezone = \"America/Los_Angeles\"\n");
  auto context = bench.context();
  CHECK(format_utc(context.time("--since", "2026-11-16")) == "2026-11-16T08:00:00Z");
  CHECK_THROWS_WITH_AS(context.time("--since", "soon"),
                       "--since: 'soon' is not a time; write 2026-11-16, 2026-11-16T08:00:00Z, -7d, yesterday or "
                       "last-monday",
                       Error);
}

TEST_CASE("cli::Context finds the workspace upward and says how to get one") {
  Bench bench;
  CHECK_FALSE(bench.context().has_workspace());
  try {
    bench.context().store_file();
    FAIL("a store outside of a workspace");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::config);
    CHECK(std::string(e.what()).find("run 'sitrep init' here") != std::string::npos);
  }
  bench.folder.write("sitrep.toml", "[workspace]\nname = \"t\"\n");
  std::filesystem::create_directories(bench.folder / "a/b");
  auto world_folder = bench.folder / "a/b";
  auto context = bench.context();
  CHECK(context.store_file() == bench.folder / ".sitrep/store.db");
  bench.globals.store = "other.db";
  CHECK(bench.context().store_file() == std::filesystem::current_path() / "other.db");
}

TEST_CASE("cli::Context::print follows --json, --format, --fields and the extension of -o") {
  struct Case {
    const char* name;
    bool json;
    std::optional<std::string> format, fields;
    std::string expected;
  };
  const Case cases[] = {
      {"text by default", false, {}, {}, "a  b\n1  x\n"},
      {"csv", false, "csv", {}, "a,b\n1,x\n"},
      {"fields", false, "csv", "b", "b\nx\n"},
      {"json",
       true,
       {},
       "b",
       "{\"schema\":\"sitrep.list/1\",\"as_of\":\"2026-11-16T16:00:00Z\",\"rows\":[\n{\"b\":\"x\"}\n]}\n"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Bench bench;
    bench.globals.json = c.json;
    bench.globals.format = c.format;
    bench.globals.fields = c.fields;
    auto context = bench.context();
    context.print(k_table, "list");
    CHECK(bench.out.str() == c.expected);
  }
}

TEST_CASE("cli::Context writes -o at the end as a whole, in the format of its name") {
  Bench bench;
  const auto file = bench.folder.write("out.csv", "old\n");
  bench.globals.outputs = {file.string()};
  auto context = bench.context();
  context.print(k_table, "list");
  const auto text = [&] {
    std::stringstream all;
    all << std::ifstream(file).rdbuf();
    return all.str();
  };
  CHECK(text() == "old\n");
  context.finish();
  CHECK(text() == "a,b\n1,x\n");
  CHECK(bench.out.str().empty());
}

TEST_CASE("cli::Context::check_output_options refuses what the command can't print") {
  Bench bench;
  CHECK(bench.refusal() == "(accepted)");
  bench.globals.format = "xml";
  CHECK(bench.refusal() == "--format: 'list' has no xml; it prints text, json, csv, ndjson, markdown");
  bench.globals.format = "csv";
  bench.globals.json = true;
  CHECK(bench.refusal() == "--json and --format csv contradict each other");
  bench.globals.format.reset();
  bench.command.formats({});
  CHECK(bench.refusal() == "'list' prints no data: --json has no meaning here");
  bench.globals.json = false;
  bench.globals.outputs = {"a", "b"};
  CHECK(bench.refusal() == "'list' writes one file: -o is given 2 times");
  bench.command.writes_outputs();
  CHECK(bench.refusal() == "(accepted)");
}

TEST_CASE("cli::Context::check_output_options refuses --fields where no rows are printed") {
  Bench bench;
  bench.globals.fields = "a";
  CHECK(bench.refusal() == "(accepted)");
  bench.command.formats({"text", "json", "junit"});
  CHECK(bench.refusal() == "--fields selects from rows, and --format text prints none: add --json");
  bench.globals.json = true;
  CHECK(bench.refusal() == "(accepted)");
  bench.command.document();
  CHECK(bench.refusal() == "'list' prints one document, not rows: --fields cannot select from it");
}

TEST_CASE("cli::Context::line goes on below its text, or below its head when that is long") {
  Bench bench;
  const std::string words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
  bench.context().line("\x1b[31mhead\x1b[0m  ", words);
  CHECK(bench.out.str() ==
        "\x1b[31mhead\x1b[0m  one two three four five six seven eight nine ten eleven twelve thirteen\n"
        "      fourteen fifteen\n");
  bench.out.str("");
  bench.context().line(std::string(60, '-'), words);
  CHECK(bench.out.str() == std::string(60, '-') +
                               "\n    one two three four five six seven eight nine ten eleven twelve thirteen\n"
                               "    fourteen fifteen\n");
}

TEST_CASE("cli::Context::color needs a terminal and obeys NO_COLOR, --no-color and TERM=dumb") {
  Bench bench;
  CHECK_FALSE(bench.context().color());
  bench.terminal = true;
  CHECK(bench.context().color());
  bench.variables["NO_COLOR"] = "";
  CHECK(bench.context().color());
  bench.variables["NO_COLOR"] = "1";
  CHECK_FALSE(bench.context().color());
  bench.variables = {{"TERM", "dumb"}};
  CHECK_FALSE(bench.context().color());
  bench.variables.clear();
  bench.globals.no_color = true;
  CHECK_FALSE(bench.context().color());
}

TEST_CASE("cli::Context::note is quiet with -q and shows control bytes as escapes") {
  Bench bench;
  bench.context().note("a\x1b[2J");
  CHECK(bench.err.str() == "a\\x1b[2J\n");
  bench.globals.quiet = true;
  bench.context().note("b");
  CHECK(bench.err.str() == "a\\x1b[2J\n");
}

TEST_CASE("cli::Context refuses a --deadline that is no duration") {
  Bench bench;
  bench.globals.deadline = "soon";
  CHECK_THROWS_WITH_AS(bench.context(), "--deadline: 'soon' is not a duration; write 90s, 10m or 2h", Error);
}
