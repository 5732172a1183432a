#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

#include "http/curl_transport.hpp"
#include "support/scripted_server.hpp"

namespace sitrep::test {

/// Short limits, so that a test of a time limit takes a fraction of a second.
inline http::Limits short_limits() {
  using std::chrono::milliseconds;
  http::Limits limits;
  limits.connect = milliseconds{2000};
  limits.first_byte = milliseconds{2000};
  limits.idle = milliseconds{2000};
  limits.total = milliseconds{5000};
  limits.body_bytes = 1'000'000;
  limits.header_bytes = 64'000;
  return limits;
}

inline http::Response get(const std::string& url, const http::Limits& limits = short_limits()) {
  http::CurlTransport transport;
  http::Request request;
  request.url = url;
  return transport.send(request, limits);
}

/// The error of a GET; what it says is checked to be one printable line.
inline http::TransportError get_error(const std::string& url, const http::Limits& limits = short_limits()) {
  try {
    const auto response = get(url, limits);
    FAIL("answered with ", response.status, ": ", response.body.substr(0, 100));
  } catch (const http::TransportError& error) {
    const std::string message = error.what();
    for (const char c : message) CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(message.starts_with("GET http"));
    CHECK(message.size() < 600);
    return error;
  }
  throw std::logic_error("unreachable");
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace sitrep::test
