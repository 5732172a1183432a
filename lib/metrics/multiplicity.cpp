#include "metrics/multiplicity.hpp"

#include <algorithm>
#include <numeric>

namespace sitrep::metrics {

std::vector<double> adjusted_p(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double least = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    least = std::min(least, p[order[i]] * static_cast<double>(p.size()) / static_cast<double>(i + 1));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

std::vector<bool> benjamini_hochberg(std::span<const double> p, double q) {
  std::vector<bool> believed;
  believed.reserve(p.size());
  for (const double a : adjusted_p(p)) believed.push_back(a <= q);
  return believed;
}

double interval_score(double lower, double upper, double actual, double level) {
  const double penalty = 2 / (1 - level);
  return (upper - lower) + (actual < lower ? penalty * (lower - actual) : 0) +
         (actual > upper ? penalty * (actual - upper) : 0);
}

}  // namespace sitrep::metrics
