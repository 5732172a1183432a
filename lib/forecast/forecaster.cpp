#include "forecast/forecaster.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "forecast/accuracy.hpp"
#include "forecast/conformal.hpp"

namespace sitrep::forecast {
namespace {

constexpr std::size_t k_longest = 5'000;  // older values change no forecast of a quarter of that
constexpr std::size_t k_origins_per_fit = 8;
constexpr std::size_t k_refits = 4;  // parameters move slowly: fitted four times over the origins
constexpr double k_power = 4;        // of the inverse error; 3 to 6 do alike on the M4 weekly series

struct Candidate {
  Method method;
  bool seasonal;
};

/// All candidates' forecasts from one moment, by candidate.
using Fan = std::vector<std::vector<double>>;

struct Recipes {
  Fits plain;
  std::optional<Fits> seasonal;
};

std::vector<Candidate> candidates(bool seasonal) {
  std::vector<Candidate> result;
  for (std::size_t m = 0; m < k_methods; ++m) {
    const auto method = static_cast<Method>(m);
    if (method != Method::seasonal_naive) result.push_back({method, false});
    if (seasonal && method != Method::naive) result.push_back({method, true});
  }
  return result;
}

Recipes fit_all(std::span<const double> y, std::size_t season) {
  Recipes recipes{fit(y, 1), std::nullopt};
  if (season > 1) recipes.seasonal = fit(y, season);
  return recipes;
}

/// Fans from later and later moments, with and without season side by side.
class Walks {
 public:
  Walks(std::span<const double> y, const Recipes& recipes) : plain_(y, recipes.plain) {
    if (recipes.seasonal) seasonal_.emplace(y, *recipes.seasonal);
  }
  Fan fan(std::size_t origin, std::span<const Candidate> list, std::size_t horizon) {
    plain_.advance(origin);
    auto plain = plain_.forecasts(horizon);
    decltype(plain) seasonal;
    if (seasonal_) {
      seasonal_->advance(origin);
      seasonal = seasonal_->forecasts(horizon);
    }
    Fan result;
    result.reserve(list.size());
    for (const auto& c : list) {
      result.push_back(std::move((c.seasonal ? seasonal : plain)[static_cast<std::size_t>(c.method)]));
    }
    return result;
  }

 private:
  Walk plain_;
  std::optional<Walk> seasonal_;
};

struct BackTest {
  std::vector<Fan> fans;                        // by origin, oldest first
  std::vector<std::span<const double>> actual;  // by origin
};

/// `whole`: the fit to all of y, if there is to be no other.
BackTest back_test(std::span<const double> y, std::size_t horizon, std::size_t season, std::span<const Candidate> list,
                   std::size_t origins, const Recipes* whole) {
  BackTest result;
  // An origin needs a past to fit to: half of the history, and two seasons for their indices.
  const std::size_t shortest = std::max({y.size() / 2, std::size_t{4}, season > 1 ? 2 * season + 1 : 0});
  if (y.size() < shortest + horizon) return result;
  const std::size_t count = std::min(std::max<std::size_t>(origins, 1), y.size() - horizon - shortest + 1);
  const std::size_t refits = std::clamp<std::size_t>(origins / k_origins_per_fit, 1, k_refits);
  const std::size_t group = (count + refits - 1) / refits;
  Recipes recipes;
  std::optional<Walks> walks;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t origin = y.size() - horizon - (count - 1 - i);
    if (i == 0 && whole) walks.emplace(y, *whole);
    if (i % group == 0 && !whole) {
      recipes = fit_all(y.first(origin), season);
      walks.emplace(y, recipes);
    }
    result.fans.push_back(walks->fan(origin, list, horizon));
    result.actual.push_back(y.subspan(origin, horizon));
  }
  return result;
}

std::vector<double> weigh(std::span<const double> errors, Choice choice) {
  const double least = *std::min_element(errors.begin(), errors.end());
  std::vector<double> weights;
  for (const double e : errors) {
    weights.push_back(least > 0 ? std::pow(least / e, k_power) : e == 0 ? 1.0 : 0.0);
  }
  if (choice == Choice::best) {
    const auto best = std::min_element(errors.begin(), errors.end()) - errors.begin();
    std::fill(weights.begin(), weights.end(), 0.0);
    weights[static_cast<std::size_t>(best)] = 1;
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto& w : weights) w /= sum;
  return weights;
}

/// Where forecasts may go.
struct Range {
  double low, high;
  double keep(double v) const { return std::clamp(v, low, high); }
};

Range allowed_range(std::span<const double> y, Sign sign) {
  const auto [low, high] = std::minmax_element(y.begin(), y.end());
  const double width = *high - *low;
  const bool not_negative = sign == Sign::not_negative || (sign == Sign::automatic && *low >= 0);
  return {not_negative ? std::max(0.0, *low - width) : *low - width, *high + width};
}

std::vector<double> mix(const Fan& fan, std::span<const double> weights, const Range& range) {
  std::vector<double> result(fan.front().size(), 0);
  for (std::size_t c = 0; c < fan.size(); ++c) {
    if (weights[c] == 0) continue;
    for (std::size_t h = 0; h < result.size(); ++h) result[h] += weights[c] * fan[c][h];
  }
  for (auto& v : result) v = range.keep(v);
  return result;
}

void add_intervals(Forecast& result, const BackTest& tests, const std::vector<std::vector<double>>& mixed,
                   const Options& options, const Range& range) {
  for (const double level : options.levels) {
    PredictionInterval interval{level, {}, {}, {}};
    const auto needed = static_cast<std::size_t>(std::ceil(1 / (1 - level) - 1e-9)) - 1;
    if (tests.fans.size() < needed) {
      interval.missing = fmt::format("{} back-test errors, needs {}", tests.fans.size(), needed);
      result.intervals.push_back(std::move(interval));
      continue;
    }
    double widest = 0;  // a later step is not known better than an earlier one
    std::vector<double> errors(mixed.size());
    for (std::size_t h = 0; h < result.values.size(); ++h) {
      for (std::size_t o = 0; o < mixed.size(); ++o) errors[o] = std::abs(tests.actual[o][h] - mixed[o][h]);
      widest = std::max(widest, conformal_half_width(errors, level).value());
      interval.lower.push_back(std::max(range.low >= 0 ? 0.0 : -INFINITY, result.values[h] - widest));
      interval.upper.push_back(result.values[h] + widest);
    }
    result.intervals.push_back(std::move(interval));
  }
}

std::size_t season_of(std::span<const double> y, const Options& options, Forecast& result) {
  if (!options.season) return detect_season(y, options.season_candidates);
  if (*options.season > 1 && y.size() < 3 * *options.season) {
    result.notes.push_back(
        fmt::format("season of {} not used: {} points, needs {}", *options.season, y.size(), 3 * *options.season));
    return 1;
  }
  return std::max<std::size_t>(*options.season, 1);
}

}  // namespace

std::string Forecast::recipe() const {
  std::string text;
  for (const auto& w : methods) {
    if (!text.empty()) text += ", ";
    text += name(w.method);
    if (w.seasonal && w.method != Method::seasonal_naive) text += fmt::format(" (season {})", season);
    if (methods.size() > 1) text += fmt::format(" {:.2f}", w.weight);
  }
  return text;
}

Forecast forecast(std::span<const double> history, const Options& options) {
  if (history.size() < k_least_history) {
    fail(ErrorKind::data, "forecast: {} points, needs {}", history.size(), k_least_history);
  }
  if (options.horizon == 0) fail(ErrorKind::data, "forecast: the horizon must be at least 1 step");
  if (!std::all_of(history.begin(), history.end(), [](double v) { return std::isfinite(v); })) {
    fail(ErrorKind::data, "forecast: a value is not finite");
  }
  Forecast result;
  const auto y = history.last(std::min(history.size(), k_longest));
  const std::size_t horizon = std::min(options.horizon, history.size() / 4);
  if (horizon < options.horizon) {
    result.notes.push_back(
        fmt::format("horizon cut from {} to {} steps: a quarter of the history", options.horizon, horizon));
  }
  result.season = season_of(y, options, result);
  const auto list = candidates(result.season > 1);
  // A back-test asked to be quick (a few origins, next to each other) has parameters that hardly move: one fit does for
  // it and for the forecast.
  std::optional<Recipes> whole;
  if (options.origins <= k_origins_per_fit) whole = fit_all(y, result.season);
  auto tests = back_test(y, horizon, result.season, list, options.origins, whole ? &*whole : nullptr);
  if (tests.fans.empty() && result.season > 1) {
    result.notes.push_back(fmt::format("season of {} not used: too little history to back-test it", result.season));
    Options plain = options;
    plain.season = 1;
    auto again = forecast(history, plain);
    again.notes.insert(again.notes.begin(), result.notes.begin(), result.notes.end());
    return again;
  }
  std::vector<double> errors(list.size(), 0);
  for (std::size_t o = 0; o < tests.fans.size(); ++o) {
    for (std::size_t c = 0; c < list.size(); ++c) {
      errors[c] += mae(tests.actual[o], tests.fans[o][c]) / static_cast<double>(tests.fans.size());
    }
  }
  const auto weights = weigh(errors, options.choice);
  const Range range = allowed_range(y, options.sign);
  result.origins = tests.fans.size();
  const auto recipes = whole ? std::move(*whole) : fit_all(y, result.season);
  result.values = mix(Walks(y, recipes).fan(y.size(), list, horizon), weights, range);
  std::vector<std::vector<double>> mixed;
  for (std::size_t o = 0; o < tests.fans.size(); ++o) {
    mixed.push_back(mix(tests.fans[o], weights, range));
    const auto share = 1 / static_cast<double>(tests.fans.size());
    result.error += share * mae(tests.actual[o], mixed.back());
    result.smape += share * smape(tests.actual[o], mixed.back());
    result.naive_smape += share * smape(tests.actual[o], tests.fans[o].front());
  }
  result.naive_error = errors.front();
  add_intervals(result, tests, mixed, options, range);
  for (std::size_t c = 0; c < list.size(); ++c) {
    if (weights[c] >= 0.01) result.methods.push_back({list[c].method, list[c].seasonal, weights[c], errors[c]});
  }
  std::stable_sort(result.methods.begin(), result.methods.end(),
                   [](const Weight& a, const Weight& b) { return a.weight > b.weight; });
  return result;
}

}  // namespace sitrep::forecast
