// What a server says in headers and codings, as any bytes: URLs, Location, Retry-After, Content-Encoding, recordings.
// The first byte picks the reader.

#include <cstdlib>
#include <string>
#include <string_view>

#include "http/content_coding.hpp"
#include "http/http.hpp"
#include "http/recorded_transport.hpp"
#include "http/retry.hpp"
#include "http/url.hpp"

namespace {

using namespace sitrep;

void check(bool holds) {
  if (!holds) std::abort();
}

template <class F>
void expect_result_or_error(F&& read) {
  try {
    read();
  } catch (const Error& e) {
    check(std::string_view(e.what()).find('\n') == std::string_view::npos);
  }
}

void urls(std::string_view text) {
  expect_result_or_error([&] {
    const auto url = http::parse_url(text, ErrorKind::config);
    check(http::parse_url(url.text(), ErrorKind::config) == url);
    check(url.text().find_first_of(" \t\r\n\\\"<>") == std::string::npos);
  });
  const auto base = http::parse_url("https://api.example/v1/a/b?c=d", ErrorKind::config);
  expect_result_or_error([&] {
    const auto url = http::resolve(base, text, ErrorKind::network);
    check(http::parse_url(url.text(), ErrorKind::config) == url);
    check(url.path.find("/../") == std::string::npos);
  });
  const auto set = http::set_query("https://h/?x=1", "name", text);
  check(http::query_value(set, "name") == text);
  check(http::percent_decode(http::percent_encode(text)) == text);
}

void coding(std::string_view text) {
  for (const auto* name : {"gzip", "deflate", "gzip, deflate"}) {
    expect_result_or_error([&] {
      http::ContentDecoder decoder(name, 100'000);
      std::string out;
      decoder.feed(text.substr(0, text.size() / 2), out);
      decoder.feed(text.substr(text.size() / 2), out);
      check(out.size() <= 100'000);
      decoder.finish();
    });
  }
}

void recording(std::string_view text) {
  expect_result_or_error([&] {
    const auto read = http::parse_recording(text, "0001.http");
    const auto again = http::parse_recording(http::format_recording(read), "0001.http");
    check(read.method == again.method && read.url == again.url && read.body == again.body);
    check(read.headers == again.headers && read.status == again.status);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      urls(text);
      break;
    case 1:
      coding(text);
      break;
    case 2:
      recording(text);
      break;
    default:
      http::parse_retry_after(text, {}, unix_time(1'795'000'000));
      check(http::redact(text, {"s3cr3t"}).find("s3cr3t") == std::string::npos);
  }
  return 0;
}
