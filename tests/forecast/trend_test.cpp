#include "forecast/trend.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>

using namespace sitrep;
using doctest::Approx;

TEST_CASE("forecast::theil_sen and its interval give Sen's (1968) example") {
  const std::vector<double> x{1, 2, 3, 4, 10, 12, 18};
  const std::vector<double> y{9, 15, 19, 20, 45, 55, 78};
  const auto line = forecast::theil_sen(x, y);
  REQUIRE(line);
  CHECK(line->slope == Approx(4));
  CHECK(line->intercept == Approx(4));
  const auto wide = forecast::sen_interval(x, y, 0.95);
  REQUIRE(wide);
  CHECK(wide->lower == Approx(3.7143).epsilon(1e-4));
  CHECK(wide->upper == Approx(4.3750).epsilon(1e-4));
  const auto narrow = forecast::sen_interval(x, y, 0.90);
  REQUIRE(narrow);
  CHECK(narrow->lower == Approx(3.75).epsilon(1e-4));
  CHECK(narrow->upper == Approx(4.1818).epsilon(1e-4));
}

TEST_CASE("forecast::theil_sen is not moved by one wild point; mann_kendall gives the worked example") {
  const std::vector<double> y{5, 7, 6, 9, 10, 30, 12, 13, 15, 14};
  std::vector<double> x(10);
  std::iota(x.begin(), x.end(), 0.0);
  CHECK(forecast::theil_sen(y)->slope == Approx(1.0));
  CHECK(forecast::least_squares(y).slope == Approx(1.2182).epsilon(1e-4));
  const auto interval = forecast::sen_interval(x, y);
  REQUIRE(interval);
  CHECK(interval->lower == Approx(0.875));
  CHECK(interval->upper == Approx(1.5));
  const auto test = forecast::mann_kendall(y);
  CHECK(test.s == 33);
  CHECK(test.variance == Approx(125));
  CHECK(test.z == Approx(2.8622).epsilon(1e-5));
  CHECK(test.p == Approx(.004208).epsilon(2e-4));
}

TEST_CASE("forecast::theil_sen needs two different x") {
  CHECK_FALSE(forecast::theil_sen(std::vector<double>{3}));
  CHECK_FALSE(forecast::theil_sen(std::vector<double>{2, 2}, std::vector<double>{1, 5}));
  CHECK(forecast::mann_kendall(std::vector<double>(9, 4.0)).p == 1);
}

TEST_CASE("forecast::median of many values, and theil_sen over even steps, are what sorting gives") {
  std::mt19937_64 random(3);
  const auto check = [](const std::vector<double>& values) {
    auto sorted = values;
    std::ranges::sort(sorted);
    const auto n = sorted.size();
    CHECK(forecast::median(values) == (n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2])));
  };
  for (const std::size_t n : {511U, 512U, 513U, 1770U, 5000U}) {
    CAPTURE(n);
    std::vector<double> any(n), ties(n), misleading(n, 1), rising(n);
    for (auto& v : any) v = std::normal_distribution<double>(0, 1)(random);
    for (auto& v : ties) v = static_cast<double>(random() % 3);
    for (std::size_t i = 0; i < 64; ++i) misleading[i * n / 64] = 100 + static_cast<double>(i);  // what a sample takes
    std::iota(rising.begin(), rising.end(), -7.0);
    for (const auto& values : {any, ties, misleading, rising, std::vector<double>(n, 4.0)}) check(values);
    const std::vector<double> y(any.begin(), any.begin() + 80), x(rising.begin() + 7, rising.begin() + 87);
    CHECK(forecast::theil_sen(y)->slope == forecast::theil_sen(x, y)->slope);
    CHECK(forecast::theil_sen(y)->intercept == forecast::theil_sen(x, y)->intercept);
  }
}

TEST_CASE("forecast::mann_kendall_prewhitened is not fooled by autocorrelation as often") {
  std::mt19937_64 random(11);
  std::normal_distribution<double> noise(0, 1);
  int plain = 0;
  int white = 0;
  for (int run = 0; run < 300; ++run) {
    std::vector<double> y;
    double v = 0;
    for (int t = 0; t < 60; ++t) y.push_back(v = 0.6 * v + noise(random));
    plain += forecast::mann_kendall(y).p < 0.05 ? 1 : 0;
    white += forecast::mann_kendall_prewhitened(y).p < 0.05 ? 1 : 0;
  }
  CHECK(plain > 60);
  CHECK(white < 30);
}
