#include "forecast/accuracy.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "base/error.hpp"

using namespace sitrep;
using doctest::Approx;

TEST_CASE("forecast::smape, mae and mase_scale follow the M4 definitions") {
  const std::vector<double> y{10, 12, 14, 13, 15, 17, 16, 18};
  const std::vector<double> actual{19, 18, 20};
  const std::vector<double> guess{18, 18, 18};
  CHECK(forecast::smape(actual, guess) == Approx(5.3105737).epsilon(1e-7));
  CHECK(forecast::mase_scale(y) == Approx(1.7142857).epsilon(1e-7));
  CHECK(forecast::mae(actual, guess) / forecast::mase_scale(y) == Approx(0.5833333).epsilon(1e-6));
  CHECK(forecast::owa(4, 1, 8, 4) == Approx(0.375));
}

TEST_CASE("forecast::smape of zeros is zero, and different lengths are refused") {
  const std::vector<double> zeros{0, 0};
  CHECK(forecast::smape(zeros, zeros) == 0);
  CHECK_THROWS_AS(forecast::smape(zeros, std::vector<double>{1}), Error);
  CHECK(forecast::mase_scale(std::vector<double>{5}) == 0);
}
