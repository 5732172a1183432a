#include "http/content_coding.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "compress.hpp"
#include "http/http.hpp"

using namespace sitrep;
using test::compress;
using test::Wrapper;

namespace {

std::string decode(std::string_view coding, std::string_view bytes, std::size_t step = 1'000'000,
                   std::size_t limit = 1'000'000) {
  http::ContentDecoder decoder(coding, limit);
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += step) decoder.feed(bytes.substr(at, step), out);
  decoder.finish();
  return out;
}

const std::string k_text = R"({"incidents":[{"id":"i-1","title":"checkout is slow"},{"id":"i-2"}]})";

}  // namespace

TEST_CASE("http::ContentDecoder gives the same text for every coding and every cut of the input") {
  struct Case {
    std::string name;
    const char* coding;
    std::string bytes;
  };
  const Case cases[] = {
      {"plain", "", k_text},
      {"identity", "identity", k_text},
      {"gzip", "gzip", compress(k_text, Wrapper::gzip)},
      {"x-gzip, upper case", "X-GZIP", compress(k_text, Wrapper::gzip)},
      {"deflate with zlib's wrapper", "deflate", compress(k_text, Wrapper::zlib)},
      {"deflate without wrapper", "deflate", compress(k_text, Wrapper::raw)},
      {"two gzip members", "gzip",
       compress(k_text.substr(0, 20), Wrapper::gzip) + compress(k_text.substr(20), Wrapper::gzip)},
      {"gzip over gzip", "gzip, gzip", compress(compress(k_text, Wrapper::gzip), Wrapper::gzip)},
      {"deflate, then gzip", "deflate, gzip", compress(compress(k_text, Wrapper::zlib), Wrapper::gzip)},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100'000}}) {
      CHECK(decode(c.coding, c.bytes, step) == k_text);
    }
  }
}

TEST_CASE("http::ContentDecoder takes an empty body whatever the coding says") {
  CHECK(decode("gzip", "") == "");
  CHECK(decode("deflate", "") == "");
}

TEST_CASE("http::ContentDecoder refuses a stream that lies, is cut or goes on") {
  const auto gzip = compress(k_text, Wrapper::gzip);
  auto bad_crc = gzip;
  bad_crc[bad_crc.size() - 6] = static_cast<char>(bad_crc[bad_crc.size() - 6] ^ 1);
  auto bad_length = gzip;
  bad_length.back() = static_cast<char>(bad_length.back() ^ 1);
  struct Case {
    std::string name;
    const char* coding;
    std::string bytes;
  };
  const Case cases[] = {
      {"text that is not gzip", "gzip", k_text},
      {"wrong checksum", "gzip", bad_crc},
      {"wrong length", "gzip", bad_length},
      {"cut in the data", "gzip", gzip.substr(0, gzip.size() / 2)},
      {"cut in the trailer", "gzip", gzip.substr(0, gzip.size() - 3)},
      {"one byte", "deflate", "x"},
      {"junk after the end", "gzip", gzip + "junk"},
      {"junk after the end, deflate", "deflate", compress(k_text, Wrapper::zlib) + "junk"},
      {"unknown coding", "br", k_text},
      {"three layers", "gzip, gzip, gzip", gzip},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    for (const std::size_t step : {std::size_t{1}, std::size_t{100'000}}) {
      CHECK_THROWS_AS(decode(c.coding, c.bytes, step), http::TransportError);
    }
  }
}

TEST_CASE("http::ContentDecoder stops a bomb at the decoded limit, in an inner layer too") {
  const std::string zeros(10'000'000, '\0');
  const auto once = compress(zeros, Wrapper::gzip);
  for (const auto& [coding, bytes] :
       {std::pair<std::string, std::string>{"gzip", once}, {"gzip, gzip", compress(once, Wrapper::gzip)}}) {
    CAPTURE(coding);
    http::ContentDecoder decoder(coding, 1'000'000);
    std::string out;
    try {
      decoder.feed(bytes, out);
      FAIL("not stopped");
    } catch (const http::TransportError& error) {
      CHECK(error.fault() == http::Fault::limit);
    }
    CHECK(out.size() <= 1'000'000);
  }
}

TEST_CASE("http::ContentDecoder allows exactly the limit") {
  CHECK(decode("", "12345", 2, 5) == "12345");
  CHECK_THROWS_AS(decode("", "123456", 2, 5), http::TransportError);
  CHECK(decode("gzip", compress("12345", Wrapper::gzip), 100, 5) == "12345");
  CHECK_THROWS_AS(decode("gzip", compress("123456", Wrapper::gzip), 100, 5), http::TransportError);
}
