#include "metrics/survival.hpp"

#include <algorithm>
#include <cmath>

namespace sitrep::metrics {
namespace {

constexpr double k_z = 1.959963984540054;

/// exp(-exp(log(-log S) -+ z se)): stays between 0 and 1 where the plain interval does not.
void add_interval(SurvivalStep& step, double greenwood) {
  if (step.survival <= 0 || step.survival >= 1) {
    step.lower = step.upper = step.survival;
    return;
  }
  const double log_s = std::log(step.survival);
  const double reach = k_z * std::sqrt(greenwood) / -log_s;
  step.lower = std::pow(step.survival, std::exp(reach));
  step.upper = std::pow(step.survival, std::exp(-reach));
}

}  // namespace

std::vector<SurvivalStep> kaplan_meier(std::span<const Lifetime> lifetimes) {
  std::vector<Lifetime> sorted(lifetimes.begin(), lifetimes.end());
  std::sort(sorted.begin(), sorted.end(), [](const Lifetime& a, const Lifetime& b) { return a.time < b.time; });
  std::vector<SurvivalStep> curve;
  double survival = 1;
  double greenwood = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    std::size_t ended = 0;
    for (; end < sorted.size() && sorted[end].time == sorted[i].time; ++end) ended += sorted[end].ended ? 1 : 0;
    const std::size_t at_risk = sorted.size() - i;
    if (ended > 0) {
      const auto n = static_cast<double>(at_risk);
      const auto d = static_cast<double>(ended);
      survival *= 1 - d / n;
      greenwood += n > d ? d / (n * (n - d)) : 0;
      SurvivalStep step{sorted[i].time, at_risk, ended, survival, 0, 1};
      add_interval(step, greenwood);
      curve.push_back(step);
    }
    i = end;
  }
  return curve;
}

const SurvivalStep* survival_at(std::span<const SurvivalStep> curve, double time) {
  const SurvivalStep* found = nullptr;
  for (const auto& step : curve) {
    if (step.time > time) break;
    found = &step;
  }
  return found;
}

std::optional<double> median_lifetime(std::span<const SurvivalStep> curve) {
  for (const auto& step : curve) {
    if (step.survival <= 0.5) return step.time;
  }
  return std::nullopt;
}

}  // namespace sitrep::metrics
