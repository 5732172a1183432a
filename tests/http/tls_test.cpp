#include <doctest/doctest.h>
#include <httplib.h>

#include <thread>

#include "certificate.hpp"
#include "http/curl_transport.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"
#include "transport_fixture.hpp"

using namespace sitrep;
using test::contains;
using test::make_certificate;

namespace {

/// An HTTPS server on loopback; with `client_ca` it asks for a certificate of that authority.
class TlsServer {
 public:
  explicit TlsServer(const test::Certificate& identity, const std::filesystem::path& client_ca = {})
      : server_(identity.cert.c_str(), identity.key.c_str(), client_ca.empty() ? nullptr : client_ca.c_str()) {
    server_.Get("/x", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("[\"safe\"]", "application/json");
    });
    server_.Get("/downgrade", [this](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("http://127.0.0.1:" + std::to_string(port_) + "/x");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsServer() {
    server_.stop();
    thread_.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url(const std::string& path) const { return "https://127.0.0.1:" + std::to_string(port_) + path; }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

http::Response get(const std::string& url, http::CurlOptions options) {
  http::CurlTransport transport(std::move(options));
  http::Request request;
  request.url = url;
  return transport.send(request, test::short_limits());
}

http::TransportError error_of(const std::string& url, http::CurlOptions options) {
  try {
    get(url, std::move(options));
  } catch (const http::TransportError& error) {
    return error;
  }
  FAIL("answered");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("http::CurlTransport believes a server only with a certificate for its name from a known authority") {
  const test::TempDir folder;
  const auto good = make_certificate(folder.path(), "good", "IP:127.0.0.1");
  const auto other = make_certificate(folder.path(), "other", "DNS:other.example");
  const auto expired = make_certificate(folder.path(), "expired", "IP:127.0.0.1", -1);
  {
    const TlsServer server(good);
    CHECK(get(server.url("/x"), {.ca_file = good.cert}).body == "[\"safe\"]");
    for (const auto& options : {http::CurlOptions{}, http::CurlOptions{.ca_file = other.cert}}) {
      const auto error = error_of(server.url("/x"), options);
      CHECK(error.fault() == http::Fault::tls);
      CHECK_FALSE(error.retryable());
      CHECK(contains(error.what(), "tls.ca_file"));
    }
  }
  CHECK(error_of(TlsServer(other).url("/x"), {.ca_file = other.cert}).fault() == http::Fault::tls);
  CHECK(error_of(TlsServer(expired).url("/x"), {.ca_file = expired.cert}).fault() == http::Fault::tls);
}

TEST_CASE("http::CurlTransport shows its client certificate where one is asked for") {
  const test::TempDir folder;
  const auto identity = make_certificate(folder.path(), "server", "IP:127.0.0.1");
  const auto client = make_certificate(folder.path(), "client", "DNS:client.example");
  const TlsServer server(identity, client.cert);
  CHECK(
      get(server.url("/x"), {.ca_file = identity.cert, .client_cert = client.cert, .client_key = client.key}).status ==
      200);
  CHECK_THROWS_AS(get(server.url("/x"), {.ca_file = identity.cert}), http::TransportError);
  const auto missing = error_of(server.url("/x"),
                                {.ca_file = identity.cert, .client_cert = folder / "absent", .client_key = client.key});
  CHECK(missing.kind() == ErrorKind::config);
}

TEST_CASE("http::CurlTransport does not follow a redirect from https to http") {
  const test::TempDir folder;
  const auto identity = make_certificate(folder.path(), "server", "IP:127.0.0.1");
  const TlsServer server(identity);
  const auto error = error_of(server.url("/downgrade"), {.ca_file = identity.cert});
  CHECK(error.fault() == http::Fault::redirect);
  CHECK(contains(error.what(), "another origin"));
}

TEST_CASE("http::CurlTransport calls plain HTTP behind https:// a TLS fault") {
  const test::ScriptedServer server({test::Reply::bytes("HTTP/1.1 400 Bad Request\r\n\r\n").close()},
                                    test::Talk::first);
  CHECK(error_of("https://127.0.0.1:" + std::to_string(server.port()) + "/x", {}).fault() == http::Fault::tls);
}
