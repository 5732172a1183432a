#include "demo/loopback_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"

namespace sitrep::demo {
namespace {

constexpr std::size_t k_most_connections = 64;
constexpr std::size_t k_most_head_bytes = std::size_t{64} << 10;
constexpr std::int64_t k_most_body_bytes = std::int64_t{4} << 20;
constexpr int k_idle_ms = 5'000;

int bound_socket(int wanted, int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int yes = 1;  // the last run's connections may still be fading away
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      ::getsockname(fd, generic, &size) != 0) {
    if (fd >= 0) ::close(fd);
    return -1;
  }
  port = ntohs(address.sin_port);
  return fd;
}

/// What has arrived on a connection and is not used up.
class Arrivals {
 public:
  explicit Arrivals(int socket) : socket_(socket) {}

  /// The bytes up to and with `mark`; nullopt when the client goes, falls silent or sends more than `most` without it.
  std::optional<std::string> until(std::string_view mark, std::size_t most) {
    std::size_t end = 0;
    while ((end = bytes_.find(mark)) == std::string::npos)
      if (bytes_.size() > most || !more()) return std::nullopt;
    return take(end + mark.size());
  }
  std::optional<std::string> exactly(std::size_t count) {
    while (bytes_.size() < count)
      if (!more()) return std::nullopt;
    return take(count);
  }

 private:
  bool more() {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, k_idle_ms) <= 0) return false;
    std::array<char, 16384> block;
    const auto n = ::recv(socket_, block.data(), block.size(), 0);
    if (n > 0) bytes_.append(block.data(), static_cast<std::size_t>(n));
    return n > 0;
  }
  std::string take(std::size_t count) {
    auto taken = bytes_.substr(0, count);
    bytes_.erase(0, count);
    return taken;
  }

  int socket_;
  std::string bytes_;
};

struct Head {
  Call call;
  std::string length, connection, expect;
  bool chunked = false, old = false;
};

/// Request line and headers; nullopt for what is none.
std::optional<Head> read_head(std::string_view text) {
  Head head;
  const auto lines = split_views(text, '\n');
  const auto words = split_views(trim_view(lines.front()), ' ');
  if (words.size() != 3 || !words[1].starts_with('/') || !words[2].starts_with("HTTP/1.")) return std::nullopt;
  head.call.method = words[0];
  head.old = words[2] == "HTTP/1.0";
  const auto mark = std::min(words[1].find('?'), words[1].size());
  head.call.path = percent_decode(words[1].substr(0, mark), Plus::itself);
  const std::string query(words[1].substr(std::min(mark + 1, words[1].size())));
  head.call.query = [query](const std::string& name) -> std::optional<std::string> {
    for (const auto part : split_views(query, '&')) {
      const auto equals = std::min(part.find('='), part.size());
      if (percent_decode(part.substr(0, equals), Plus::blank) == name)
        return percent_decode(part.substr(std::min(equals + 1, part.size())), Plus::blank);
    }
    return std::nullopt;
  };
  for (const auto line : lines) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = lower_ascii(line.substr(0, colon));
    const std::string value(trim_view(line.substr(colon + 1)));
    if (name == "authorization") head.call.authorization = value;
    if (name == "x-api-key") head.call.api_key = value;
    if (name == "idempotency-key") head.call.idempotency_key = value;
    if (name == "content-length") head.length = value;
    if (name == "connection") head.connection = lower_ascii(value);
    if (name == "expect") head.expect = lower_ascii(value);
    if (name == "transfer-encoding") head.chunked = true;
  }
  return head;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

enum class Then { keep, close };

bool send_answer(int socket, const Answer& answer, Then then, bool with_body = true) {
  std::string text = fmt::format("HTTP/1.1 {} \r\n", answer.status);
  bool typed = false;
  for (const auto& [name, value] : answer.headers) {
    typed = typed || name == "Content-Type";
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!typed) text += "Content-Type: application/json; charset=utf-8\r\n";
  text += fmt::format("Content-Length: {}\r\n{}\r\n", answer.body.size(),
                      then == Then::close ? "Connection: close\r\n" : "");
  if (with_body) text += answer.body;
  return send_all(socket, text);
}

bool refuse(int socket, int status) {
  send_answer(socket, {status, {}, {}}, Then::close);
  return false;
}

/// One request and its answer; whether the connection goes on.
bool answer_one(int socket, Arrivals& arrivals, const LoopbackServer::Handler& handler) {
  const auto text = arrivals.until("\r\n\r\n", k_most_head_bytes);
  if (!text) return false;
  auto head = read_head(*text);
  if (!head) return refuse(socket, 400);
  if (head->chunked) return refuse(socket, 411);
  const auto length = head->length.empty() ? std::optional<std::int64_t>(0) : parse_integer(head->length);
  if (!length || *length < 0) return refuse(socket, 400);
  if (*length > k_most_body_bytes) return refuse(socket, 413);
  if (head->expect == "100-continue" && !send_all(socket, "HTTP/1.1 100 Continue\r\n\r\n")) return false;
  auto body = arrivals.exactly(static_cast<std::size_t>(*length));
  if (!body) return false;
  head->call.body = std::move(*body);
  const auto then = head->old || head->connection == "close" ? Then::close : Then::keep;
  return send_answer(socket, handler(head->call), then, head->call.method != "HEAD") && then == Then::keep;
}

}  // namespace

LoopbackServer::LoopbackServer(int port) {
  if (port != 0) listener_ = bound_socket(port, port_);
  if (listener_ < 0) listener_ = bound_socket(0, port_);
  if (listener_ < 0) fail(ErrorKind::network, "demo: no free port on 127.0.0.1: close some programs and try again");
}

LoopbackServer::~LoopbackServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);  // accept() returns
  if (acceptor_.joinable()) acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : connections_)
      if (!connection.over) ::shutdown(connection.socket, SHUT_RDWR);
  }
  for (auto& connection : connections_) connection.thread.join();
}

void LoopbackServer::start(Handler handler) {
  handler_ = std::move(handler);
  acceptor_ = std::thread([this] { accept_all(); });
}

void LoopbackServer::accept_all() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds{10});
      continue;
    }
    forget_over();
    if (stopping_ || connections_.size() >= k_most_connections) {
      ::close(socket);
      continue;
    }
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto& connection = connections_.emplace_back(socket);
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void LoopbackServer::serve(Connection& connection) {
  Arrivals arrivals(connection.socket);
  try {
    while (!stopping_ && answer_one(connection.socket, arrivals, handler_)) {
    }
  } catch (const std::exception&) {
    refuse(connection.socket, 500);
  }
  // The destructor must not shut down a number that is somebody else's by then.
  const std::lock_guard lock(mutex_);
  ::close(connection.socket);
  connection.over = true;
}

void LoopbackServer::forget_over() {
  for (auto at = connections_.begin(); at != connections_.end();) {
    if (!at->over) {
      ++at;
      continue;
    }
    at->thread.join();
    at = connections_.erase(at);
  }
}

}  // namespace sitrep::demo
