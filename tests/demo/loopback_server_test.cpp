#include "demo/loopback_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sitrep::demo {
namespace {

/// A client that sends what it is told, well-formed or not.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(const std::string& bytes) const { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  void end() const { ::shutdown(socket_, SHUT_WR); }
  /// All that comes until the server closes.
  std::string rest() const {
    std::string all;
    std::array<char, 4096> block;
    ssize_t n = 0;
    while ((n = ::recv(socket_, block.data(), block.size(), 0)) > 0)
      all.append(block.data(), static_cast<std::size_t>(n));
    return all;
  }

 private:
  int socket_;
};

/// Says what it was asked.
Answer echo(const Call& call) {
  if (call.path == "/throws") throw std::runtime_error("no");
  return {call.path == "/teapot" ? 418 : 200,
          {{"Content-Type", "text/plain"}},
          call.method + " " + call.path + " " + call.query("q").value_or("-") + " [" + call.body + "] " +
              call.authorization + "|" + call.api_key + "|" + call.idempotency_key};
}

std::string asked(const std::string& bytes) {
  LoopbackServer server(0);
  server.start(echo);
  const RawClient client(server.port());
  client.send(bytes);
  client.end();
  return client.rest();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("demo::LoopbackServer hands each request on and answers it") {
  struct Case {
    std::string name, request, status, body;
  };
  const Case cases[] = {
      {"path and query, decoded", "GET /a%20b+c?p=1&q=x%3D+y HTTP/1.1\r\n\r\n", "200", "GET /a b+c x= y [] ||"},
      {"no value", "GET /?q HTTP/1.1\r\n\r\n", "200", "GET /  [] ||"},
      {"headers in any case", "GET / HTTP/1.1\r\nauthorization: Bearer x\r\nX-API-KEY:k\r\nIdempotency-Key: i\r\n\r\n",
       "200", "GET / - [] Bearer x|k|i"},
      {"a body", "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbodyrest", "200", "POST / - [body] ||"},
      {"a body in chunks", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n",
       "200", "POST / - [body] ||"},
      {"a status", "PUT /teapot HTTP/1.1\r\n\r\n", "418", "PUT /teapot - [] ||"},
      {"a body that is too long", "POST / HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n", "413", ""},
      {"a body that was cut", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort", "413", ""},
      {"what fails inside", "GET /throws HTTP/1.1\r\n\r\n", "500", ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto answer = asked(c.request);
    CHECK(answer.starts_with("HTTP/1.1 " + c.status + " "));
    const auto head_end = answer.find("\r\n\r\n");
    REQUIRE(head_end != std::string::npos);
    if (c.body.empty()) continue;
    CHECK(answer.substr(head_end + 4, c.body.size()) == c.body);
    CHECK(has(answer, "Content-Length: " + std::to_string(c.body.size()) + "\r\n"));
    CHECK(has(answer, "Content-Type: text/plain\r\n"));
  }
  CHECK(asked("").empty());
}

TEST_CASE("demo::LoopbackServer keeps a connection as long as the client wants it") {
  const auto both = asked("GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\n\r\n");
  CHECK(has(both, "GET /one"));
  CHECK(has(both, "GET /two"));
  const auto first = asked("GET /one HTTP/1.1\r\nConnection: close\r\n\r\nGET /two HTTP/1.1\r\n\r\n");
  CHECK(has(first, "GET /one"));
  CHECK_FALSE(has(first, "GET /two"));
  CHECK_FALSE(has(asked("HEAD /one HTTP/1.1\r\n\r\n"), "HEAD /one"));
  CHECK(has(asked("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"), "HTTP/1.1 100 Continue"));
}

TEST_CASE("demo::LoopbackServer answers many clients beside a silent one, and nothing before it is told how") {
  LoopbackServer server(0);
  const RawClient early(server.port());
  early.send("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(early.rest().starts_with("HTTP/1.1 503 "));
  server.start(echo);
  const RawClient silent(server.port());
  std::vector<std::thread> clients;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {  // more connections than it keeps at a time
        const RawClient client(server.port());
        client.send("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
        answered += has(client.rest(), "GET /x") ? 1 : 0;
      }
    });
  }
  for (auto& client : clients) client.join();
  CHECK(answered == 160);
}

}  // namespace
}  // namespace sitrep::demo
