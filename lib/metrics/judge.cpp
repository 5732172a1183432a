#include "metrics/judge.hpp"

#include <fmt/core.h>

#include <cmath>
#include <vector>

#include "base/text.hpp"
#include "metrics/control_charts.hpp"
#include "metrics/counts.hpp"
#include "metrics/proportions.hpp"
#include "metrics/quantiles.hpp"
#include "metrics/special.hpp"

namespace sitrep::metrics {
namespace {

constexpr double k_alpha = 0.05;
constexpr double k_contradiction = 0.01;  // p below which few periods already refute Poisson
constexpr std::size_t k_contradiction_periods = 5;

bool excludes(const Bounds& bounds, double value) { return bounds.lower > value || bounds.upper < value; }

Judgement from(double p, double effect, double neutral, const Bounds& interval, Better better) {
  Judgement j;
  j.effect = effect;
  j.interval = interval;
  j.p = p;
  j.verdict = p < k_alpha && excludes(interval, neutral) ? direction(effect - neutral, better) : Verdict::no_evidence;
  return j;
}

}  // namespace

Judgement judge_counts(std::int64_t now, double exposure_now, std::int64_t before, double exposure_before,
                       std::span<const std::int64_t> baseline, Better better) {
  if (now + before < k_least_events) {
    return Judgement::not_reportable(
        fmt::format("{} in both periods, needs {}", count_of(now + before, "event"), k_least_events));
  }
  const auto spread = dispersion(baseline);
  const bool enough = baseline.size() >= k_baseline_points;
  if (!enough && spread && baseline.size() >= k_contradiction_periods && spread->p < k_contradiction) {
    return Judgement::not_reportable(
        fmt::format("counts vary more than chance (dispersion {:.1f}) and only {} periods tell how much, needs {}",
                    spread->phi, baseline.size(), k_baseline_points));
  }
  RateComparison c;
  std::string method;
  if (enough && spread && spread->phi > 1) {
    // Unequal exposures do not occur with calendar periods but for months: the exact test below covers them.
    c = compare_overdispersed(now, before, spread->phi, static_cast<double>(baseline.size() - 1));
    if (c.ratio) *c.ratio *= exposure_before / exposure_now;
    c.interval.lower *= exposure_before / exposure_now;
    c.interval.upper *= exposure_before / exposure_now;
    method = fmt::format("quasi-Poisson, dispersion {:.2f} of {} periods (McCullagh & Nelder 6.2.3)", spread->phi,
                         baseline.size());
  } else {
    c = compare_rates(now, exposure_now, before, exposure_before);
    c.p = std::max(c.p, c.p_central);
    method = "exact conditional test of two Poisson counts (Przyborowski & Wilenski 1940)";
  }
  // Without events before there is no ratio; the direction is up all the same.
  auto j = from(c.p, c.ratio.value_or(2), 1, c.interval, better);
  j.effect = c.ratio;
  j.effect_name = "rate ratio";
  j.method = method;
  return j;
}

Judgement judge_shares(std::int64_t good_now, std::int64_t n_now, std::int64_t good_before, std::int64_t n_before,
                       Better better) {
  if (n_now < k_least_share_n || n_before < k_least_share_n) {
    return Judgement::not_reportable(
        fmt::format("n = {} against {}, needs {} in both", n_now, n_before, k_least_share_n));
  }
  const auto d = newcombe(good_now, n_now, good_before, n_before);
  auto j = from(d.p, d.difference, 0, d.interval, better);
  j.effect_name = "difference";
  j.method = "difference of two shares, Newcombe (1998) method 10";
  return j;
}

Judgement judge_durations(std::span<const double> now, std::span<const double> before, Better better) {
  if (now.size() < k_least_durations || before.size() < k_least_durations) {
    return Judgement::not_reportable(
        fmt::format("n = {} against {}, needs {} in both", now.size(), before.size(), k_least_durations));
  }
  const auto c = compare_durations(now, before, 1.0);
  auto j = from(c.p, c.estimate, 1, c.interval, better);
  j.effect_name = "ratio of durations";
  j.method = "rank sum test, Hodges-Lehmann ratio (Hollander & Wolfe 4.1-4.3)";
  return j;
}

Judgement judge_level(double now, std::span<const double> baseline, Better better) {
  if (baseline.size() < k_baseline_points) {
    return Judgement::not_reportable(fmt::format(
        "{}, needs {}", count_of(static_cast<std::int64_t>(baseline.size()), "earlier period"), k_baseline_points));
  }
  const auto limits = xmr_limits(baseline).value();
  Judgement j;
  j.effect = now - limits.mean;
  j.effect_name = "difference from the baseline's mean";
  j.interval = Bounds{limits.lower, limits.upper};
  j.method = fmt::format("XmR limits of {} periods (NIST e-Handbook 6.3.2.2)", baseline.size());
  if (limits.mean_moving_range == 0) {
    return Judgement::not_reportable("the earlier periods never varied: nothing tells how much is usual");
  }
  // So that a correction for many tests can weigh it: one more point against the mean of n. The mean moving range of
  // normal points has a relative variance of 0.826 / (n - 1), that of a chi with 0.605 (n - 1) degrees of freedom.
  const auto n = static_cast<double>(baseline.size());
  j.p = student_two_sided(*j.effect / (limits.sigma() * std::sqrt(1 + 1 / n)), 0.605 * (n - 1));
  const bool change = now < limits.lower || now > limits.upper;
  j.verdict = change ? direction(*j.effect, better) : Verdict::no_evidence;
  return j;
}

}  // namespace sitrep::metrics
