#include "http/client.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <variant>

#include "support/fake_clock.hpp"

using namespace sitrep;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

http::Response answer(int status, http::Headers headers = {}) {
  http::Response response;
  response.status = status;
  response.headers = std::move(headers);
  response.wire_bytes = 100;
  return response;
}

http::TransportError fault(http::Fault fault) { return {fault, "GET https://h/: broken"}; }

/// Gives the scripted outcomes in order, the last one for ever.
class ScriptedTransport final : public http::Transport {
 public:
  using Outcome = std::variant<http::Response, http::TransportError>;
  explicit ScriptedTransport(std::vector<Outcome> script) : script_(std::move(script)) {}
  http::Response send(const http::Request&, const http::Limits& limits) override {
    totals.push_back(limits.total);
    const auto& outcome = script_[std::min(totals.size(), script_.size()) - 1];
    if (const auto* error = std::get_if<http::TransportError>(&outcome)) throw *error;
    return std::get<http::Response>(outcome);
  }
  std::vector<milliseconds> totals;  ///< Limits::total of each exchange

 private:
  std::vector<Outcome> script_;
};

struct Fixture {
  explicit Fixture(std::vector<ScriptedTransport::Outcome> script, http::ClientOptions options = {})
      : transport(std::move(script)), client(transport, clock, waiter, with_log(std::move(options))) {}
  http::ClientOptions with_log(http::ClientOptions options) {
    options.log = [this](std::string_view line) { lines.emplace_back(line); };
    return options;
  }
  http::Response send(bool retry_safe = true) {
    http::Request request;
    request.url = "https://h/x?q=s3cr3t";
    request.secrets = {"s3cr3t"};
    request.retry_safe = retry_safe;
    return client.send(request);
  }
  http::TransportError error(bool retry_safe = true) {
    try {
      const auto response = send(retry_safe);
      FAIL("answered with ", response.status);
    } catch (const http::TransportError& e) {
      CHECK(std::string(e.what()).find("s3cr3t") == std::string::npos);
      return e;
    }
    throw std::logic_error("unreachable");
  }

  test::FakeClock clock;
  test::FakeWaiter waiter{clock};
  ScriptedTransport transport;
  std::vector<std::string> lines;
  http::Client client;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("http::Client tries again after 500, 500 and says so") {
  Fixture f({answer(500), answer(500), answer(200)});
  const auto response = f.send();
  CHECK(response.status == 200);
  CHECK(response.tries == 3);
  CHECK(f.waiter.waits == std::vector<milliseconds>{500ms, 1000ms});
  CHECK(f.client.stats().requests == 3);
  CHECK(f.client.stats().retries == 2);
  CHECK(f.client.stats().wire_bytes == 300);
  CHECK(f.client.stats().waited == 1500ms);
  REQUIRE(f.lines.size() == 5);
  CHECK(contains(f.lines[1], "try 2 of 6 in 0.5 s"));
  for (const auto& line : f.lines) CHECK_FALSE(contains(line, "s3cr3t"));
}

TEST_CASE("http::Client retries what may pass and nothing else") {
  struct Case {
    std::string name;
    ScriptedTransport::Outcome outcome;
    bool retry_safe;
    std::size_t tries;
  };
  const Case cases[] = {
      {"429", answer(429), true, 6},
      {"408", answer(408), true, 6},
      {"502", answer(502), true, 6},
      {"400", answer(400), true, 1},
      {"401", answer(401), true, 1},
      {"403", answer(403), true, 1},
      {"404", answer(404), true, 1},
      {"410", answer(410), true, 1},
      {"422", answer(422), true, 1},
      {"304", answer(304), true, 1},
      {"503 of a write", answer(503), false, 1},
      {"connection refused", fault(http::Fault::connect), true, 6},
      {"name not found", fault(http::Fault::address), true, 6},
      {"timeout", fault(http::Fault::timeout), true, 6},
      {"cut", fault(http::Fault::cut), true, 6},
      {"cut in a write", fault(http::Fault::cut), false, 1},
      {"bad certificate", fault(http::Fault::tls), true, 1},
      {"not HTTP", fault(http::Fault::protocol), true, 1},
      {"too large", fault(http::Fault::limit), true, 1},
      {"redirect elsewhere", fault(http::Fault::redirect), true, 1},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Fixture f({c.outcome});
    if (std::holds_alternative<http::Response>(c.outcome)) {
      CHECK(f.send(c.retry_safe).tries == static_cast<int>(c.tries));
    } else {
      const auto error = f.error(c.retry_safe);
      CHECK(contains(error.what(), "tried 6 times") == (c.tries == 6));
    }
    CHECK(f.transport.totals.size() == c.tries);
  }
}

TEST_CASE("http::Client never cuts Retry-After short") {
  struct Case {
    std::string name;
    http::Headers headers;
    milliseconds waited;
  };
  const Case cases[] = {
      {"seconds", {{"Retry-After", "2"}}, 2000ms},
      {"longer than the back-off's cap", {{"Retry-After", "120"}}, 120'000ms},
      {"shorter than the back-off", {{"Retry-After", "0"}}, 500ms},
      {"a date", {{"Retry-After", "Wed, 18 Nov 2026 10:26:47 GMT"}}, 7000ms},
      {"a date of a server that lives elsewhen",
       {{"Retry-After", "Wed, 18 Nov 2020 10:26:47 GMT"}, {"Date", "Wed, 18 Nov 2020 10:26:40 GMT"}},
       7000ms},
      {"garbage", {{"Retry-After", "soon"}}, 500ms},
      {"negative", {{"Retry-After", "-5"}}, 500ms},
      {"past", {{"Retry-After", "Wed, 18 Nov 2020 10:26:47 GMT"}}, 500ms},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Fixture f({answer(429, c.headers), answer(200)});
    f.clock = test::FakeClock(*parse_rfc3339("2026-11-18T10:26:40Z"));
    CHECK(f.send().status == 200);
    CHECK(f.waiter.waits == std::vector<milliseconds>{c.waited});
  }
}

TEST_CASE("http::Client fails at once when asked to wait beyond its limits, and says until when") {
  Fixture absurd({answer(429, {{"Retry-After", "85146854400"}})});
  const auto error = absurd.error();
  CHECK(contains(error.what(), "429 Too Many Requests"));
  CHECK(contains(error.what(), "until 4"));
  CHECK(absurd.waiter.waits.empty());
  CHECK_FALSE(error.retryable());

  Fixture hour({answer(503, {{"Retry-After", "3600"}})});
  hour.clock = test::FakeClock(*parse_rfc3339("2026-11-18T10:00:00Z"));
  CHECK(contains(hour.error().what(),
                 "until 2026-11-18T11:00:00Z: longer than the limit of 900 s (rate_limit.max_wait)"));

  http::ClientOptions options;
  options.total = 60s;
  Fixture deadline({answer(429, {{"Retry-After", "61"}})}, options);
  CHECK(contains(deadline.error().what(), "the time left"));
  CHECK(deadline.waiter.waits.empty());
}

TEST_CASE("http::Client bounds the time of all tries") {
  http::ClientOptions options;
  options.retries = 1'000'000;
  options.total = 100s;
  Fixture status({answer(503)}, options);
  CHECK(contains(status.error().what(), "no time left"));
  CHECK(status.clock.elapsed() <= 100s);
  CHECK(status.transport.totals.size() > 3);
  for (const auto total : status.transport.totals) CHECK(total <= 100s);
  CHECK(status.transport.totals.back() < 100s);

  Fixture broken({fault(http::Fault::connect)}, options);
  const auto error = broken.error();
  CHECK(error.fault() == http::Fault::connect);
  CHECK(contains(error.what(), "no time left"));
  CHECK(broken.clock.elapsed() <= 100s);
}

TEST_CASE("http::Client sends nothing after the run's deadline") {
  test::FakeClock clock;
  test::FakeWaiter waiter(clock);
  ScriptedTransport transport({answer(200)});
  http::ClientOptions options;
  options.deadline = waiter.now() + 5s;
  http::Client client(transport, clock, waiter, options);
  http::Request request;
  request.url = "https://h/";
  CHECK(client.send(request).status == 200);
  CHECK(transport.totals.back() == 5s);
  clock.advance(5s);
  CHECK_THROWS_AS(client.send(request), http::TransportError);
  CHECK(transport.totals.size() == 1);
}

TEST_CASE("http::Client spreads its own back-off, never what the server asked for") {
  http::ClientOptions options;
  options.jitter = [] { return 0.0; };
  Fixture own({answer(500), answer(200)}, options);
  own.send();
  CHECK(own.waiter.waits == std::vector<milliseconds>{250ms});
  Fixture asked({answer(429, {{"Retry-After", "3"}}), answer(200)}, options);
  asked.send();
  CHECK(asked.waiter.waits == std::vector<milliseconds>{3000ms});
}

TEST_CASE("http::Client waits for its turn under a rate limit, and not beyond the deadline") {
  test::FakeClock clock;
  test::FakeWaiter waiter(clock);
  ScriptedTransport transport({answer(200)});
  http::RateLimit limit(1, 10s, waiter);
  http::ClientOptions options;
  options.deadline = waiter.now() + 15s;
  http::Client client(transport, clock, waiter, options, &limit);
  http::Request request;
  request.url = "https://h/";
  client.send(request);
  client.send(request);
  CHECK(clock.elapsed() == 10s);
  CHECK(client.stats().waited == 10s);
  CHECK_THROWS_AS(client.send(request), http::TransportError);
  CHECK(clock.elapsed() == 10s);
}

TEST_CASE("http::status_error tells refused credentials from the rest and escapes what the server said") {
  http::Request request;
  request.url = "https://h/x?q=s3cr3t";
  request.secrets = {"s3cr3t"};
  auto response = answer(401);
  const auto refused = http::status_error(request, response, "bad token s3cr3t\x1b[2J\nsecond line");
  CHECK(refused.kind() == ErrorKind::credentials);
  CHECK(std::string(refused.what()) == "GET https://h/x?q=***: 401 Unauthorized: bad token ***\\x1b[2J\\nsecond line");
  response.status = 403;
  CHECK(http::status_error(request, response, "").kind() == ErrorKind::credentials);
  response.status = 503;
  response.tries = 6;
  const auto busy = http::status_error(request, response, "", "wait a little");
  CHECK(busy.kind() == ErrorKind::network);
  CHECK(std::string(busy.what()) == "GET https://h/x?q=***: 503 Service Unavailable after 6 tries; wait a little");
  CHECK(std::string(http::status_error(request, response, std::string(5000, 'x')).what()).size() < 500);
}
