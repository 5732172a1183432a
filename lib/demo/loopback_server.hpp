#pragma once

#include <functional>
#include <memory>

#include "demo/routes.hpp"

namespace sitrep::demo {

/// HTTP/1.1 on 127.0.0.1, by civetweb; the only user of it. Bodies of up to 4 MiB.
class LoopbackServer {
 public:
  using Handler = std::function<Answer(const Call&)>;  ///< called from several threads

  /// Listens on `port`, or on a free one when that is taken or 0, and refuses with 503 until start(). Error{network}
  /// when no port can be had.
  explicit LoopbackServer(int port);
  ~LoopbackServer();  ///< ends all connections
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const;
  /// Answers from now on. Once.
  void start(Handler handler);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sitrep::demo
