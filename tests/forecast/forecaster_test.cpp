#include "forecast/forecaster.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;
using forecast::Options;

namespace {

std::vector<double> growing(std::size_t n, double noise_size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, noise_size);
  std::vector<double> y;
  for (std::size_t t = 0; t < n; ++t) y.push_back(100 + static_cast<double>(t) + noise(random));
  return y;
}

}  // namespace

TEST_CASE("forecast::forecast follows a trend better than the naive method") {
  Options options;
  options.horizon = 10;
  const auto f = forecast::forecast(growing(100, 1, 1), options);
  CHECK(f.error < f.naive_error / 2);
  CHECK(f.values[9] == Approx(209).epsilon(0.03));
  CHECK(f.origins == 41);
  double sum = 0;
  for (const auto& w : f.methods) sum += w.weight;
  CHECK(sum > 0.9);
  CHECK_FALSE(f.recipe().empty());
}

TEST_CASE("forecast::forecast refuses and cuts what the history cannot carry") {
  Options options;
  options.horizon = 50;
  const auto y = growing(20, 1, 2);
  const auto f = forecast::forecast(y, options);
  CHECK(f.values.size() == 5);
  CHECK(f.notes.front() == "horizon cut from 50 to 5 steps: a quarter of the history");
  CHECK(f.intervals[0].missing.empty());
  CHECK(f.intervals[1].missing == "6 back-test errors, needs 19");
  CHECK(f.intervals[1].upper.empty());
  CHECK_THROWS_WITH_AS(forecast::forecast(std::span(y).first(7), options), "forecast: 7 points, needs 8", Error);
  auto broken = y;
  broken[3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(forecast::forecast(broken, options), Error);
  options.horizon = 0;
  CHECK_THROWS_AS(forecast::forecast(y, options), Error);
}

TEST_CASE("forecast::forecast stays at or above 0 where the history does, and finite on constants and zeros") {
  Options options;
  options.horizon = 10;
  std::vector<double> falling;
  for (int t = 0; t < 60; ++t) falling.push_back(std::max(0.0, 50.0 - t));
  const auto f = forecast::forecast(falling, options);
  for (const double v : f.values) CHECK(v >= 0);
  for (const double v : f.intervals[0].lower) CHECK(v >= 0);
  for (const double level : {0.0, 7.0, -3.0}) {
    const auto flat = forecast::forecast(std::vector<double>(40, level), options);
    for (const double v : flat.values) CHECK(v == Approx(level));
    CHECK(flat.error == Approx(0).epsilon(1e-9));
  }
}

TEST_CASE("forecast::forecast finds the season without being told and uses it") {
  std::vector<double> y;
  std::mt19937_64 random(4);
  std::normal_distribution<double> noise(0, 1);
  for (int t = 0; t < 140; ++t) y.push_back(100 + 20 * std::sin(2 * M_PI * t / 7) + noise(random));
  Options options;
  options.horizon = 14;
  options.season_candidates = {7};
  const auto f = forecast::forecast(y, options);
  CHECK(f.season == 7);
  CHECK(f.error < 2);
  CHECK(f.naive_error > 10);
}

TEST_CASE("forecast::forecast is deterministic, and the best method alone has weight 1") {
  Options options;
  options.horizon = 5;
  const auto y = growing(60, 3, 9);
  CHECK(forecast::forecast(y, options).values == forecast::forecast(y, options).values);
  options.choice = forecast::Choice::best;
  const auto best = forecast::forecast(y, options);
  REQUIRE(best.methods.size() == 1);
  CHECK(best.methods[0].weight == 1);
}

TEST_CASE("forecast::forecast: 80 % intervals of noisy trends hold about 80 % of what comes") {
  int hits = 0;
  int all = 0;
  Options options;
  options.horizon = 4;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const auto y = growing(104, 5, seed);
    const auto f = forecast::forecast(std::span(y).first(100), options);
    for (std::size_t h = 0; h < 4; ++h) {
      hits += y[100 + h] >= f.intervals[0].lower[h] && y[100 + h] <= f.intervals[0].upper[h] ? 1 : 0;
      ++all;
    }
  }
  const double share = static_cast<double>(hits) / all;
  CHECK(share > 0.75);
  CHECK(share < 0.90);
}
