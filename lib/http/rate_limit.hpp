#pragma once

#include <chrono>
#include <deque>
#include <mutex>

#include "http/waiter.hpp"

namespace sitrep::http {

/// At most `requests` in any span of `per`, for all clients that share it: a log of the last starts, since a bucket
/// that refills steadily lets nearly twice the quota through in some spans. Safe to share between threads.
class RateLimit {
 public:
  /// Borrows waiter. requests 0: no limit.
  RateLimit(std::size_t requests, std::chrono::milliseconds per, Waiter& waiter);

  /// Waits for a slot, at most `max_wait`. False when the next slot is later than that; nothing is taken then.
  bool acquire(std::chrono::milliseconds max_wait);

 private:
  std::size_t requests_;
  std::chrono::milliseconds per_;
  Waiter& waiter_;
  std::mutex mutex_;
  std::deque<SteadyTime> starts_;  // of the last `requests_` slots, also those in the future that others wait for
};

}  // namespace sitrep::http
