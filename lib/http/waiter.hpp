#pragma once

#include <chrono>

namespace sitrep::http {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Measures and waits, so that a test can replace both at once.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual SteadyTime now() const = 0;
  virtual void wait(std::chrono::milliseconds duration) = 0;
};

/// The real one; safe to share between threads.
class SystemWaiter final : public Waiter {
 public:
  SteadyTime now() const override;
  void wait(std::chrono::milliseconds duration) override;
};

}  // namespace sitrep::http
