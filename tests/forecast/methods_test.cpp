#include "forecast/methods.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "base/error.hpp"
#include "forecast/trend.hpp"

using namespace sitrep;
using doctest::Approx;
using forecast::Method;

TEST_CASE("forecast::theta gives the worked example") {
  const std::vector<double> y{10, 12, 14, 13, 15, 17, 16, 18};
  const auto f = forecast::theta(y, 0.5, 3);
  CHECK(f[0] == Approx(17.8910435).epsilon(1e-8));
  CHECK(f[1] == Approx(18.4089007).epsilon(1e-8));
  CHECK(f[2] == Approx(18.9267578).epsilon(1e-8));
}

TEST_CASE("forecast::seasonal_naive repeats the last season") {
  const std::vector<double> y{9, 9, 1, 2, 3};
  CHECK(forecast::seasonal_naive(y, 3, 5) == std::vector<double>{1, 2, 3, 1, 2});
  CHECK_THROWS_AS(forecast::seasonal_naive(y, 6, 1), Error);
  CHECK(forecast::naive(y, 2) == std::vector<double>{3, 3});
}

TEST_CASE("forecast::Walk: Comb is the mean of SES, Holt and damped trend, and a pure season comes back") {
  std::vector<double> y;
  const double season[] = {5, 9, 4, 2};
  for (int t = 0; t < 24; ++t) y.push_back(season[t % 4]);
  const auto fits = forecast::fit(y, 4);
  forecast::Walk walk(y, fits);
  walk.advance(y.size());
  const auto all = walk.forecasts(6);
  const auto of = [&](Method m) { return all[static_cast<std::size_t>(m)]; };
  for (std::size_t h = 0; h < 6; ++h) {
    CHECK(of(Method::comb)[h] == Approx((of(Method::ses)[h] + of(Method::holt)[h] + of(Method::damped)[h]) / 3));
    CHECK(of(Method::seasonal_naive)[h] == season[h % 4]);
    CHECK(of(Method::theta)[h] == Approx(season[h % 4]).epsilon(1e-6));
    CHECK(of(Method::theil_sen)[h] == Approx(season[h % 4]).epsilon(1e-6));
  }
}

TEST_CASE("forecast::Walk: a walk says at each moment what the methods say of the values up to it") {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 2);
  std::vector<double> y;
  for (int t = 0; t < 90; ++t) y.push_back(1000 + 0.7 * t + 5 * std::sin(t / 9.0) + noise(random));
  const auto fits = forecast::fit(std::span(y).first(60), 1);
  forecast::Walk walk(y, fits);
  for (const std::size_t n : {60U, 61U, 75U, 90U}) {
    CAPTURE(n);
    const auto past = std::span(y).first(n);
    walk.advance(n);
    const auto all = walk.forecasts(4);
    const auto same = [&](Method m, const std::vector<double>& expected) {
      for (std::size_t h = 0; h < 4; ++h)
        CHECK(all[static_cast<std::size_t>(m)][h] == Approx(expected[h]).epsilon(1e-10));
    };
    same(Method::naive, forecast::naive(past, 4));
    same(Method::ses, forecast::extrapolate(forecast::smooth(past, fits.ses), 4));
    same(Method::holt, forecast::extrapolate(forecast::smooth(past, fits.holt), 4));
    same(Method::damped, forecast::extrapolate(forecast::smooth(past, fits.damped), 4));
    same(Method::theta, forecast::theta(past, fits.theta_alpha, 4));
  }
  const auto line = forecast::theil_sen(std::span(y).first(60));
  CHECK(fits.robust_slope == line->slope);
  CHECK_THROWS_AS(walk.advance(80), Error);
}
