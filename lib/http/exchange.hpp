#pragma once

#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/content_coding.hpp"
#include "http/curl_library.hpp"
#include "http/http.hpp"
#include "http/url.hpp"

namespace sitrep::http {

/// One request and its answer on an easy handle that is set up with everything that stays the same; internal to
/// CurlTransport. Counts every byte and every span of silence itself: libcurl's own limits neither see decoded sizes
/// nor tell a late first byte from a stalled body.
class Exchange {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// Borrows all of them as long as it lives. `deadline` is the end of the total limit. Error{config} for a request
  /// that cannot be sent.
  Exchange(CURL* easy, const Request& request, const Url& url, const Limits& limits, SteadyTime deadline);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* handle() const { return easy_; }
  /// TransportError with the redacted URL in front when one of the limits has passed.
  void check_time(SteadyTime now);
  std::chrono::milliseconds until_next_check(SteadyTime now) const;
  /// The answer, when libcurl is through with the handle. TransportError with the redacted URL in front.
  Response finish(CURLcode code);

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_connected(void* self, char*, char*, int, int);

  void set_options();
  void take_header(std::string_view line);
  void end_of_headers();
  std::uint64_t progress_bytes() const;
  std::string connect_phase() const;
  [[noreturn]] void fail_with(Fault fault, const std::string& why, ErrorKind kind = ErrorKind::network) const;
  [[noreturn]] void fail_with_code(CURLcode code) const;

  struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl().slist_free_all(list); }
  };

  CURL* easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  const Request& request_;
  const Url& url_;
  const Limits& limits_;
  SteadyTime start_;
  SteadyTime deadline_;
  std::optional<SteadyTime> connected_;
  SteadyTime mark_;               // start of the span that idle and first byte measure
  std::uint64_t mark_bytes_ = 0;  // progress_bytes() at mark_

  Response response_;
  std::optional<ContentDecoder> decoder_;  // from the end of the final headers on
  std::size_t header_bytes_ = 0;           // of all answers, 1xx and trailers included
  std::exception_ptr failure_;             // thrown in a callback; rethrown outside of C code
  std::array<char, CURL_ERROR_SIZE> curl_message_{};
};

}  // namespace sitrep::http
