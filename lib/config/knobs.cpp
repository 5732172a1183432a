#include "config/knobs.hpp"

#include <algorithm>
#include <vector>

namespace sitrep::config {

const Knob* KnobTable::find(std::string_view key) const {
  const auto found = std::ranges::find(knobs, key, &Knob::key);
  return found == knobs.end() ? nullptr : &*found;
}

std::span<const KnobTable> knob_tables() {
  static const auto all = [] {
    std::vector<KnobTable> tables;
    for (const auto part : {workspace_knobs(), source_knobs(), stream_knobs(), evaluation_knobs(), document_knobs()})
      tables.insert(tables.end(), part.begin(), part.end());
    return tables;
  }();
  return all;
}

const KnobTable* find_knob_table(std::string_view name) {
  const auto found = std::ranges::find(knob_tables(), name, &KnobTable::name);
  return found == knob_tables().end() ? nullptr : &*found;
}

namespace {

using enum KnobType;

constexpr Knob k_file[] = {
    {"workspace", table, "workspace", "the workspace as a whole", "{ name = \"Payments infrastructure\" }", ""},
    {"source", named, "source", "where data comes from", "{ pager = { preset = \"pagerduty\" } }", ""},
    {"metric", named, "metric", "a number of your own", "{ open = { kind = \"level\", sql = \"select 1 value\" } }",
     ""},
    {"rule", tables, "rule", "when a metric is yellow or red; without any the built-in rules hold",
     "[{ metric = \"open_sev12\", red = \"> 0\" }]", ""},
    {"exemption", tables, "exemption", "a rule that is set aside for a while",
     "[{ rule = \"r\", owner = \"dana\", reason = \"re-planned\", expires = \"2026-12-15\" }]", ""},
    {"entity", named, "entity", "an entity of your own", "{ migration = { columns = { name = \"text\" } } }", ""},
    {"retention", pairs, "",
     "how long sitrep store gc keeps the past of an entity: 270 days at least; default: for good",
     "{ incident = \"400d\", capacity_sample = \"1500d\" }", ""},
    {"queries", pairs, "", "named SQL for sitrep query --name", "{ open = \"select * from incident\" }", ""},
    {"diff", table, "diff", "what sitrep diff leaves out", "{ exclude = [\"*.extra.updated_at\"] }", ""},
    {"launch", table, "launch", "what a launch review must have", "{ approvers = [\"security\"] }", ""},
    {"redact", named, "redact", "what is hidden from others", "{ partner = { people = \"drop\" } }", ""},
    {"publish", named, "publish", "where reports go",
     "{ weekly = { type = \"slack\", url = { env = \"SLACK_WEBHOOK\" }, report = \"weekly-health\" } }", ""},
};

constexpr Knob k_workspace[] = {
    {"name", text, "", "the name that reports carry", "\"Payments infrastructure\"", "the folder's name"},
    {"timezone", text, "", "zone of periods and reports", "\"America/Los_Angeles\"", "UTC"},
    {"week_starts", choice, "monday sunday saturday", "first day of a week", "\"sunday\"", "monday"},
};

constexpr KnobTable k_tables[] = {
    {"", "TABLES", "", "", k_file},
    {"workspace", "[workspace]", "", "", k_workspace},
};

}  // namespace

std::span<const KnobTable> workspace_knobs() { return k_tables; }

}  // namespace sitrep::config
