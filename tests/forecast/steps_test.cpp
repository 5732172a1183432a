#include "forecast/steps.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace sitrep;
using doctest::Approx;

namespace {

std::vector<double> noisy(std::size_t n) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise(0, 1);
  std::vector<double> y;
  for (std::size_t t = 0; t < n; ++t) y.push_back(100 + 0.2 * static_cast<double>(t) + noise(random));
  return y;
}

}  // namespace

TEST_CASE("forecast::find_steps finds a jump that lasts, not a spike, not a trend") {
  auto y = noisy(80);
  CHECK(forecast::find_steps(y).empty());
  auto spike = y;
  spike[40] += 30;
  CHECK(forecast::find_steps(spike).empty());
  auto step = y;
  for (std::size_t t = 40; t < 80; ++t) step[t] -= 30;
  const auto found = forecast::find_steps(step);
  REQUIRE(found.size() == 1);
  CHECK(found[0].index == 40);
  CHECK(found[0].size == Approx(-30).epsilon(0.1));
  const auto level = forecast::without_steps(step, found);
  CHECK(level[79] == step[79]);
  CHECK(level[0] == Approx(step[0] + found[0].size));
}

TEST_CASE("forecast::recurring needs three jumps the same way") {
  std::vector<double> y = noisy(80);
  for (std::size_t t = 0; t < 80; ++t) y[t] += 5.0 * static_cast<double>(t % 20);
  auto steps = forecast::find_steps(y);
  CHECK(steps.size() == 3);
  CHECK(forecast::recurring(steps));
  CHECK_FALSE(forecast::recurring(std::span(steps).first(2)));
  for (auto& step : steps) step.size = -step.size;
  CHECK(forecast::recurring(steps));
  steps[0].size = -steps[0].size;
  CHECK_FALSE(forecast::recurring(steps));
}

TEST_CASE("forecast::find_steps works on counts that hardly ever change") {
  std::vector<double> y(30, 4.0);
  for (std::size_t t = 15; t < 30; ++t) y[t] = 8;
  REQUIRE(forecast::find_steps(y).size() == 1);
  CHECK(forecast::find_steps(std::vector<double>(30, 4.0)).empty());
}
