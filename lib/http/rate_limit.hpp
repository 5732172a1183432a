#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "http/waiter.hpp"

namespace sitrep::http {

/// What all clients of one source keep to together; safe to share between threads.
///
/// At most `requests` start in any span of `per`: a log of the last starts, since a bucket that refills steadily lets
/// nearly twice the quota through in some spans. At most `in_flight` are on their way at once. Nobody starts before
/// what a server asked for with hold() is over.
class RateLimit {
 public:
  /// Borrows waiter. requests 0, in_flight 0: no limit.
  RateLimit(std::size_t requests, std::chrono::milliseconds per, Waiter& waiter, std::size_t in_flight = 0);

  /// Waits for a slot, at most `max_wait`. False when the next slot is later than that; nothing is taken then.
  bool acquire(std::chrono::milliseconds max_wait);
  /// Nobody starts for so long from now.
  void hold(std::chrono::milliseconds span);

  /// One request on its way: made before it is sent, gone when the answer is there.
  class Flight {
   public:
    explicit Flight(RateLimit* limit);  ///< waits until there is room; null: no limit
    ~Flight();
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;

   private:
    RateLimit* limit_;
  };

 private:
  std::size_t requests_;
  std::chrono::milliseconds per_;
  Waiter& waiter_;
  std::size_t in_flight_;
  std::mutex mutex_;
  std::condition_variable landed_;
  std::size_t flying_ = 0;
  SteadyTime held_until_{};
  std::deque<SteadyTime> starts_;  // of the last `requests_` slots, also those in the future that others wait for
};

}  // namespace sitrep::http
