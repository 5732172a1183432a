#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "http/http.hpp"

namespace sitrep::http {

struct CurlOptions {
  std::filesystem::path ca_file{};  ///< empty: the system's authorities
  std::filesystem::path client_cert{}, client_key{};
  std::string proxy{};  ///< empty: http_proxy, https_proxy and no_proxy of the environment; loopback never takes one
  std::filesystem::path unix_socket{};
  bool allow_http = false;  ///< http:// to other hosts than loopback
  std::string user_agent = "sitrep";
};

/// HTTP with libcurl: connections kept between calls, TLS verified, HTTP/2 where offered. Neither cookies, netrc,
/// Alt-Svc, HSTS nor any authentication of libcurl's own: what is sent is what the request says. Threads that send at
/// the same time share its connections: one of them drives libcurl's multi handle for all.
///
/// Errors  TransportError as Transport says; Error{config} for http:// that is not allowed and for headers that hold
///         line breaks.
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options = {});
  ~CurlTransport() override;

  Response send(const Request& request, const Limits& limits) override;
  bool concurrent() const override { return true; }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::http
