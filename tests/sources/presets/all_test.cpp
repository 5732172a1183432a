#include "sources/presets.hpp"

#include <set>

#include "sources/mapping.hpp"
#include "sources/presets/preset_world.hpp"

using namespace sitrep;
using test::preset_source;

TEST_CASE("each preset is a valid source with the lines that it says it needs") {
  for (const std::string_view name :
       {"prometheus",      "alertmanager",    "pagerduty", "statuspage",         "statuspage-manage",
        "incident-io",     "firehydrant",     "opsgenie",  "grafana-oncall",     "jira",
        "github",          "gitlab",          "zendesk",   "servicenow",         "redmine",
        "request-tracker", "kubernetes",      "backstage", "aws-service-quotas", "google-cloud-status",
        "stripe-style",    "docker-registry", "odata",     "json-api",           "command"}) {
    CAPTURE(std::string(name));
    CHECK(sources::preset_lookup(name).has_value());
  }
  for (const auto& about : sources::preset_descriptions()) {
    CAPTURE(about.name);
    const auto source = preset_source(about.name);
    CHECK_FALSE(source.streams.empty());
    for (const auto& stream : source.streams) {
      CHECK_NOTHROW(
          sources::make_mapping(stream, [](std::string_view entity) { return model::find_built_in(entity); }));
      CHECK_NOTHROW(sources::make_plan(stream, {}, {}, unix_time(1'795'000'000)));
    }
  }
  CHECK(sources::preset_lookup("nonsense") == std::nullopt);
}

TEST_CASE("each preset says what it pulls, each stream of it by name, and what it can't do") {
  for (const auto& about : sources::preset_descriptions()) {
    CAPTURE(about.name);
    for (const auto* text : {&about.description, &about.pulls, &about.access, &about.limits, &about.lacks}) {
      CHECK(text->size() > 4);
      CHECK(text->find('\n') == std::string::npos);
    }
    for (const auto& stream : preset_source(about.name).streams) {
      CAPTURE(stream.name);
      CHECK(about.pulls.find("`" + stream.name + "`") != std::string::npos);
    }
  }
}

TEST_CASE("the presets that were not tried on an API's own shapes say so") {
  const std::set<std::string> tested = {
      "command",   "prometheus", "prometheus-capacity", "alertmanager", "docker-registry", "github",
      "pagerduty", "statuspage", "statuspage-manage",   "stripe-style", "incident-io",     "jira",
      "zendesk"};
  for (const auto& about : sources::preset_descriptions()) {
    CAPTURE(about.name);
    CHECK(about.experimental != tested.contains(about.name));
  }
}

TEST_CASE("no preset has an address that is somebody else's: a user names it, or it is the API's own") {
  for (const auto name : sources::preset_names()) {
    CAPTURE(name);
    const std::string text(*sources::preset_lookup(name));
    CHECK(text.find("127.0.0.1") == std::string::npos);
    CHECK(text.find("octocat") == std::string::npos);
  }
}
