#include "sources/session.hpp"

#include <algorithm>

#include "http/mask.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_shortest_masked = 12;
constexpr Seconds k_before_end{30};  // a request that leaves now arrives while the token still holds

}  // namespace

Session::Session(const config::Source& source, Credentials fixed, http::Client& client, http::Waiter& waiter)
    : source_(source), fixed_(std::move(fixed)), client_(client), waiter_(waiter) {
  if (fixed_.client.empty()) current_ = std::make_shared<const Credentials>(fixed_);
}

void Session::ask() {
  auto fresh = fixed_;
  fresh.secrets.insert(fresh.secrets.end(), tokens_.begin(), tokens_.end());
  const auto lifetime = authorize(source_, fresh, client_);
  tokens_.push_back(fresh.secrets.back());
  renew_at_ = http::SteadyTime::max();
  // Of a token that lives shorter than twice the reserve, half is used.
  if (lifetime) renew_at_ = waiter_.now() + std::max(*lifetime - k_before_end, *lifetime / 2);
  current_ = std::make_shared<const Credentials>(std::move(fresh));
}

Session::Held Session::credentials() {
  const std::scoped_lock lock(mutex_);
  if (!current_ || waiter_.now() >= renew_at_) ask();
  return current_;
}

bool Session::renew(const Held& refused) {
  if (fixed_.client.empty()) return false;
  const std::scoped_lock lock(mutex_);
  if (current_ == refused) ask();  // else another thread has done it
  return true;
}

bool mask_echo(std::string& body, const Credentials& credentials) {
  std::vector<std::string> secrets;
  for (const auto& secret : credentials.secrets) {
    if (secret.size() >= k_shortest_masked) secrets.push_back(secret);
  }
  if (!http::may_hold(body, secrets)) return false;
  auto masked = http::mask(body, secrets);
  if (masked == body) return false;
  body = std::move(masked);
  return true;
}

}  // namespace sitrep::sources
