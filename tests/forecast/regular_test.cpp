#include "forecast/regular.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sitrep;
using doctest::Approx;
using forecast::Bucket;
using model::Sample;

namespace {

std::vector<Sample> at(std::initializer_list<std::pair<std::int64_t, double>> list) {
  std::vector<Sample> samples;
  for (const auto& [t, v] : list) samples.push_back({unix_time(t), v});
  return samples;
}

}  // namespace

TEST_CASE("forecast::regularise keeps a clean series as it is") {
  const auto r = forecast::regularise(at({{0, 1}, {60, 2}, {120, 3}}));
  REQUIRE(r);
  CHECK(r->values == std::vector<double>{1, 2, 3});
  CHECK(r->step == Seconds{60});
  CHECK(r->notes().empty());
  CHECK(r->time(4) == unix_time(240));
  CHECK(r->index_of(unix_time(61)) == 2);
}

TEST_CASE("forecast::regularise orders, merges, drops and fills, and says so") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto r = forecast::regularise(at({{0, 1},
                                          {60, 2},
                                          {60, 2.5},
                                          {30 * 60, 9},
                                          {120, 3},
                                          {180, nan},
                                          {240, 5},
                                          {300, 6},
                                          {360, 7},
                                          {420, 8},
                                          {480, 9},
                                          {540, 9},
                                          {600, 9},
                                          {660, 9},
                                          {720, 9},
                                          {780, 9},
                                          {840, 9},
                                          {900, 9},
                                          {960, 9}}),
                                      Bucket::last);
  REQUIRE(r);
  CHECK(r->values[1] == 2.5);
  CHECK(r->values[3] == Approx(4));
  CHECK(r->repeated == 1);
  CHECK(r->backward == 1);
  CHECK(r->not_finite == 1);
  CHECK(r->gaps == 2);
  CHECK(r->longest_gap == 13);
  CHECK(r->notes().size() == 4);
}

TEST_CASE("forecast::regularise rounds jitter away and follows months") {
  const auto jitter = forecast::regularise(at({{3, 1}, {62, 2}, {119, 3}, {181, 4}}), Bucket::last);
  REQUIRE(jitter);
  CHECK(jitter->values == std::vector<double>{1, 2, 3, 4});
  std::vector<Sample> months;
  for (unsigned m = 1; m <= 12; ++m) {
    months.push_back({std::chrono::sys_days{std::chrono::year{2026} / std::chrono::month{m} / 1}, 1.0 * m});
  }
  const auto r = forecast::regularise(months);
  REQUIRE(r);
  CHECK(r->values.size() == 12);
  CHECK(r->gaps == 0);
  CHECK(format_utc(r->time(12)) == "2027-01-01T00:00:00Z");
  CHECK(r->index_of(r->time(14)) == 14);
}

TEST_CASE("forecast::regularise buckets to a given step") {
  const auto samples = at({{0, 1}, {3600, 5}, {86'400, 2}, {90'000, 4}});
  CHECK(forecast::regularise(samples, Bucket::max, std::chrono::days{1})->values == std::vector<double>{5, 4});
  CHECK(forecast::regularise(samples, Bucket::mean, std::chrono::days{1})->values == std::vector<double>{3, 3});
  CHECK(forecast::regularise(samples, Bucket::last, std::chrono::days{1})->values == std::vector<double>{5, 4});
}

TEST_CASE("forecast::regularise refuses what is no series") {
  CHECK_FALSE(forecast::regularise({}));
  CHECK_FALSE(forecast::regularise(at({{0, 1}})));
  CHECK_FALSE(forecast::regularise(at({{0, 1}, {0, 2}})));
  CHECK_FALSE(forecast::regularise(at({{0, 1}, {60, 1}, {120, 1}, {1'000'000'000, 1}})));
}

TEST_CASE("forecast::season_candidates fit the step") {
  CHECK(forecast::season_candidates(Seconds{3600}) == std::vector<std::size_t>{24, 168});
  CHECK(forecast::season_candidates(std::chrono::days{1}) == std::vector<std::size_t>{7});
  CHECK(forecast::season_candidates(std::chrono::days{7}) == std::vector<std::size_t>{52});
  CHECK(forecast::season_candidates(Seconds{0}) == std::vector<std::size_t>{12});
}

TEST_CASE("forecast::regularise brings irregular times to hours, and says so") {
  std::vector<model::Sample> samples;
  // Bursts of three within a minute, half an hour to an hour apart: the usual distance is that of a burst.
  auto at = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::seconds{0};
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 3; ++j) samples.push_back({at + std::chrono::seconds{20 * j}, 1.0 * i});
    at += std::chrono::minutes{30 + i % 30};
  }
  const auto r = forecast::regularise(samples);
  REQUIRE(r);
  CHECK(r->step == std::chrono::hours{1});
  CHECK(r->irregular);
  CHECK(r->notes().front() == "irregular times brought to steps of an hour");
}
