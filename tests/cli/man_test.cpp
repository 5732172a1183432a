#include "cli/man.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/context.hpp"
#include "cli/man_reference.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

std::vector<cli::ManPage> pages() {
  static std::optional<std::string> path;
  cli::Command root("sitrep", "Program operations");
  auto& source = root.add("source", "Sources");
  auto& show = source.add("show", "Shows one");
  show.option("--path", path, "PATH", "A\\path of 'it'");
  show.description("First.\n\n  kept -x\n\n.dot");
  show.example("sitrep source show pager", "One source");
  show.exits(6, "it is stale");
  show.run([](cli::Context&) { return 0; });
  root.add("internal", "Nothing").hidden();
  cli::Globals globals;
  return cli::man_pages(root, cli::global_options(globals), "1.0");
}

}  // namespace

TEST_CASE("cli::man_pages gives the program and each visible top-level command a page") {
  const auto all = pages();
  REQUIRE(all.size() == 2);
  CHECK(all[0].file == "sitrep.1");
  CHECK(all[1].file == "sitrep-source.1");
}

TEST_CASE("cli::man_pages escapes what troff would take for its own") {
  const auto text = pages()[1].text;
  CHECK(text.find("A\\epath of \\(aqit\\(aq.") != std::string::npos);
  CHECK(text.find("\n\\&.dot\n") != std::string::npos);
  CHECK(text.find("\\fB\\-\\-path\\fR \\fIPATH\\fR") != std::string::npos);
}

TEST_CASE("cli::man_pages puts examples first and names exit codes") {
  const auto text = pages()[1].text;
  CHECK(text.find(".SH EXAMPLES") < text.find(".SH DESCRIPTION"));
  CHECK(text.find("sitrep source show pager\n.EE") != std::string::npos);
  CHECK(text.find(".TP\n6\nsitrep source show: it is stale.") != std::string::npos);
}

TEST_CASE("cli::configuration_page shows each key with type and meaning, inner tables dotted") {
  CHECK_THROWS_AS(cli::configuration_page("{\"definitions\":{},\"properties\":{}}", "1.0"), Error);
  const auto schema = read_file(std::filesystem::path(SITREP_SOURCE_DIR) / "cmd/sitrep.schema.json");
  const auto page = cli::configuration_page(schema, "1.0");
  CHECK(page.file == "sitrep.toml.5");
  CHECK(page.text.find(".SH \"[[rule]]\"\n") != std::string::npos);
  CHECK(page.text.find("\\fBretry.max\\fR (integer)\ntries beyond the first.") != std::string::npos);
  CHECK(page.text.find("\\fBtype\\fR (one of none, bearer, api_key, http_basic)") != std::string::npos);
}

TEST_CASE("cli::entities_page has every entity and the vocabulary of its columns") {
  const auto text = cli::entities_page("1.0").text;
  CHECK(text.find(".SH incident\n") != std::string::npos);
  CHECK(text.find("SEV1 is the worst: SEV1, SEV2, SEV3, SEV4, SEV5.") != std::string::npos);
}

TEST_CASE("cli::roff_text is safe at the start of a line and outside of ASCII") {
  CHECK(cli::roff_text(".x\n'y") == "\\&.x\n\\&'y");
  CHECK(cli::roff_text("a\\-…") == "a\\e\\-\\[u2026]");
}
