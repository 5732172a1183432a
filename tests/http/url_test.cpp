#include "http/url.hpp"

#include <doctest/doctest.h>

using namespace sitrep;
using http::parse_url;
using http::resolve;

TEST_CASE("http::parse_url reads and normalises") {
  struct Case {
    std::string text;
    const char* expected;
  };
  const Case cases[] = {
      {"https://API.Example.com", "https://api.example.com/"},
      {"https://api.example.com:443/v1", "https://api.example.com/v1"},
      {"http://127.0.0.1:8080/a?b=c#frag", "http://127.0.0.1:8080/a?b=c"},
      {"https://[::1]:9000/x", "https://[::1]:9000/x"},
      {"https://h?q=1", "https://h/?q=1"},
      {"https://h/a b\"c", "https://h/a%20b%22c"},
      {"https://h/caf\xc3\xa9", "https://h/caf%C3%A9"},
      {"https://h/%7Euser?", "https://h/%7Euser?"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_url(c.text, ErrorKind::config).text() == c.expected);
  }
}

TEST_CASE("http::parse_url refuses what could mean another host") {
  const std::string cases[] = {"",
                               "api.example.com/v1",
                               "ftp://h/x",
                               "file:///etc/passwd",
                               "javascript:alert(1)",
                               "https:/h/x",
                               "https:///x",
                               "https://user@h/",
                               "https://user:pass@h/",
                               "https://h\\@evil/",
                               "https://h:0/",
                               "https://h:99999/",
                               "https://h:8o/",
                               "https://ex ample/",
                               "https://b\xc3\xbc.example/",
                               "https://[::1/",
                               "https://h\r\nX: y/"};
  for (const auto& text : cases) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_url(text, ErrorKind::config), Error);
  }
}

TEST_CASE("http::parse_url shows no password in its error") {
  for (const std::string text : {"https://joe:hunter2@h/", "https://joe:hunter2?x@h/", "https://joe:hunter2#@h/",
                                 "joe:hunter2@h", "https://joe:hun\\ter2@h"}) {
    CAPTURE(text);
    try {
      parse_url(text, ErrorKind::config);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("hun") == std::string::npos);
      CHECK(std::string(error.what()).find("***@h") != std::string::npos);
      CHECK(error.kind() == ErrorKind::config);
    }
  }
}

// "g:h" and "http:g" are left out: only http and https with an authority are spoken.
TEST_CASE("http::resolve follows the examples of RFC 3986, 5.4") {
  struct Case {
    std::string reference;
    const char* expected;
  };
  const Case cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://h/x/../y", "https://h/y"},
  };
  const auto base = parse_url("http://a/b/c/d;p?q", ErrorKind::network);
  for (const auto& c : cases) {
    CAPTURE(c.reference);
    CHECK(resolve(base, c.reference, ErrorKind::network).text() == c.expected);
  }
}

TEST_CASE("http::resolve refuses schemes that fetch something else") {
  const auto base = parse_url("https://h/", ErrorKind::network);
  for (const std::string text :
       {"javascript:alert(1)", "file:/etc/passwd", "data:,x", "gopher://h/", "g:h", "//user@evil/"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(resolve(base, text, ErrorKind::network), Error);
  }
}

TEST_CASE("http::Url::is_loopback knows addresses, not names that look like one") {
  struct Case {
    std::string text;
    bool expected;
  };
  const Case cases[] = {
      {"http://127.0.0.1/", true},       {"http://127.1/", false},    {"http://127.9.8.7:1/", true},
      {"http://localhost/", true},       {"http://[::1]/", true},     {"http://127.0.0.1.evil/", false},
      {"http://localhost.evil/", false}, {"http://10.0.0.1/", false}, {"http://127.0.0.x/", false}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_url(c.text, ErrorKind::config).is_loopback() == c.expected);
  }
}

TEST_CASE("http::set_query replaces every parameter of that name and keeps the others") {
  CHECK(http::set_query("https://h/x", "page", "2") == "https://h/x?page=2");
  CHECK(http::set_query("https://h/x?page=1&a=b", "page", "2") == "https://h/x?a=b&page=2");
  CHECK(http::set_query("https://h/x?page=1&page=7#f", "page", "2") == "https://h/x?page=2");
  CHECK(http::set_query("https://h/x?updated%5Bgte%5D=1&b", "updated[gte]", "a b&c") ==
        "https://h/x?b&updated%5Bgte%5D=a%20b%26c");
  CHECK(http::add_query("https://h/x?", "a", "") == "https://h/x?a=");
}

TEST_CASE("http::query_value decodes and tells absent from empty") {
  CHECK(http::query_value("https://h/x?a=1%2B1+2&b", "a") == "1+1 2");
  CHECK(http::query_value("https://h/x?a=1&b", "b") == "");
  CHECK(http::query_value("https://h/x?a=1", "c") == std::nullopt);
  CHECK(http::query_value("https://h/x?a=100%", "a") == "100%");
}
