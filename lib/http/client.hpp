#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/http.hpp"
#include "http/rate_limit.hpp"
#include "http/waiter.hpp"

namespace sitrep::http {

struct ClientOptions {
  Limits limits;
  int retries = 5;  ///< further tries after the first
  std::vector<int> retry_statuses = {408, 425, 429, 500, 502, 503, 504};
  std::chrono::milliseconds backoff{500};
  std::chrono::milliseconds max_backoff{30'000};
  std::chrono::milliseconds max_wait = std::chrono::minutes{15};  ///< longest Retry-After and turn of the rate limit
  /// All tries of one request together, waits included.
  std::chrono::milliseconds total = std::chrono::minutes{30};
  /// The end of the whole run (--deadline).
  std::optional<SteadyTime> deadline;
  /// In [0, 1): spreads own back-off over [half, full], so that many clients do not come back at once. Empty: full.
  std::function<double()> jitter;
  /// One redacted line per exchange and per wait (-v).
  std::function<void(std::string_view)> log;
};

struct ClientStats {
  std::uint64_t requests = 0;  ///< exchanges, retries included
  std::uint64_t retries = 0;
  std::uint64_t not_modified = 0;  ///< answers 304
  std::uint64_t wire_bytes = 0;
  std::chrono::milliseconds waited{0};  ///< for retries and the rate limit
};

/// Transport with retries: a retry_safe request goes out again after a retryable fault or one of retry_statuses, a
/// bounded number of times and within a bounded total time. Retry-After is never cut short: one beyond max_wait, total
/// or the deadline ends the request at once, and the error says until when. One per thread.
class Client {
 public:
  /// Borrows all of them; rate_limit may be null.
  Client(Transport& transport, const Clock& clock, Waiter& waiter, ClientOptions options = {},
         RateLimit* rate_limit = nullptr);

  /// The last response, also when its status is still one of retry_statuses after all tries (Response::tries counts
  /// them). Error{network} of the last fault when there was no response.
  Response send(const Request& request);

  const ClientStats& stats() const { return stats_; }

 private:
  struct Attempt;
  Response exchange(const Request& request, SteadyTime end, int attempt);
  std::optional<std::chrono::milliseconds> retry_after(const Response& response) const;
  std::chrono::milliseconds own_backoff(int attempt) const;
  void pause(const Request& request, int attempt, std::string_view reason,
             std::optional<std::chrono::milliseconds> asked, SteadyTime end);
  void take_turn(const Request& request, SteadyTime end);
  void log(const std::string& line) const;

  Transport& transport_;
  const Clock& clock_;
  Waiter& waiter_;
  ClientOptions options_;
  RateLimit* rate_limit_;
  ClientStats stats_;
};

/// What an unwelcome status means: 401 and 403 are Error{credentials}, everything else Error{network}. `said`: what the
/// body says, if anything; it is escaped, masked and cut here. `hint`: what to do, optional.
Error status_error(const Request& request, const Response& response, std::string_view said, std::string_view hint = {});

}  // namespace sitrep::http
