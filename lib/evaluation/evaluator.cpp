#include "evaluation/evaluator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/embedded_file.hpp"
#include "base/text.hpp"
#include "evaluation/derived_tables.hpp"
#include "evaluation/directory.hpp"
#include "evaluation/facts.hpp"
#include "evaluation/kinds.hpp"
#include "evaluation/rows.hpp"
#include "evaluation/sql_names.hpp"
#include "metrics/multiplicity.hpp"

namespace sitrep::evaluation {

std::span<const EmbeddedFile> metric_files();  // made by sitrep_embed from metrics/*.toml

namespace {

constexpr std::size_t k_baseline = 12;  // periods before the previous one that verdicts lean on
constexpr std::size_t k_explain_rows = 10;
constexpr Seconds k_applies = std::chrono::days{90};
constexpr std::array<std::string_view, 8> k_dimensions = {"schedule",    "launches", "incidents", "follow-through",
                                                          "reliability", "capacity", "support",   "data"};

std::size_t dimension_rank(const std::string& dimension) {
  const auto at = std::find(k_dimensions.begin(), k_dimensions.end(), dimension);
  return static_cast<std::size_t>(at - k_dimensions.begin());
}

std::vector<config::Metric> definitions(std::vector<config::Metric> own) {
  std::vector<config::Metric> all;
  for (const auto& file : metric_files()) {
    for (auto& metric : config::parse_metrics(file.text, file.name)) {
      metric.where.line = 0;  // built-in: a place that users cannot open helps nobody
      all.push_back(std::move(metric));
    }
  }
  for (auto& metric : own) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.name == metric.name; });
    if (at == all.end())
      all.push_back(std::move(metric));
    else
      *at = std::move(metric);
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return dimension_rank(a.dimension) < dimension_rank(b.dimension);
  });
  return all;
}

bool names(const std::string& sql, std::string_view name) {
  const auto all = sql_names(sql);
  return std::find(all.begin(), all.end(), name) != all.end();
}

bool reads_runways(const config::Metric& metric) {
  return metric.where.line == 0 && (names(metric.sql, "runway") || names(metric.sql, "request_outlook"));
}

bool is_change(metrics::Verdict v) {
  using metrics::Verdict;
  return v == Verdict::improved || v == Verdict::worse || v == Verdict::changed;
}

/// Takes back the changes that do not hold among so many; the number of tests.
std::size_t correct_for_many(std::vector<Result>& results) {
  std::vector<double> p;
  std::vector<Result*> tested;
  for (auto& r : results) {
    if (!r.judgement.p || r.judgement.verdict == metrics::Verdict::not_reportable) continue;
    p.push_back(*r.judgement.p);
    tested.push_back(&r);
  }
  const auto believed = metrics::benjamini_hochberg(p);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    if (!believed[i] && is_change(tested[i]->judgement.verdict))
      tested[i]->judgement.verdict = metrics::Verdict::no_evidence;
  }
  return tested.size();
}

}  // namespace

const Result* Comparison::find(std::string_view metric) const {
  const auto at = std::find_if(results.begin(), results.end(), [&](const Result& r) { return r.metric == metric; });
  return at == results.end() ? nullptr : &*at;
}

Window last_complete_window(UnixTime now, PeriodLength length, const Calendar& calendar) {
  const auto period = last_complete_period(now, length, calendar);
  return {period, previous_period(period, length, calendar), length, now};
}

Window window_of(const Interval& period, PeriodLength length, const Calendar& calendar, UnixTime now) {
  return {period, previous_period(period, length, calendar), length, std::min(period.to, now)};
}

struct Evaluator::State {
  State(store::Store& s, Options o)
      : store(s),
        now(o.now),
        calendar(o.calendar),
        origins(o.origins),
        shown(o.items == Items::yes ? Detail::full : Detail::totals),
        metrics(definitions(std::move(o.own))),
        directory(s),
        readings(o.readings && !s.file().empty() ? std::move(o.readings) : std::make_shared<Readings>()),
        facts(s, directory, calendar, *readings, [this] { make_launch_tables(); }) {}

  store::Store& store;
  UnixTime now;
  Calendar calendar;
  std::size_t origins;
  Detail shown;
  std::vector<config::Metric> metrics;
  Directory directory;
  std::shared_ptr<Readings> readings;
  std::map<std::string, RowSet> rows;              // by metric, span and detail; of two the full ones serve both
  std::map<std::string, bool> has_data;            // by entity
  std::map<std::string, config::Metric> combined;  // by name, see grouped()
  Facts facts;
  std::optional<std::vector<Resource>> resources;
  struct Compared {
    Window window;
    Scope scope;
    Comparison comparison;
  };
  std::optional<Compared> compared;
  std::unique_ptr<store::QueryBox> box;  // for definitions of sitrep.toml, made on first use
  bool has_workdays = false;
  bool has_milestone_dates = false;
  bool has_gates = false;
  bool has_days = false;
  bool has_runways = false;

  std::span<const Resource> capacity() {
    if (!resources) {
      CapacityOptions options;
      options.now = now;
      options.origins = origins;
      options.readings = readings.get();
      resources = evaluation::capacity(store, directory, options);
    }
    return *resources;
  }

  void make_tables(const config::Metric& metric) {
    if (metric.where.line > 0) return;  // the box of users' SQL has no such tables
    if (!has_workdays && names(metric.sql, "workday")) {
      make_workday_table(store, now, calendar);
      has_workdays = true;
    }
    if (!has_milestone_dates && names(metric.sql, "milestone_date")) {
      make_milestone_table(store);
      has_milestone_dates = true;
    }
    if (!has_gates && (names(metric.sql, "waiting_gate") || names(metric.sql, "waiting_launch"))) {
      make_gate_tables(store);
      has_gates = true;
    }
    if (!has_days && names(metric.sql, "capacity_day")) {
      make_day_view(store);
      has_days = true;
    }
    if (!has_runways && reads_runways(metric)) {
      make_runway_tables(store, capacity(), now);
      has_runways = true;
    }
  }

  /// `periods`: of one of many, for which what the definitions count is read once.
  enum class Periods { one, many };
  const RowSet& rows_of(const config::Metric& metric, const Interval& span, Detail detail,
                        Periods periods = Periods::one) {
    const auto of = fmt::format("{} {} {}", metric.name, unix_seconds(span.from), unix_seconds(span.to));
    if (const auto at = rows.find(of); at != rows.end()) return at->second;
    const auto key = detail == Detail::full ? of : of + " totals";
    if (const auto at = rows.find(key); at != rows.end()) return at->second;
    auto set = as_metric_error(metric, [&] {
      if (by_facts(metric, detail)) return facts.incident_rows(metric, span, now);
      if (metric.where.line == 0 && Facts::pay(metric, detail, periods == Periods::many))
        return facts.rows(metric, span);
      make_tables(metric);
      const bool together = detail == Detail::totals && metric.where.line == 0 && combines(metric);
      const auto& asked = together ? grouped(metric) : metric;
      Answer answer(store, box, asked, {span, now}, calendar);
      return run(answer, asked, directory);
    });
    if (detail == Detail::totals) {
      for (auto& row : set.rows) {
        row.label = row.url = {};
        if (set.combine != Combine::most) row.id = {};
      }
    }
    return rows.emplace(key, std::move(set)).first->second;
  }

  /// Where the records themselves are not shown, or the rows are groups anyway, what a definition counts is known.
  static bool by_facts(const config::Metric& metric, Detail detail) {
    if (metric.where.line > 0 || !IncidentFacts::counts(metric.name)) return false;
    return detail == Detail::totals || IncidentFacts::names_items(metric.name) || metric.name == "known_services" ||
           metric.name == "severity_coverage";
  }

  /// The totals of a period that is shown, with the records behind them.
  Totals shown_totals(const config::Metric& metric, const Interval& span, const Scope& scope) {
    auto totals = add_up(rows_of(metric, span, shown), scope, shown);
    if (shown == Detail::full && metric.where.line == 0 && IncidentFacts::names_items(metric.name))
      facts.incident_items(totals, metric, span, scope, now);
    return totals;
  }

  void make_launch_tables() {
    if (!has_workdays) make_workday_table(store, now, calendar);
    if (!has_gates) make_gate_tables(store);
    has_workdays = has_gates = true;
  }

  /// Reads as far back as the metric's verdict looks, in one pass.
  void prepare_facts(const config::Metric& metric, const Window& window) {
    if (metric.where.line > 0) return;
    const bool with_last = metric.kind == "proportion" || metric.kind == "duration";  // the period before alone
    facts.reach_back(metric, with_last ? window.previous : baseline_spans(metric, window).front());
  }

  /// Kinds whose rows SQLite can combine: neither the single values of durations nor a level of one row.
  static bool combines(const config::Metric& metric) { return metric.kind == "count" || metric.kind == "level"; }

  /// The definition with its rows combined by place, where the records themselves are not shown; itself when it cannot
  /// be.
  const config::Metric& grouped(const config::Metric& metric) {
    const auto at = combined.find(metric.name);
    if (at != combined.end()) return at->second;
    std::string keys, value = "count(*) AS n", missing;
    const store::Statement whole(store.db(), metric.sql);
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
      const bool key = name == "program" || name == "service" || name == "team" || name == "excluded";
      if (key) keys += (keys.empty() ? "" : ", ") + std::string(name);
    }
    if (metric.kind == "level" && value.starts_with("sum(\"most\")"))
      keys += (keys.empty() ? "" : ", ") + std::string("id");
    auto result = metric;
    const auto by = keys + (keys.empty() || missing.empty() ? "" : ", ") + missing;
    if (!alone)
      result.sql = fmt::format("SELECT {}{}{}, count(*) AS {} FROM ({}){}{}", keys, keys.empty() ? "" : ", ", value,
                               k_records_column, metric.sql, by.empty() ? "" : " GROUP BY ", by);
    return combined.emplace(metric.name, std::move(result)).first->second;
  }

  const config::Metric* find_built_in(std::string_view name) const {
    const auto at = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.name == name; });
    return at == metrics.end() || at->where.line > 0 ? nullptr : &*at;
  }

  bool entity_has_data(const std::string& entity) {
    const auto known = has_data.find(entity);
    if (known != has_data.end()) return known->second;
    bool there = false;
    if (entity != "stream") {
      store::Statement stream(store.db(), "SELECT 1 FROM stream WHERE entity = ?1 AND last_success_at IS NOT NULL");
      there = stream.bind(entity).step();
    }
    if (!there) {
      store::Statement any(store.db(), fmt::format("SELECT 1 FROM {} LIMIT 1", store::quote_name(entity)));
      there = any.step();
    }
    return has_data[entity] = there;
  }

  /// The first entity that the definition reads ("stream" for the book-keeping of syncs); empty: none.
  std::string main_entity(const config::Metric& metric) {
    for (auto name : sql_tables(metric.sql)) {
      if (name.ends_with("_history")) name.resize(name.size() - std::string_view("_history").size());
      if (name == "runway" || name == "capacity_day") return "capacity_sample";
      if (name == "milestone_date") return "milestone";
      if (name == "waiting_gate" || name == "waiting_launch") return "launch_review";
      if (name == "request_outlook") return "capacity_request";
      if (name == "reject" || name == "sync_run") return "stream";
      if (name == "stream") return name;
      if (store.find_entity(name)) return name;
    }
    return {};
  }

  std::string missing_data(const config::Metric& metric) {
    const auto entity = main_entity(metric);
    if (entity.empty() || entity_has_data(entity)) return {};
    return entity == "stream" ? "nothing was synced yet" : fmt::format("no source gives '{}'", entity);
  }

  /// Spans of the periods before the previous one, oldest first.
  std::vector<Interval> baseline_spans(const config::Metric& metric, const Window& window) const {
    std::vector<Interval> spans;
    if (metric.kind == "level") {
      const auto length = window.period.length();
      for (std::size_t i = k_baseline + 1; i >= 2; --i) {
        const auto to = window.at - length * static_cast<std::int64_t>(i);
        spans.push_back({to - length, to});
      }
      return spans;
    }
    auto period = window.previous;
    for (std::size_t i = 0; i < k_baseline; ++i) {
      period = previous_period(period, window.length, calendar);
      spans.insert(spans.begin(), period);
    }
    return spans;
  }

  /// Totals of the baseline; periods before the store's first record say nothing and are left out.
  std::vector<Totals> baseline(const config::Metric& metric, const Window& window, const Scope& scope) {
    std::vector<Totals> result;
    bool started = false;
    for (const auto& span : baseline_spans(metric, window)) {
      const auto& set = rows_of(metric, span, Detail::totals, Periods::many);
      started = started || !set.rows.empty();
      if (started) result.push_back(add_up(set, scope, Detail::totals));
    }
    return result;
  }
};

Evaluator::Evaluator(store::Store& store, Options options)
    : state_(std::make_unique<State>(store, std::move(options))) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

std::span<const config::Metric> Evaluator::metrics() const { return state_->metrics; }

const config::Metric& Evaluator::find(std::string_view metric) const {
  for (const auto& m : state_->metrics) {
    if (m.name == metric) return m;
  }
  std::vector<std::string_view> known;
  for (const auto& m : state_->metrics) known.push_back(m.name);
  fail(ErrorKind::usage, "unknown metric '{}'{}; see 'sitrep metric list'", visible(metric),
       did_you_mean(metric, known));
}

std::span<const std::string> Evaluator::programs() { return state_->directory.programs(); }

const std::string& Evaluator::program(std::string_view name) {
  if (const auto* known = state_->directory.program(name)) return *known;
  std::vector<std::string_view> all(programs().begin(), programs().end());
  fail(ErrorKind::usage, "unknown program '{}'{}; see 'sitrep program list'", visible(name), did_you_mean(name, all));
}

Result Evaluator::evaluate(std::string_view name, const Window& window, const Scope& scope, Verdicts verdicts) {
  const auto& metric = find(name);
  const bool level = metric.kind == "level";
  const auto length = window.period.length();
  Result result;
  result.metric = metric.name;
  result.title = metric.title;
  result.kind = metric.kind;
  result.unit = metric.unit;
  result.dimension = metric.dimension;
  result.better = metric.better;
  result.program = scope.program;
  result.period = level ? Interval{window.at - length, window.at} : window.period;
  result.previous_period = level ? Interval{window.at - 2 * length, window.at - length} : window.previous;
  if (result.not_reportable = state_->missing_data(metric); !result.not_reportable.empty()) {
    result.judgement = metrics::Judgement::not_reportable(result.not_reportable);
    return result;
  }
  if (verdicts == Verdicts::yes) state_->prepare_facts(metric, window);
  const auto now = state_->shown_totals(metric, result.period, scope);
  fill_value(result, metric, now);
  if (verdicts == Verdicts::no) {
    result.judgement = metrics::Judgement::not_reportable("not asked for");
    return result;
  }
  if (reads_runways(metric)) {
    result.judgement = metrics::Judgement::not_reportable("a forecast is judged by its back-test");
    return result;
  }
  const auto before = add_up(state_->rows_of(metric, result.previous_period, Detail::totals, State::Periods::many),
                             scope, Detail::totals);
  // Shares and durations are compared with the period before alone.
  const bool needs_baseline = metric.kind != "proportion" && metric.kind != "duration";
  const auto baseline = needs_baseline ? state_->baseline(metric, window, scope) : std::vector<Totals>{};
  fill_verdict(result, metric, now, before, baseline, window);
  return result;
}

const Comparison& Evaluator::compare(const Window& window, const Scope& scope) {
  auto& kept = state_->compared;
  if (kept && kept->window == window && kept->scope == scope) return kept->comparison;
  Comparison comparison;
  // The one that looks furthest back first: one pass for all.
  if (const auto* hours = state_->find_built_in("hours_sev12")) state_->prepare_facts(*hours, window);
  for (const auto& metric : state_->metrics) comparison.results.push_back(evaluate(metric.name, window, scope));
  comparison.tested = correct_for_many(comparison.results);
  return kept.emplace(State::Compared{window, scope, std::move(comparison)}).comparison;
}

bool Evaluator::applies(std::string_view name, const Window& window, const Scope& scope) {
  const auto& metric = find(name);
  if (!state_->missing_data(metric).empty()) return false;
  const auto to = metric.kind == "level" ? window.at : window.period.to;
  const auto totals = add_up(state_->rows_of(metric, {to - k_applies, to}, Detail::totals), scope, Detail::totals);
  return totals.coverage.of > 0 || !totals.exclusions.empty();
}

Explanation Evaluator::explain(std::string_view name, const Window& window, const Scope& scope) {
  const auto& metric = find(name);
  Explanation e;
  e.result = evaluate(name, window, scope);
  e.sql = std::string(trim_view(metric.sql));
  e.formula = formula_of(metric);
  state_->make_tables(metric);
  auto rows = as_metric_error(metric, [&] {
    Answer answer(state_->store, state_->box, metric, {e.result.period, state_->now}, state_->calendar);
    return sample(answer, metric, scope, state_->directory, k_explain_rows);
  });
  e.columns = std::move(rows.columns);
  e.rows = std::move(rows.rows);
  e.row_count = rows.count;
  if (const auto entity = state_->main_entity(metric); !entity.empty())
    e.sources = sources(entity == "stream" ? "" : entity);
  return e;
}

std::vector<SourceAge> Evaluator::sources(std::string_view entity) {
  std::vector<SourceAge> result;
  store::Statement rows(state_->store.db(),
                        "SELECT source, stream, entity, last_success_at, rows, (SELECT count(*) FROM reject j "
                        "WHERE j.source = s.source AND j.stream = s.stream AND j.standing) FROM stream s "
                        "WHERE ?1 = '' OR entity = ?1 ORDER BY source, stream");
  rows.bind(entity);
  while (rows.step()) {
    auto last = rows.time_or_null(3);
    if (last) last = std::min(*last, state_->now);  // written by a clock that has gone back since
    result.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)), last,
                      rows.integer(4), rows.integer(5)});
  }
  return result;
}

const std::vector<Service>& Evaluator::services() const { return state_->directory.services(); }
std::span<const Resource> Evaluator::capacity() { return state_->capacity(); }
const std::shared_ptr<Readings>& Evaluator::readings() const { return state_->readings; }
UnixTime Evaluator::now() const { return state_->now; }
const Calendar& Evaluator::calendar() const { return state_->calendar; }

}  // namespace sitrep::evaluation
