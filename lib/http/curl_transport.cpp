#include "http/curl_transport.hpp"

#include <curl/curl.h>

#include <new>

#include "base/file.hpp"
#include "http/exchange.hpp"
#include "http/redirect.hpp"
#include "http/url.hpp"

namespace sitrep::http {
namespace {

constexpr long k_buffer_bytes = 128L << 10;

void initialise_once() {
  // Thread-safe as a local static; never cleaned up, since other threads may still hold handles at exit.
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) fail(ErrorKind::bug, "libcurl does not start: {}", curl_easy_strerror(code));
}

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct CloseMulti {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

void check_scheme(const Request& request, const Url& url, bool allow_http) {
  if (url.scheme == "https" || allow_http || url.is_loopback()) return;
  fail(ErrorKind::config,
       "{}: http:// would show data and secrets to the network; use https://, or set allow_http = true",
       describe(request));
}

}  // namespace

struct CurlTransport::State {
  CurlOptions options;
  std::unique_ptr<CURLM, CloseMulti> multi;  // owns the connections; closed after the easy handle
  std::unique_ptr<CURL, CloseEasy> easy;

  void set_fixed_options() const {
    auto* handle = easy.get();
    const auto set_path = [handle](CURLoption option, const std::filesystem::path& path) {
      if (!path.empty()) curl_easy_setopt(handle, option, path.c_str());
    };
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);  // a deadline does not wait for the resolver's thread
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, k_buffer_bytes);
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    // Exchange measures every phase; libcurl's own 300 s for connecting must not end one with its words.
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 24L * 3600 * 1000);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, options.user_agent.c_str());
    set_path(CURLOPT_CAINFO, options.ca_file);
    set_path(CURLOPT_SSLCERT, options.client_cert);
    set_path(CURLOPT_SSLKEY, options.client_key);
    set_path(CURLOPT_UNIX_SOCKET_PATH, options.unix_socket);
  }

  void set_proxy(const Url& url) const {
    if (!options.proxy.empty()) {
      curl_easy_setopt(easy.get(), CURLOPT_PROXY, options.proxy.c_str());
    } else {
      curl_easy_setopt(easy.get(), CURLOPT_PROXY, url.is_loopback() ? "" : nullptr);  // "": not even the environment's
    }
  }
};

CurlTransport::CurlTransport(CurlOptions options) : state_(std::make_unique<State>()) {
  initialise_once();
  state_->options = std::move(options);
  state_->multi.reset(curl_multi_init());
  state_->easy.reset(curl_easy_init());
  if (!state_->multi || !state_->easy) throw std::bad_alloc();
  state_->set_fixed_options();
}

CurlTransport::~CurlTransport() = default;
CurlTransport::CurlTransport(CurlTransport&&) noexcept = default;
CurlTransport& CurlTransport::operator=(CurlTransport&&) noexcept = default;

Response CurlTransport::send(const Request& request, const Limits& limits) {
  auto url = parse_url(request.url, ErrorKind::config);
  check_scheme(request, url, state_->options.allow_http);
  state_->set_proxy(url);  // redirects stay within the origin, so it holds for all hops
  const auto deadline = std::chrono::steady_clock::now() + limits.total;
  Redirects redirects(request, url, limits.redirects);
  std::uint64_t wire_bytes = 0;
  while (true) {
    auto response = Exchange(state_->multi.get(), state_->easy.get(), request, url, limits, deadline).perform();
    wire_bytes += response.wire_bytes;
    const auto next = redirects.next(url, response);
    if (!next) {
      response.wire_bytes = wire_bytes;
      return response;
    }
    url = *next;
  }
}

std::string curl_version_text() { return curl_version(); }

}  // namespace sitrep::http
