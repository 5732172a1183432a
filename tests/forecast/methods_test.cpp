#include "forecast/methods.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

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

TEST_CASE("forecast::forecasts: Comb is the mean of SES, Holt and damped trend, and a pure season comes back") {
  std::vector<double> y;
  const double season[] = {5, 9, 4, 2};
  for (int t = 0; t < 24; ++t) y.push_back(season[t % 4]);
  const auto fits = forecast::fit(y, 4);
  const auto all = forecast::forecasts(y, fits, 6);
  const auto of = [&](Method m) { return all[static_cast<std::size_t>(m)]; };
  for (std::size_t h = 0; h < 6; ++h) {
    CHECK(of(Method::comb)[h] == Approx((of(Method::ses)[h] + of(Method::holt)[h] + of(Method::damped)[h]) / 3));
    CHECK(of(Method::seasonal_naive)[h] == season[h % 4]);
    CHECK(of(Method::theta)[h] == Approx(season[h % 4]).epsilon(1e-6));
    CHECK(of(Method::theil_sen)[h] == Approx(season[h % 4]).epsilon(1e-6));
  }
}
