#include "cli/help.hpp"

#include "cli/context.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("cli::help_text shows usage, arguments, options with their choices, formats and examples") {
  std::optional<std::string> period;
  std::vector<std::string> services;
  cli::Command root("sitrep", "Program operations");
  auto& list = root.add("list", "Lists budgets");
  list.positional("SERVICE", services, "Services to list");
  list.option("--period", period, "PERIOD", "The period").choices({"week", "month"});
  list.formats({"text", "json"});
  list.example("sitrep list api", "One service");
  list.run([](cli::Context&) { return 0; });
  cli::Globals globals;
  CHECK(cli::help_text(list, cli::global_options(globals), 80) ==
        "Lists budgets.\n"
        "\n"
        "Usage: sitrep list [SERVICE…] [options]\n"
        "\n"
        "Arguments:\n"
        "  SERVICE  Services to list\n"
        "\n"
        "Options:\n"
        "      --period PERIOD  The period; one of week, month\n"
        "      --format FORMAT  text, json; --json for json\n"
        "\n"
        "Examples:\n"
        "  sitrep list api\n"
        "      One service\n"
        "\n"
        "Options of every command: sitrep help\n");
}

TEST_CASE("cli::help_text lists commands under their headings and leaves hidden ones out") {
  cli::Command root("sitrep", "Program operations");
  root.add("sync", "Pulls").group("Data");
  root.add("report", "Writes").group("Reports");
  root.add("import", "Reads a file").group("Data");
  root.add("secret", "Nothing").hidden();
  cli::Globals globals;
  const auto text = cli::help_text(root, cli::global_options(globals), 80);
  CHECK(text.find("\nData:\n  sync    Pulls\n  import  Reads a file\n\nReports:\n  report  Writes\n") !=
        std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("cli::wrapped fills paragraphs and keeps lines that start with a blank") {
  CHECK(cli::wrapped("one two\nthree four five six\n\n  kept as   it is\n  too", 24, 2) ==
        "  one two three four\n  five six\n\n    kept as   it is\n    too\n");
}
