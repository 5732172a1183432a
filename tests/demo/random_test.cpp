#include "demo/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

using sitrep::demo::Random;

TEST_CASE("demo::Random repeats for a seed and stream, and differs for another of either") {
  Random a(7, "incidents");
  Random same(7, "incidents");
  Random other_seed(8, "incidents");
  Random other_stream(7, "launches");
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) {
    const auto value = a.next();
    CHECK(value == same.next());
    seen.insert(value);
    seen.insert(other_seed.next());
    seen.insert(other_stream.next());
  }
  CHECK(seen.size() == 300);
}

TEST_CASE("demo::Random::whole reaches both ends and nothing beyond") {
  Random random(1, "ends");
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.whole(-2, 3));
  CHECK(seen == std::set<std::int64_t>{-2, -1, 0, 1, 2, 3});
}

TEST_CASE("demo::Random's distributions have the moments they claim") {
  Random random(3, "moments");
  constexpr int k_n = 20'000;
  double uniform = 0, normal = 0, squares = 0, counts = 0;
  std::vector<double> durations;
  std::array<int, 3> weighted{};
  constexpr std::array<double, 3> k_weights = {1, 2, 7};
  for (int i = 0; i < k_n; ++i) {
    uniform += random.uniform();
    const double z = random.normal();
    normal += z;
    squares += z * z;
    counts += random.poisson(2.5);
    durations.push_back(random.lognormal(45, 1.0));
    ++weighted[random.weighted(k_weights)];
  }
  CHECK(uniform / k_n == doctest::Approx(0.5).epsilon(0.02));
  CHECK(std::abs(normal / k_n) < 0.03);
  CHECK(squares / k_n == doctest::Approx(1).epsilon(0.03));
  CHECK(counts / k_n == doctest::Approx(2.5).epsilon(0.03));
  std::ranges::nth_element(durations, durations.begin() + k_n / 2);
  CHECK(durations[k_n / 2] == doctest::Approx(45).epsilon(0.05));
  CHECK(weighted[2] / static_cast<double>(k_n) == doctest::Approx(0.7).epsilon(0.05));
}
