#include <doctest/doctest.h>

#include <set>

#include "http/curl_transport.hpp"
#include "http2_server.hpp"
#include "support/temp_dir.hpp"
#include "transport_fixture.hpp"

using namespace sitrep;
using test::Http2Server;

namespace {

http::Request request_to(const Http2Server& server) {
  http::Request request;
  request.url = server.url("/pages");
  return request;
}

http::Limits patient() {
  auto limits = test::short_limits();
  limits.first_byte = limits.idle = limits.total = std::chrono::seconds{30};
  return limits;
}

}  // namespace

TEST_CASE("http::CurlTransport speaks HTTP/2 where it is offered, and sends requests side by side on one connection") {
  const test::TempDir folder;
  const auto identity = test::make_certificate(folder.path(), "h2", "IP:127.0.0.1");
  // The first stream is answered at once; the next three only when all of them are there, the last one first.
  Http2Server server(identity, [first = true](std::vector<std::uint32_t>& waiting) mutable {
    std::vector<Http2Server::Frame> frames;
    if (!first && waiting.size() < 3) return frames;
    first = false;
    for (; !waiting.empty(); waiting.pop_back())
      Http2Server::answer_with(frames, waiting.back(), "[" + std::to_string(waiting.back()) + "]");
    return frames;
  });
  http::CurlTransport transport({.ca_file = identity.cert});
  CHECK(transport.send(request_to(server), patient()).body == "[1]");
  CHECK(server.offered() == "h2 http/1.1");

  std::mutex mutex;
  std::set<std::string> bodies;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const auto response = transport.send(request_to(server), patient());
      const std::scoped_lock lock(mutex);
      if (response.status == 200) bodies.insert(response.body);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(bodies == std::set<std::string>{"[3]", "[5]", "[7]"});
  CHECK(server.connections() == 1);
}

TEST_CASE(
    "http::CurlTransport: requests that start together wait for one HTTP/2 connection in place of opening several") {
  const test::TempDir folder;
  const auto identity = test::make_certificate(folder.path(), "h2", "IP:127.0.0.1");
  Http2Server server(identity, [](std::vector<std::uint32_t>& waiting) {
    std::vector<Http2Server::Frame> frames;
    if (waiting.size() < 3) return frames;
    for (; !waiting.empty(); waiting.pop_back()) Http2Server::answer_with(frames, waiting.back(), "[]");
    return frames;
  });
  http::CurlTransport transport({.ca_file = identity.cert});
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      if (transport.send(request_to(server), patient()).body == "[]") ++good;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(good == 3);
  CHECK(server.connections() == 1);
}

TEST_CASE("http::CurlTransport: a stream that the server resets is a cut, and worth another try") {
  const test::TempDir folder;
  const auto identity = test::make_certificate(folder.path(), "h2", "IP:127.0.0.1");
  Http2Server server(identity, [](std::vector<std::uint32_t>& waiting) {
    const std::vector<Http2Server::Frame> frames = {
        {Http2Server::k_headers, Http2Server::k_end_headers, waiting.back(), "\x88"},
        {Http2Server::k_data, 0, waiting.back(), "[1,"},
        {Http2Server::k_reset, 0, waiting.back(), std::string("\0\0\0\2", 4)}};
    waiting.clear();
    return frames;
  });
  http::CurlTransport transport({.ca_file = identity.cert});
  try {
    transport.send(request_to(server), patient());
    FAIL("half an answer is none");
  } catch (const http::TransportError& error) {
    CHECK(error.fault() == http::Fault::cut);
    CHECK(error.retryable());
  }
}
