#include "http/rate_limit.hpp"

#include <algorithm>

namespace sitrep::http {

using std::chrono::milliseconds;

RateLimit::RateLimit(std::size_t requests, milliseconds per, Waiter& waiter, std::size_t in_flight)
    : requests_(requests), per_(per), waiter_(waiter), in_flight_(in_flight) {}

bool RateLimit::acquire(milliseconds max_wait) {
  const auto now = waiter_.now();
  auto slot = now;
  {
    const std::lock_guard lock(mutex_);
    slot = std::max(slot, held_until_);
    if (requests_ > 0 && starts_.size() >= requests_) slot = std::max(slot, starts_[starts_.size() - requests_] + per_);
    if (slot - now > max_wait) return false;
    if (requests_ > 0) starts_.push_back(slot);
    if (starts_.size() > requests_) starts_.pop_front();
  }
  if (slot > now) waiter_.wait(std::chrono::ceil<milliseconds>(slot - now));  // outside the lock: others may queue up
  return true;
}

void RateLimit::hold(milliseconds span) {
  const std::lock_guard lock(mutex_);
  held_until_ = std::max(held_until_, waiter_.now() + span);
}

RateLimit::Flight::Flight(RateLimit* limit) : limit_(limit) {
  if (!limit_) return;
  std::unique_lock lock(limit_->mutex_);
  limit_->landed_.wait(lock, [this] { return limit_->in_flight_ == 0 || limit_->flying_ < limit_->in_flight_; });
  ++limit_->flying_;
}

RateLimit::Flight::~Flight() {
  if (!limit_) return;
  const std::lock_guard lock(limit_->mutex_);
  --limit_->flying_;
  limit_->landed_.notify_one();
}

}  // namespace sitrep::http
