// The way to a server: TLS with an authority of one's own, client certificates, proxies, unix sockets, plain http.
#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

#include "fixture.hpp"
#include "http/certificate.hpp"

using namespace sitrep::test;

namespace {

/// HTTPS on loopback; with `client_ca` it asks for a certificate of that authority. Everything else than the incidents
/// leads to `downgrade`.
class TlsServer {
 public:
  explicit TlsServer(const Certificate& identity, const std::filesystem::path& client_ca = {},
                     const std::string& downgrade = "")
      : server_(identity.cert.c_str(), identity.key.c_str(), client_ca.empty() ? nullptr : client_ca.c_str()) {
    server_.Get("/incidents", [downgrade](const httplib::Request&, httplib::Response& response) {
      if (downgrade.empty())
        response.set_content(page({"safe"}), "application/json");
      else
        response.set_redirect(downgrade);
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

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

/// Answers each connection to a unix socket with the same page.
class SocketServer {
 public:
  explicit SocketServer(const std::filesystem::path& path) : listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 4) != 0)
      throw std::runtime_error("no unix socket");
    thread_ = std::thread([this] { serve(); });
  }
  ~SocketServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

 private:
  void serve() const {
    const std::string body = page({"local"});
    const std::string answer =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    for (int fd; (fd = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(fd)) {
      std::string request;
      char buffer[4096];
      for (ssize_t got; request.find("\r\n\r\n") == std::string::npos && (got = ::read(fd, buffer, sizeof buffer)) > 0;)
        request.append(buffer, static_cast<std::size_t>(got));
      if (::write(fd, answer.data(), answer.size()) < 0) break;
    }
  }

  int listener_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("tls.ca_file: sync believes a server of an internal authority, and only then") {
  FaultWorkspace workspace;
  const auto identity = make_certificate(workspace.folder().path(), "server", "IP:127.0.0.1");
  const TlsServer server(identity);
  workspace.base_url = server.url();
  const auto refused = workspace.sync();
  INFO(refused.said);
  CHECK(refused.exit_code == 4);
  CHECK(contains(refused.said, "tls.ca_file"));
  workspace.source = "tls.ca_file = \"" + identity.cert.filename().native() + "\"\n";  // beside sitrep.toml
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select id from incident") == "safe");
}

TEST_CASE("71: the authorities of the environment are believed where the source names none") {
  FaultWorkspace workspace;
  const auto identity = make_certificate(workspace.folder().path(), "server", "IP:127.0.0.1");
  const TlsServer server(identity);
  workspace.base_url = server.url();
  for (const char* variable : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    workspace.environment = {{"API_TOKEN", k_canary}, {variable, identity.cert.native()}};
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 0);
    CHECK(contains(workspace.run({"doctor", "--format", "csv"}).said, "(" + std::string(variable) + ")"));
  }
  workspace.environment = {{"API_TOKEN", k_canary}};
  CHECK(workspace.sync().exit_code == 4);
}

TEST_CASE("tls.client_cert: sync shows its certificate where the server asks for one") {
  FaultWorkspace workspace;
  const auto identity = make_certificate(workspace.folder().path(), "server", "IP:127.0.0.1");
  const auto client = make_certificate(workspace.folder().path(), "client", "DNS:client.example");
  const TlsServer server(identity, client.cert);
  workspace.base_url = server.url();
  const std::string ca = "tls.ca_file = \"" + identity.cert.native() + "\"\nretry.max = 0\n";
  workspace.source = ca;
  CHECK(workspace.sync().exit_code == 4);
  workspace.source =
      ca + "tls.client_cert = \"" + client.cert.native() + "\"\ntls.client_key = \"" + client.key.native() + "\"\n";
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  workspace.source = ca + "tls.client_cert = \"absent.pem\"\ntls.client_key = \"absent.key\"\n";
  CHECK(workspace.sync().exit_code == 3);
}

TEST_CASE("62: a redirect from https to http is not followed") {
  ScriptedServer trap({Reply::json(page({"x"}))});
  FaultWorkspace workspace;
  const auto identity = make_certificate(workspace.folder().path(), "server", "IP:127.0.0.1");
  const TlsServer server(identity, {}, trap.url("/incidents"));
  workspace.base_url = server.url();
  workspace.source = "tls.ca_file = \"" + identity.cert.native() + "\"\nretry.max = 0\n";
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 4);
  CHECK(contains(result.said, "another origin"));
  CHECK(trap.requests().empty());
}

TEST_CASE("proxy and allow_http: sync speaks to another machine through the proxy of sitrep.toml") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"proxied"}))});
  const auto proxy = workspace.base_url;
  workspace.base_url = "http://api.invalid";
  workspace.source = "proxy = \"" + proxy + "\"\n";
  CHECK(workspace.sync().exit_code == 3);  // http:// to another machine
  workspace.source += "allow_http = true\n";
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.server().requests().back().target == "http://api.invalid/incidents");
  CHECK(workspace.query("select id from incident") == "proxied");
}

TEST_CASE("71: the proxy of the environment is honoured, but not for loopback") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"proxied"}))});
  workspace.environment["http_proxy"] = workspace.base_url;
  CHECK(workspace.sync().exit_code == 0);
  CHECK(workspace.server().requests().back().target == "/incidents");
  workspace.base_url = "http://api.invalid";
  workspace.source = "allow_http = true\n";
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.server().requests().back().target == "http://api.invalid/incidents");
}

TEST_CASE("unix_socket: sync speaks to a server behind a socket of the file system") {
  FaultWorkspace workspace;
  const SocketServer server(workspace.folder() / "api.sock");
  workspace.base_url = "http://localhost";
  workspace.source = "unix_socket = \"api.sock\"\n";
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(workspace.query("select id from incident") == "local");
}
