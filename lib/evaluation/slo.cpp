#include "evaluation/slo.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace sitrep::evaluation {
namespace {

using std::chrono::days;

constexpr Seconds k_stale = days{3};
constexpr Seconds k_step_history = days{7}, k_long_step_history = days{100};

/// The counts of an SLO's samples; impossible ones are left out, and counted.
struct Counted {
  metrics::EventCounts counts;
  std::int64_t buckets = 0, impossible = 0;
};

class Samples {
 public:
  explicit Samples(store::Store& store)
      : db_(store.db()),
        sum_(store.db(),
             "SELECT sum(good) FILTER (WHERE good BETWEEN 0 AND total), sum(total) FILTER (WHERE good BETWEEN 0 AND "
             "total), "
             "count(*) FILTER (WHERE good BETWEEN 0 AND total), count(*) FROM slo_sample "
             "WHERE slo_id = ?1 AND source = ?2 AND at >= ?3 AND at < ?4"),
        step_(store.db(),
              "SELECT min(gap) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS gap FROM slo_sample "
              "WHERE slo_id = ?1 AND source = ?2 AND at >= ?3 AND at < ?4) WHERE gap > 0"),
        ends_(store.db(), "SELECT min(at), max(at) FROM slo_sample WHERE slo_id = ?1 AND source = ?2 AND at < ?3") {}

  Counted count(const Slo& slo, const Interval& span) {
    sum_.bind(slo.id, slo.source, span.from, span.to);
    Counted result;
    if (!sum_.step()) return result;
    result.counts = {sum_.integer(0), sum_.integer(1)};
    result.buckets = sum_.integer(2);
    result.impossible = sum_.integer(3) - result.buckets;
    return result;
  }
  /// nullopt: a single sample.
  std::optional<Seconds> step(const Slo& slo, UnixTime last) {
    for (const auto history : {k_step_history, k_long_step_history}) {
      step_.bind(slo.id, slo.source, last - history, last + Seconds{1});
      if (step_.step() && !step_.is_null(0)) return Seconds{step_.integer(0)};
    }
    return std::nullopt;
  }
  /// Whether no incident means that there was none.
  bool knows_incidents() {
    if (!knows_incidents_) {
      store::Statement known(db_,
                             "SELECT EXISTS (SELECT 1 FROM stream WHERE entity = 'incident' AND last_success_at IS "
                             "NOT NULL) OR EXISTS (SELECT 1 FROM incident)");
      knows_incidents_ = known.step() && known.integer(0) != 0;
    }
    return *knows_incidents_;
  }
  /// First and last sample before `now`.
  std::optional<Interval> ends(const Slo& slo, UnixTime now) {
    ends_.bind(slo.id, slo.source, now);
    if (!ends_.step() || ends_.is_null(0)) return std::nullopt;
    return Interval{ends_.time(0), ends_.time(1)};
  }

 private:
  store::Database& db_;
  store::Statement sum_, step_, ends_;
  std::optional<bool> knows_incidents_;
};

/// Spans in which customers noticed something, by service, in order and without overlap.
std::vector<Interval> impact(store::Store& store, const Slo& slo, const Directory& directory, const Interval& span) {
  store::Statement rows(
      store.db(),
      "SELECT service, started_at, coalesce(mitigated_at, resolved_at, ?2) FROM incident "
      "WHERE started_at < ?2 AND coalesce(mitigated_at, resolved_at, ?2) > ?1 AND service IS NOT NULL "
      "AND coalesce(kind, 'incident') = 'incident' "
      "AND lower(coalesce(customer_impact, '')) NOT IN ('', 'none', 'no', 'no impact') ORDER BY started_at");
  rows.bind(span.from, span.to);
  std::vector<Interval> result;
  while (rows.step()) {
    const auto* known = directory.service(rows.text(0));
    if (!equal_ignoring_case(known ? known->name : std::string(rows.text(0)), slo.service)) continue;
    const Interval one{std::max(rows.time(1), span.from), std::min(rows.time(2), span.to)};
    if (one.to <= one.from) continue;
    if (!result.empty() && one.from <= result.back().to)
      result.back().to = std::max(result.back().to, one.to);
    else
      result.push_back(one);
  }
  return result;
}

/// Works out one SLO: spans, burn, notes.
class Account {
 public:
  Account(Slo& slo, Samples& samples, store::Store& store, const Directory& directory, const SloOptions& options)
      : slo_(slo), samples_(samples), store_(store), directory_(directory), options_(options) {}

  void fill() {
    try {
      metrics::allowed_per_billion(slo_.objective);
    } catch (const Error& e) {
      slo_.notes.emplace_back(e.what());
      slo_.asked.resize(options_.spans.size());
      for (auto* span : {&slo_.current, &slo_.last_month, &slo_.last_quarter})
        span->not_reportable = "the objective cannot be read";
      for (auto& span : slo_.asked) span.not_reportable = "the objective cannot be read";
      return;
    }
    ends_ = samples_.ends(slo_, options_.now);
    if (ends_) {
      slo_.last_at = ends_->to;
      step_ = samples_.step(slo_, ends_->to);
    } else if (!slo_.service.empty()) {
      slo_.basis = Slo::Basis::customer_impact;
      slo_.notes.emplace_back("no samples: time without an incident that customers noticed");
    }
    calendar_span(slo_.last_month, PeriodLength::month);
    calendar_span(slo_.last_quarter, PeriodLength::quarter);
    current_window();
    for (const auto& span : options_.spans) {
      auto& asked = slo_.asked.emplace_back();
      asked.span = {span.from, std::max(span.from, std::min(span.to, options_.now))};
      budget(asked);
    }
    burns();
    low_traffic();
  }

 private:
  void calendar_span(SloSpan& span, PeriodLength length) {
    span.span = last_complete_period(options_.now, length, options_.calendar);
    span.label = describe(span.span, length, options_.calendar);
    budget(span);
  }

  void current_window() {
    auto& current = slo_.current;
    const auto& window = slo_.window;
    const bool quarter = window == "quarter";
    if (quarter || window == "month") {
      const auto length = quarter ? PeriodLength::quarter : PeriodLength::month;
      const auto whole = period_of(options_.now, length, options_.calendar);
      current.span = {whole.from, std::min(whole.to, options_.now)};
      current.label = describe(whole, length, options_.calendar) + " so far";
    } else {
      const auto span = parse_duration(window);
      if (!span && !window.empty())
        slo_.notes.push_back(
            fmt::format("window '{}' is neither month, quarter nor a duration: 30d is used", visible(window)));
      current.span = {options_.now - span.value_or(days{30}), options_.now};
      current.label = (span ? window : "30d") + " to " + format_date(options_.calendar.zone.date_of(options_.now));
    }
    budget(current);
    if (current.budget && ends_ && options_.now - ends_->to > k_stale) {
      current.budget.reset();
      current.not_reportable = "no samples since " + format_date(options_.calendar.zone.date_of(ends_->to));
    }
  }

  void budget(SloSpan& span) {
    if (slo_.basis == Slo::Basis::customer_impact) {
      if (!samples_.knows_incidents()) {
        span.not_reportable = "no samples, and no source gives incidents";
        return;
      }
      Seconds bad{0};
      for (const auto& one : impact(store_, slo_, directory_, span.span)) bad += one.length();
      const auto total = span.span.length().count();
      span.budget = metrics::error_budget({total - bad.count(), total}, slo_.objective);
      if (!span.budget) span.not_reportable = "has just begun";
      return;
    }
    const auto counted = samples_.count(slo_, span.span);
    if (counted.impossible > 0)
      slo_.notes.push_back(fmt::format("{}: {} left out: good is not between 0 and total", span.label,
                                       count_of(counted.impossible, "sample")));
    // What was before the first sample is no gap; neither is the bucket that is still being counted.
    if (step_ && ends_) {
      const Interval expected{std::max(span.span.from, ends_->from), span.span.to};
      const auto buckets = expected.length().count() / step_->count();
      if (buckets > 0)
        span.coverage = std::min(1.0, static_cast<double>(counted.buckets) / static_cast<double>(buckets));
    }
    if (counted.counts.total == 0) {
      span.not_reportable = "no events";
    } else if (!step_) {
      span.not_reportable = "a single sample";
    } else if (span.coverage < k_least_slo_coverage) {
      span.not_reportable = fmt::format("{:.0f} % of its buckets are there, needs {:.0f} %", 100 * span.coverage,
                                        100 * k_least_slo_coverage);
    } else {
      span.budget = metrics::error_budget(counted.counts, slo_.objective);
    }
  }

  void burns() {
    for (const auto& alert : metrics::k_burn_alerts) {
      SloBurn burn{alert, {}, {}, 0, false, {}};
      if (slo_.basis == Slo::Basis::customer_impact) {
        burn.not_reportable = "no samples";
      } else if (!step_ || *step_ > alert.short_window) {
        burn.not_reportable = step_ ? fmt::format("samples are {} apart, the short window is {}",
                                                  format_duration(*step_), format_duration(alert.short_window))
                                    : "too few samples";
      } else {
        const auto over = [&](Seconds window) {
          return samples_.count(slo_, {options_.now - window, options_.now}).counts;
        };
        const auto wide = over(alert.long_window);
        burn.events = wide.total;
        burn.long_burn = metrics::burn_rate(wide, slo_.objective);
        burn.short_burn = metrics::burn_rate(over(alert.short_window), slo_.objective);
        if (!burn.long_burn || !burn.short_burn)
          burn.not_reportable = "no events in a window";
        else if (wide.total < k_least_burn_events)
          burn.not_reportable =
              fmt::format("{} in the long window, needs {}", count_of(wide.total, "event"), k_least_burn_events);
        else
          burn.fires = *burn.long_burn > alert.burn && *burn.short_burn > alert.burn;
      }
      slo_.burns.push_back(std::move(burn));
    }
    const auto& slowest = slo_.burns.back();
    if (slowest.not_reportable.empty() && *slowest.long_burn > 0 && slo_.current.budget &&
        slo_.current.budget->used < 1) {
      const double left = 1 - slo_.current.budget->used;
      const auto whole = metrics::time_to_exhaustion(*slowest.long_burn, days{30});
      slo_.exhausted_in = Seconds{std::llround(left * static_cast<double>(whole.count()))};
    }
  }

  void low_traffic() {
    if (slo_.basis == Slo::Basis::samples && slo_.current.budget && slo_.current.budget->allowed_bad < 1 &&
        slo_.objective < 1)
      slo_.notes.push_back(fmt::format("low traffic: one failure among {} spends more than the whole budget",
                                       count_of(slo_.current.budget->counts.total, "event")));
  }

  Slo& slo_;
  Samples& samples_;
  store::Store& store_;
  const Directory& directory_;
  const SloOptions& options_;
  std::optional<Interval> ends_;
  std::optional<Seconds> step_;
};

}  // namespace

std::string sli_text(double share) {
  if (share < 0) return "unknown";
  if (share >= 1) return "100 %";
  const double nines = -std::log10(1 - share);
  const int digits = std::clamp(static_cast<int>(std::ceil(nines - 1e-9)) - 1, 1, 9);
  // Cut, not rounded: 99.996 % is not 100 %.
  const double scale = std::pow(10.0, digits);
  auto text = fmt::format("{:.{}f}", std::floor(share * 100 * scale + 1e-6) / scale, digits);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

std::optional<double> SloSpan::nines() const {
  if (!budget || budget->counts.bad() == 0) return std::nullopt;
  return std::log10(static_cast<double>(budget->counts.total)) - std::log10(static_cast<double>(budget->counts.bad()));
}

bool Slo::fires() const {
  return std::any_of(burns.begin(), burns.end(), [](const SloBurn& b) { return b.fires; });
}

std::vector<Slo> slos(store::Store& store, const Directory& directory, const SloOptions& options) {
  std::vector<Slo> result;
  Samples samples(store);
  store::Statement rows(
      store.db(),
      "SELECT source, id, service, name, objective, window, url FROM slo ORDER BY service, name, source, id");
  while (rows.step()) {
    Slo slo;
    slo.source = rows.text(0);
    slo.id = rows.text(1);
    slo.service = rows.text(2);
    slo.name = rows.is_null(3) ? slo.id : std::string(rows.text(3));
    if (!options.slo.empty() && !equal_ignoring_case(options.slo, slo.id) &&
        !equal_ignoring_case(options.slo, slo.name))
      continue;
    slo.objective = rows.real(4).value_or(-1);
    slo.window = rows.text(5);
    slo.url = rows.text(6);
    if (const auto* known = directory.service(slo.service)) {
      slo.service = known->name;
      slo.team = known->team;
      slo.program = known->program;
    }
    Account(slo, samples, store, directory, options).fill();
    result.push_back(std::move(slo));
  }
  return result;
}

}  // namespace sitrep::evaluation
