#include "evaluation/facts.hpp"

namespace sitrep::evaluation {

IncidentFacts& Facts::incidents_since(UnixTime from) {
  if (!incidents_ || incidents_->from() > from)
    incidents_.emplace(store_, directory_, calendar_, from, readings_.incidents(store_, from));
  return *incidents_;
}

LaunchFacts& Facts::launches_since(UnixTime from) {
  if (launches_ && launches_->from() <= from) return *launches_;
  launch_tables_();
  // Further back than asked for: levels and counts begin at days that differ a little.
  return launches_.emplace(store_, directory_, calendar_, from - std::chrono::days{14});
}

ActionFacts& Facts::actions_since(UnixTime from) {
  if (!actions_ || actions_->from() > from) actions_.emplace(store_, directory_, calendar_, readings_, from);
  return *actions_;
}

SampleDayFacts& Facts::days_since(UnixTime from) {
  if (!days_ || days_->from() > from) days_.emplace(store_, directory_, readings_, from);
  return *days_;
}

void Facts::reach_back(const config::Metric& metric, const Interval& oldest) {
  if (IncidentFacts::counts(metric.name)) incidents_since(oldest.from - IncidentFacts::reach(metric.name, oldest));
  if (LaunchFacts::counts(metric.name)) launches_since(oldest.from);
  if (ActionFacts::counts(metric.name)) actions_since(oldest.to);
  if (SampleDayFacts::counts(metric.name)) days_since(oldest.to);
}

RowSet Facts::incident_rows(const config::Metric& metric, const Interval& span, UnixTime now) {
  return incidents_since(span.from - IncidentFacts::reach(metric.name, span)).rows(metric, span, now);
}

void Facts::incident_items(Totals& totals, const config::Metric& metric, const Interval& span, const Scope& scope,
                           UnixTime now) {
  incidents_since(span.from - IncidentFacts::reach(metric.name, span)).items(totals, metric, span, scope, now);
}

bool Facts::pay(const config::Metric& metric, Detail detail, bool of_several) {
  const bool soon =
      ActionFacts::counts(metric.name) || SampleDayFacts::counts(metric.name) || MilestoneFacts::counts(metric.name);
  // The facts of launches and runs are those of all periods that verdicts look at.
  const bool late = LaunchFacts::counts(metric.name) || RunFacts::counts(metric.name);
  return of_several ? soon || late : soon && detail == Detail::totals;
}

RowSet Facts::rows(const config::Metric& metric, const Interval& span) {
  if (LaunchFacts::counts(metric.name)) return launches_since(span.from).rows(metric, span);
  if (ActionFacts::counts(metric.name)) return actions_since(span.to).rows(metric, span);
  if (SampleDayFacts::counts(metric.name)) return days_since(span.to).rows(metric, span);
  if (RunFacts::counts(metric.name)) {
    if (!runs_) runs_.emplace(store_);
    return runs_->rows(metric, span);
  }
  if (!milestones_) milestones_.emplace(store_, directory_, calendar_);
  return milestones_->rows(metric, span);
}

}  // namespace sitrep::evaluation
