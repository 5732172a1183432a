#include "forecast/smoothing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "forecast/side_by_side.hpp"

using namespace sitrep;
using doctest::Approx;

namespace {
const std::vector<double> k_y{10, 12, 14, 13, 15, 17, 16, 18};
}

TEST_CASE("forecast::smooth gives the worked recursions from l0 = y1, b0 = y2 - y1") {
  const auto run = [](const forecast::Smoothing& p) { return forecast::extrapolate(forecast::smooth(k_y, p), 3); };
  const auto ses = run(forecast::simple(k_y, 0.3));
  CHECK(ses[0] == Approx(15.6918634).epsilon(1e-8));
  CHECK(ses[2] == ses[0]);
  const double holt[] = {19.54592, 20.78044, 22.01496};
  const double damped[] = {18.4831031, 19.1272388, 19.7069609};
  for (std::size_t h = 0; h < 3; ++h) {
    CHECK(run(forecast::holt(k_y, 0.5, 0.2))[h] == Approx(holt[h]).epsilon(1e-7));
    CHECK(run(forecast::damped(k_y, 0.5, 0.2, 0.9))[h] == Approx(damped[h]).epsilon(1e-7));
  }
}

TEST_CASE("forecast::fit_… finds parameters no worse than a fine grid") {
  std::vector<double> y;
  for (int t = 0; t < 60; ++t) y.push_back(100 + 2 * t + (t * 7919 % 13) - 6);
  const auto error = [&](const forecast::Smoothing& p) { return forecast::smooth(y, p).squared_error; };
  double ses = error(forecast::simple(y, 0.01));
  double holt = error(forecast::fit_holt(y));
  for (int a = 1; a < 100; a += 2) {
    ses = std::min(ses, error(forecast::simple(y, a / 100.0)));
    for (int b = 1; b < 100; b += 7) {
      auto p = forecast::fit_holt(y);
      p.alpha = a / 100.0;
      p.beta = b / 100.0;
      holt = std::min(holt, error(p));
    }
  }
  CHECK(error(forecast::fit_simple(y)) <= ses * 1.001);
  CHECK(error(forecast::fit_holt(y)) <= holt * 1.02);
  CHECK(error(forecast::fit_damped(y)) <= error(forecast::fit_simple(y)));
}

TEST_CASE("forecast::fit_holt continues a straight line exactly") {
  const std::vector<double> y{3, 5, 7, 9, 11, 13, 15, 17};
  const auto next = forecast::extrapolate(forecast::smooth(y, forecast::fit_holt(y)), 2);
  CHECK(next[0] == Approx(19));
  CHECK(next[1] == Approx(21));
}

namespace {

using Point = std::array<double, 3>;  // alpha, beta, phi

double cost(const std::vector<double>& y, double trend, const Point& p) {
  double level = y[0], sum = 0;
  for (std::size_t i = 1; i < y.size(); ++i) {
    const double damped = p[2] * trend, error = y[i] - level - damped, gain = damped + p[0] * error;
    trend = damped + p[1] * (gain - damped);
    level += gain;
    sum += error * error;
  }
  return sum;
}

/// The search as it reads: to the cheapest neighbour, and steps are halved six times where none is cheaper.
Point search(const std::vector<double>& y, double trend, const std::vector<Point>& grid, Point step, const Point& low,
             const Point& high) {
  Point best = grid[0];
  for (const auto& p : grid)
    if (cost(y, trend, p) < cost(y, trend, best)) best = p;
  for (int halvings = 0; halvings < 6;) {
    Point next = best;
    for (std::size_t i = 0; i < 3; ++i) {
      for (const double by : {step[i], -step[i]}) {
        auto near = best;
        near[i] = std::clamp(best[i] + by, low[i], high[i]);
        if (cost(y, trend, near) < cost(y, trend, next)) next = near;
      }
    }
    if (next != best) {
      best = next;
      continue;
    }
    for (auto& s : step) s /= 2;
    ++halvings;
  }
  return best;
}

void check_same(const forecast::Smoothing& fitted, const Point& expected) {
  CHECK(fitted.alpha == expected[0]);
  CHECK(fitted.beta == expected[1]);
  CHECK(fitted.phi == expected[2]);
}

}  // namespace

TEST_CASE("forecast::fit_side_by_side gives what each search gives alone, to the last bit") {
  std::vector<Point> simple, holt, damped;
  for (const double alpha : {0.1, 0.3, 0.5, 0.7, 0.9}) simple.push_back({alpha, 0, 1});
  for (const double alpha : {0.2, 0.5, 0.8}) {
    for (const double beta : {0.02, 0.1, 0.3}) holt.push_back({alpha, beta, 1});
    for (const double beta : {0.05, 0.2})
      for (const double phi : {0.85, 0.95}) damped.push_back({alpha, beta, phi});
  }
  for (const std::size_t n : {2U, 3U, 11U, 60U, 200U}) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
      CAPTURE(n);
      CAPTURE(seed);
      std::vector<double> y, line;
      for (std::size_t t = 0; t < n; ++t) {
        const auto noise = static_cast<double>((t * 2'654'435'761U + seed * 40'503U) % 1'009);
        y.push_back(100 + 0.4 * static_cast<double>(t) + (seed == 4 ? 0 : 0.02 * noise) +
                    5 * std::sin(static_cast<double>(t)));
        line.push_back(2 * y.back() - 3 * static_cast<double>(t));
      }
      const auto fits = forecast::fit_side_by_side(y, line);
      const double trend = forecast::fit_holt(y).trend;
      check_same(fits.simple, search(y, 0, simple, {0.1, 0, 0}, {0.01, 0, 1}, {0.99, 0, 1}));
      check_same(fits.holt, search(y, trend, holt, {0.15, 0.05, 0}, {0.01, 0.001, 1}, {0.99, 0.99, 1}));
      check_same(fits.damped, search(y, trend, damped, {0.15, 0.1, 0.04}, {0.01, 0.001, 0.8}, {0.99, 0.99, 0.98}));
      check_same(fits.theta, search(line, 0, simple, {0.1, 0, 0}, {0.01, 0, 1}, {0.99, 0, 1}));
      CHECK(fits.damped.level == y[0]);
      CHECK(fits.damped.trend == trend);
      CHECK(fits.theta.level == line[0]);
      CHECK(forecast::fit_simple(y).alpha == fits.simple.alpha);
      CHECK(forecast::fit_damped(y).phi == fits.damped.phi);
    }
  }
}

TEST_CASE("forecast::smooth refuses a single value") {
  CHECK_THROWS_AS(forecast::fit_simple(std::vector<double>{1}), Error);
}
