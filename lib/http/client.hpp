#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
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
  /// In [0, 1): takes up to jitter_share off own back-off, so that many clients do not come back at once. Empty: none.
  std::function<double()> jitter;
  double jitter_share = 0.5;
  /// One redacted line per exchange and per wait (-v).
  std::function<void(std::string_view)> log;
};

struct ClientStats {
  std::uint64_t requests = 0;  ///< exchanges, retries included
  std::uint64_t retries = 0;
  std::uint64_t not_modified = 0;  ///< answers 304
  std::uint64_t wire_bytes = 0;
  std::chrono::milliseconds waited{0};  ///< for retries and the rate limit
  ClientStats& operator+=(const ClientStats& more);
};

/// What an answer means beyond its status; made by who knows the API.
struct Advice {
  enum class Verdict {
    by_status,     ///< retry_statuses decide
    accept,        ///< as it is, whatever the status
    retry,         ///< as after a fault
    rate_limited,  ///< too many requests: nobody asks again before `wait` is over
  };
  Verdict verdict = Verdict::by_status;
  std::optional<std::chrono::milliseconds> wait;  ///< that the server asks for where Retry-After does not say it
};
using Judge = std::function<Advice(const Response&)>;

/// Transport with retries: a retry_safe request goes out again after a retryable fault or one of retry_statuses, a
/// bounded number of times and within a bounded total time. Retry-After is never cut short: one beyond max_wait, total
/// or the deadline ends the request at once, and the error says until when. May be shared between threads when the
/// transport may.
class Client {
 public:
  /// Borrows all of them; rate_limit may be null.
  Client(Transport& transport, const Clock& clock, Waiter& waiter, ClientOptions options = {},
         RateLimit* rate_limit = nullptr);

  /// The last response, also when its status is still one of retry_statuses after all tries (Response::tries counts
  /// them). Error{network} of the last fault when there was no response.
  Response send(const Request& request, const Judge& judge = {});
  /// As above; what it took is added to `spent` too.
  Response send(const Request& request, const Judge& judge, ClientStats& spent);

  ClientStats stats() const;

 private:
  struct Attempt;
  Response exchange(const Request& request, SteadyTime end, int attempt, ClientStats& spent);
  std::optional<std::chrono::milliseconds> retry_after(const Response& response) const;
  std::chrono::milliseconds own_backoff(int attempt);
  void pause(const Request& request, int attempt, std::string_view reason,
             std::optional<std::chrono::milliseconds> asked, SteadyTime end, ClientStats& spent);
  void take_turn(const Request& request, SteadyTime end, ClientStats& spent);
  void log(const std::string& line) const;

  Transport& transport_;
  const Clock& clock_;
  Waiter& waiter_;
  ClientOptions options_;
  RateLimit* rate_limit_;
  mutable std::mutex mutex_;  // of stats_ and the jitter's generator
  ClientStats stats_;
};

/// What an unwelcome status means: 401 and 403 are Error{credentials}, everything else Error{network}. `said`: what the
/// body says, if anything; it is escaped, masked and cut here. `hint`: what to do, optional.
Error status_error(const Request& request, const Response& response, std::string_view said, std::string_view hint = {});

}  // namespace sitrep::http
