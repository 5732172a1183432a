#include "evaluation/facts.hpp"

namespace sitrep::evaluation {

constexpr std::string_view k_recurred = "recurred_while_fix_open";

const HeldIncidents& Facts::held() {
  if (!held_) held_.emplace(store_);
  return *held_;
}

IncidentFacts& Facts::incidents_since(UnixTime from) {
  if (!incidents_ || incidents_->from() > from)
    incidents_.emplace(store_, directory_, calendar_, from, readings_.incidents(store_, from), held(), launch_reviews_);
  return *incidents_;
}

LaunchFacts& Facts::launches_since(UnixTime from) {
  if (launches_ && launches_->from() <= from) return *launches_;
  // Further back than asked for: levels and counts begin at days that differ a little.
  return launches_.emplace(store_, directory_, calendar_, launch_reviews_, from - std::chrono::days{14}, now_);
}

LaunchFacts& Facts::launches_under_way() {
  if (!under_way_) under_way_.emplace(store_, directory_, calendar_, launch_reviews_, now_, now_);
  return *under_way_;
}

ActionFacts& Facts::actions_since(UnixTime from) {
  if (!actions_ || actions_->from() > from) actions_.emplace(store_, directory_, calendar_, readings_, held(), from);
  return *actions_;
}

SampleDayFacts& Facts::days_since(UnixTime from) {
  if (!days_ || days_->from() > from) days_.emplace(store_, directory_, readings_, from);
  return *days_;
}

void Facts::reach_back(const config::Metric& metric, const Interval& oldest) {
  if (IncidentFacts::counts(metric.name)) {
    auto& incidents = incidents_since(oldest.from - IncidentFacts::reach(metric.name, oldest));
    if (metric.name == "incidents_after_launch") incidents.reach_launches(oldest.from);
  }
  if (LaunchFacts::counts(metric.name) && !LaunchFacts::of_under_way(metric.name)) launches_since(oldest.from);
  if (ActionFacts::counts(metric.name)) actions_since(oldest.to);
  if (metric.name == k_recurred) {
    incidents_since(oldest.from);
    actions_since(oldest.from);
  }
  if (SampleDayFacts::counts(metric.name)) days_since(oldest.to);
}

RowSet Facts::incident_rows(const config::Metric& metric, const Interval& span, UnixTime now) {
  return incidents_since(span.from - IncidentFacts::reach(metric.name, span)).rows(metric, span, now);
}

void Facts::sum_incidents(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope) {
  incidents_since(span.from - IncidentFacts::reach(metric.name, span)).sum_in_order(totals, metric, span, scope);
}

void Facts::incident_items(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope,
                           UnixTime now) {
  incidents_since(span.from - IncidentFacts::reach(metric.name, span)).items(totals, metric, span, scope, now);
}

bool Facts::choose(const config::Metric& metric) {
  return MilestoneFacts::names_items(metric.name) || LaunchFacts::names_items(metric.name);
}

Chosen Facts::chosen(const config::Metric& metric, const Interval& span, const Scope& scope) {
  if (LaunchFacts::names_items(metric.name)) return launches_under_way().shown(span, scope);
  return readings_.milestones(store_).shown(metric, span, store_.options().as_of, directory_, scope);
}

Named Facts::chosen(const config::Metric& metric, const Interval& span) {
  auto all = chosen(metric, span, {}).records;
  for (const auto& program : directory_.programs()) all.merge(chosen(metric, span, program).records);
  return all;
}

bool Facts::pay(const config::Metric& metric, Detail detail, bool of_several) {
  const auto& name = metric.name;
  const bool soon = ActionFacts::counts(name) || SampleDayFacts::counts(name) || MilestoneFacts::counts(name) ||
                    RunFacts::counts(name) || LaunchFacts::of_under_way(name) || name == k_recurred;
  return of_several ? soon || LaunchFacts::counts(name) : soon && detail == Detail::totals;
}

RowSet Facts::rows(const config::Metric& metric, const Interval& span) {
  const auto& name = metric.name;
  const auto as_of = store_.options().as_of;
  if (name == k_recurred)
    return incidents_since(span.from).recurred(metric, span, actions_since(span.from).fixes(span));
  if (LaunchFacts::of_under_way(name)) return launches_under_way().rows(metric, span);
  if (LaunchFacts::counts(name)) return launches_since(span.from).rows(metric, span);
  if (ActionFacts::counts(name)) return actions_since(span.to).rows(metric, span);
  if (SampleDayFacts::counts(name)) return days_since(span.to).rows(metric, span);
  if (RunFacts::counts(name)) return readings_.runs(store_).rows(metric, span, as_of);
  return readings_.milestones(store_).rows(metric, span, as_of, directory_, calendar_);
}

}  // namespace sitrep::evaluation
