#include "cli/parse.hpp"

#include "base/error.hpp"
#include "cli/context.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

/// A small tree: `list` (runs, with every kind of option), `source show` (one argument), `copy FILE… TO`.
struct Tree {
  std::optional<std::string> period, note;
  std::vector<std::string> services, files;
  std::optional<std::int64_t> limit;
  std::string name, to;
  bool full = false;
  cli::Globals globals;
  cli::Command root{"sitrep", "test"};
  cli::Command flags = cli::global_options(globals);

  Tree() {
    const auto nothing = [](cli::Context&) { return 0; };
    auto& list = root.add("list", "Lists");
    list.option("--period", period, "PERIOD", "the period").choices({"week", "month"});
    list.option("--service", services, "NAME", "a service");
    list.option("-n,--limit", limit, "N", "how many");
    list.option("--note", note, "TEXT", "any text");
    list.option("--full", full, "everything");
    list.positional("FILE", files, "files");
    list.run(nothing);
    auto& source = root.add("source", "Sources");
    source.add("show", "Shows").run(nothing).positional("NAME", name, "the source");
    source.add("list", "Lists").run(nothing);
    auto& copy = root.add("copy", "Copies").run(nothing);
    copy.positional("FILE", files, "what").required();
    copy.positional("TO", to, "where");
  }

  cli::Parsed parse(const std::vector<std::string>& args) { return cli::parse(root, flags, args); }
};

std::string message_of(const std::vector<std::string>& args) {
  Tree tree;
  try {
    tree.parse(args);
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::usage);
    return e.what();
  }
  return "(accepted)";
}

}  // namespace

TEST_CASE("cli::parse finds the command and stores its options") {
  Tree tree;
  const auto parsed =
      tree.parse({"list", "a.csv", "--period", "week", "--service=api", "--service", "web", "-n5", "b.csv", "--full"});
  CHECK(parsed.command->path() == "sitrep list");
  CHECK(tree.period == "week");
  CHECK(tree.services == std::vector<std::string>{"api", "web"});
  CHECK(tree.limit == 5);
  CHECK(tree.full);
  CHECK(tree.files == std::vector<std::string>{"a.csv", "b.csv"});
}

TEST_CASE("cli::parse takes global options in front of, between and behind the commands") {
  const std::vector<std::vector<std::string>> lines = {{"-C", "ws", "--json", "-v", "source", "show", "pager"},
                                                       {"source", "-Cws", "--json", "-v", "show", "pager"},
                                                       {"source", "show", "pager", "-C", "ws", "-v", "--json"},
                                                       {"-vCws", "source", "show", "--json", "pager"}};
  for (const auto& line : lines) {
    CAPTURE(line.front());
    Tree tree;
    CHECK(tree.parse(line).command->path() == "sitrep source show");
    CHECK(tree.globals.folder == "ws");
    CHECK(tree.globals.json);
    CHECK(tree.globals.verbose);
    CHECK(tree.name == "pager");
  }
}

TEST_CASE("cli::parse leaves values alone that look like something else") {
  struct Case {
    const char* name;
    std::vector<std::string> args;
    std::string note;
  };
  const Case cases[] = {{"a time that starts with a dash", {"list", "--note", "-7d"}, "-7d"},
                        {"the name of a command", {"list", "--note", "source"}, "source"},
                        {"JSON", {"list", "--note", "[1,2]"}, "[1,2]"},
                        {"an empty value", {"list", "--note=", "a"}, ""},
                        {"a value with '='", {"list", "--note=a=b"}, "a=b"},
                        {"a flag's name", {"list", "--note", "--full"}, "--full"},
                        {"the last one wins", {"list", "--note", "a", "--note", "b"}, "b"}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Tree tree;
    tree.parse(c.args);
    CHECK(tree.note == c.note);
  }
}

TEST_CASE("cli::parse reads arguments behind -- and those that name a command as arguments") {
  Tree tree;
  tree.parse({"list", "source", "--", "--full", "--", "-x"});
  CHECK(tree.files == std::vector<std::string>{"source", "--full", "--", "-x"});
  CHECK_FALSE(tree.full);
}

TEST_CASE("cli::parse gives a list what the required arguments behind it leave") {
  Tree tree;
  tree.parse({"copy", "a", "b", "c"});
  CHECK(tree.files == std::vector<std::string>{"a", "b"});
  CHECK(tree.to == "c");
}

TEST_CASE("cli::parse refuses in one line and says what was meant") {
  struct Case {
    std::vector<std::string> args;
    std::string message;
  };
  const Case cases[] = {
      {{"list", "--perid", "week"}, "unknown option '--perid' of 'sitrep list'; did you mean '--period'?"},
      {{"list", "--jsn"}, "unknown option '--jsn' of 'sitrep list'; did you mean '--json'?"},
      {{"list", "-z"}, "unknown option '-z' of 'sitrep list'; see 'sitrep list -h'"},
      {{"source", "shwo"}, "unknown command 'sitrep source shwo'; did you mean 'show'?"},
      {{"source"}, "'sitrep source' needs a command: show, list"},
      {{"source", "show"}, "'sitrep source show' needs NAME: the source; see 'sitrep source show -h'"},
      {{"source", "show", "a", "b"}, "unexpected argument 'b' of 'sitrep source show'; see 'sitrep source show -h'"},
      {{"list", "--period", "weak"}, "--period: 'weak' is not one of week, month; did you mean 'week'?"},
      {{"list", "--limit", "many"}, "--limit: 'many' is not a whole number"},
      {{"list", "--config", ""}, "--config: '' is the name of no file; is a variable not set?"},
      {{"list", "--period"}, "option '--period' of 'sitrep list' needs a value: PERIOD"},
      {{"list", "--full=no"}, "(accepted)"},
      {{"source", "list", "--json=no"},
       "unexpected argument 'no' of 'sitrep source list'; see 'sitrep source list -h'"},
      {{"copy", "a"}, "'sitrep copy' needs FILE: what; see 'sitrep copy -h'"},
      {{"list", "--no\nte"}, "unknown option '--no\\nte' of 'sitrep list'; did you mean '--note'?"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.args.back());
    CHECK(message_of(c.args) == c.message);
  }
}

TEST_CASE("cli::parse stores nothing from a line it refuses") {
  Tree tree;
  CHECK_THROWS_AS(tree.parse({"list", "--period", "week", "--bogus"}), Error);
  CHECK_FALSE(tree.period);
}

TEST_CASE("cli::parse hands back a first word that is no command, with what stands around it") {
  Tree tree;
  const auto parsed = tree.parse({"-C", "ws", "hello", "--json", "x"});
  CHECK(parsed.unknown == "hello");
  CHECK(parsed.before == std::vector<std::string>{"-C", "ws"});
  CHECK(parsed.after == std::vector<std::string>{"--json", "x"});
}

TEST_CASE("cli::parse answers -h and --version before it checks the rest") {
  Tree tree;
  CHECK(tree.parse({"source", "show", "-h"}).help);
  CHECK(tree.parse({"--version"}).version);
  CHECK(tree.parse({}).help);
  CHECK(tree.parse({"copy", "--help"}).command->path() == "sitrep copy");
}
