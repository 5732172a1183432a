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
