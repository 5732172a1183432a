#include "evaluation/metric_rows.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "evaluation/derived_tables.hpp"
#include "evaluation/sql_names.hpp"

namespace sitrep::evaluation {
namespace {

constexpr std::size_t k_short_back_test = 8;  // origins

bool names(const std::string& sql, std::string_view name) {
  const auto all = sql_names(sql);
  return std::find(all.begin(), all.end(), name) != all.end();
}

/// Of sitrep.toml.
bool is_own(const config::Metric& metric) { return metric.where.line > 0; }

/// Where the records themselves are not shown, or the rows are groups anyway, what a definition counts is known.
bool by_facts(const config::Metric& metric, Detail detail) {
  if (is_own(metric) || !IncidentFacts::counts(metric.name)) return false;
  return detail == Detail::totals || IncidentFacts::names_items(metric.name) || metric.name == "known_services" ||
         metric.name == "severity_coverage";
}

/// Of one severity the index tells a single period sooner than what is packed, which serves all metrics and periods.
bool by_index(const config::Metric& metric, Periods periods, const Readings& readings) {
  const bool alone = periods == Periods::one && !readings.are_expected();
  return alone && !is_own(metric) && metric.name.starts_with("incidents_sev");
}

/// Whether what a definition counts is known sooner than the records behind it.
bool known_sooner(const config::Metric& metric) {
  return !is_own(metric) && (by_facts(metric, Detail::totals) || Facts::pay(metric, Detail::totals, false));
}

/// Of a sum the rows that add to it and those that lack the field are worth a look.
bool nothing_worth_a_look(const RowSet& set, const Totals& totals) {
  const bool sum = (set.kind == Kind::level && set.combine == Combine::sum) || set.kind == Kind::count;
  return sum && totals.first == 0 && totals.coverage.with == totals.coverage.of;
}

/// Kinds whose rows SQLite can combine: neither the single values of durations nor a level of one row.
bool combines(const config::Metric& metric) { return metric.kind == "count" || metric.kind == "level"; }

std::string key_of(const config::Metric& metric, const Interval& span) {
  return fmt::format("{} {} {}", metric.name, unix_seconds(span.from), unix_seconds(span.to));
}

}  // namespace

bool reads_runways(const config::Metric& metric) {
  return !is_own(metric) && (names(metric.sql, "runway") || names(metric.sql, "request_outlook"));
}

std::span<const Resource> MetricRows::capacity() {
  if (!resources_) {
    CapacityOptions options;
    options.now = now_;
    options.dates_only = runways_ == Runways::dates;
    if (options.dates_only) options.origins = k_short_back_test;
    options.readings = &readings_;
    resources_ = evaluation::capacity(store_, directory_, options);
  }
  return *resources_;
}

void MetricRows::make_tables(const config::Metric& metric, const Named* only) {
  if (is_own(metric)) return;  // the box of users' SQL has no such tables
  if (!has_workdays_ && names(metric.sql, "workday")) {
    make_workday_table(store_, now_, calendar_);
    has_workdays_ = true;
  }
  if ((!has_milestone_dates_ || only) && names(metric.sql, "milestone_date")) {
    make_milestone_table(store_, only);
    has_milestone_dates_ = !only;
  }
  if ((!has_gates_ || only) && (names(metric.sql, "waiting_gate") || names(metric.sql, "waiting_launch"))) {
    make_gate_tables(store_, only);
    has_gates_ = !only;
  }
  if (!has_days_ && names(metric.sql, "capacity_day")) {
    make_day_view(store_);
    has_days_ = true;
  }
  if (!has_runways_ && reads_runways(metric)) {
    make_runway_tables(store_, capacity(), now_);
    has_runways_ = true;
  }
}

void MetricRows::reach_back(const config::Metric& metric, const Interval& oldest) {
  if (!is_own(metric)) facts_.reach_back(metric, oldest);
}

const RowSet& MetricRows::of(const config::Metric& metric, const Interval& span, Detail detail, Periods periods) {
  const auto name = key_of(metric, span);
  if (const auto at = rows_.find(name); at != rows_.end()) return at->second;
  const auto key = detail == Detail::full ? name : name + " totals";
  if (const auto at = rows_.find(key); at != rows_.end()) return at->second;
  auto set = as_metric_error(metric, [&] {
    if (by_facts(metric, detail)) return facts_.incident_rows(metric, span, now_);
    if (!is_own(metric) && Facts::pay(metric, detail, periods == Periods::many)) return facts_.rows(metric, span);
    make_tables(metric);
    const bool together = detail == Detail::totals && !is_own(metric) && combines(metric);
    const auto& asked = together ? grouped(metric) : metric;
    Answer answer(store_, box_, asked, {span, now_}, calendar_);
    return run(answer, asked, directory_);
  });
  if (detail == Detail::totals) {
    for (auto& row : set.rows) {
      row.label = row.url = {};
      if (set.combine != Combine::most) row.id = {};
    }
  }
  return rows_.emplace(key, std::move(set)).first->second;
}

/// The definition's rows as its SQL gives them, whatever facts know.
const RowSet& MetricRows::asked(const config::Metric& metric, const Interval& span, const std::string& key) {
  if (const auto known = asked_.find(key); known != asked_.end()) return known->second;
  Answer answer(store_, box_, metric, {span, now_}, calendar_);
  return asked_.emplace(key, run(answer, metric, directory_)).first->second;
}

/// The definition's rows of the few records that are shown: its tables hold no others then, however many there are.
/// Where each program will be asked for, those of all of them at once.
const RowSet& MetricRows::of_chosen(const config::Metric& metric, const Interval& span, const Scope& scope) {
  const bool alone = !readings_.are_expected() || !scope.service.empty() || !scope.team.empty();
  const auto whose = alone ? fmt::format("\n{}\n{}\n{}", scope.program, scope.service, scope.team) : std::string();
  const auto key = key_of(metric, span) + whose;
  if (const auto known = asked_.find(key); known != asked_.end()) return known->second;
  const auto named = alone ? facts_.chosen(metric, span, scope).records : facts_.chosen(metric, span);
  make_tables(metric, &named);
  return asked(metric, span, key);
}

Totals MetricRows::with_chosen(const config::Metric& metric, const Interval& span, const Scope& scope) {
  auto totals = add_up(of(metric, span, Detail::totals, Periods::many), scope, Detail::totals);
  const auto chosen = facts_.chosen(metric, span, scope);
  if (chosen.records.empty()) return totals;
  totals.items = add_up(of_chosen(metric, span, scope), scope, Detail::full).items;
  totals.items_left_out = chosen.left_out;
  return totals;
}

Totals MetricRows::totals(const config::Metric& metric, const Interval& span, const Scope& scope, Detail detail,
                          Periods periods) {
  if (detail == Detail::full && !is_own(metric) && Facts::choose(metric))
    return as_metric_error(metric, [&] { return with_chosen(metric, span, scope); });
  if (by_index(metric, periods, readings_))
    return as_metric_error(metric, [&] { return add_up(asked(metric, span, key_of(metric, span)), scope, detail); });
  // The records cost more than what they add up to: they are looked for where there are any.
  if (detail == Detail::full && known_sooner(metric) && (periods == Periods::many || readings_.are_expected())) {
    const auto& set = of(metric, span, Detail::totals, Periods::many);
    auto totals = add_up(set, scope, Detail::totals);
    if (nothing_worth_a_look(set, totals)) return totals;
  }
  auto totals = add_up(of(metric, span, detail, detail == Detail::full ? Periods::one : periods), scope, detail);
  if (!by_facts(metric, detail)) return totals;
  facts_.sum_incidents(totals, metric, span, scope);
  if (detail == Detail::full && IncidentFacts::names_items(metric.name))
    facts_.incident_items(totals, metric, span, scope, now_);
  return totals;
}

Sample MetricRows::sample(const config::Metric& metric, const Interval& span, const Scope& scope, std::size_t limit) {
  make_tables(metric);
  return as_metric_error(metric, [&] {
    Answer answer(store_, box_, metric, {span, now_}, calendar_);
    return evaluation::sample(answer, metric, scope, directory_, limit);
  });
}

/// The definition with its rows combined by place, where the records themselves are not shown; itself when it cannot
/// be.
const config::Metric& MetricRows::grouped(const config::Metric& metric) {
  const auto at = combined_.find(metric.name);
  if (at != combined_.end()) return at->second;
  std::string keys, value = "count(*) AS n", missing;
  const store::Statement whole(store_.db(), metric.sql);
  bool alone = false;
  for (int i = 0; i < whole.columns(); ++i) {
    const auto name = whole.column_name(i);
    const bool most = name == "most";
    if (metric.kind == "count" && name == "n") value = "sum(n) AS n";
    if (metric.kind == "level" && (name == "sum" || name == "max" || name == "min" || most)) {
      value = fmt::format("{0}(\"{1}\") AS \"{1}\"", most ? "sum" : name, name);
      missing = fmt::format("\"{}\" IS NULL", name);
    }
    alone = alone || (metric.kind == "level" && name == "value");
    const bool key = name == "program" || name == "service" || name == "team" || name == "source" || name == "excluded";
    if (key) keys += (keys.empty() ? "" : ", ") + std::string(name);
  }
  if (metric.kind == "level" && value.starts_with("sum(\"most\")"))
    keys += (keys.empty() ? "" : ", ") + std::string("id");
  auto result = metric;
  const auto by = keys + (keys.empty() || missing.empty() ? "" : ", ") + missing;
  if (!alone)
    result.sql = fmt::format("SELECT {}{}{}, count(*) AS {} FROM ({}){}{}", keys, keys.empty() ? "" : ", ", value,
                             k_records_column, metric.sql, by.empty() ? "" : " GROUP BY ", by);
  return combined_.emplace(metric.name, std::move(result)).first->second;
}

}  // namespace sitrep::evaluation
