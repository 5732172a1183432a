#include "http/rate_limit.hpp"

#include <algorithm>

namespace sitrep::http {

using std::chrono::milliseconds;

RateLimit::RateLimit(std::size_t requests, milliseconds per, Waiter& waiter)
    : requests_(requests), per_(per), waiter_(waiter) {}

bool RateLimit::acquire(milliseconds max_wait) {
  if (requests_ == 0) return true;
  const auto now = waiter_.now();
  auto slot = now;
  {
    const std::lock_guard lock(mutex_);
    if (starts_.size() >= requests_) slot = std::max(now, starts_[starts_.size() - requests_] + per_);
    if (slot - now > max_wait) return false;
    starts_.push_back(slot);
    if (starts_.size() > requests_) starts_.pop_front();
  }
  if (slot > now) waiter_.wait(std::chrono::ceil<milliseconds>(slot - now));  // outside the lock: others may queue up
  return true;
}

}  // namespace sitrep::http
