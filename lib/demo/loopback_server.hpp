#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "demo/routes.hpp"

namespace sitrep::demo {

/// HTTP/1.1 for clients on this machine: kept connections, bodies with a Content-Length of up to 4 MiB, a thread for
/// each of at most 64 connections. Not for a network: it neither speaks TLS nor defends itself against floods.
class LoopbackServer {
 public:
  using Handler = std::function<Answer(const Call&)>;  ///< called from several threads

  /// Binds 127.0.0.1 to `port`, or to a free one when that is taken or 0. Error{network} when no port can be had.
  explicit LoopbackServer(int port);
  ~LoopbackServer();  ///< ends all connections
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  /// Answers from now on. Once.
  void start(Handler handler);

 private:
  struct Connection {
    int socket;
    std::atomic<bool> over = false;
    std::thread thread;
    explicit Connection(int fd) : socket(fd) {}
  };
  void accept_all();
  void serve(Connection& connection);
  void forget_over();

  int listener_ = -1;
  int port_ = 0;
  Handler handler_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::list<Connection> connections_;  // of the acceptor; ended under the mutex
  std::thread acceptor_;
};

}  // namespace sitrep::demo
