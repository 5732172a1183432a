#include "config/config.hpp"
#include "config/document_config.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"

using namespace sitrep;

namespace {

config::Config parse(std::string_view toml) {
  const auto presets = [](std::string_view) -> std::optional<std::string_view> { return std::nullopt; };
  const auto environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  return config::parse(toml, "/w/sitrep.toml", presets, environment);
}

std::string error_of(std::string_view toml) {
  try {
    parse(toml);
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::config);
    return e.what();
  }
  return "(no error)";
}

}  // namespace

TEST_CASE("config::parse reads the workspace and defaults to UTC and Monday") {
  const auto empty = parse("");
  CHECK(empty.name == "w");
  CHECK(empty.timezone == "UTC");
  CHECK(empty.calendar.week_starts == std::chrono::Monday);

  const auto config = parse(R"(
[workspace]
name = "Payments infrastructure"
timezone = "America/Los_Angeles"
week_starts = "sunday"
)");
  CHECK(config.name == "Payments infrastructure");
  CHECK(config.calendar.zone.name() == "America/Los_Angeles");
  CHECK(config.calendar.week_starts == std::chrono::Sunday);
}

TEST_CASE("config::parse names file, line and column of a mistake, and what was meant") {
  struct Case {
    const char* name;
    std::string toml;
    std::string expected;
  };
  const Case cases[] = {
      {"unknown key", "[workspace]\nnmae = \"x\"\n",
       "sitrep.toml:2:8: unknown key 'nmae' in [workspace]; did you mean 'name'?"},
      {"unknown table", "[worksapce]\nname = \"x\"\n",
       "sitrep.toml:1:1: unknown key 'worksapce'; did you mean 'workspace'?"},
      {"wrong type", "[workspace]\nname = 3\n", "sitrep.toml:2:8: 'name' in [workspace] must be a string"},
      {"unknown zone", "[workspace]\ntimezone = \"Mars/Olympus\"\n",
       "sitrep.toml:2:12: 'Mars/Olympus' is not a time zone of this system's tzdata; use a name such as Europe/Berlin"},
      {"unknown choice", "[workspace]\nweek_starts = \"munday\"\n",
       "sitrep.toml:2:15: 'week_starts' in [workspace] is 'munday'; it takes monday, sunday, saturday; did you mean "
       "'monday'?"},
      {"rule without thresholds", "[[rule]]\nmetric = \"m\"\n",
       "sitrep.toml:1:1: [[rule]] needs 'yellow', 'red' or 'worse', or it never says anything"},
      {"threshold that is no comparison", "[[rule]]\nmetric = \"m\"\nred = \"21\"\n",
       "sitrep.toml:3:7: 'red' in [[rule]] must be a comparison with a number, such as \"> 21\", not \"21\""},
      {"exemption without an end", "[[exemption]]\nrule = \"m\"\nowner = \"dana\"\nreason = \"r\"\n",
       "sitrep.toml:1:1: [[exemption]] needs 'expires': an exemption without an end is a deleted rule"},
      {"day that does not exist",
       "[[exemption]]\nrule = \"m\"\nowner = \"dana\"\nreason = \"r\"\nexpires = \"2026-02-30\"\n",
       "sitrep.toml:5:11: 'expires' in [[exemption]] must be a day such as 2026-12-15"},
      {"own entity with a built-in name", "[entity.incident]\ncolumns = { a = \"text\" }\n",
       "sitrep.toml:1:1: 'incident' cannot name an own entity: lower-case letters, digits and _, and not a built-in "
       "one"},
      {"own entity whose name the store needs", "[entity.json_each]\ncolumns = { a = \"text\" }\n",
       "sitrep.toml:1:1: [entity.json_each]: the store needs this name itself; choose another one"},
      {"own entity whose name another one makes", "[entity.foo_history]\ncolumns = { a = \"text\" }\n",
       "sitrep.toml:1:1: [entity.foo_history]: the store needs this name itself; choose another one"},
      {"own entity whose name a metric needs", "[entity.runway]\ncolumns = { a = \"text\" }\n",
       "sitrep.toml:1:1: [entity.runway]: the store needs this name itself; choose another one"},
      {"own column that every entity has", "[entity.x]\ncolumns = { a = \"text\", source = \"text\" }\n",
       "sitrep.toml:2:11: every entity has a column 'source' already; choose another name for that of [entity.x]"},
      {"two rules of one name on one line",
       "rule = [{ metric = \"m\", red = \"> 1\" }, { metric = \"m\", red = \"> 2\" }]\n",
       "sitrep.toml:1:40: there are two rules named 'm'"},
      {"a number that is none", "[metric.a]\nkind = \"count\"\nsql = \"select 1\"\nminimum_n = nan\n",
       "sitrep.toml:4:13: 'minimum_n' in [metric.a] must be a finite number"},
      {"an infinite share", "[metric.a]\nkind = \"count\"\nsql = \"select 1\"\nminimum_coverage = inf\n",
       "sitrep.toml:4:20: 'minimum_coverage' in [metric.a] must be a finite number"},
      {"two metrics of one name are a duplicate key", "[metric.a]\nkind = \"count\"\nsql = \"select 1\"\n[metric.a]\n",
       ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto error = error_of(c.toml);
    if (c.expected.empty())
      CHECK(error.starts_with("sitrep.toml:4:"));
    else
      CHECK(error == c.expected);
  }
}

TEST_CASE("config::parse refuses broken TOML with its place") {
  struct Case {
    const char* name;
    std::string toml;
    const char* place;
  };
  const Case cases[] = {
      {"duplicate key", "[workspace]\nname = \"a\"\nname = \"b\"\n", "sitrep.toml:3:"},
      {"bad escape", "[workspace]\nname = \"\\q\"\n", "sitrep.toml:2:"},
      {"invalid UTF-8", "[workspace]\nname = \"\xff\"\n", "sitrep.toml:2:"},
      {"date out of range", "[workspace]\nname = 2026-13-01\n", "sitrep.toml:2:"},
      {"deep nesting", "a = " + std::string(5000, '[') + "\n", "sitrep.toml:1:"},
      {"larger than any configuration", std::string(2 << 20, '#'), "sitrep.toml: larger than 1 MiB"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto error = error_of(c.toml);
    CHECK_MESSAGE(error.starts_with(c.place), error);
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("config::parse reads metrics, rules, exemptions, entities, queries and the launch policy") {
  const std::string toml = R"(
[metric.conversion]
title = "Conversion"
kind = "proportion"
better = "higher"
sql = "select 1 good, 2 total"
target = ">= 0.62"

[[rule]]
metric = "conversion"
yellow = "< 0.6"
red = "< 0.5"

[[exemption]]
rule = "conversion"
program = "P"
owner = "dana"
reason = "agreed"
expires = 2026-12-15

[entity.migration]
columns = { name = "text", percent = "real", due_date = "date" }
key = ["name"]

[queries]
worst = "select 1"

[launch]
required_sections = ["Rollback"]
approvers = ["security"]
review_days = { default = 5, security = 7 }
[launch.tier.1]
required_sections = ["Load test"]
[launch.phase.ga]
approvers = ["legal"]
[[launch.freeze]]
name = "Year end"
from = 2026-12-15
to = 2027-01-04
[[launch.exception]]
review = "launches/a.md"
code = "L032"
owner = "dana"
reason = "law"
expires = 2026-12-20
[redact.partner]
people = "drop"
columns = { "incident.title" = "keep" }
[publish.weekly]
type = "slack"
url = { env = "HOOK" }
report = "weekly-health"
redact = "partner"
)";
  const auto config = parse(toml);
  const auto documents = config::parse_document_config(toml, "/w/sitrep.toml");
  REQUIRE(config.metrics.size() == 1);
  CHECK(config.metrics[0].target->met_by(0.62));
  CHECK_FALSE(config.metrics[0].target->met_by(0.61));
  REQUIRE(config.rules.size() == 1);
  CHECK(config.rules[0].name == "conversion");
  CHECK(config.rules[0].red->bound == 0.5);
  REQUIRE(config.exemptions.size() == 1);
  CHECK(format_date(*config.exemptions[0].expires) == "2026-12-15");
  REQUIRE(config.entities.size() == 1);
  CHECK(config.entities[0].find("percent")->type == model::ColumnType::real);
  CHECK(config.queries.at("worst") == "select 1");
  CHECK(config.launch.review_days.at("security") == 7);
  CHECK(config.launch.required_sections_by_tier.at(1) == std::vector<std::string>{"Load test"});
  CHECK(documents.launch.by_phase.at("ga").approvers == std::vector<std::string>{"legal"});
  REQUIRE(documents.launch.freezes.size() == 1);
  CHECK(format_date(documents.launch.freezes[0].to) == "2027-01-04");
  REQUIRE(documents.launch.exceptions.size() == 1);
  CHECK(format_date(*documents.launch.exceptions[0].expires) == "2026-12-20");
  REQUIRE(documents.redactions.size() == 1);
  CHECK(documents.redactions[0].people == config::Redaction::How::drop);
  CHECK(documents.redactions[0].columns.at("incident.title") == config::Redaction::How::keep);
  REQUIRE(documents.publish.size() == 1);
  CHECK(documents.publish[0].url.text == "HOOK");
}
