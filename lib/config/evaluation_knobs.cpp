#include "config/knobs.hpp"

namespace sitrep::config {
namespace {

using enum KnobType;

constexpr std::string_view k_dimensions =
    "schedule launches incidents follow-through reliability capacity support data";

constexpr Knob k_metric[] = {
    {"title", text, "", "for people", "\"Checkout conversion\"", "its name"},
    {"kind", choice, "count rate proportion duration ratio level", "decides the statistics", "\"proportion\"", ""},
    {"unit", text, "", "such as min or %", "\"min\"", ""},
    {"better", choice, "lower higher none", "which way is good", "\"higher\"", "none"},
    {"dimension", choice, k_dimensions, "of health", "\"incidents\"", ""},
    {"doc", text, "", "what it measures, in one line", "\"share of started checkouts that were paid\"", ""},
    {"sql", text, "", "the query; :from and :to bound the period",
     "\"select sum(value) value from measure where at >= :from and at < :to\"", ""},
    {"target", threshold, "", "what it should be", "\">= 0.62\"", ""},
    {"needs", texts, "", "entities without which it says nothing, beside the first that the query reads",
     "[\"launch_review\"]", ""},
    {"minimum_n", real, "", "fewer are not reportable", "20", "the kind's"},
    {"minimum_coverage", real, "", "share of rows that must carry the value, 0 to 1", "0.9", "0.8"},
};

constexpr Knob k_rule[] = {
    {"name", text, "", "its name", "\"late milestones\"", "the metric's"},
    {"metric", text, "", "which metric it judges", "\"milestone_slip_days\"", ""},
    {"scope", choice, "program service team", "what it is judged for", "\"service\"", "program"},
    {"dimension", choice, k_dimensions, "of health", "\"schedule\"", "the metric's"},
    {"yellow", threshold, "", "when it is yellow", "\"> 7\"", ""},
    {"red", threshold, "", "when it is red", "\"> 21\"", ""},
    {"worse", choice, "yellow red", "its color when the metric got worse", "\"yellow\"", "verdicts do not count"},
};

constexpr Knob k_exemption[] = {
    {"rule", text, "", "name of the rule", "\"milestone_slip_days\"", ""},
    {"program", text, "", "for which program", "\"Ledger migration\"", "all"},
    {"service", text, "", "for which service, of a rule by service", "\"ledger-api\"", "all"},
    {"team", text, "", "for which team, of a rule by team", "\"payments\"", "all"},
    {"owner", text, "", "who answers for it", "\"dana\"", ""},
    {"reason", text, "", "why", "\"re-planned with the sponsor on 2026-11-02\"", ""},
    {"expires", date, "", "its last day", "\"2026-12-15\"", ""},
};

constexpr Knob k_entity[] = {
    {"doc", text, "", "what its rows are, in one line", "\"Migrations and how far they are\"", ""},
    {"columns", pairs, "text integer real boolean timestamp date json", "name = type",
     "{ name = \"text\", percent = \"real\", due_date = \"date\" }", ""},
    {"key", texts, "", "columns that identify a row", "[\"name\"]", "the record's id"},
    {"links", pairs, "", "column = the entity whose records it names, by id or name", "{ service = \"service\" }", ""},
};

constexpr Knob k_diff[] = {
    {"exclude", texts, "", "columns that change all the time: ENTITY.COLUMN or ENTITY.extra.KEY; * is every entity",
     "[\"incident.extra.views\", \"*.url\"]", ""},
};

constexpr KnobTable k_tables[] = {
    {"metric", "[metric.NAME]", "", "kind sql", k_metric},
    {"rule", "[[rule]]", "", "metric", k_rule},
    {"exemption", "[[exemption]]", "", "rule owner reason expires", k_exemption},
    {"entity", "[entity.NAME]", "", "columns", k_entity},
    {"diff", "[diff]", "", "", k_diff},
};

}  // namespace

std::span<const KnobTable> evaluation_knobs() { return k_tables; }

}  // namespace sitrep::config
