#include "forecast/steps.hpp"

#include <algorithm>
#include <cmath>

namespace sitrep::forecast {
namespace {

constexpr double k_jump = 6;        // robust standard deviations: one false step in 10^8 normal changes
constexpr std::size_t k_side = 14;  // values that confirm a level: whole weeks, so that weekends do not
constexpr std::size_t k_least_side = 3;
constexpr std::size_t k_least = 8;
constexpr std::ptrdiff_t k_recurring = 3;

double median(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  const auto middle = copy.begin() + static_cast<std::ptrdiff_t>(copy.size() / 2);
  std::nth_element(copy.begin(), middle, copy.end());
  return *middle;
}

}  // namespace

std::vector<Step> find_steps(std::span<const double> y) {
  std::vector<Step> steps;
  if (y.size() < k_least) return steps;
  std::vector<double> changes(y.size() - 1);
  for (std::size_t t = 1; t < y.size(); ++t) changes[t - 1] = y[t] - y[t - 1];
  const double usual = median(changes);
  std::vector<double> deviations(changes.size());
  std::transform(changes.begin(), changes.end(), deviations.begin(), [&](double c) { return std::abs(c - usual); });
  // Where more than half of the changes are alike the median is 0 or rounding: half the mean deviation is the floor,
  // which a normal series never gets to (its mean deviation is 0.8 sigma).
  double sum = 0;
  for (const double d : deviations) sum += d;
  const double noise = std::max(1.4826 * median(deviations), sum / static_cast<double>(deviations.size()) / 2);
  if (noise == 0) return steps;
  for (std::size_t t = k_least_side; t + k_least_side <= y.size(); ++t) {
    const double jump = changes[t - 1] - usual;
    if (std::abs(jump) <= k_jump * noise) continue;
    const std::size_t floor = steps.empty() ? 0 : steps.back().index;
    const std::size_t before = std::min(k_side, t - floor);
    const std::size_t after = std::min(k_side, y.size() - t);
    if (before < k_least_side) continue;
    const double moved = median(y.subspan(t, after)) - median(y.subspan(t - before, before)) -
                         usual * static_cast<double>(before + after) / 2;
    if (moved * jump > 0 && std::abs(moved) >= std::abs(jump) / 2) steps.push_back({t, jump});
  }
  return steps;
}

bool recurring(std::span<const Step> steps) {
  const auto falls = std::count_if(steps.begin(), steps.end(), [](const Step& s) { return s.size < 0; });
  return falls >= k_recurring || std::ssize(steps) - falls >= k_recurring;
}

std::vector<double> without_steps(std::span<const double> y, std::span<const Step> steps) {
  std::vector<double> result(y.begin(), y.end());
  for (const auto& step : steps) {
    for (std::size_t t = 0; t < step.index; ++t) result[t] += step.size;
  }
  return result;
}

}  // namespace sitrep::forecast
