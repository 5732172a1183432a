#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sitrep::http {

/// Names compare without regard to case; a name may repeat.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first header of that name.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
  std::string accept_encoding = "gzip, deflate";
  std::string aws_sigv4;    ///< "aws:amz:REGION:SERVICE": libcurl signs the request with signing_key
  std::string signing_key;  ///< "ACCESS:SECRET"
  bool retry_safe = true;   ///< false: a write whose repetition could do harm
  /// Secret values that occur in url or headers: masked wherever the request is shown.
  std::vector<std::string> secrets;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;           ///< decoded (gzip, deflate), at most Limits::body_bytes
  std::string effective_url;  ///< after redirects
  std::uint64_t wire_bytes = 0;
  int tries = 1;  ///< requests that it took, set by Client

  std::optional<std::string_view> header(std::string_view name) const { return find_header(headers, name); }
};

struct Limits {
  std::chrono::milliseconds connect{10'000};     ///< name lookup, TCP, proxy and TLS together
  std::chrono::milliseconds first_byte{60'000};  ///< from the request's end to the first line of the answer
  std::chrono::milliseconds idle{30'000};        ///< fewer than 256 bytes in such a span ends the exchange
  std::chrono::milliseconds total{300'000};      ///< the whole exchange, redirects included
  std::size_t body_bytes = std::size_t{256} << 20;
  std::size_t header_bytes = std::size_t{256} << 10;
  int redirects = 5;
};

/// Why there is no Response.
enum class Fault {
  address,   ///< the URL, or its host is not known to DNS
  connect,   ///< refused, unreachable
  tls,       ///< handshake or certificate
  timeout,   ///< connect, first byte, idle or total; the message says which
  cut,       ///< the connection ended before the answer did
  protocol,  ///< not HTTP, contradictory framing, broken content coding
  limit,     ///< larger than Limits allows
  redirect,  ///< one that is not followed
};

class TransportError : public Error {
 public:
  TransportError(Fault fault, const std::string& message, ErrorKind kind = ErrorKind::network)
      : Error(kind, message), fault_(fault) {}
  Fault fault() const noexcept { return fault_; }
  /// True when sending the same request again may help.
  bool retryable() const noexcept {
    return kind() == ErrorKind::network &&
           (fault_ == Fault::address || fault_ == Fault::connect || fault_ == Fault::timeout || fault_ == Fault::cut);
  }

 private:
  Fault fault_;
};

/// One exchange. Every HTTP status is a Response, an unasked 206 or 304 included; what prevents one is a TransportError
/// that names the phase (connect, TLS, first byte, idle, total) and the redacted URL. Redirects are followed only
/// within the origin (scheme, host, port); a request that is neither GET nor HEAD is sent again only for 307 and 308
/// and only if retry_safe, otherwise the 3xx is the Response. Several threads may send at once where concurrent() says
/// so.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Response send(const Request& request, const Limits& limits) = 0;
  virtual bool concurrent() const { return false; }
};

/// `https://user:pass@host/p?token=x` → `https://host/p?token=***`: userinfo gone, every given secret masked (as it is
/// and percent-encoded), and the values of query parameters that are named like credentials.
std::string redact(std::string_view text, const std::vector<std::string>& secrets);

/// "GET https://host/p", redacted and safe to print.
std::string describe(const Request& request);

/// "404 Not Found"; the number alone for a status without a registered phrase. The server's own words are not used.
std::string status_text(int status);

/// The value of an Authorization header of HTTP Basic (RFC 7617): "Basic dXNlcjpwYXNz". Add it to Request::secrets.
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace sitrep::http
