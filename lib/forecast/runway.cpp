#include "forecast/runway.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "forecast/regular.hpp"
#include "forecast/steps.hpp"
#include "forecast/trend.hpp"

namespace sitrep::forecast {
namespace {

constexpr std::size_t k_trend_days = 60;
constexpr std::size_t k_growth_least = 8;
constexpr double k_significance = 0.05;
constexpr Seconds k_too_old = std::chrono::days{7};
constexpr Seconds k_nearly_over = std::chrono::hours{1};

std::optional<std::size_t> first_at_or_above(std::span<const double> values, double limit) {
  const auto at = std::find_if(values.begin(), values.end(), [&](double v) { return v >= limit; });
  if (at == values.end()) return std::nullopt;
  return static_cast<std::size_t>(at - values.begin());
}

double added_by(const std::vector<Demand>& added, UnixTime t) {
  double sum = 0;
  for (const auto& demand : added) sum += demand.from <= t ? demand.amount : 0;
  return sum;
}

/// What the history does not know comes on top of the forecast and its range from its day on.
void add_demand(Forecast& forecast, const std::vector<Demand>& added, UnixTime start) {
  for (std::size_t h = 0; h < forecast.values.size(); ++h) {
    const double extra = added_by(added, start + std::chrono::days{h + 1} - Seconds{1});
    if (extra == 0) continue;
    forecast.values[h] += extra;
    for (auto& interval : forecast.intervals) {
      if (h < interval.lower.size()) interval.lower[h] += extra;
      if (h < interval.upper.size()) interval.upper[h] += extra;
    }
  }
}

/// Whether no forecast's upper bound gets to the limit. A forecast leaves the range of the history by the width of that
/// range at most, and its back-test errs by twice the width at most.
bool out_of_reach(std::span<const double> values, const RunwayOptions& options) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  double added = 0;
  for (const auto& demand : options.added) added += std::max(demand.amount, 0.0);
  return *high + 3 * (*high - *low) + added < options.limit;
}

UnixTime midnight(UnixTime t) { return std::chrono::floor<std::chrono::days>(t); }

/// Whether the day of `now` is under way.
bool today_is_under_way(std::span<const model::Sample> known, UnixTime now) {
  const auto today = midnight(now);
  std::optional<UnixTime> newest, before;
  for (const auto& s : known) {
    auto& of = s.at < today ? before : newest;
    of = std::max(of.value_or(s.at), s.at);
  }
  return newest && before && is_under_way(*newest, *before);
}

/// A forecast that begins today begins tomorrow: today is better known.
void leave_out_first(Forecast& forecast) {
  forecast.values.erase(forecast.values.begin());
  for (auto& interval : forecast.intervals) {
    if (!interval.lower.empty()) interval.lower.erase(interval.lower.begin());
    if (!interval.upper.empty()) interval.upper.erase(interval.upper.begin());
  }
}

void note_steps(Runway& result, std::span<const Step> steps, const Regular& series, bool kept) {
  if (steps.empty()) return;
  const auto& last = steps.back();
  result.notes.push_back(fmt::format("{} in the history, the last on {} by {:+.4g}{}",
                                     count_of(static_cast<std::int64_t>(steps.size()), "step", "steps"),
                                     format_date(std::chrono::floor<std::chrono::days>(series.time(last.index))),
                                     last.size,
                                     kept ? ": they recur, and are expected to go on" : ": taken out of the trend"));
}

}  // namespace

bool is_under_way(UnixTime newest, UnixTime before) {
  return newest - midnight(newest) + k_nearly_over < before - midnight(before);
}

Runway runway(std::span<const model::Sample> samples, const RunwayOptions& options) {
  Runway result;
  std::vector<model::Sample> some;  // where not all of them count
  auto known = samples;
  const auto keep_those = [&](const auto& count) {
    if (std::ranges::all_of(known, count)) return;
    std::vector<model::Sample> kept;
    std::ranges::copy_if(known, std::back_inserter(kept), count);
    known = some = std::move(kept);
  };
  keep_those([&](const model::Sample& s) { return s.at <= options.now && std::isfinite(s.value); });
  if (known.empty()) {
    result.reason = "no samples";
    return result;
  }
  const auto newest =
      std::max_element(known.begin(), known.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  result.used = newest->value + added_by(options.added, options.now);
  result.used_at = newest->at;
  if (!(options.limit > 0)) {
    result.reason = "no limit";
    return result;
  }
  result.headroom = 1 - result.used / options.limit;
  if (options.now - newest->at > k_too_old) {
    result.reason = "no samples since " + format_date(std::chrono::floor<std::chrono::days>(newest->at));
    return result;
  }
  if (result.used >= options.limit) {
    result.state = Runway::State::full;
    result.first = result.last = result.expected = options.now;
    return result;
  }
  const bool under_way = today_is_under_way(known, options.now);
  if (under_way) keep_those([&](const model::Sample& s) { return s.at < midnight(options.now); });
  const auto daily = regularise(known, Bucket::max, std::chrono::days{1});
  if (!daily || daily->values.size() < k_least_history) {
    result.reason = fmt::format("{} of samples, needs {} days",
                                count_of(daily ? static_cast<std::int64_t>(daily->values.size()) : 1, "day", "days"),
                                k_least_history);
    return result;
  }
  result.notes = daily->notes();
  const auto steps = find_steps(daily->values);
  const bool keep = recurring(steps);
  note_steps(result, steps, *daily, keep);
  const auto values = keep ? daily->values : without_steps(daily->values, steps);

  if (options.dates_only && out_of_reach(values, options)) {
    result.state = Runway::State::no_growth;
    return result;
  }
  Options forecast_options;
  forecast_options.horizon = static_cast<std::size_t>(
      std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::days>(options.horizon).count()));
  forecast_options.season_candidates = season_candidates(std::chrono::days{1});
  forecast_options.levels = {options.level};
  forecast_options.origins = options.origins;
  forecast_options.horizon = std::min(forecast_options.horizon, values.size() / 4);
  result.forecast = forecast(values, forecast_options);
  result.forecast_start = daily->time(values.size());
  add_demand(*result.forecast, options.added, result.forecast_start);
  result.horizon_end = daily->time(values.size() + forecast_options.horizon - 1);

  bool grows = false;
  if (!options.dates_only) {
    const auto recent = std::span(values).last(std::min(values.size(), k_trend_days));
    if (const auto line = theil_sen(recent)) result.growth_per_day = line->slope;
    const auto trend = mann_kendall_prewhitened(recent);
    grows = recent.size() >= k_growth_least && trend.p < k_significance && result.growth_per_day > 0;
  }

  const auto date = [&](std::optional<std::size_t> index) -> std::optional<UnixTime> {
    if (!index) return std::nullopt;
    return std::max(options.now, daily->time(values.size() + *index));
  };
  const auto& interval = result.forecast->intervals.front();
  result.expected = date(first_at_or_above(result.forecast->values, options.limit));
  if (interval.missing.empty()) {
    result.first = date(first_at_or_above(interval.upper, options.limit));
    result.last = date(first_at_or_above(interval.lower, options.limit));
  } else {
    result.notes.push_back("no range: " + interval.missing);
    result.first = result.expected;
  }
  if (under_way && result.forecast->values.size() > 1) {
    leave_out_first(*result.forecast);
    result.forecast_start += std::chrono::days{1};
  }
  if (result.first)
    result.state = Runway::State::dated;
  else
    result.state = grows ? Runway::State::not_in_sight : Runway::State::no_growth;
  return result;
}

std::string_view name(Runway::State state) {
  switch (state) {
    case Runway::State::full:
      return "full";
    case Runway::State::dated:
      return "dated";
    case Runway::State::not_in_sight:
      return "not in sight";
    case Runway::State::no_growth:
      return "no growth";
    case Runway::State::unknown:
      break;
  }
  return "unknown";
}

}  // namespace sitrep::forecast
