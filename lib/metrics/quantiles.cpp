#include "metrics/quantiles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "metrics/special.hpp"

namespace sitrep::metrics {
namespace {

constexpr std::size_t k_exact_limit = 50;         // the exact distribution costs n1^2 n2^2
constexpr std::size_t k_shift_pairs = 4'000'000;  // of larger samples the differences of a part stand for all
constexpr double k_infinity = std::numeric_limits<double>::infinity();

struct RankSum {
  double u = 0;         // pairs with first > second, ties 1/2
  double tie_term = 0;  // sum t^3 - t
};

RankSum rank_sum(std::span<const double> first, std::span<const double> second) {
  struct Value {
    double x;
    bool from_first;
  };
  std::vector<Value> all;
  all.reserve(first.size() + second.size());
  for (const double x : first) all.push_back({x, true});
  for (const double x : second) all.push_back({x, false});
  std::sort(all.begin(), all.end(), [](const Value& a, const Value& b) { return a.x < b.x; });
  RankSum result;
  double second_below = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    double here_first = 0;
    double here_second = 0;
    for (; end < all.size() && all[end].x == all[i].x; ++end) (all[end].from_first ? here_first : here_second) += 1;
    const double tied = here_first + here_second;
    result.u += here_first * (second_below + 0.5 * here_second);
    result.tie_term += tied * tied * tied - tied;
    second_below += here_second;
    i = end;
  }
  return result;
}

/// P(U <= u) for all u, without ties: counts of sub-multisets by the usual recursion, as probabilities.
std::vector<double> exact_cdf(std::size_t n1, std::size_t n2) {
  const std::size_t top = n1 * n2;
  // Coefficients of the Gaussian binomial: multiply by (1 - q^(n2+i)) and divide by (1 - q^i).
  std::vector<double> ways(top + 1, 0);
  ways[0] = 1;
  for (std::size_t i = 1; i <= n1; ++i) {
    for (std::size_t u = top; u >= n2 + i; --u) ways[u] -= ways[u - n2 - i];
    for (std::size_t u = i; u <= top; ++u) ways[u] += ways[u - i];
  }
  double sum = 0;
  for (auto& w : ways) w = (sum += w);
  for (auto& w : ways) w /= sum;
  return ways;
}

/// How many differences lie outside the interval on each side (Hollander & Wolfe 4.3), and the p-value.
struct Test {
  double p = 1;
  std::int64_t outside = 0;
};

Test rank_test(std::span<const double> first, std::span<const double> second, double level) {
  const auto sums = rank_sum(first, second);
  const auto n1 = static_cast<double>(first.size());
  const auto n2 = static_cast<double>(second.size());
  const double pairs = n1 * n2;
  const double tail = (1 - level) / 2;
  Test result;
  if (sums.tie_term == 0 && first.size() + second.size() <= k_exact_limit) {
    const auto cdf = exact_cdf(first.size(), second.size());
    const double smaller = std::min(sums.u, pairs - sums.u);
    result.p = std::min(1.0, 2 * cdf[static_cast<std::size_t>(smaller)]);
    while (cdf[static_cast<std::size_t>(result.outside)] <= tail) ++result.outside;
    return result;
  }
  const double n = n1 + n2;
  const double variance = pairs / 12 * (n + 1 - sums.tie_term / (n * (n - 1)));
  if (!(variance > 0)) return result;  // all values equal
  const double z = std::max(0.0, std::abs(sums.u - pairs / 2) - 0.5) / std::sqrt(variance);
  result.p = 2 * normal_cdf(-z);
  result.outside = std::max<std::int64_t>(
      0, static_cast<std::int64_t>(std::floor(pairs / 2 - normal_quantile(1 - tail) * std::sqrt(variance))));
  return result;
}

/// Doubles as integers in the same order.
std::int64_t ordered(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double from_ordered(std::int64_t x) {
  return std::bit_cast<double>(x < 0 ? std::numeric_limits<std::int64_t>::min() - x : x);
}

/// The differences a - b of two sorted samples, in order, without holding them: they fall along each column and rise
/// along each row of their table, rounded as they are, so that those up to a bound are counted in one walk through it.
class Differences {
 public:
  Differences(std::span<const double> a, std::span<const double> b) : a_(a), b_(b) {}
  std::size_t size() const { return a_.size() * b_.size(); }

  /// The k-th smallest, from 0: the least double that more than k of them do not exceed.
  double at(std::size_t k) const {
    auto low = ordered(a_.front() - b_.back()), high = ordered(a_.back() - b_.front());
    while (low < high) {
      const auto middle = std::midpoint(low, high);
      if (up_to(from_ordered(middle)) > k)
        high = middle;
      else
        low = middle + 1;
    }
    return from_ordered(low) + 0.0;  // zero has one sign
  }

  /// As quantile(), type 7.
  double median() const {
    const double position = 0.5 * static_cast<double>(size() - 1);
    const auto index = static_cast<std::size_t>(position);
    const double low = at(index), part = position - static_cast<double>(index);
    if (part == 0 || index + 1 == size()) return low;
    return low + part * (at(index + 1) - low);
  }

 private:
  std::size_t up_to(double bound) const {
    std::size_t count = 0, above = 0;  // the first `above` of b give more than the bound
    for (const double x : a_) {
      while (above < b_.size() && x - b_[above] > bound) ++above;
      count += b_.size() - above;
    }
    return count;
  }
  std::span<const double> a_, b_;
};

/// Every k-th value of a sorted copy, so that the differences of two long samples fit in memory: the quantiles of the
/// differences move by less than a thousandth of their rank.
std::vector<double> thinned(std::span<const double> values, std::size_t keep) {
  std::vector<double> sorted(values.begin(), values.end());
  if (sorted.size() <= keep) return sorted;
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> result;
  result.reserve(keep);
  for (std::size_t i = 0; i < keep; ++i) result.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * keep)]);
  return result;
}

}  // namespace

double quantile(std::span<double> values, double p) {
  if (values.empty() || !(p >= 0 && p <= 1)) fail(ErrorKind::bug, "metrics::quantile: needs values and 0 <= p <= 1");
  const double position = p * static_cast<double>(values.size() - 1);
  const auto index = static_cast<std::size_t>(position);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  const double part = position - static_cast<double>(index);
  if (part == 0 || index + 1 == values.size()) return low;
  const double high = *std::min_element(at + 1, values.end());
  return low + part * (high - low);
}

std::optional<OrderInterval> median_ranks(std::size_t n, double level) {
  const auto count = static_cast<std::int64_t>(n);
  std::int64_t low = 0;
  std::int64_t high = count / 2;  // the largest l whose two tails together stay within 1 - level
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (2 * binomial_cdf(middle - 1, count, 0.5) <= 1 - level)
      low = middle;
    else
      high = middle - 1;
  }
  if (low == 0) return std::nullopt;
  return OrderInterval{static_cast<std::size_t>(low), static_cast<std::size_t>(count + 1 - low),
                       1 - 2 * binomial_cdf(low - 1, count, 0.5)};
}

std::optional<Bounds> median_interval(std::span<double> values, double level) {
  const auto ranks = median_ranks(values.size(), level);
  if (!ranks) return std::nullopt;
  const auto at = [&](std::size_t rank) {
    const auto position = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(values.begin(), position, values.end());
    return *position;
  };
  const double low = at(ranks->low_rank);
  return Bounds{low, at(ranks->high_rank)};
}

double bootstrap_median_cdf(std::size_t k, std::size_t n) {
  const auto count = static_cast<std::int64_t>(n);
  const auto half = (count + 1) / 2;
  return 1 - binomial_cdf(half - 1, count, static_cast<double>(k) / static_cast<double>(n));
}

SampleComparison compare_samples(std::span<const double> first, std::span<const double> second, double level) {
  if (first.empty() || second.empty()) fail(ErrorKind::bug, "metrics::compare_samples: an empty sample");
  const auto test = rank_test(first, second, level);
  std::vector<double> a(first.begin(), first.end());
  std::vector<double> b(second.begin(), second.end());
  const auto all_pairs = static_cast<double>(a.size()) * static_cast<double>(b.size());
  if (a.size() > k_shift_pairs / b.size()) {
    a = thinned(a, 2000);
    b = thinned(b, 2000);
  }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const Differences differences(a, b);
  const double scale = static_cast<double>(differences.size()) / all_pairs;
  const auto outside = static_cast<std::size_t>(static_cast<double>(test.outside) * scale);
  SampleComparison result;
  result.p = test.p;
  result.interval = {-k_infinity, k_infinity};
  if (outside > 0) {
    result.interval = {differences.at(outside - 1), differences.at(differences.size() - outside)};
  }
  result.estimate = differences.median();
  return result;
}

SampleComparison compare_durations(std::span<const double> first, std::span<const double> second, double floor,
                                   double level) {
  const auto logs = [floor](std::span<const double> values) {
    std::vector<double> result;
    result.reserve(values.size());
    for (const double x : values) result.push_back(std::log(std::max(x, floor)));
    return result;
  };
  auto result = compare_samples(logs(first), logs(second), level);
  result.estimate = std::exp(result.estimate);
  result.interval = {std::exp(result.interval.lower), std::exp(result.interval.upper)};
  return result;
}

}  // namespace sitrep::metrics
