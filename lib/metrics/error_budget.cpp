#include "metrics/error_budget.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace sitrep::metrics {
namespace {

__extension__ using Wide = __int128;  // counts up to 10^12 times 10^9 pass 64 bits
constexpr std::int64_t k_billion = 1'000'000'000;

}  // namespace

std::int64_t allowed_per_billion(double objective) {
  if (!(objective >= 0 && objective < 1)) {
    fail(ErrorKind::data, "slo objective {} is not a ratio from 0 to below 1; write 99.9 % as 0.999", objective);
  }
  const double parts = (1 - objective) * static_cast<double>(k_billion);
  const double rounded = std::round(parts);
  if (std::abs(parts - rounded) > 1e-3) {
    fail(ErrorKind::data, "slo objective {} has more than nine decimals; round it", objective);
  }
  return static_cast<std::int64_t>(rounded);
}

EventCounts sum(std::span<const EventCounts> counts) {
  EventCounts result;
  for (const auto& c : counts) {
    if (c.good < 0 || c.total < c.good) {
      fail(ErrorKind::data, "slo sample with {} good of {} events; good must be from 0 to total", c.good, c.total);
    }
    if (c.total > std::numeric_limits<std::int64_t>::max() - result.total) {
      fail(ErrorKind::data, "slo events sum beyond 64 bits; choose a shorter period");
    }
    result.good += c.good;
    result.total += c.total;
  }
  return result;
}

std::optional<ErrorBudget> error_budget(const EventCounts& counts, double objective) {
  if (counts.total == 0) return std::nullopt;
  const std::int64_t allowed = allowed_per_billion(objective);
  const Wide allowed_wide = Wide{counts.total} * allowed;  // in billionths of an event
  const Wide bad_wide = Wide{counts.bad()} * k_billion;
  ErrorBudget result;
  result.counts = counts;
  result.sli = static_cast<double>(static_cast<long double>(counts.good) / static_cast<long double>(counts.total));
  result.allowed_bad = static_cast<double>(static_cast<long double>(allowed_wide) / k_billion);
  result.left_bad = static_cast<double>(static_cast<long double>(allowed_wide - bad_wide) / k_billion);
  result.used = allowed_wide > 0
                    ? static_cast<double>(static_cast<long double>(bad_wide) / static_cast<long double>(allowed_wide))
                    : 0;
  result.met = bad_wide <= allowed_wide;
  return result;
}

std::optional<double> burn_rate(const EventCounts& counts, double objective) {
  const auto budget = error_budget(counts, objective);
  if (!budget) return std::nullopt;
  return budget->used;
}

double budget_spent(double burn, Seconds window, Seconds period) {
  return burn * static_cast<double>(window.count()) / static_cast<double>(period.count());
}

Seconds time_to_exhaustion(double burn, Seconds period) {
  if (!(burn > 0)) fail(ErrorKind::bug, "metrics::time_to_exhaustion: a burn rate of {}", burn);
  return Seconds{static_cast<std::int64_t>(std::llround(static_cast<double>(period.count()) / burn))};
}

}  // namespace sitrep::metrics
