#include "http/curl_transport.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include "http/url.hpp"
#include "support/temp_dir.hpp"
#include "transport_fixture.hpp"

using namespace sitrep;
using namespace std::chrono_literals;
using http::Fault;
using test::contains;
using test::get;
using test::get_error;
using test::Received;
using test::Reply;
using test::ScriptedServer;
using test::short_limits;

TEST_CASE("http::CurlTransport sends what the request says and nothing of its own") {
  const ScriptedServer server({Reply::json("[]", {{"ETag", "\"1\""}})});
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/v1/incidents?a=%2F&b=c%20d");
  request.headers = {{"Authorization", "Bearer abc"}, {"X-Empty", ""}};
  const auto response = transport.send(request, short_limits());
  CHECK(response.status == 200);
  CHECK(response.body == "[]");
  CHECK(response.header("etag") == "\"1\"");
  CHECK(response.effective_url == request.url);
  CHECK(response.wire_bytes > response.body.size());
  const auto received = server.requests().at(0);
  CHECK(received.method == "GET");
  CHECK(received.target == "/v1/incidents?a=%2F&b=c%20d");
  CHECK(received.header("Authorization") == "Bearer abc");
  CHECK(received.header("Accept-Encoding") == "gzip, deflate");
  CHECK(received.header("Accept") == "application/json");
  CHECK(contains(received.head, "X-Empty:\r\n"));
  CHECK_FALSE(contains(received.head, "Cookie"));
  CHECK_FALSE(contains(received.head, "Expect"));
}

TEST_CASE("http::CurlTransport returns every status as a response") {
  for (const int status : {200, 201, 204, 206, 300, 304, 400, 401, 404, 429, 500, 503, 599}) {
    CAPTURE(status);
    const ScriptedServer server({Reply::status(status, status == 204 || status == 304 ? "" : "{\"error\":1}")});
    const auto response = get(server.url("/x"));
    CHECK(response.status == status);
    CHECK(response.body == (status == 204 || status == 304 ? "" : "{\"error\":1}"));
  }
}

TEST_CASE("http::CurlTransport writes bodies with the method asked for, also in turn on one connection") {
  const ScriptedServer server({Reply::json("{}")});
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/x");
  for (const auto& [method, body] : {std::pair<std::string, std::string>{"POST", "{\"a\":1}"},
                                     {"GET", ""},
                                     {"PUT", "{\"b\":2}"},
                                     {"DELETE", ""},
                                     {"POST", ""},
                                     {"PATCH", "[]"},
                                     {"GET", ""}}) {
    request.method = method;
    request.body = body;
    transport.send(request, short_limits());
    const auto received = server.requests().back();
    CHECK(received.method == method);
    CHECK(received.body == body);
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("http::CurlTransport connects again without a word when a kept connection was closed") {
  const ScriptedServer server({Reply::json("[1]").close()});
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/x");
  for (int i = 1; i <= 3; ++i) {
    CHECK(transport.send(request, short_limits()).body == "[1]");
    std::this_thread::sleep_for(20ms);
  }
  CHECK(server.connections() == 3);
}

TEST_CASE("http::CurlTransport sends a write once, on a fresh connection, when its reply is lost") {
  const ScriptedServer server(
      [](const Received& request) { return request.method == "POST" ? Reply().close() : Reply::json("[]"); });
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/x");
  transport.send(request, short_limits());
  request.method = "POST";
  request.body = "{}";
  request.retry_safe = false;
  CHECK_THROWS_AS(transport.send(request, short_limits()), http::TransportError);
  CHECK(server.requests().size() == 2);
  CHECK(server.connections() == 2);
}

TEST_CASE("http::CurlTransport says what is wrong with the way to the server") {
  const auto refused = get_error("http://127.0.0.1:" + std::to_string(test::closed_port()) + "/x");
  CHECK(refused.fault() == Fault::connect);
  CHECK(refused.retryable());
  CHECK(contains(refused.what(), "Connection refused"));

  const ScriptedServer reset({Reply().reset()});
  const auto cut = get_error(reset.url("/x"));
  CHECK(cut.fault() == Fault::cut);
  CHECK(cut.retryable());
}

TEST_CASE("http::CurlTransport times out while TLS is not agreed on") {
  ScriptedServer server({Reply().hold()});
  auto limits = short_limits();
  limits.connect = 150ms;
  const auto error = get_error("https://127.0.0.1:" + std::to_string(server.port()) + "/x", limits);
  CHECK(error.fault() == Fault::timeout);
  CAPTURE(std::string(error.what()));
  CHECK(contains(error.what(), "connect limit, while connecting or agreeing on TLS"));
}

TEST_CASE("http::CurlTransport follows a redirect with its headers within the origin only") {
  const ScriptedServer trap({Reply::json("[]")});
  const ScriptedServer server([&](const Received& request) {
    if (request.target == "/old") return Reply::status(301, "", {{"Location", "new?x=1"}});
    if (request.target == "/away") return Reply::status(302, "", {{"Location", trap.url("/x")}});
    return Reply::json("[2]", {{"Set-Cookie", "sid=1"}, {"Alt-Svc", "h2=\":1\""}, {"Refresh", "0; url=/away"}});
  });
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/old");
  request.headers = {{"Authorization", "Bearer s3cr3t"}};
  request.secrets = {"s3cr3t"};
  const auto response = transport.send(request, short_limits());
  CHECK(response.body == "[2]");
  CHECK(response.effective_url == server.url("/new?x=1"));
  CHECK(server.requests().at(1).header("Authorization") == "Bearer s3cr3t");

  request.url = server.url("/away");
  CHECK_THROWS_AS(transport.send(request, short_limits()), http::TransportError);
  CHECK(trap.requests().empty());
  CHECK(server.requests().back().header("Cookie").empty());
}

TEST_CASE("http::CurlTransport counts redirects against the total limit") {
  const ScriptedServer server([](const Received& request) {
    return Reply().wait(150ms).send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /" +
                                    std::to_string(request.number) + "\r\n\r\n");
  });
  auto limits = short_limits();
  limits.total = 400ms;
  limits.redirects = 100;
  CHECK(contains(get_error(server.url("/x"), limits).what(), "total limit"));
}

TEST_CASE("http::CurlTransport speaks http:// to loopback only, unless allowed") {
  http::CurlTransport transport;
  http::Request request;
  request.url = "http://api.invalid/x?token=s3cr3t";
  try {
    transport.send(request, short_limits());
    FAIL("sent");
  } catch (const http::TransportError&) {
    FAIL("tried");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::config);
    CHECK(contains(error.what(), "allow_http"));
    CHECK_FALSE(contains(error.what(), "s3cr3t"));
  }
}

TEST_CASE("http::CurlTransport refuses headers that would add others") {
  const ScriptedServer server({Reply::json("[]")});
  http::CurlTransport transport;
  for (const auto& header : {std::pair<std::string, std::string>{"Authorization", "Bearer a\r\nX-Evil: 1"},
                             {"X-A", "a\nb"},
                             {"X-A", std::string("a\0b", 3)},
                             {"X A", "b"},
                             {"X-A:", "b"},
                             {"", "b"},
                             {"X\r\nY", "b"}}) {
    http::Request request;
    request.url = server.url("/x");
    request.headers = {header};
    try {
      transport.send(request, short_limits());
      FAIL("sent");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::config);
      CHECK_FALSE(contains(error.what(), "Evil"));
    }
  }
  CHECK(server.requests().empty());
}

TEST_CASE("http::CurlTransport offers no credential of its own to a challenge, nor reads netrc and curlrc") {
  const test::TempDir home;
  home.write(".netrc", "machine 127.0.0.1 login joe password hunter2\n");
  home.write(".curlrc", "header = \"X-Curlrc: 1\"\n");
  ::setenv("HOME", home.path().c_str(), 1);
  for (const std::string scheme : {"Basic realm=\"x\"", "Negotiate", "NTLM", "Digest realm=\"x\", nonce=\"1\""}) {
    CAPTURE(scheme);
    const ScriptedServer server({Reply::status(401, "{}", {{"WWW-Authenticate", scheme}})});
    CHECK(get(server.url("/x")).status == 401);
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].header("Authorization").empty());
    CHECK(server.requests()[0].header("X-Curlrc").empty());
  }
}

TEST_CASE("http::CurlTransport takes a proxy that is set, but never the environment's to loopback") {
  const ScriptedServer proxy({Reply::json("[\"by proxy\"]")});
  const ScriptedServer server({Reply::json("[\"direct\"]")});
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  CHECK(get(server.url("/x")).body == "[\"direct\"]");
  ::unsetenv("http_proxy");

  http::CurlOptions options;
  options.proxy = proxy.url();
  options.allow_http = true;
  http::CurlTransport transport(options);
  http::Request request;
  request.url = "http://api.invalid/x";
  CHECK(transport.send(request, short_limits()).body == "[\"by proxy\"]");
  CHECK(proxy.requests().at(0).target == "http://api.invalid/x");
}

TEST_CASE("http::CurlTransport blames the proxy for what the proxy does, without its password") {
  const ScriptedServer strict({Reply::status(407)});
  const ScriptedServer broken({Reply::status(502)});
  const auto closed = "127.0.0.1:" + std::to_string(test::closed_port());
  struct Case {
    std::string name;
    std::string proxy;
    std::string says;
    bool retryable;
  };
  const auto with_user = [](std::string url) { return "http://joe:hunter2@" + url.substr(url.find("://") + 3); };
  const Case cases[] = {
      {"nobody listens", with_user("http://" + closed),
       "cannot connect to the proxy " + closed + ": Connection refused", true},
      {"an unknown name", "http://joe:hunter2@proxy.invalid:3128",
       "the host of the proxy proxy.invalid:3128 is not known", true},
      {"it wants another user", with_user(strict.url()), "makes no way to https://api.invalid: 407 Proxy Auth", false},
      {"it reaches nobody", with_user(broken.url()), "makes no way to https://api.invalid: 502 Bad Gateway", true}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    http::CurlOptions options;
    options.proxy = c.proxy;
    http::CurlTransport transport(options);
    http::Request request;
    request.url = "https://api.invalid/x";
    try {
      transport.send(request, short_limits());
      FAIL("answered");
    } catch (const http::TransportError& error) {
      CAPTURE(error.what());
      CHECK(contains(error.what(), c.says));
      CHECK_FALSE(contains(error.what(), "hunter2"));
      CHECK(error.retryable() == c.retryable);
    }
  }
}

TEST_CASE("http::CurlTransport names a CA file that is missing as a matter of configuration") {
  http::CurlOptions options;
  options.ca_file = "/nonexistent/ca.pem";
  http::CurlTransport transport(options);
  http::Request request;
  ScriptedServer server({Reply().hold()});
  request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  try {
    transport.send(request, short_limits());
    FAIL("sent");
  } catch (const http::TransportError& error) {
    CHECK(error.kind() == ErrorKind::config);
    CHECK(contains(error.what(), "tls.ca_file"));
  }
}

TEST_CASE("http::CurlTransport goes on working after a fault") {
  const ScriptedServer server({Reply::bytes("junk\r\n\r\n").close(), Reply().reset(), Reply::json("[3]")});
  http::CurlTransport transport;
  http::Request request;
  request.url = server.url("/x");
  CHECK_THROWS_AS(transport.send(request, short_limits()), http::TransportError);
  CHECK_THROWS_AS(transport.send(request, short_limits()), http::TransportError);
  CHECK(transport.send(request, short_limits()).body == "[3]");
}
