#pragma once

#include <cstdint>
#include <span>

#include "metrics/verdict.hpp"

/// From two periods' data to a verdict, one function per kind of metric, with the smallest n that may carry one. A
/// verdict of change needs a two-sided test at 5 % and an interval that leaves "no change" out, so that the printed
/// interval and the verdict never disagree.
namespace sitrep::metrics {

constexpr std::int64_t k_least_events = 6;    ///< both periods together, for counts and rates
constexpr std::int64_t k_least_share_n = 10;  ///< in each period, for proportions
constexpr std::size_t k_least_durations = 6;  ///< in each period
constexpr std::size_t k_least_p90 = 20;       ///< values that a 90th percentile is shown from

/// Events of two periods. Exposures (time, or any other opportunity) > 0. `baseline` holds the counts of equally long
/// periods before both; from 12 of them on their over-dispersion widens the comparison (quasi-Poisson), below 12
/// Poisson is assumed; an assumption that 5 to 11 periods already contradict (dispersion test, p < 0.01) is not
/// reportable.
Judgement judge_counts(std::int64_t now, double exposure_now, std::int64_t before, double exposure_before,
                       std::span<const std::int64_t> baseline, Better better);

/// Shares: Newcombe's interval of the difference.
Judgement judge_shares(std::int64_t good_now, std::int64_t n_now, std::int64_t good_before, std::int64_t n_before,
                       Better better);

/// Durations in one unit: rank sum test, ratio of durations by Hodges and Lehmann.
Judgement judge_durations(std::span<const double> now, std::span<const double> before, Better better);

/// One number per period: XmR limits of the baseline (at least 12 periods, in order of time; the period judged is not
/// in it). Change: `now` beyond a limit; p, of Student's t, is then below 5 % too. Runs are for charts (signals): as
/// verdicts they would raise too many alarms.
Judgement judge_level(double now, std::span<const double> baseline, Better better);

}  // namespace sitrep::metrics
