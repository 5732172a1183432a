#include "evaluation/evaluator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/embedded_file.hpp"
#include "base/text.hpp"
#include "evaluation/directory.hpp"
#include "evaluation/kinds.hpp"
#include "evaluation/metric_rows.hpp"
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

std::vector<config::Metric> parse_built_in() {
  std::vector<config::Metric> all;
  for (const auto& file : metric_files()) {
    for (auto& metric : config::parse_metrics(file.text, file.name)) {
      metric.where.line = 0;  // built-in: a place that users cannot open helps nobody
      all.push_back(std::move(metric));
    }
  }
  return all;
}

std::vector<config::Metric> definitions(std::vector<config::Metric> own) {
  static const auto k_built_in = parse_built_in();
  auto all = k_built_in;
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
        shown(o.items == Items::yes ? Detail::full : Detail::totals),
        metrics(definitions(std::move(o.own))),
        directory(s),
        readings(o.readings && !s.file().empty() ? std::move(o.readings) : std::make_shared<Readings>()),
        rows(s, directory, now, calendar, o.runways, *readings) {}

  store::Store& store;
  UnixTime now;
  Calendar calendar;
  Detail shown;
  std::vector<config::Metric> metrics;
  Directory directory;
  std::shared_ptr<Readings> readings;
  MetricRows rows;
  std::map<std::string, bool> has_data;                         // by entity
  std::map<std::string, std::optional<UnixTime>> last_success;  // by entity
  std::map<std::string, std::string> main_entities;             // by metric
  struct Compared {
    Window window;
    Scope scope;
    Comparison comparison;
  };
  std::optional<Compared> compared;

  /// Reads as far back as the metric's verdict looks, in one pass.
  void prepare_facts(const config::Metric& metric, const Window& window) {
    if (metric.where.line > 0) return;
    const bool with_last = metric.kind == "proportion" || metric.kind == "duration";  // the period before alone
    rows.reach_back(metric, with_last ? window.previous : baseline_spans(metric, window).front());
  }

  const config::Metric* find_built_in(std::string_view name) const {
    const auto at = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.name == name; });
    return at == metrics.end() || at->where.line > 0 ? nullptr : &*at;
  }

  /// When the last of the streams that give an entity was read to its end.
  std::optional<UnixTime> last_success_of(const std::string& entity) {
    const auto [found, is_new] = last_success.try_emplace(entity);
    if (is_new) {
      store::Statement streams(store.db(), "SELECT max(last_success_at) FROM stream WHERE entity = ?1");
      if (streams.bind(entity).step()) found->second = streams.time_or_null(0);
    }
    return found->second;
  }

  bool entity_has_data(const std::string& entity) {
    const auto known = has_data.find(entity);
    if (known != has_data.end()) return known->second;
    bool there = last_success_of(entity).has_value();
    if (!there) {
      store::Statement any(store.db(), fmt::format("SELECT 1 FROM {} LIMIT 1", store::quote_name(entity)));
      there = any.step();
    }
    return has_data[entity] = there;
  }

  /// The first entity that the definition reads ("stream" for the book-keeping of syncs); empty: none.
  const std::string& main_entity(const config::Metric& metric) {
    const auto [found, is_new] = main_entities.try_emplace(metric.name);
    if (is_new) found->second = find_main_entity(metric);
    return found->second;
  }

  std::string find_main_entity(const config::Metric& metric) {
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
    for (const auto& needed : metric.needs) {
      if (store.find_entity(needed) == nullptr)
        fail(ErrorKind::config, "{}: metric '{}' needs '{}', which is no entity", metric.where.text(), metric.name,
             visible(needed));
      if (!entity_has_data(needed)) return fmt::format("no source gives '{}'", needed);
    }
    const auto& entity = main_entity(metric);
    if (entity.empty() || entity_has_data(entity)) return {};
    return entity == "stream" ? "nothing was synced yet" : fmt::format("no source gives '{}'", entity);
  }

  /// Why the store cannot say anything of the period: no record of one that began after the last sync is no news, not
  /// good news.
  std::string nothing_known(const config::Metric& metric, const Interval& period) {
    if (auto missing = missing_data(metric); !missing.empty() || metric.kind == "level") return missing;
    const auto& entity = main_entity(metric);
    const auto last = last_success_of(entity);
    if (!last || *last >= period.from) return {};
    return fmt::format("'{}' was last synced {}, before the period", entity, format_date(calendar.zone.date_of(*last)));
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

  Result evaluate(const config::Metric& metric, const Window& window, const Scope& scope, Verdicts verdicts,
                  Detail detail);

  /// Totals of the baseline; periods before the store's first record say nothing and are left out.
  std::vector<Totals> baseline(const config::Metric& metric, const Window& window, const Scope& scope) {
    std::vector<Totals> result;
    bool started = false;
    for (const auto& span : baseline_spans(metric, window)) {
      const auto& set = rows.of(metric, span, Detail::totals, Periods::many);
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
  return state_->evaluate(find(name), window, scope, verdicts, state_->shown);
}

Result Evaluator::State::evaluate(const config::Metric& metric, const Window& window, const Scope& scope,
                                  Verdicts verdicts, Detail detail) {
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
  if (result.not_reportable = nothing_known(metric, result.period); !result.not_reportable.empty()) {
    result.judgement = metrics::Judgement::not_reportable(result.not_reportable);
    return result;
  }
  if (verdicts == Verdicts::yes) prepare_facts(metric, window);
  const auto now_totals =
      rows.totals(metric, result.period, scope, detail, verdicts == Verdicts::yes ? Periods::many : Periods::one);
  fill_value(result, metric, now_totals);
  if (verdicts == Verdicts::no) {
    result.judgement = metrics::Judgement::not_reportable("not asked for");
    return result;
  }
  if (reads_runways(metric)) {
    result.judgement = metrics::Judgement::not_reportable("a forecast is judged by its back-test");
    return result;
  }
  const auto before =
      add_up(rows.of(metric, result.previous_period, Detail::totals, Periods::many), scope, Detail::totals);
  // Shares and durations are compared with the period before alone.
  const bool needs_baseline = metric.kind != "proportion" && metric.kind != "duration";
  const auto past = needs_baseline ? baseline(metric, window, scope) : std::vector<Totals>{};
  fill_verdict(result, metric, now_totals, before, past, window);
  return result;
}

const Comparison& Evaluator::compare(const Window& window, const Scope& scope) {
  auto& kept = state_->compared;
  if (kept && kept->window == window && kept->scope == scope) return kept->comparison;
  Comparison comparison;
  // The one that looks furthest back first: one pass for all.
  if (const auto* hours = state_->find_built_in("hours_sev12")) state_->prepare_facts(*hours, window);
  for (const auto& metric : state_->metrics)
    comparison.results.push_back(state_->evaluate(metric, window, scope, Verdicts::yes, Detail::totals));
  comparison.tested = correct_for_many(comparison.results);
  return kept.emplace(State::Compared{window, scope, std::move(comparison)}).comparison;
}

void Evaluator::name_items(Result& result, const Scope& scope) {
  if (state_->shown != Detail::full || !state_->nothing_known(find(result.metric), result.period).empty()) return;
  auto totals = state_->rows.totals(find(result.metric), result.period, scope, Detail::full, Periods::many);
  result.items = std::move(totals.items);
  result.items_left_out = totals.items_left_out;
}

bool Evaluator::applies(std::string_view name, const Window& window, const Scope& scope) {
  const auto& metric = find(name);
  if (!state_->missing_data(metric).empty()) return false;
  const auto to = metric.kind == "level" ? window.at : window.period.to;
  const auto totals = add_up(state_->rows.of(metric, {to - k_applies, to}, Detail::totals), scope, Detail::totals);
  return totals.coverage.of > 0 || !totals.exclusions.empty();
}

Explanation Evaluator::explain(std::string_view name, const Window& window, const Scope& scope) {
  const auto& metric = find(name);
  Explanation e;
  e.result = evaluate(name, window, scope);
  e.sql = std::string(trim_view(metric.sql));
  e.formula = formula_of(metric);
  auto rows = state_->rows.sample(metric, e.result.period, scope, k_explain_rows);
  e.columns = std::move(rows.columns);
  e.rows = std::move(rows.rows);
  e.row_count = rows.count;
  if (const auto& entity = state_->main_entity(metric); !entity.empty())
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
std::span<const Resource> Evaluator::capacity() { return state_->rows.capacity(); }
const std::shared_ptr<Readings>& Evaluator::readings() const { return state_->readings; }
UnixTime Evaluator::now() const { return state_->now; }
const Calendar& Evaluator::calendar() const { return state_->calendar; }

}  // namespace sitrep::evaluation
