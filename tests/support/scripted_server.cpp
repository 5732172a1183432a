#include "support/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace sitrep::test {
namespace {

using std::chrono::milliseconds;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

int bound_socket(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::getsockname(fd, generic, &size) != 0) {
    throw std::runtime_error("no loopback port");
  }
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

std::string Received::header(std::string_view name) const {
  const auto wanted = "\r\n" + lower(name) + ":";
  const auto found = lower(head).find(wanted);
  if (found == std::string::npos) return {};
  auto start = found + wanted.size();
  while (start < head.size() && head[start] == ' ') ++start;
  return head.substr(start, head.find("\r\n", start) - start);
}

std::string Received::query(std::string_view name) const {
  auto mark = target.find('?');
  while (mark != std::string::npos) {
    const auto end = target.find('&', mark + 1);
    const auto part = target.substr(mark + 1, end == std::string::npos ? end : end - mark - 1);
    const auto equals = part.find('=');
    if (decode(part.substr(0, equals)) == name) {
      return equals == std::string::npos ? std::string{} : decode(part.substr(equals + 1));
    }
    mark = end;
  }
  return {};
}

Reply Reply::status(int code, std::string_view body, const Headers& headers) {
  std::string raw = "HTTP/1.1 " + std::to_string(code) + " Scripted\r\n";
  for (const auto& [name, value] : headers) raw += name + ": " + value + "\r\n";
  if (code != 204 && code != 304) raw += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return bytes(raw + "\r\n" + std::string(body));
}

Reply Reply::json(std::string_view body, const Headers& headers) {
  auto all = headers;
  all.emplace_back("Content-Type", "application/json");
  return status(200, body, all);
}

Reply Reply::bytes(std::string_view raw) { return Reply().send(raw); }

ScriptedServer::ScriptedServer(Handler handler) : handler_(std::move(handler)) { start(); }

ScriptedServer::ScriptedServer(std::vector<Reply> replies, Talk talk) : talk_(talk) {
  handler_ = [replies = std::move(replies), next = std::size_t{0}](const Received&) mutable {
    const auto index = std::min(next++, replies.size() - 1);
    return replies.at(index);
  };
  start();
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : open_) {
      if (connection.fd >= 0) ::shutdown(connection.fd, SHUT_RDWR);
    }
  }
  for (auto& connection : open_) connection.thread.join();
}

std::string ScriptedServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<Received> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::start() {
  listener_ = bound_socket(port_);
  if (::listen(listener_, 64) != 0) throw std::runtime_error("cannot listen on loopback");
  acceptor_ = std::thread([this] { accept_loop(); });
}

void ScriptedServer::accept_loop() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    const int number = ++connections_;
    const std::lock_guard lock(mutex_);
    auto& connection = open_.emplace_back();
    connection.fd = fd;
    connection.thread = std::thread([this, &connection, number] { serve(connection, number); });
  }
}

void ScriptedServer::serve(Connection& connection, int number) {
  const int fd = connection.fd;
  std::string buffer;
  if (talk_ == Talk::first) {
    Reply reply;
    {
      const std::lock_guard lock(mutex_);
      reply = handler_({});
    }
    perform(fd, reply);
  }
  while (auto request = talk_ == Talk::first ? std::nullopt : read_request(fd, buffer)) {
    request->connection = number;
    Reply reply;
    {
      const std::lock_guard lock(mutex_);
      request->number = static_cast<int>(requests_.size()) + 1;
      requests_.push_back(*request);
      reply = handler_(*request);
    }
    if (!perform(fd, reply)) break;
  }
  const std::lock_guard lock(mutex_);
  ::close(fd);
  connection.fd = -1;
}

std::optional<Received> ScriptedServer::read_request(int fd, std::string& buffer) const {
  std::array<char, 16384> chunk;
  std::size_t head_end = std::string::npos;
  std::size_t length = 0;
  while (true) {
    if (head_end == std::string::npos) {
      head_end = buffer.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        Received head;
        head.head = buffer.substr(0, head_end + 2);
        const auto value = head.header("Content-Length");
        length = value.empty() ? 0 : std::stoul(value);
      }
    }
    if (head_end != std::string::npos && buffer.size() >= head_end + 4 + length) break;
    const auto count = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (count <= 0) return std::nullopt;
    buffer.append(chunk.data(), static_cast<std::size_t>(count));
  }
  Received request;
  request.at = std::chrono::steady_clock::now();
  request.head = buffer.substr(0, head_end + 2);
  request.body = buffer.substr(head_end + 4, length);
  const auto first = request.head.find(' ');
  const auto second = request.head.find(' ', first + 1);
  request.method = request.head.substr(0, first);
  request.target = request.head.substr(first + 1, second - first - 1);
  buffer.erase(0, head_end + 4 + length);
  return request;
}

/// False when the connection is over.
bool ScriptedServer::perform(int fd, const Reply& reply) const {
  for (const auto& step : reply.steps()) {
    if (const auto* send = std::get_if<Reply::Send>(&step)) {
      if (!send_all(fd, send->bytes)) return false;
    } else if (const auto* repeat = std::get_if<Reply::Repeat>(&step)) {
      for (std::uint64_t i = 0; i < repeat->times; ++i) {
        if (stopping_ || !send_all(fd, repeat->bytes)) return false;
      }
    } else if (const auto* drip = std::get_if<Reply::Drip>(&step)) {
      for (const char byte : drip->bytes) {
        if (!sleep_unless_stopped(drip->every) || !send_all(fd, {&byte, 1})) return false;
      }
    } else if (const auto* wait = std::get_if<Reply::Wait>(&step)) {
      if (!sleep_unless_stopped(wait->span)) return false;
    } else if (std::holds_alternative<Reply::Reset>(step)) {
      const linger at_once{1, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    } else if (std::holds_alternative<Reply::Hold>(step)) {
      char byte = 0;
      while (::recv(fd, &byte, 1, 0) > 0) {
      }
      return false;
    } else {
      return false;
    }
  }
  return true;
}

bool ScriptedServer::sleep_unless_stopped(milliseconds span) const {
  const auto end = std::chrono::steady_clock::now() + span;
  while (!stopping_) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= milliseconds{0}) return true;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, milliseconds{20}));
  }
  return false;
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(bound_socket(port));
  return port;
}

}  // namespace sitrep::test
