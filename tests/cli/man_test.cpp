#include "cli/man.hpp"

#include "cli/config_schema.hpp"
#include "cli/context.hpp"
#include "cli/man_reference.hpp"
#include "config/knobs.hpp"
#include "json/value.hpp"

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

TEST_CASE("cli::configuration_page shows each key with type, meaning, default and example, inner tables dotted") {
  const auto page = cli::configuration_page("1.0");
  CHECK(page.file == "sitrep.toml.5");
  CHECK(page.text.find(".SH \"[[rule]]\"\n") != std::string::npos);
  CHECK(
      page.text.find("\\fBretry.max\\fR (integer)\ntries beyond the first; default: 5.\n.br\n\\fIretry.max = 3\\fR") !=
      std::string::npos);
  CHECK(page.text.find("\\fBlocation\\fR (one of header, query)") != std::string::npos);
}

TEST_CASE("cli::config_schema defines every table that it refers to") {
  json::Document document;
  const auto root = document.parse(cli::config_schema());
  const auto definitions = *root.get("definitions");
  std::size_t references = 0;
  for (const auto& table : config::knob_tables()) {
    for (const auto& knob : table.knobs) {
      using Type = config::KnobType;
      if (knob.type != Type::table && knob.type != Type::tables && knob.type != Type::named) continue;
      CAPTURE(std::string(knob.key));
      CHECK(definitions.get(knob.of).has_value());
      ++references;
    }
  }
  CHECK(references > 10);
  const auto paginator = *definitions.get("paginator");
  CHECK(paginator.get("properties")->get("type")->get("enum")->at(0)->reads_as("single_page"));
  CHECK(paginator.get("required")->at(0)->reads_as("type"));
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
