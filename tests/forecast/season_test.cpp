#include "forecast/season.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace sitrep;
using doctest::Approx;

TEST_CASE("forecast::season_test gives the worked autocorrelation and limit") {
  std::vector<double> y;
  for (int t = 0; t < 24; ++t) y.push_back(std::vector<double>{5, 9, 4, 2}[static_cast<std::size_t>(t % 4)]);
  const auto test = forecast::season_test(y, 4);
  REQUIRE(test);
  CHECK(test->autocorrelation == Approx(0.8333333).epsilon(1e-6));
  CHECK(test->limit == Approx(0.5241855).epsilon(1e-6));
  CHECK(test->seasonal());
  CHECK_FALSE(forecast::season_test(y, 9));
  CHECK_FALSE(forecast::season_test(std::vector<double>(24, 3.0), 4));
}

TEST_CASE("forecast::detect_season finds the season of a trended series and none in noise or a bare trend") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 1);
  std::vector<double> seasonal;
  std::vector<double> trend;
  std::vector<double> walk;
  double level = 0;
  for (int t = 0; t < 24 * 28; ++t) {
    seasonal.push_back(100 + 0.1 * t + 10 * std::sin(2 * M_PI * t / 24) + noise(random));
    trend.push_back(100 + 0.5 * t + noise(random));
    walk.push_back(level += noise(random));
  }
  const std::size_t candidates[] = {7, 24, 168};
  CHECK(forecast::detect_season(seasonal, candidates) == 24);
  CHECK(forecast::detect_season(trend, candidates) == 1);
  CHECK(forecast::detect_season(walk, candidates) == 1);
}

TEST_CASE("forecast::decompose: adjusting and restoring are inverse; offsets where a value is not positive") {
  std::vector<double> y;
  for (int t = 0; t < 30; ++t) y.push_back((10 + t) * (t % 3 == 0 ? 1.5 : 0.75));
  const auto indices = forecast::decompose(y, 3);
  REQUIRE(indices);
  CHECK(indices->multiplicative);
  CHECK(indices->index[0] == Approx(1.5).epsilon(0.01));
  auto adjusted = indices->adjust(y);
  indices->restore(adjusted, 0);
  CHECK(adjusted[7] == Approx(y[7]));
  y[4] = 0;
  CHECK_FALSE(forecast::decompose(y, 3)->multiplicative);
  CHECK_FALSE(forecast::decompose(y, 16));
}
