#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sitrep::forecast {

/// Half-width of a prediction interval from the absolute errors of past forecasts of the same horizon: the k-th
/// smallest, k = ceil((n + 1) level). nullopt when n < ceil(1 / (1 - level)) - 1 (19 for 95 %, 4 for 80 %): no past
/// tells that much. Errors are reordered.
/// Source  Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, 2.2 (split conformal).
std::optional<double> conformal_half_width(std::span<double> absolute_errors, double level);

/// The rank k; 0 when there are too few errors.
std::size_t conformal_rank(std::size_t n, double level);

}  // namespace sitrep::forecast
