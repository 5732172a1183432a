#include "http/client.hpp"

#include <algorithm>
#include <memory>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "http/retry.hpp"
#include "http/seconds_text.hpp"

namespace sitrep::http {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t k_said_columns = 300;

/// The moment for people; a server may name one that no calendar of ours holds.
std::string moment_text(UnixTime t) { return is_writable(t) ? format_utc(t) : "after the year 9999"; }

}  // namespace

Client::Client(Transport& transport, const Clock& clock, Waiter& waiter, ClientOptions options, RateLimit* rate_limit)
    : transport_(transport), clock_(clock), waiter_(waiter), options_(std::move(options)), rate_limit_(rate_limit) {}

ClientStats& ClientStats::operator+=(const ClientStats& more) {
  requests += more.requests;
  retries += more.retries;
  not_modified += more.not_modified;
  wire_bytes += more.wire_bytes;
  waited += more.waited;
  return *this;
}

ClientStats Client::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

Response Client::send(const Request& request, const Judge& judge) {
  ClientStats unused;
  return send(request, judge, unused);
}

Response Client::send(const Request& request, const Judge& judge, ClientStats& spent) {
  ClientStats own;
  const auto account = [&](ClientStats* stats) {
    spent += *stats;
    const std::lock_guard lock(mutex_);
    stats_ += *stats;
  };
  const std::unique_ptr<ClientStats, decltype(account)> accounted(&own, account);  // also when it throws
  auto end = waiter_.now() + options_.total;
  if (options_.deadline) end = std::min(end, *options_.deadline);
  for (int attempt = 1;; ++attempt) {
    const bool may_retry = request.retry_safe && attempt <= options_.retries;
    try {
      auto response = exchange(request, end, attempt, own);
      const Advice advice = judge ? judge(response) : Advice{};
      using Verdict = Advice::Verdict;
      if (advice.wait && rate_limit_ && advice.verdict != Verdict::rate_limited)
        rate_limit_->hold(std::min(*advice.wait, options_.max_wait));
      if (advice.verdict == Verdict::accept) return response;
      const bool unwelcome =
          advice.verdict != Verdict::by_status ||
          std::ranges::find(options_.retry_statuses, response.status) != options_.retry_statuses.end();
      if (!unwelcome || !may_retry) return response;
      auto asked = retry_after(response);
      if (!asked && advice.verdict == Verdict::rate_limited) asked = advice.wait;
      if (asked && rate_limit_ && *asked <= options_.max_wait && advice.verdict == Verdict::rate_limited)
        rate_limit_->hold(*asked);
      pause(request, attempt, status_text(response.status), asked, end, own);
    } catch (const TransportError& error) {
      if (!error.retryable() || !request.retry_safe) throw;
      if (!may_retry) {
        throw TransportError(error.fault(), fmt::format("{} (tried {})", error.what(), count_of(attempt, "time")));
      }
      const auto left = end - waiter_.now();
      if (left <= own_backoff(attempt)) {
        throw TransportError(error.fault(), fmt::format("{} (tried {}, no time left for more)", error.what(),
                                                        count_of(attempt, "time")));
      }
      log(error.what());
      pause(request, attempt, "no answer", {}, end, own);
    }
  }
}

Response Client::exchange(const Request& request, SteadyTime end, int attempt, ClientStats& spent) {
  const RateLimit::Flight flight(rate_limit_);
  take_turn(request, end, spent);
  auto limits = options_.limits;
  const auto start = waiter_.now();
  const auto left = duration_cast<milliseconds>(end - start);
  if (left <= milliseconds{0}) {
    throw TransportError(Fault::limit, describe(request) + ": no time left for it; see --deadline");
  }
  limits.total = std::min(limits.total, left);
  ++spent.requests;
  if (attempt > 1) ++spent.retries;
  auto response = transport_.send(request, limits);
  response.tries = attempt;
  spent.wire_bytes += response.wire_bytes;
  if (response.status == 304) ++spent.not_modified;
  if (options_.log) {
    log(fmt::format("{}: {}, {} bytes in {}", describe(request), status_text(response.status), response.body.size(),
                    seconds_text(duration_cast<milliseconds>(waiter_.now() - start))));
  }
  return response;
}

std::optional<milliseconds> Client::retry_after(const Response& response) const {
  const auto value = response.header("Retry-After");
  if (!value) return std::nullopt;
  const auto date = response.header("Date");
  return parse_retry_after(*value, date ? parse_http_date(*date) : std::nullopt, clock_.now());
}

milliseconds Client::own_backoff(int attempt) {
  const auto full = retry_delay(attempt, options_.backoff, options_.max_backoff, {});
  if (!options_.jitter) return full;
  const std::lock_guard lock(mutex_);
  const double part = 1 - options_.jitter_share * (1 - std::clamp(options_.jitter(), 0.0, 1.0));
  return milliseconds{static_cast<milliseconds::rep>(static_cast<double>(full.count()) * part)};
}

void Client::pause(const Request& request, int attempt, std::string_view reason, std::optional<milliseconds> asked,
                   SteadyTime end, ClientStats& spent) {
  const auto own = own_backoff(attempt);
  const auto wait = asked ? std::max(own, *asked) : own;
  const auto left = duration_cast<milliseconds>(end - waiter_.now());
  if (asked && (*asked > options_.max_wait || wait > left)) {
    const auto seconds = std::chrono::ceil<Seconds>(*asked);
    const bool too_long = *asked > options_.max_wait;
    throw TransportError(
        Fault::limit,
        fmt::format("{}: {}, and the server asks to wait {}, until {}: longer than {}; run again after that",
                    describe(request), reason, format_duration(seconds), moment_text(clock_.now() + seconds),
                    too_long ? fmt::format("the limit of {} (rate_limit.max_wait)", seconds_text(options_.max_wait))
                             : "the time left for this request"));
  }
  if (wait >= left) {
    throw TransportError(Fault::limit, fmt::format("{}: {} (tried {}, no time left for more)", describe(request),
                                                   reason, count_of(attempt, "time")));
  }
  log(fmt::format("{}: {}, try {} of {} in {}", describe(request), reason, attempt + 1, options_.retries + 1,
                  seconds_text(wait)));
  spent.waited += wait;
  waiter_.wait(wait);
}

void Client::take_turn(const Request& request, SteadyTime end, ClientStats& spent) {
  if (rate_limit_ == nullptr) return;
  const auto start = waiter_.now();
  const auto left = duration_cast<milliseconds>(end - start);
  if (!rate_limit_->acquire(std::min(options_.max_wait, left))) {
    throw TransportError(
        Fault::limit, fmt::format("{}: its turn under rate_limit comes later than the time left", describe(request)));
  }
  spent.waited += duration_cast<milliseconds>(waiter_.now() - start);
}

void Client::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

Error status_error(const Request& request, const Response& response, std::string_view said, std::string_view hint) {
  const bool refused = response.status == 401 || response.status == 403;
  auto message = describe(request) + ": " + status_text(response.status);
  if (response.tries > 1) message += fmt::format(" after {} tries", response.tries);
  if (const auto text = trim_view(said); !text.empty()) {
    message += fmt::format(": {}", truncate_display(visible(redact(text, request.secrets)), k_said_columns));
  }
  if (!hint.empty()) message += fmt::format("; {}", hint);
  return {refused ? ErrorKind::credentials : ErrorKind::network, message};
}

}  // namespace sitrep::http
