#include "http/curl_library.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace sitrep;

TEST_CASE("http::load_curl says what is missing and what to install") {
  CHECK_THROWS_WITH_AS(http::load_curl("libsitrep-missing.so.4"), doctest::Contains("libsitrep-missing.so.4"), Error);
  CHECK_THROWS_WITH_AS(http::load_curl("libsitrep-missing.so.4"), doctest::Contains("libcurl4"), Error);
  CHECK_THROWS_WITH_AS(http::load_curl("libc.so.6"), doctest::Contains("curl_easy_cleanup"), Error);
  const bool found = http::load_curl("libcurl.so.4").easy_init != nullptr;
  CHECK(found);
}

TEST_CASE("http::curl is one library, loaded once") { CHECK(&http::curl() == &http::curl()); }
