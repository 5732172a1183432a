#include "cli/completion.hpp"

#include "cli/context.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("cli::completion_nodes visits every visible command with its formats") {
  cli::Command root("sitrep", "Program operations");
  auto& source = root.add("source", "Sources");
  source.add("list", "Lists").formats({"text", "json"});
  root.add("internal", "Nothing").hidden();
  const auto nodes = cli::completion_nodes(root);
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].path.empty());
  CHECK(nodes[2].path == "source list");
  REQUIRE(nodes[2].flags.size() == 1);
  CHECK(nodes[2].flags[0].choices == std::vector<std::string>{"text", "json"});
}

TEST_CASE("cli::shell_quoted survives a quote inside") { CHECK(cli::shell_quoted("it's") == "'it'\\''s'"); }

TEST_CASE("cli::fish_completion offers values without files beside them, and files where a file is asked for") {
  std::optional<std::string> period, file;
  cli::Command root("sitrep", "Program operations");
  auto& list = root.add("list", "Lists");
  list.option("--period", period, "PERIOD", "It's the period").choices({"week", "month"});
  list.option("--from", file, "FILE", "A file").completes("file");
  cli::Globals globals;
  const auto script = cli::fish_completion(root, cli::global_options(globals));
  CHECK(script.find("-l period -x -a 'week month' -d 'It\\'s the period'\n") != std::string::npos);
  CHECK(script.find("-l from -r -F -d 'A file'\n") != std::string::npos);
}
