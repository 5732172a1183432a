#include "http/rate_limit.hpp"

#include <doctest/doctest.h>

#include "support/fake_clock.hpp"

using namespace sitrep;
using namespace std::chrono_literals;

TEST_CASE("http::RateLimit never lets more than its number through in any span") {
  test::FakeClock clock;
  test::FakeWaiter waiter(clock);
  http::RateLimit limit(3, 10s, waiter);
  std::vector<http::SteadyTime> starts;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(limit.acquire(1h));
    starts.push_back(waiter.now());
    clock.advance(std::chrono::milliseconds{i * 137 % 1000});
  }
  for (std::size_t i = 3; i < starts.size(); ++i) CHECK(starts[i] - starts[i - 3] >= 10s);
  CHECK(starts[2] - starts[0] < 10s);
}

TEST_CASE("http::RateLimit gives up at once when the next slot is too late, and takes none") {
  test::FakeClock clock;
  test::FakeWaiter waiter(clock);
  http::RateLimit limit(1, 60s, waiter);
  CHECK(limit.acquire(0ms));
  CHECK_FALSE(limit.acquire(59s));
  CHECK(waiter.waits.empty());
  clock.advance(60s);
  CHECK(limit.acquire(0ms));
}

TEST_CASE("http::RateLimit of zero requests limits nothing") {
  test::FakeClock clock;
  test::FakeWaiter waiter(clock);
  http::RateLimit limit(0, 1s, waiter);
  for (int i = 0; i < 100; ++i) CHECK(limit.acquire(0ms));
  CHECK(waiter.waits.empty());
}
