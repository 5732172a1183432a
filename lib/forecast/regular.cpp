#include "forecast/regular.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace sitrep::forecast {
namespace {

constexpr std::int64_t k_day = 86'400;

std::int64_t month_index(UnixTime t) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(t)};
  return int{day.year()} * std::int64_t{12} + static_cast<unsigned>(day.month()) - 1;
}

UnixTime month_start(std::int64_t index) {
  const auto year = std::chrono::year{static_cast<int>(index >= 0 ? index / 12 : (index - 11) / 12)};
  const auto month = std::chrono::month{static_cast<unsigned>(index - int{year} * std::int64_t{12}) + 1};
  return std::chrono::sys_days{year / month / 1};
}

/// The median distance of neighbours: one gap or burst does not move it.
Seconds usual_step(std::span<const model::Sample> ordered) {
  std::vector<std::int64_t> distances;
  distances.reserve(ordered.size() - 1);
  for (std::size_t i = 1; i < ordered.size(); ++i) distances.push_back((ordered[i].at - ordered[i - 1].at).count());
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return Seconds{*middle};
}

std::vector<model::Sample> in_order(std::span<const model::Sample> samples, Regular& result) {
  std::vector<model::Sample> ordered;
  ordered.reserve(samples.size());
  for (const auto& s : samples) {
    if (!std::isfinite(s.value)) {
      ++result.not_finite;
      continue;
    }
    if (!ordered.empty() && s.at < ordered.back().at) ++result.backward;
    ordered.push_back(s);
  }
  if (result.backward > 0) std::ranges::stable_sort(ordered, {}, &model::Sample::at);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    if (kept > 0 && ordered[kept - 1].at == ordered[i].at) {
      ordered[kept - 1] = ordered[i];
      ++result.repeated;
    } else {
      ordered[kept++] = ordered[i];
    }
  }
  ordered.resize(kept);
  return ordered;
}

void fill_gaps(Regular& result, const std::vector<bool>& measured) {
  for (std::size_t i = 0; i < measured.size();) {
    if (measured[i]) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (!measured[end]) ++end;  // the last step is measured: the grid ends at a sample
    const double before = result.values[i - 1];
    const double rise = (result.values[end] - before) / static_cast<double>(end - i + 1);
    for (std::size_t j = i; j < end; ++j) result.values[j] = before + rise * static_cast<double>(j - i + 1);
    ++result.gaps;
    result.filled += end - i;
    result.longest_gap = std::max(result.longest_gap, end - i);
    i = end;
  }
}

}  // namespace

UnixTime Regular::time(std::size_t index) const {
  const auto i = static_cast<std::int64_t>(index);
  return step.count() == 0 ? month_start(month_index(start) + i) : start + step * i;
}

std::size_t Regular::index_of(UnixTime t) const {
  if (t <= start) return 0;
  if (step.count() == 0) {
    const auto months = month_index(t) - month_index(start);
    return static_cast<std::size_t>(months + (time(static_cast<std::size_t>(months)) < t ? 1 : 0));
  }
  return static_cast<std::size_t>(((t - start).count() + step.count() - 1) / step.count());
}

std::vector<std::string> Regular::notes() const {
  std::vector<std::string> result;
  const auto count = [](std::size_t n, std::string_view one, std::string_view many) {
    return count_of(static_cast<std::int64_t>(n), one, many);
  };
  if (irregular)
    result.push_back(
        fmt::format("irregular times brought to steps of {}", step.count() == k_day ? "a day" : "an hour"));
  if (gaps > 0) {
    result.push_back(fmt::format("{} filled in a straight line ({} of {} steps, the longest {})",
                                 count(gaps, "gap", "gaps"), filled, values.size(), longest_gap));
  }
  if (repeated > 0) {
    result.push_back(count(repeated, "repeated timestamp", "repeated timestamps") + ": the last value counts");
  }
  if (backward > 0) result.push_back(count(backward, "backward timestamp", "backward timestamps") + " put in order");
  if (not_finite > 0) result.push_back(count(not_finite, "value", "values") + " not finite, left out");
  return result;
}

namespace {

std::optional<Regular> on_grid(std::span<const model::Sample> samples, Bucket bucket, std::optional<Seconds> step) {
  Regular result;
  result.samples = samples.size();
  const auto ordered = in_order(samples, result);
  if (ordered.size() < 2) return std::nullopt;
  result.step = step ? *step : usual_step(ordered);
  const std::int64_t width = result.step.count();
  const bool months = !step && width >= 28 * k_day && width <= 31 * k_day;
  const UnixTime first = ordered.front().at;
  if (months) result.step = Seconds{0};
  // Rounding to the nearest step absorbs jitter and the hour that local midnights move by over a change of clocks; a
  // given step means buckets instead, aligned to its multiples (days in UTC).
  const std::int64_t origin =
      step ? unix_seconds(first) - (unix_seconds(first) % width + width) % width : unix_seconds(first) - width / 2;
  result.start = months ? month_start(month_index(first)) : step ? unix_time(origin) : first;
  const auto cell = [&](UnixTime t) {
    return static_cast<std::size_t>(months ? month_index(t) - month_index(first) : (unix_seconds(t) - origin) / width);
  };
  const std::size_t size = cell(ordered.back().at) + 1;
  if (size < 2 || size > 4 * ordered.size() + 16) return std::nullopt;
  result.values.assign(size, 0);
  std::vector<double> count(size, 0);
  for (const auto& s : ordered) {
    const std::size_t i = cell(s.at);
    double& v = result.values[i];
    if (count[i] == 0 || bucket == Bucket::last)
      v = s.value;
    else if (bucket == Bucket::max)
      v = std::max(v, s.value);
    else
      v += (s.value - v) / (count[i] + 1);
    count[i] += 1;
  }
  std::vector<bool> measured(size);
  std::transform(count.begin(), count.end(), measured.begin(), [](double c) { return c > 0; });
  fill_gaps(result, measured);
  if (result.filled * 2 > size) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Regular> regularise(std::span<const model::Sample> samples, Bucket bucket, std::optional<Seconds> step) {
  auto result = on_grid(samples, bucket, step);
  if (result || step) return result;
  for (const auto wider : {Seconds{3600}, Seconds{k_day}}) {
    result = on_grid(samples, bucket, wider);
    if (!result) continue;
    result->irregular = true;
    return result;
  }
  return std::nullopt;
}

std::vector<std::size_t> season_candidates(Seconds step) {
  if (step.count() == 0) return {12};
  std::vector<std::size_t> result;
  const auto add = [&](std::int64_t period) {
    if (step.count() * 2 > period || period % step.count() != 0) return;
    const auto m = static_cast<std::size_t>(period / step.count());
    if (m <= 366) result.push_back(m);
  };
  add(k_day);
  add(7 * k_day);
  if (step.count() == 7 * k_day) result.push_back(52);
  if (step.count() >= 90 * k_day && step.count() <= 92 * k_day) result.push_back(4);
  return result;
}

}  // namespace sitrep::forecast
