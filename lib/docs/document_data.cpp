#include "docs/document_data.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "evaluation/slo.hpp"
#include "policy/launch_pipeline.hpp"
#include "store/similar.hpp"

namespace sitrep::docs {
namespace {

namespace fs = std::filesystem;
using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

Value text_or_none(const std::string& text) { return text.empty() ? Value::none() : Value(text); }

Value span_value(const evaluation::SloSpan& span) {
  Dict value{{"coverage", span.coverage}, {"not_reportable", text_or_none(span.not_reportable)}};
  for (const auto* name : {"sli", "sli_text", "budget_used", "met"}) value.set(name, Value::none());
  if (!span.budget) return value;
  value.set("sli", span.budget->sli);
  value.set("sli_text", evaluation::sli_text(span.budget->sli));
  value.set("budget_used", span.budget->used);
  value.set("met", span.budget->met);
  return value;
}

Value slo_value(const evaluation::Slo& slo) {
  const auto& current = slo.current;
  Dict row{{"id", slo.id},
           {"name", slo.name},
           {"service", text_or_none(slo.service)},
           {"program", text_or_none(slo.program)},
           {"team", text_or_none(slo.team)},
           {"url", text_or_none(slo.url)},
           {"objective", slo.objective},
           {"objective_text", evaluation::sli_text(slo.objective)},
           {"window", slo.window},
           {"span", current.label}};
  row.set("sli", current.budget ? Value(current.budget->sli) : Value::none());
  row.set("budget_left", current.budget ? Value(1 - current.budget->used) : Value::none());
  row.set("met", current.budget ? Value(current.budget->met) : Value::none());
  row.set("not_reportable", text_or_none(current.not_reportable));
  row.set("burning", slo.fires());
  row.set("period", span_value(slo.asked.at(0)));
  row.set("previous", span_value(slo.asked.at(1)));
  return row;
}

/// Error budgets of a service, or of all.
Value slos(Run& run, CallArguments& arguments) {
  const auto service = arguments.optional_text(0);
  const auto& inputs = run.inputs();
  evaluation::SloOptions options;
  options.now = inputs.now;
  options.calendar = inputs.calendar;
  options.spans = {run.period().window.period, run.period().window.previous};
  List rows;
  const evaluation::Directory directory(*inputs.store);
  for (const auto& slo : evaluation::slos(*inputs.store, directory, options))
    if (!service || equal_ignoring_case(slo.service, *service)) rows.push_back(slo_value(slo));
  return run.record("slos", Dict{{"service", service ? Value(*service) : Value::none()}}, std::move(rows));
}

Value similar_value(const store::SimilarIncident& one) {
  return Dict{{"id", one.id},
              {"title", one.title},
              {"service", text_or_none(one.service)},
              {"severity", text_or_none(one.severity)},
              {"cause", text_or_none(one.cause)},
              {"url", text_or_none(one.url)},
              {"started_at", one.started_at ? Value(unix_seconds(*one.started_at)) : Value::none()},
              {"similarity", one.similarity},
              {"same_service", one.same_service}};
}

/// The number after the highest one that a file of the folder starts with, with at least that many digits.
Value next_number(Run& run, CallArguments& arguments) {
  const auto folder = arguments.text(0);
  const auto digits = std::clamp<std::int64_t>(arguments.integer(1), 1, 9);
  if (run.inputs().folder.empty()) fail(ErrorKind::user_code, "next_number needs a workspace");
  if (fs::path(folder).is_absolute() || folder.find("..") != std::string::npos)
    fail(ErrorKind::user_code, "next_number: '{}' is not a folder of the workspace", visible(folder));
  std::int64_t highest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(run.inputs().folder / folder, none)) {
    const auto name = entry.path().filename().string();
    const auto end = std::min(name.find_first_not_of("0123456789"), name.size());
    const bool year = end == 4 && name.size() > 5 && name[4] == '-' && name[5] >= '0' && name[5] <= '9';
    if (end == 0 || end > 9 || year) continue;
    highest = std::max(highest, parse_integer(name.substr(0, end)).value_or(0));
  }
  return fmt::format("{:0{}}", highest + 1, digits);
}

/// The fields that name who approves, empty, for the areas that a review of that tier and phase needs.
Value approvers(Run& run, CallArguments& arguments) {
  const auto tier = parse_integer(arguments.optional_text(0).value_or(""));
  const auto demands =
      policy::demands_of(run.inputs().launch, tier ? std::optional(static_cast<int>(*tier)) : std::nullopt,
                         arguments.optional_text(1).value_or(""));
  Dict fields;
  for (const auto& area : demands.approvers) fields.set("approver_" + area, Value::none());
  return fields;
}

Value date_or_none(std::optional<Date> day) { return day ? Value(format_date(*day)) : Value::none(); }

Value gate_value(const policy::LaunchGate& gate) {
  return Dict{{"area", gate.area},
              {"status", gate.status},
              {"turn", text_or_none(gate.turn)},
              {"approver", text_or_none(gate.approver)},
              {"waits", gate.waits},
              {"promised", gate.promised ? Value(*gate.promised) : Value::none()},
              {"usual", gate.usual ? Value(gate.usual->days) : Value::none()},
              {"expected_date", date_or_none(gate.expected)},
              {"late", gate.late()}};
}

Value launch_value(const policy::LaunchState& s) {
  List gates, reasons, waits_for, exceptions;
  for (const auto& gate : s.gates) gates.push_back(gate_value(gate));
  for (const auto& reason : s.reasons()) reasons.emplace_back(reason);
  for (const auto& name : s.waits_for) waits_for.emplace_back(name);
  for (const auto* e : s.exceptions)
    exceptions.push_back(Dict{
        {"code", e->code}, {"owner", e->owner}, {"reason", e->reason}, {"expires_date", date_or_none(e->expires)}});
  Dict row{{"id", s.id},
           {"source", s.source},
           {"title", s.title},
           {"url", text_or_none(s.url)},
           {"service", text_or_none(s.service)},
           {"team", text_or_none(s.team)},
           {"owner", text_or_none(s.owner)},
           {"program", text_or_none(s.program)},
           {"phase", text_or_none(s.phase)}};
  row.set("tier", s.tier ? Value(*s.tier) : Value::none());
  row.set("status", text_or_none(s.status));
  row.set("turn", text_or_none(s.turn));
  row.set("waits_for", waits_for);
  row.set("target_date", date_or_none(s.target));
  row.set("predicted_date", date_or_none(s.predicted));
  row.set("days_short", s.days_short() ? Value(*s.days_short()) : Value::none());
  row.set("age", s.age);
  row.set("blocked", s.blocked);
  row.set("overdue", s.overdue);
  row.set("over", s.is_over());
  row.set("freeze", text_or_none(s.freeze));
  row.set("launched_at", s.launched_at ? Value(unix_seconds(*s.launched_at)) : Value::none());
  row.set("gates", gates);
  row.set("reasons", reasons);
  row.set("exceptions", exceptions);
  return row;
}

/// The pipeline of reviews by target date; those that are over are left out unless `all`.
Value launches(Run& run, CallArguments& arguments) {
  const auto& inputs = run.inputs();
  List rows;
  for (const auto& s : policy::launch_pipeline(*inputs.store, inputs.launch, inputs.calendar, inputs.now)) {
    if (s.is_over() && !arguments.flag(0)) continue;
    if (run.program() && s.program != *run.program()) continue;
    rows.push_back(launch_value(s));
  }
  arguments.engine().charge(rows.size());
  return run.record("launches", Dict{{"all", arguments.flag(0)}}, std::move(rows));
}

/// Freezes of the policy and of the calendar, by their first day.
Value freezes(Run& run, CallArguments&) {
  const auto& inputs = run.inputs();
  policy::LaunchFacts facts;
  policy::add_calendar(inputs.store, inputs.launch, facts);
  std::ranges::stable_sort(facts.freezes, {}, [](const auto& freeze) { return freeze.from; });
  List rows;
  for (const auto& freeze : facts.freezes)
    rows.push_back(Dict{{"name", freeze.name},
                        {"from_date", format_date(freeze.from)},
                        {"to_date", format_date(freeze.to)},
                        {"scope", text_or_none(freeze.scope)}});
  return run.record("freezes", {}, std::move(rows));
}

}  // namespace

void add_document_data(templating::Environment& environment, Run* run) {
  add_data_function(
      environment, run, "slos", "service=none",
      "SLOs with the error budget of the window that runs, and of the period and the one before: name, objective, sli, "
      "budget_left, burning, period, previous, …",
      slos);
  add_data_function(
      environment, run, "launches", "all=false",
      "launch reviews under way by target date: status, turn, waits_for, age, predicted_date, gates, reasons, …",
      launches);
  add_data_function(environment, run, "freezes", "",
                    "freezes of sitrep.toml and of the calendar: name, from_date, to_date, scope", freezes);
  add_data_function(environment, run, "approvers", "tier=none, phase=none",
                    "the empty approver_… fields of a launch review of that tier and phase", approvers);
  // One index serves all documents of a refresh.
  auto index = std::make_shared<std::unique_ptr<store::IncidentIndex>>();
  add_data_function(
      environment, run, "similar_incidents", "id, limit=5",
      "earlier incidents whose title and cause read like this one's, those of its service first: id, title, "
      "similarity, …",
      [index](Run& r, CallArguments& arguments) -> Value {
        if (!*index) *index = std::make_unique<store::IncidentIndex>(*r.inputs().store);
        List rows;
        const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(arguments.integer(1), 1, 100));
        for (const auto& one : (*index)->similar(arguments.text(0), limit)) rows.push_back(similar_value(one));
        return r.record("similar_incidents", Dict{{"id", arguments.text(0)}, {"limit", arguments.integer(1)}},
                        std::move(rows));
      });
  add_data_function(environment, run, "next_number", "folder, digits=4",
                    "the number after the highest one that a file of that folder starts with: 0007", next_number);
}

}  // namespace sitrep::docs
