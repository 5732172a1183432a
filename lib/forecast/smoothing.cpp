#include "forecast/smoothing.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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
constexpr double k_phi_lowest =
    0.8;  // below it the trend is gone within a few steps: simple smoothing does that better
constexpr double k_phi_highest = 0.98;  // FPP3 8.2: beyond it damping cannot be told from a linear trend

/// Pattern search from the best grid point: each coordinate a step up and down, steps halved when nothing is better.
template <std::size_t N, class Cost>
std::array<double, N> refine(std::array<double, N> x, std::array<double, N> step, const std::array<double, N>& low,
                             const std::array<double, N>& high, Cost cost) {
  double best = cost(x);
  for (int round = 0; round < 6;) {
    bool better = false;
    for (std::size_t i = 0; i < N; ++i) {
      for (const double sign : {1.0, -1.0}) {
        auto candidate = x;
        candidate[i] = std::clamp(x[i] + sign * step[i], low[i], high[i]);
        if (candidate[i] == x[i]) continue;
        const double c = cost(candidate);
        if (c < best) {
          best = c;
          x = candidate;
          better = true;
          break;
        }
      }
    }
    if (!better) {
      for (auto& s : step) s /= 2;
      ++round;
    }
  }
  return x;
}

}  // namespace

SmoothingState smooth(std::span<const double> y, const Smoothing& p) {
  require_two(y);
  SmoothingState s{p.level, p.trend, p.phi, 0};
  for (std::size_t i = 1; i < y.size(); ++i) {
    const double damped_trend = p.phi * s.trend;
    const double predicted = s.level + damped_trend;
    const double error = y[i] - predicted;
    s.squared_error += error * error;
    const double level = predicted + p.alpha * error;
    s.trend = p.beta * (level - s.level) + (1 - p.beta) * damped_trend;
    s.level = level;
  }
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
  require_two(y);
  const auto cost = [&](const std::array<double, 1>& x) { return smooth(y, simple(y, x[0])).squared_error; };
  std::array<double, 1> best{0.1};
  double least = cost(best);
  for (const double alpha : {0.3, 0.5, 0.7, 0.9}) {
    const double c = cost({alpha});
    if (c < least) {
      least = c;
      best = {alpha};
    }
  }
  best = refine<1>(best, {0.1}, {k_lowest}, {k_highest}, cost);
  return simple(y, best[0]);
}

Smoothing fit_holt(std::span<const double> y) {
  require_two(y);
  const double trend = first_trend(y);
  const auto make = [&](const std::array<double, 2>& x) {
    return Smoothing{.alpha = x[0], .beta = x[1], .phi = 1, .level = y[0], .trend = trend};
  };
  const auto cost = [&](const std::array<double, 2>& x) { return smooth(y, make(x)).squared_error; };
  std::array<double, 2> best{0.2, 0.02};
  double least = cost(best);
  for (const double alpha : {0.2, 0.5, 0.8}) {
    for (const double beta : {0.02, 0.1, 0.3}) {
      const double c = cost({alpha, beta});
      if (c < least) {
        least = c;
        best = {alpha, beta};
      }
    }
  }
  return make(refine<2>(best, {0.15, 0.05}, {k_lowest, 0.001}, {k_highest, k_highest}, cost));
}

Smoothing fit_damped(std::span<const double> y) {
  require_two(y);
  const double trend = first_trend(y);
  const auto make = [&](const std::array<double, 3>& x) {
    return Smoothing{.alpha = x[0], .beta = x[1], .phi = x[2], .level = y[0], .trend = trend};
  };
  const auto cost = [&](const std::array<double, 3>& x) { return smooth(y, make(x)).squared_error; };
  std::array<double, 3> best{0.2, 0.05, 0.9};
  double least = cost(best);
  for (const double alpha : {0.2, 0.5, 0.8}) {
    for (const double beta : {0.05, 0.2}) {
      for (const double phi : {0.85, 0.95}) {
        const double c = cost({alpha, beta, phi});
        if (c < least) {
          least = c;
          best = {alpha, beta, phi};
        }
      }
    }
  }
  return make(
      refine<3>(best, {0.15, 0.1, 0.04}, {k_lowest, 0.001, k_phi_lowest}, {k_highest, k_highest, k_phi_highest}, cost));
}

}  // namespace sitrep::forecast
