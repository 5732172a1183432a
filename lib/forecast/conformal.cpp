#include "forecast/conformal.hpp"

#include <algorithm>
#include <cmath>

namespace sitrep::forecast {

std::size_t conformal_rank(std::size_t n, double level) {
  // The slack keeps 20 * 0.95 = 19 from becoming 20 by the last bit.
  const auto k = static_cast<std::size_t>(std::ceil(static_cast<double>(n + 1) * level - 1e-9));
  return k >= 1 && k <= n ? k : 0;
}

std::optional<double> conformal_half_width(std::span<double> absolute_errors, double level) {
  const std::size_t k = conformal_rank(absolute_errors.size(), level);
  if (k == 0) return std::nullopt;
  const auto at = absolute_errors.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(absolute_errors.begin(), at, absolute_errors.end());
  return *at;
}

}  // namespace sitrep::forecast
