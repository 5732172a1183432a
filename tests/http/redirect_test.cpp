#include "http/redirect.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

namespace {

http::Response redirect(int status, std::string location) {
  http::Response response;
  response.status = status;
  response.headers = {{"Location", std::move(location)}};
  return response;
}

http::Request request_of(std::string method, bool retry_safe = true) {
  http::Request request;
  request.method = std::move(method);
  request.url = "https://api.example/v1/incidents?key=s3cr3t";
  request.retry_safe = retry_safe;
  request.secrets = {"s3cr3t"};
  return request;
}

const http::Url k_start = http::parse_url("https://api.example/v1/incidents?key=s3cr3t", ErrorKind::config);

}  // namespace

TEST_CASE("http::Redirects follows within the origin") {
  const auto request = request_of("GET");
  for (const int status : {301, 302, 303, 307, 308}) {
    CAPTURE(status);
    http::Redirects redirects(request, k_start, 5);
    const auto next = redirects.next(k_start, redirect(status, "/v2/incidents"));
    REQUIRE(next);
    CHECK(next->text() == "https://api.example/v2/incidents");
  }
}

TEST_CASE("http::Redirects refuses what would carry a secret away or fetch something else") {
  struct Case {
    std::string name;
    const char* location;
  };
  const Case cases[] = {
      {"another host", "https://evil.example/v1/incidents"},
      {"another port", "https://api.example:8443/v1/incidents"},
      {"downgrade to http", "http://api.example/v1/incidents"},
      {"a host with the right prefix", "https://api.example.evil/v1/incidents"},
      {"userinfo that looks like the host", "https://api.example@evil.example/"},
      {"no scheme, another host", "//evil.example/"},
      {"file", "file:///etc/passwd"},
      {"ftp", "ftp://api.example/x"},
      {"gopher", "gopher://api.example/x"},
      {"data", "data:application/json,{}"},
      {"backslashes", "https:\\\\evil.example"},
      {"control bytes", "/x\x1b[2J"},
      {"empty", ""},
  };
  const auto request = request_of("GET");
  for (const auto& c : cases) {
    CAPTURE(c.name);
    http::Redirects redirects(request, k_start, 5);
    try {
      static_cast<void>(redirects.next(k_start, redirect(302, c.location)));
      FAIL("followed");
    } catch (const http::TransportError& error) {
      CHECK(error.fault() == http::Fault::redirect);
      CHECK(error.kind() == ErrorKind::network);
      CHECK_FALSE(error.retryable());
      const std::string message = error.what();
      CHECK(message.find("s3cr3t") == std::string::npos);
      CHECK(message.find('\x1b') == std::string::npos);
      CHECK(message.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("http::Redirects calls another origin's sign-in page a matter of credentials") {
  const auto request = request_of("GET");
  for (const std::string location :
       {"https://sso.example/start", "https://id.example/login?next=x", "https://h/oauth2/auth"}) {
    CAPTURE(location);
    http::Redirects redirects(request, k_start, 5);
    try {
      static_cast<void>(redirects.next(k_start, redirect(302, location)));
      FAIL("followed");
    } catch (const http::TransportError& error) {
      CHECK(error.kind() == ErrorKind::credentials);
      CHECK_FALSE(error.retryable());
    }
  }
}

TEST_CASE("http::Redirects sends no write again") {
  struct Case {
    std::string method;
    bool retry_safe;
    int status;
    bool followed;
  };
  const Case cases[] = {
      {"POST", false, 307, false}, {"POST", false, 308, false}, {"POST", false, 302, false}, {"PUT", false, 307, false},
      {"POST", true, 307, true},   {"POST", true, 302, false},  {"HEAD", true, 302, true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.method);
    CAPTURE(c.status);
    const auto request = request_of(c.method, c.retry_safe);
    http::Redirects redirects(request, k_start, 5);
    CHECK(redirects.next(k_start, redirect(c.status, "/v2")).has_value() == c.followed);
  }
}

TEST_CASE("http::Redirects ends circles and long chains") {
  const auto request = request_of("GET");
  http::Redirects circle(request, k_start, 5);
  const auto second = circle.next(k_start, redirect(302, "/b"));
  REQUIRE(second);
  CHECK_THROWS_AS(circle.next(*second, redirect(302, "/v1/incidents?key=s3cr3t")), http::TransportError);

  http::Redirects chain(request, k_start, 5);
  auto at = k_start;
  for (int i = 0; i < 5; ++i) at = *chain.next(at, redirect(302, "/" + std::to_string(i)));
  CHECK_THROWS_AS(chain.next(at, redirect(302, "/5")), http::TransportError);
}

TEST_CASE("http::Redirects refuses a redirect without or with a huge Location") {
  const auto request = request_of("GET");
  http::Response without;
  without.status = 302;
  CHECK_THROWS_AS(http::Redirects(request, k_start, 5).next(k_start, without), http::TransportError);
  CHECK_THROWS_AS(http::Redirects(request, k_start, 5).next(k_start, redirect(302, "/" + std::string(200'000, 'x'))),
                  http::TransportError);
}

TEST_CASE("http::Redirects leaves other statuses alone") {
  const auto request = request_of("GET");
  for (const int status : {200, 204, 300, 304, 305, 401, 500}) {
    CAPTURE(status);
    CHECK_FALSE(http::Redirects(request, k_start, 5).next(k_start, redirect(status, "https://evil.example/")));
  }
}
