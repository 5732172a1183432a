#include "forecast/smoothing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace sitrep::forecast {
namespace {

void require_two(std::span<const double> y) {
  if (y.size() < 2) fail(ErrorKind::bug, "forecast::smooth: {} values, needs 2", y.size());
}

double first_trend(std::span<const double> y) {
  std::array<double, 10> steps{};
  const std::size_t n = std::min(y.size() - 1, steps.size());
  for (std::size_t i = 0; i < n; ++i) steps[i] = y[i + 1] - y[i];
  std::sort(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(n));
  return n % 2 == 1 ? steps[n / 2] : 0.5 * (steps[n / 2 - 1] + steps[n / 2]);
}

constexpr double k_lowest = 0.01;
constexpr double k_highest = 0.99;
constexpr double k_beta_lowest = 0.001;
constexpr int k_halvings = 6;
constexpr std::size_t k_fit_points = 200;  // on the M4 weekly series 130 to all of up to 2,600 do alike
constexpr double k_phi_lowest =
    0.8;  // below it the trend is gone within a few steps: simple smoothing does that better
constexpr double k_phi_highest = 0.98;  // FPP3 8.2: beyond it damping cannot be told from a linear trend

/// What is fitted, in the order of Smoothing: alpha, beta, phi.
using Point = std::array<double, 3>;
using Points = std::span<const Point>;

struct Start {
  double level = 0, trend = 0;
};

/// Sums of squared one-step errors of L candidates in one pass. Each recursion waits for itself alone, so that L of
/// them side by side take about the time of one.
template <std::size_t L>
void add_costs(std::span<const double> y, const Start& start, const Point* points, double* costs) {
  double alpha[L], beta[L], phi[L], level[L], trend[L], sum[L];
  for (std::size_t k = 0; k < L; ++k) {
    alpha[k] = points[k][0];
    beta[k] = points[k][1];
    phi[k] = points[k][2];
    level[k] = start.level;
    trend[k] = start.trend;
    sum[k] = 0;
  }
  for (std::size_t i = 1; i < y.size(); ++i) {
    for (std::size_t k = 0; k < L; ++k) {
      const double damped_trend = phi[k] * trend[k];
      const double error = y[i] - level[k] - damped_trend;
      const double gain = damped_trend + alpha[k] * error;
      trend[k] = damped_trend + beta[k] * (gain - damped_trend);
      level[k] += gain;
      sum[k] += error * error;
    }
  }
  for (std::size_t k = 0; k < L; ++k) costs[k] = sum[k];
}

constexpr std::size_t k_lanes = 4;  // more at once do not fit the registers of SSE2

/// The cheapest of the points and its cost; of equals the first.
std::pair<Point, double> cheapest(std::span<const double> y, const Start& start, Points points) {
  std::vector<double> costs(points.size());
  std::size_t i = 0;
  for (; i + k_lanes <= points.size(); i += k_lanes) add_costs<k_lanes>(y, start, &points[i], &costs[i]);
  for (; i + 2 <= points.size(); i += 2) add_costs<2>(y, start, &points[i], &costs[i]);
  for (; i < points.size(); ++i) add_costs<1>(y, start, &points[i], &costs[i]);
  const auto least = std::min_element(costs.begin(), costs.end());
  return {points[static_cast<std::size_t>(least - costs.begin())], *least};
}

/// Where a search starts and may go. A step of 0 keeps that parameter.
struct Search {
  std::vector<Point> grid;
  Point step, low, high;
};

/// Pattern search from the best grid point: to the cheapest neighbour; steps are halved where none is cheaper.
Point minimise(std::span<const double> y, const Start& start, const Search& search) {
  auto [best, least] = cheapest(y, start, search.grid);
  auto step = search.step;
  std::vector<Point> neighbours;
  for (int halvings = 0; halvings < k_halvings;) {
    neighbours.clear();
    for (std::size_t i = 0; i < best.size(); ++i) {
      for (const double by : {step[i], -step[i]}) {
        auto near = best;
        near[i] = std::clamp(best[i] + by, search.low[i], search.high[i]);
        if (near[i] != best[i]) neighbours.push_back(near);
      }
    }
    const auto [point, cost] = neighbours.empty() ? std::pair(best, least) : cheapest(y, start, neighbours);
    if (cost < least) {
      best = point;
      least = cost;
    } else {
      for (auto& s : step) s /= 2;
      ++halvings;
    }
  }
  return best;
}

std::vector<Point> grid_of(std::initializer_list<double> alphas, std::initializer_list<double> betas,
                           std::initializer_list<double> phis) {
  std::vector<Point> grid;
  for (const double alpha : alphas) {
    for (const double beta : betas) {
      for (const double phi : phis) grid.push_back({alpha, beta, phi});
    }
  }
  return grid;
}

enum class Trend { no, yes };

Start start_of(std::span<const double> y, Trend trend) { return {y[0], trend == Trend::yes ? first_trend(y) : 0}; }

Smoothing fitted(std::span<const double> y, Trend trend, const Search& search) {
  require_two(y);
  const auto recent = y.last(std::min(y.size(), k_fit_points));
  const auto best = minimise(recent, start_of(recent, trend), search);
  const auto start = start_of(y, trend);
  return {.alpha = best[0], .beta = best[1], .phi = best[2], .level = start.level, .trend = start.trend};
}

}  // namespace

void SmoothingState::see(double y, const Smoothing& p) {
  const double damped_trend = p.phi * trend;
  const double predicted = level + damped_trend;
  const double error = y - predicted;
  squared_error += error * error;
  const double next = predicted + p.alpha * error;
  trend = p.beta * (next - level) + (1 - p.beta) * damped_trend;
  level = next;
}

SmoothingState smooth(std::span<const double> y, const Smoothing& p) {
  require_two(y);
  SmoothingState s{p.level, p.trend, p.phi, 0};
  for (const double value : y.subspan(1)) s.see(value, p);
  return s;
}

std::vector<double> extrapolate(const SmoothingState& state, std::size_t horizon) {
  std::vector<double> result;
  result.reserve(horizon);
  double sum = 0;
  double power = 1;
  for (std::size_t h = 0; h < horizon; ++h) {
    power *= state.phi;
    sum += power;
    result.push_back(state.level + sum * state.trend);
  }
  return result;
}

Smoothing simple(std::span<const double> y, double alpha) {
  require_two(y);
  return {.alpha = alpha, .beta = 0, .phi = 1, .level = y[0], .trend = 0};
}

Smoothing holt(std::span<const double> y, double alpha, double beta) {
  require_two(y);
  return {.alpha = alpha, .beta = beta, .phi = 1, .level = y[0], .trend = y[1] - y[0]};
}

Smoothing damped(std::span<const double> y, double alpha, double beta, double phi) {
  require_two(y);
  return {.alpha = alpha, .beta = beta, .phi = phi, .level = y[0], .trend = y[1] - y[0]};
}

Smoothing fit_simple(std::span<const double> y) {
  static const Search k_search{
      grid_of({0.1, 0.3, 0.5, 0.7, 0.9}, {0}, {1}), {0.1, 0, 0}, {k_lowest, 0, 1}, {k_highest, 0, 1}};
  return fitted(y, Trend::no, k_search);
}

Smoothing fit_holt(std::span<const double> y) {
  static const Search k_search{grid_of({0.2, 0.5, 0.8}, {0.02, 0.1, 0.3}, {1}),
                               {0.15, 0.05, 0},
                               {k_lowest, k_beta_lowest, 1},
                               {k_highest, k_highest, 1}};
  return fitted(y, Trend::yes, k_search);
}

Smoothing fit_damped(std::span<const double> y) {
  static const Search k_search{grid_of({0.2, 0.5, 0.8}, {0.05, 0.2}, {0.85, 0.95}),
                               {0.15, 0.1, 0.04},
                               {k_lowest, k_beta_lowest, k_phi_lowest},
                               {k_highest, k_highest, k_phi_highest}};
  return fitted(y, Trend::yes, k_search);
}

}  // namespace sitrep::forecast
