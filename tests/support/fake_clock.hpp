#pragma once

#include <vector>

#include "base/clock.hpp"
#include "http/waiter.hpp"

namespace sitrep::test {

/// A clock that moves only when told to.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(UnixTime start = unix_time(1'795'000'000)) : start_(start) {}
  UnixTime now() const override { return start_ + std::chrono::floor<Seconds>(elapsed_); }
  std::chrono::milliseconds elapsed() const { return elapsed_; }
  void advance(std::chrono::milliseconds span) { elapsed_ += span; }

 private:
  UnixTime start_;
  std::chrono::milliseconds elapsed_{0};
};

/// Waiting that takes no time: it moves the clock and keeps what was asked for.
class FakeWaiter final : public http::Waiter {
 public:
  explicit FakeWaiter(FakeClock& clock) : clock_(clock) {}
  http::SteadyTime now() const override { return http::SteadyTime{} + std::chrono::hours{1} + clock_.elapsed(); }
  void wait(std::chrono::milliseconds span) override {
    waits.push_back(span);
    clock_.advance(span);
  }

  std::vector<std::chrono::milliseconds> waits;  ///< in order

 private:
  FakeClock& clock_;
};

}  // namespace sitrep::test
