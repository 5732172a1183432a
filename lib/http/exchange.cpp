#include "http/exchange.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "http/seconds_text.hpp"

namespace sitrep::http {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::uint64_t k_idle_bytes = 256;  // less than this in Limits::idle is silence, or a server that drips
constexpr std::size_t k_reserve_max_bytes = std::size_t{16} << 20;  // what a Content-Length alone is believed

template <class List>
void append(List& list, const std::string& line) {
  auto* longer = curl().slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

std::string bytes_text(std::uint64_t bytes) {
  return bytes == 1 ? "1 byte" : group_thousands(static_cast<std::int64_t>(bytes)) + " bytes";
}

/// A name or value that would end its line adds headers of its own to the request.
void check_header(const std::string& name, const std::string& value) {
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
  if (name.empty() || name.find_first_of(" :\t") != std::string::npos || std::ranges::any_of(name, is_control) ||
      std::ranges::any_of(value, is_control)) {
    fail(ErrorKind::config, "header '{}' has control characters or a bad name and is not sent", visible(name));
  }
}

template <class List>
List header_list(const Request& request) {
  List list;
  bool has_accept = false;
  for (const auto& [name, value] : request.headers) {
    check_header(name, value);
    has_accept = has_accept || equal_ignoring_case(name, "Accept");
    append(list, value.empty() ? name + ";" : name + ": " + value);  // "name:" would remove the header
  }
  if (!has_accept) append(list, "Accept: application/json");
  append(list,
         request.accept_encoding.empty() ? "Accept-Encoding: identity" : "Accept-Encoding: " + request.accept_encoding);
  append(list, "Expect:");  // no 100-continue: it costs a round trip and some servers never answer it
  if (!request.body.empty() && !find_header(request.headers, "Content-Type")) {
    append(list, "Content-Type: application/json");
  }
  return list;
}

Fault fault_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_URL_MALFORMAT:
      return Fault::address;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY:
      return Fault::connect;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CONNECT_ERROR:
      return Fault::tls;
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::timeout;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Fault::cut;
    case CURLE_OUT_OF_MEMORY:
      return Fault::limit;
    default:
      return Fault::protocol;
  }
}

/// The proxy that CurlTransport put on the handle; empty without one.
std::string_view proxy_of(CURL* easy) {
  const char* proxy = nullptr;
  curl().easy_getinfo(easy, CURLINFO_PRIVATE, &proxy);
  return proxy == nullptr ? std::string_view{} : proxy;
}

/// "the proxy cache.internal:3128", without its scheme, user and password.
std::string proxy_text(CURL* easy) {
  auto proxy = proxy_of(easy);
  if (proxy.empty()) return "the proxy of http_proxy or https_proxy";
  const auto at = proxy.rfind('@');
  const auto scheme = proxy.find("://");
  if (at != std::string_view::npos) {
    proxy.remove_prefix(at + 1);
  } else if (scheme != std::string_view::npos) {
    proxy.remove_prefix(scheme + 3);
  }
  return "the proxy " + visible(proxy);
}

}  // namespace

Exchange::Exchange(CURL* easy, const Request& request, const Url& url, const Limits& limits, SteadyTime deadline)
    : easy_(easy),
      headers_(header_list<decltype(headers_)>(request)),
      request_(request),
      url_(url),
      limits_(limits),
      start_(std::chrono::steady_clock::now()),
      deadline_(deadline),
      mark_(start_) {
  set_options();
}

Exchange::~Exchange() {  // the easy handle outlives what these point to
  curl().easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  curl().easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
}

Response Exchange::finish(CURLcode code) {
  if (failure_) {
    try {
      std::rethrow_exception(failure_);
    } catch (const TransportError& error) {
      fail_with(error.fault(), error.what(), error.kind());
    }
  }
  if (code != CURLE_OK) fail_with_code(code);
  if (!decoder_) fail_with(Fault::cut, "the answer ended within its headers");  // which libcurl takes for success
  try {
    decoder_->finish();
  } catch (const TransportError& error) {
    fail_with(error.fault(), error.what());
  }
  response_.wire_bytes = progress_bytes();
  response_.effective_url = url_.text();
  return std::move(response_);
}

void Exchange::set_options() {
  curl().easy_setopt(easy_, CURLOPT_URL, url_.text().c_str());  // copied by libcurl
  curl().easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
  curl().easy_setopt(easy_, CURLOPT_ERRORBUFFER, curl_message_.data());
  curl().easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  curl().easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl().easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  curl().easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl().easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Exchange::on_connected);
  curl().easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  // libcurl repeats a request by itself when a kept connection turns out dead. For a write that could be a second
  // write: it gets a connection of its own.
  curl().easy_setopt(easy_, CURLOPT_FRESH_CONNECT, request_.retry_safe ? 0L : 1L);
  curl().easy_setopt(easy_, CURLOPT_HTTPGET, 1L);  // forgets the last request's method and body
  curl().easy_setopt(easy_, CURLOPT_NOBODY, request_.method == "HEAD" ? 1L : 0L);
  curl().easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, nullptr);
  const bool is_signed = !request_.aws_sigv4.empty();
  curl().easy_setopt(easy_, CURLOPT_AWS_SIGV4, is_signed ? request_.aws_sigv4.c_str() : nullptr);
  curl().easy_setopt(easy_, CURLOPT_USERPWD, is_signed ? request_.signing_key.c_str() : nullptr);
  if (!request_.body.empty() || request_.method == "POST") {
    curl().easy_setopt(easy_, CURLOPT_POST, 1L);
    curl().easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.c_str());
    curl().easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  if (request_.method != "GET" && request_.method != "HEAD" && request_.method != "POST") {
    curl().easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

std::uint64_t Exchange::progress_bytes() const {
  curl_off_t down = 0;
  curl().easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &down);
  return header_bytes_ + static_cast<std::uint64_t>(down);
}

void Exchange::check_time(SteadyTime now) {
  if (now >= deadline_) {
    fail_with(Fault::timeout, fmt::format("not finished within {} (total limit), {} had arrived",
                                          seconds_text(limits_.total), bytes_text(progress_bytes())));
  }
  if (!connected_) {
    if (now - start_ < limits_.connect) return;
    fail_with(Fault::timeout, fmt::format("no connection to {}{} within {} (connect limit, while {})", url_.origin(),
                                          proxy_of(easy_).empty() ? "" : " by " + proxy_text(easy_),
                                          seconds_text(limits_.connect), connect_phase()));
  }
  curl_off_t up = 0;
  curl().easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &up);
  const auto down = progress_bytes();
  const auto bytes = down + static_cast<std::uint64_t>(up);
  const bool answering = down > 0;
  const auto limit = answering ? limits_.idle : limits_.first_byte;
  const auto needed = answering ? k_idle_bytes : 1;
  if (bytes - mark_bytes_ >= needed) {
    mark_ = now;
    mark_bytes_ = bytes;
  } else if (now - mark_ >= limit) {
    if (!answering) {
      fail_with(Fault::timeout,
                fmt::format("connected, but no answer within {} (first byte limit)", seconds_text(limits_.first_byte)));
    }
    fail_with(Fault::timeout, fmt::format("the answer stalled: {} in {} (idle limit), after {}",
                                          bytes == mark_bytes_ ? "nothing" : bytes_text(bytes - mark_bytes_),
                                          seconds_text(limits_.idle), bytes_text(down)));
  }
}

milliseconds Exchange::until_next_check(SteadyTime now) const {
  const auto phase_end = !connected_             ? start_ + limits_.connect
                         : progress_bytes() == 0 ? mark_ + limits_.first_byte
                                                 : mark_ + limits_.idle;
  return duration_cast<milliseconds>(std::min(phase_end, deadline_) - now) + milliseconds{1};
}

std::string Exchange::connect_phase() const {
  curl_off_t looked_up = 0;
  curl().easy_getinfo(easy_, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
  if (looked_up == 0) return "looking up the name";
  return url_.scheme == "https" ? "connecting or agreeing on TLS" : "connecting";  // libcurl does not tell these apart
}

int Exchange::on_connected(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.connected_ = std::chrono::steady_clock::now();
  exchange.mark_ = *exchange.connected_;
  return CURL_PREREQFUNC_OK;
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  try {
    exchange.take_header({data, size * count});
    return size * count;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return 0;
  }
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  try {
    // Only a 101 nobody asked for gets here without the end of a final answer's headers.
    if (!exchange.decoder_) throw TransportError(Fault::protocol, "the server switched to another protocol");
    exchange.decoder_->feed({data, size * count}, exchange.response_.body);
    return size * count;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return size * count == 0 ? 1 : 0;
  }
}

void Exchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits_.header_bytes) {
    throw TransportError(Fault::limit, fmt::format("the answer's headers exceed {}", bytes_text(limits_.header_bytes)));
  }
  if (decoder_) return;  // trailers: they could claim anything after the body was believed
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();
    return;
  }
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return end_of_headers();
  if ((line.front() == ' ' || line.front() == '\t') && !response_.headers.empty()) {
    response_.headers.back().second += " " + std::string(trim_view(line));  // RFC 9112, 5.2: obsolete folding
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers.emplace_back(trim_view(line.substr(0, colon)), trim_view(line.substr(colon + 1)));
}

void Exchange::end_of_headers() {
  long status = 0;
  curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200) return;  // 1xx: the answer is still to come
  response_.status = static_cast<int>(status);
  std::optional<std::string_view> length;
  std::string coding;
  for (const auto& [name, value] : response_.headers) {
    if (equal_ignoring_case(name, "Content-Length")) {
      const bool is_number = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
      if (!is_number || !parse_integer(value) || (length && *length != value)) {
        throw TransportError(Fault::protocol, "the answer's Content-Length is contradictory or not a number");
      }
      length = value;
    } else if (equal_ignoring_case(name, "Content-Encoding")) {
      coding += coding.empty() ? value : "," + value;
    }
  }
  decoder_.emplace(coding, limits_.body_bytes);
  if (!length || !decoder_->is_identity() || request_.method == "HEAD" || status == 304) return;
  const auto bytes = static_cast<std::uint64_t>(*parse_integer(*length));
  if (bytes > limits_.body_bytes) {
    throw TransportError(Fault::limit,
                         fmt::format("the answer announces {}, more than the limit of {}; raise max_bytes "
                                     "if that is expected",
                                     bytes_text(bytes), bytes_text(limits_.body_bytes)));
  }
  response_.body.reserve(std::min<std::size_t>(bytes, k_reserve_max_bytes));
}

void Exchange::fail_with(Fault fault, const std::string& why, ErrorKind kind) const {
  throw TransportError(fault, describe(request_) + ": " + why, kind);
}

void Exchange::fail_with_code(CURLcode code) const {
  long system_error = 0;
  curl().easy_getinfo(easy_, CURLINFO_OS_ERRNO, &system_error);
  // libcurl's words may quote what the server sent, and the URL with it.
  const std::string detail = curl_message_[0] != '\0' ? curl_message_.data() : curl().easy_strerror(code);
  const auto shown = truncate_display(visible(redact(detail, request_.secrets)), 200);
  const auto fault = fault_of(code);
  if (long status = 0; curl().easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK && status >= 300) {
    fail_with(status >= 500 ? Fault::connect : Fault::protocol,
              fmt::format("{} makes no way to {}: {}{}", proxy_text(easy_), url_.origin(),
                          status_text(static_cast<int>(status)),
                          status == 407 ? "; are the user and password of 'proxy' right?" : ""));
  }
  const auto reason = system_error != 0 ? std::generic_category().message(static_cast<int>(system_error)) : shown;
  switch (fault) {
    case Fault::address:
      if (code == CURLE_COULDNT_RESOLVE_PROXY) {
        fail_with(fault, fmt::format("the host of {} is not known; is its name right?", proxy_text(easy_)));
      }
      fail_with(fault, fmt::format("host {} is not known; is its name right?", url_.host));
    case Fault::connect:
      if (!proxy_of(easy_).empty()) {
        fail_with(fault, fmt::format("cannot connect to {0}: {1}; is 'proxy' right and the proxy up?",
                                     proxy_text(easy_), reason));
      }
      fail_with(fault, fmt::format("cannot connect to {}: {}; is the address right and the server up?", url_.origin(),
                                   reason));
    case Fault::tls:
      if (code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM) {
        fail_with(fault, fmt::format("{}; see tls.ca_file, tls.client_cert and tls.client_key", shown),
                  ErrorKind::config);
      }
      fail_with(fault, fmt::format("no safe connection (TLS): {}; an internal authority goes into tls.ca_file", shown));
    case Fault::cut:
      fail_with(fault, code == CURLE_GOT_NOTHING
                           ? std::string("the server closed the connection without an answer")
                           : fmt::format("the answer was cut after {}: {}", bytes_text(progress_bytes()), shown));
    case Fault::limit:
      fail_with(fault, fmt::format("the answer is too large: {}", shown));
    default:
      if (code == CURLE_UNSUPPORTED_PROTOCOL) fail_with(fault, "the answer is not HTTP; is the port right?");
      fail_with(fault, fmt::format("the answer is not valid HTTP: {}", shown));
  }
}

}  // namespace sitrep::http
