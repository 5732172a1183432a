#include "docs/metric_value.hpp"

#include <cmath>

#include "base/time.hpp"

namespace sitrep::docs {

using templating::Dict;
using templating::List;
using templating::Value;

namespace {

Value real_or_none(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Value(*value) : Value::none();
}

Value text_or_none(const std::string& text) { return text.empty() ? Value::none() : Value(text); }

Value bounds_value(const std::optional<metrics::Bounds>& bounds) {
  if (!bounds) return Value::none();
  return Dict{{"lower", real_or_none(bounds->lower)}, {"upper", real_or_none(bounds->upper)}};
}

Value items_value(const evaluation::Result& result) {
  List items;
  for (const auto& item : result.items)
    items.push_back(Dict{{"label", item.label},
                         {"id", text_or_none(item.id)},
                         {"url", text_or_none(item.url)},
                         {"value", real_or_none(item.value)}});
  return items;
}

List notes_value(const std::vector<policy::Note>& notes) {
  List all;
  for (const auto& note : notes)
    all.push_back(
        Dict{{"at", unix_seconds(note.at)}, {"author", note.author}, {"subject", note.subject}, {"text", note.text}});
  return all;
}

Value finding_value(const policy::Finding& finding) {
  Value exemption = Value::none();
  if (finding.exemption != nullptr) {
    exemption =
        Dict{{"owner", finding.exemption->owner},
             {"reason", finding.exemption->reason},
             {"expires", finding.exemption->expires ? Value(format_date(*finding.exemption->expires)) : Value::none()},
             {"color_without", finding.without_exemption ? Value(name(*finding.without_exemption)) : Value::none()}};
  }
  return Dict{{"rule", finding.rule},
              {"metric", finding.metric},
              {"dimension", finding.dimension},
              {"color", name(finding.color)},
              {"reason", finding.reason},
              {"threshold", text_or_none(finding.threshold)},
              {"exemption", exemption},
              {"result", metric_value(finding.result)},
              {"notes", notes_value(finding.notes)}};
}

}  // namespace

Value metric_value(const evaluation::Result& result) {
  List exclusions, values;
  for (const auto& exclusion : result.exclusions)
    exclusions.push_back(Dict{{"reason", exclusion.reason}, {"n", exclusion.n}});
  for (const double value : result.values) values.push_back(value);
  const auto& judgement = result.judgement;
  return Dict{{"metric", result.metric},
              {"title", result.title},
              {"kind", result.kind},
              {"unit", result.unit},
              {"program", text_or_none(result.program)},
              {"value", real_or_none(result.value)},
              {"text", evaluation::text_of(result)},
              {"reportable", result.reportable()},
              {"not_reportable", text_or_none(result.not_reportable)},
              {"n", result.n},
              {"interval", bounds_value(result.interval)},
              {"interval_text", evaluation::interval_text(result)},
              {"p90", real_or_none(result.p90)},
              {"p90_text", result.p90 ? evaluation::text_of(*result.p90, result.kind, result.unit) : std::string()},
              {"durations", std::move(values)},
              {"previous", real_or_none(result.previous)},
              {"previous_text",
               result.previous ? evaluation::text_of(*result.previous, result.kind, result.unit) : std::string("n/a")},
              {"previous_n", result.previous_n},
              {"verdict", metrics::name(judgement.verdict)},
              {"verdict_text", evaluation::verdict_text(result)},
              {"effect", Dict{{"name", text_or_none(judgement.effect_name)},
                              {"value", real_or_none(judgement.effect)},
                              {"interval", bounds_value(judgement.interval)}}},
              {"exclusions", std::move(exclusions)},
              {"coverage",
               Dict{{"with", result.coverage.with}, {"of", result.coverage.of}, {"share", result.coverage.share()}}},
              {"records", items_value(result)},
              {"records_left_out", result.items_left_out},
              {"note", text_or_none(result.note)}};
}

Value health_value(const policy::Health& health) {
  List dimensions, reasons;
  for (const auto& dimension : health.dimensions) {
    List findings;
    for (const auto& finding : dimension.findings) findings.push_back(finding_value(finding));
    dimensions.push_back(
        Dict{{"name", dimension.name}, {"color", name(dimension.color)}, {"findings", std::move(findings)}});
  }
  for (const auto& reason : health.reasons()) reasons.push_back(reason);
  return Dict{{"program", health.program},           {"owner", text_or_none(health.owner)},
              {"color", name(health.color)},         {"declared", text_or_none(health.declared)},
              {"watermelon", health.watermelon},     {"reasons", std::move(reasons)},
              {"dimensions", std::move(dimensions)}, {"notes", notes_value(health.notes)}};
}

}  // namespace sitrep::docs
