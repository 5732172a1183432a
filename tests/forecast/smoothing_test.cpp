#include "forecast/smoothing.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

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

TEST_CASE("forecast::smooth refuses a single value") {
  CHECK_THROWS_AS(forecast::fit_simple(std::vector<double>{1}), Error);
}
