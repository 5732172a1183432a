#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sitrep::http {

/// Names compare without regard to case; a name may repeat.
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  bool retry_safe = true;  ///< false: a write whose repetition could do harm
  /// Secret values that occur in url or headers: masked wherever the request is shown.
  std::vector<std::string> secrets;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;           ///< decoded (gzip, deflate), at most Limits::body_bytes
  std::string effective_url;  ///< after redirects
  std::uint64_t wire_bytes = 0;

  std::optional<std::string_view> header(std::string_view name) const;
};

struct Limits {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds first_byte{60'000};
  std::chrono::milliseconds idle{30'000};
  std::chrono::milliseconds total{300'000};
  std::size_t body_bytes = std::size_t{256} << 20;
  std::size_t header_bytes = std::size_t{256} << 10;
  int redirects = 5;
};

/// One exchange. Every HTTP status is a Response; what prevents one is an Error{network} that names the phase (connect,
/// TLS, first byte, idle, total) and the redacted URL. Redirects are followed only within the origin (scheme, host,
/// port), and a 307 or 308 of a write never.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Response send(const Request& request, const Limits& limits) = 0;
};

/// `https://user:pass@host/p?token=x` → `https://host/p?token=***`: userinfo gone, every given secret masked.
std::string redact(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace sitrep::http
