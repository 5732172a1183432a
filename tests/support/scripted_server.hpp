#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace sitrep::test {

/// A request as it came over the wire.
struct Received {
  std::string method;
  std::string target;  ///< "/incidents?page=2"
  std::string head;    ///< request line and headers, raw
  std::string body;
  int connection = 0;  ///< counted from 1
  int number = 0;      ///< counted from 1, over all connections
  std::chrono::steady_clock::time_point at;

  /// The value of a header, "" when it is not there.
  std::string header(std::string_view name) const;
  /// The decoded value of a query parameter, "" when it is not there.
  std::string query(std::string_view name) const;
};

/// What a server does with one request: steps in order. Unless the steps end the connection it is kept for the next
/// one.
class Reply {
 public:
  struct Send {
    std::string bytes;
  };
  struct Repeat {
    std::string bytes;
    std::uint64_t times;
  };  ///< stops early when the client goes away
  struct Drip {
    std::string bytes;
    std::chrono::milliseconds every;
  };  ///< one byte at a time
  struct Wait {
    std::chrono::milliseconds span;
  };
  struct Close {};  ///< FIN
  struct Reset {};  ///< RST
  struct Hold {};   ///< silence until the client goes away or the server stops
  using Step = std::variant<Send, Repeat, Drip, Wait, Close, Reset, Hold>;
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// A well-formed answer with Content-Length.
  static Reply status(int code, std::string_view body = {}, const Headers& headers = {});
  static Reply json(std::string_view body, const Headers& headers = {});
  /// Exactly these bytes.
  static Reply bytes(std::string_view raw);

  Reply& send(std::string_view raw) { return add(Send{std::string(raw)}); }
  Reply& repeat(std::string_view raw, std::uint64_t times) { return add(Repeat{std::string(raw), times}); }
  Reply& drip(std::string_view raw, std::chrono::milliseconds every) { return add(Drip{std::string(raw), every}); }
  Reply& wait(std::chrono::milliseconds span) { return add(Wait{span}); }
  Reply& close() { return add(Close{}); }
  Reply& reset() { return add(Reset{}); }
  Reply& hold() { return add(Hold{}); }

  const std::vector<Step>& steps() const { return steps_; }

 private:
  Reply& add(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }
  std::vector<Step> steps_;
};

/// Whether a connection's reply waits for a request, or comes at once and ends the connection.
enum class Talk { when_asked, first };

/// A loopback HTTP server over raw sockets that answers with exact bytes, on a free port, until it is destroyed. Each
/// connection has a thread of its own.
class ScriptedServer {
 public:
  using Handler = std::function<Reply(const Received&)>;

  /// `handler` is called under a lock: it may keep state.
  explicit ScriptedServer(Handler handler);
  /// The n-th request gets the n-th reply; the last one is repeated.
  explicit ScriptedServer(std::vector<Reply> replies, Talk talk = Talk::when_asked);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// "http://127.0.0.1:PORT" + path
  std::string url(std::string_view path = "") const;
  std::vector<Received> requests() const;
  int connections() const { return connections_; }

 private:
  struct Connection {
    int fd = -1;
    std::thread thread;
  };
  void start();
  void accept_loop();
  void serve(Connection& connection, int number);
  std::optional<Received> read_request(int fd, std::string& buffer) const;
  bool perform(int fd, const Reply& reply) const;
  bool sleep_unless_stopped(std::chrono::milliseconds span) const;

  Handler handler_;
  Talk talk_ = Talk::when_asked;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  // of requests_, open_ and the handler
  std::vector<Received> requests_;
  std::list<Connection> open_;
  std::thread acceptor_;
};

/// A loopback port that nothing listens on.
std::uint16_t closed_port();

}  // namespace sitrep::test
