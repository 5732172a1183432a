#include "http/http.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("http::redact leaves no credential") {
  struct Case {
    std::string name;
    std::string text;
    std::vector<std::string> secrets;
    const char* expected;
  };
  const Case cases[] = {
      {"userinfo and a named parameter", "https://user:pass@host/p?token=x", {}, "https://host/p?token=***"},
      {"a password with an @", "https://u:p@ss@host/p", {}, "https://host/p"},
      {"a given secret, anywhere",
       "GET https://h/s3cr3t/x failed: s3cr3t",
       {"s3cr3t"},
       "GET https://h/***/x failed: ***"},
      {"a given secret, percent-encoded", "https://h/?q=a%2Fb%3D", {"a/b="}, "https://h/?q=***"},
      {"a secret inside a longer one", "abcdef abc", {"abc", "abcdef"}, "*** ***"},
      {"an empty secret masks nothing", "abc", {""}, "abc"},
      {"page tokens stay", "https://h/?page_token=abc&cursor=d", {}, "https://h/?page_token=abc&cursor=d"},
      {"parameters without regard to case", "https://h/?API_KEY=abc&b=1", {}, "https://h/?API_KEY=***&b=1"},
      {"two URLs", "http://a@h1/ and http://b@h2/", {}, "http://h1/ and http://h2/"},
      {"a password with a slash", "no: https://user:p4ss/w0rd@127.0.0.1:1/api.", {}, "no: https://127.0.0.1:1/api."},
      {"a password with ? and #", "https://user:p?a#s@h/", {}, "https://h/"},
      {"a given secret, percent-encoded in small digits", "https://h/?q=a%2fb%3d", {"a/b="}, "https://h/?q=***"},
      {"a given secret in JSON", R"({"a":"x\/\"y\\z","b":"x/\"y\\z"})", {"x/\"y\\z"}, R"({"a":"***","b":"***"})"},
      {"an @ in a path after a port", "https://h:8080/team/@me", {}, "https://h:8080/team/@me"},
      {"an @ in a path is no userinfo", "https://h/team/@me", {}, "https://h/team/@me"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(http::redact(c.text, c.secrets) == c.expected);
  }
}

TEST_CASE("http::describe shows no escape codes") {
  http::Request request;
  request.url = "https://h/\x1b[2J";
  CHECK(http::describe(request).find('\x1b') == std::string::npos);
}

TEST_CASE("http::find_header ignores case and takes the first") {
  const http::Headers headers = {{"X-A", "1"}, {"x-a", "2"}};
  CHECK(http::find_header(headers, "x-A") == "1");
  CHECK(http::find_header(headers, "x-b") == std::nullopt);
}

// RFC 4648, section 10, with the colon of RFC 7617 inside.
TEST_CASE("http::basic_authorization pads as base64 asks") {
  CHECK(http::basic_authorization("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(http::basic_authorization("", "") == "Basic Og==");
  CHECK(http::basic_authorization("a", "") == "Basic YTo=");
  CHECK(http::basic_authorization("a", "b") == "Basic YTpi");
}
