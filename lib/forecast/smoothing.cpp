#include "forecast/smoothing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "forecast/side_by_side.hpp"

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

struct Start {
  double level = 0, trend = 0;
};

/// Two candidates over one series, in one register of SSE2 or NEON.
using Two = double __attribute__((vector_size(16)));

/// A pair of candidates: the recursion of SmoothingState::see() from the second value on.
struct Lanes {
  const double* y;
  Two alpha, beta, phi, level, trend, cost;
};

/// Sums of squared one-step errors of N pairs of candidates in one pass over their series, all `n` long. A recursion
/// waits for itself nearly all of the time: seven pairs side by side take little more than the time of one.
template <std::size_t N>
void add_costs(Lanes* lanes, std::size_t n) {
  Two level[N], trend[N], cost[N];
  for (std::size_t k = 0; k < N; ++k) {
    level[k] = lanes[k].level;
    trend[k] = lanes[k].trend;
    cost[k] = Two{0, 0};
  }
  for (std::size_t i = 1; i < n; ++i) {
    for (std::size_t k = 0; k < N; ++k) {
      const double y = lanes[k].y[i];
      const Two damped_trend = lanes[k].phi * trend[k];
      const Two error = Two{y, y} - level[k] - damped_trend;
      const Two gain = damped_trend + lanes[k].alpha * error;
      trend[k] = damped_trend + lanes[k].beta * (gain - damped_trend);
      level[k] += gain;
      cost[k] += error * error;
    }
  }
  for (std::size_t k = 0; k < N; ++k) lanes[k].cost = cost[k];
}

void add_costs(std::span<Lanes> lanes, std::size_t n) {
  constexpr std::size_t k_most = 8;
  constexpr std::array<void (*)(Lanes*, std::size_t), k_most> k_passes = {
      add_costs<1>, add_costs<2>, add_costs<3>, add_costs<4>, add_costs<5>, add_costs<6>, add_costs<7>, add_costs<8>};
  for (std::size_t i = 0; i < lanes.size(); i += k_most) {
    const auto count = std::min(lanes.size() - i, k_most);
    k_passes[count - 1](&lanes[i], n);
  }
}

/// Where a search starts and may go. A step of 0 keeps that parameter.
struct Search {
  std::vector<Point> grid;
  Point step, low, high;
};

/// Pattern search from the best grid point: to the cheapest neighbour; steps are halved where none is cheaper. It asks
/// for the costs of some points at a time.
class PatternSearch {
 public:
  PatternSearch(std::span<const double> y, const Start& start, const Search& search)
      : y_(y), start_(start), search_(search), step_(search.step), asked_(search.grid) {}

  bool done() const { return asked_.empty(); }
  const Point& best() const { return best_; }

  void ask(std::vector<Lanes>& lanes) const {
    for (std::size_t i = 0; i < asked_.size(); i += 2) {
      const auto& a = asked_[i];
      const auto& b = asked_[std::min(i + 1, asked_.size() - 1)];
      lanes.push_back(Lanes{y_.data(), Two{a[0], b[0]}, Two{a[1], b[1]}, Two{a[2], b[2]},
                            Two{start_.level, start_.level}, Two{start_.trend, start_.trend}, Two{0, 0}});
    }
  }
  /// The costs of what was asked for; gives back where those of the next search begin.
  const Lanes* take(const Lanes* lanes) {
    std::size_t cheapest = 0;
    const auto cost = [&](std::size_t i) { return lanes[i / 2].cost[static_cast<int>(i % 2)]; };
    for (std::size_t i = 1; i < asked_.size(); ++i)
      if (cost(i) < cost(cheapest)) cheapest = i;
    const auto* next = lanes + (asked_.size() + 1) / 2;
    if (!least_ || cost(cheapest) < *least_) {
      least_ = cost(cheapest);
      best_ = asked_[cheapest];
    } else {
      halve();
    }
    look_around();
    return next;
  }

 private:
  void halve() {
    for (auto& s : step_) s /= 2;
    ++halvings_;
  }
  void look_around() {
    asked_.clear();
    for (; halvings_ < k_halvings && asked_.empty(); asked_.empty() ? halve() : void()) {
      for (std::size_t i = 0; i < best_.size(); ++i) {
        for (const double by : {step_[i], -step_[i]}) {
          auto near = best_;
          near[i] = std::clamp(best_[i] + by, search_.low[i], search_.high[i]);
          if (near[i] != best_[i]) asked_.push_back(near);
        }
      }
    }
  }

  std::span<const double> y_;
  Start start_;
  const Search& search_;
  Point step_, best_{};
  std::optional<double> least_;
  int halvings_ = 0;
  std::vector<Point> asked_;
};

/// Runs searches over series of one length to their ends, side by side.
void run(std::span<PatternSearch> searches, std::size_t n) {
  std::vector<Lanes> lanes;
  for (;;) {
    lanes.clear();
    for (const auto& search : searches) search.ask(lanes);
    if (lanes.empty()) return;
    add_costs(std::span(lanes), n);
    const auto* costs = lanes.data();
    for (auto& search : searches)
      if (!search.done()) costs = search.take(costs);
  }
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

std::span<const double> recent(std::span<const double> y) { return y.last(std::min(y.size(), k_fit_points)); }

Smoothing smoothing_of(std::span<const double> y, Trend trend, const Point& best) {
  const auto start = start_of(y, trend);
  return {.alpha = best[0], .beta = best[1], .phi = best[2], .level = start.level, .trend = start.trend};
}

Smoothing fitted(std::span<const double> y, Trend trend, const Search& search) {
  require_two(y);
  PatternSearch alone(recent(y), start_of(recent(y), trend), search);
  run({&alone, 1}, recent(y).size());
  return smoothing_of(y, trend, alone.best());
}

const Search& simple_search() {
  static const Search k_search{
      grid_of({0.1, 0.3, 0.5, 0.7, 0.9}, {0}, {1}), {0.1, 0, 0}, {k_lowest, 0, 1}, {k_highest, 0, 1}};
  return k_search;
}

const Search& holt_search() {
  static const Search k_search{grid_of({0.2, 0.5, 0.8}, {0.02, 0.1, 0.3}, {1}),
                               {0.15, 0.05, 0},
                               {k_lowest, k_beta_lowest, 1},
                               {k_highest, k_highest, 1}};
  return k_search;
}

const Search& damped_search() {
  static const Search k_search{grid_of({0.2, 0.5, 0.8}, {0.05, 0.2}, {0.85, 0.95}),
                               {0.15, 0.1, 0.04},
                               {k_lowest, k_beta_lowest, k_phi_lowest},
                               {k_highest, k_highest, k_phi_highest}};
  return k_search;
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
  std::vector<double> result(horizon, state.level);
  if (state.trend == 0) return result;
  double sum = 0;
  double power = 1;
  for (std::size_t h = 0; h < horizon; ++h) {
    power *= state.phi;
    sum += power;
    result[h] += sum * state.trend;
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

Smoothing fit_simple(std::span<const double> y) { return fitted(y, Trend::no, simple_search()); }
Smoothing fit_holt(std::span<const double> y) { return fitted(y, Trend::yes, holt_search()); }
Smoothing fit_damped(std::span<const double> y) { return fitted(y, Trend::yes, damped_search()); }

SmoothingFits fit_side_by_side(std::span<const double> y, std::span<const double> theta_line) {
  require_two(y);
  if (y.size() != theta_line.size()) fail(ErrorKind::bug, "forecast::fit_side_by_side: two lengths");
  const auto near = recent(y), near_theta = recent(theta_line);
  const auto flat = start_of(near, Trend::no), sloped = start_of(near, Trend::yes);
  std::array<PatternSearch, 4> searches = {PatternSearch(near, flat, simple_search()),
                                           PatternSearch(near, sloped, holt_search()),
                                           PatternSearch(near, sloped, damped_search()),
                                           PatternSearch(near_theta, start_of(near_theta, Trend::no), simple_search())};
  run(searches, near.size());
  return {smoothing_of(y, Trend::no, searches[0].best()), smoothing_of(y, Trend::yes, searches[1].best()),
          smoothing_of(y, Trend::yes, searches[2].best()), smoothing_of(theta_line, Trend::no, searches[3].best())};
}

}  // namespace sitrep::forecast
