#pragma once

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "certificate.hpp"

namespace sitrep::test {

/// A loopback server that speaks HTTP/2 over TLS and nothing else. It does not read header blocks: what a stream gets
/// depends on its place alone.
class Http2Server {
 public:
  /// A frame to send: type, flags, stream, payload.
  struct Frame {
    std::uint8_t type, flags;
    std::uint32_t stream;
    std::string payload;
  };
  /// `answer` is asked with the streams of a connection that wait for an answer whenever one more does; what it takes
  /// out of the list is answered by the frames that it returns.
  using Answer = std::function<std::vector<Frame>(std::vector<std::uint32_t>& waiting)>;

  Http2Server(const Certificate& identity, Answer answer)
      : answer_(std::move(answer)), context_(SSL_CTX_new(TLS_server_method())) {
    ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that the client may have left
    SSL_CTX_use_certificate_file(context_.get(), identity.cert.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), identity.key.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_alpn_select_cb(context_.get(), &Http2Server::select, this);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no port for the HTTP/2 server");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
  }
  ~Http2Server() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::scoped_lock lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    ::close(listener_);
  }
  Http2Server(const Http2Server&) = delete;
  Http2Server& operator=(const Http2Server&) = delete;

  std::string url(const std::string& path) const { return "https://127.0.0.1:" + std::to_string(port_) + path; }
  int connections() const { return connections_; }
  /// What the last client offered: "h2 http/1.1".
  std::string offered() const {
    const std::scoped_lock lock(mutex_);
    return offered_;
  }

  /// :status 200 (RFC 7541, appendix A, entry 8) and a body.
  static void answer_with(std::vector<Frame>& frames, std::uint32_t stream, const std::string& body) {
    frames.push_back({k_headers, k_end_headers, stream, "\x88"});
    frames.push_back({k_data, k_end_stream, stream, body});
  }
  static constexpr std::uint8_t k_data = 0, k_headers = 1, k_reset = 3, k_settings = 4, k_ping = 6, k_go_away = 7;
  static constexpr std::uint8_t k_end_stream = 1, k_ack = 1, k_end_headers = 4;

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct FreeConnection {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  static int select(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned int length,
                    void* self) {
    auto& server = *static_cast<Http2Server*>(self);
    const std::string_view list(reinterpret_cast<const char*>(in), length);
    const std::scoped_lock lock(server.mutex_);
    server.offered_.clear();
    int code = SSL_TLSEXT_ERR_ALERT_FATAL;
    for (std::size_t at = 0; at < list.size();) {
      const auto count = static_cast<unsigned char>(list[at]);
      const auto name = list.substr(at + 1, count);
      server.offered_ += (server.offered_.empty() ? "" : " ") + std::string(name);
      if (name == "h2") {
        *out = in + at + 1;
        *size = count;
        code = SSL_TLSEXT_ERR_OK;
      }
      at += 1U + count;
    }
    return code;
  }

  void accept_loop() {
    while (!stopping_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      ++connections_;
      const std::scoped_lock lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd] { serve(fd); });
    }
  }

  static bool read(SSL* ssl, char* data, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const int count = SSL_read(ssl, data + done, static_cast<int>(size - done));
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
    }
    return true;
  }

  static void write(SSL* ssl, const Frame& frame) {
    std::string bytes;
    const auto put = [&bytes](std::uint32_t number, int width) {
      for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) bytes += static_cast<char>((number >> shift) & 0xff);
    };
    put(static_cast<std::uint32_t>(frame.payload.size()), 3);
    put(frame.type, 1);
    put(frame.flags, 1);
    put(frame.stream, 4);
    bytes += frame.payload;
    SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
  }

  void serve(int fd) {
    const std::unique_ptr<SSL, FreeConnection> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) == 1) talk(ssl.get());
    const std::scoped_lock lock(mutex_);
    std::erase(open_, fd);
    ::close(fd);
  }

  void talk(SSL* ssl) {
    std::array<char, 24> preface{};
    if (!read(ssl, preface.data(), preface.size()) || std::string_view(preface.data(), 3) != "PRI") return;
    write(ssl, {k_settings, 0, 0, ""});
    std::vector<std::uint32_t> waiting;
    std::array<char, 9> head{};
    while (read(ssl, head.data(), head.size())) {
      const auto byte = [&head](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(head[at]));
      };
      std::string payload((byte(0) << 16) | (byte(1) << 8) | byte(2), '\0');
      if (!payload.empty() && !read(ssl, payload.data(), payload.size())) return;
      const auto type = byte(3), flags = byte(4);
      const auto stream = ((byte(5) & 0x7fU) << 24) | (byte(6) << 16) | (byte(7) << 8) | byte(8);
      if (type == k_settings && (flags & k_ack) == 0) write(ssl, {k_settings, k_ack, 0, ""});
      if (type == k_ping && (flags & k_ack) == 0) write(ssl, {k_ping, k_ack, 0, payload});
      if (type == k_go_away) return;
      if (type != k_headers || (flags & k_end_stream) == 0) continue;
      waiting.push_back(stream);
      for (const Frame& frame : answer_(waiting)) write(ssl, frame);
    }
  }

  Answer answer_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  // of what follows
  std::string offered_;
  std::list<int> open_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace sitrep::test
