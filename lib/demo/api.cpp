#include "demo/api.hpp"

#include <httplib.h>

#include <thread>

#include "base/error.hpp"
#include "demo/routes.hpp"

namespace sitrep::demo {
namespace {

// A connection that waits for its next request holds a thread: enough for every source with several in flight.
constexpr std::size_t k_threads = 32;
// Also how long the destructor may wait for an idle connection.
constexpr time_t k_idle_seconds = 1;
constexpr std::size_t k_most_body_bytes = std::size_t{4} << 20;

Call to_call(const httplib::Request& request) {
  Call call;
  call.method = request.method;
  call.path = request.path;
  call.query = [&request](const std::string& name) -> std::optional<std::string> {
    if (!request.has_param(name)) return std::nullopt;
    return request.get_param_value(name);
  };
  call.authorization = request.get_header_value("Authorization");
  call.api_key = request.get_header_value("X-Api-Key");
  call.idempotency_key = request.get_header_value("Idempotency-Key");
  call.body = request.body;
  return call;
}

void put(Answer answer, httplib::Response& response) {
  response.status = answer.status;
  // With the charset httplib does not compress: on loopback that only costs.
  std::string type = "application/json; charset=utf-8";
  for (auto& [name, value] : answer.headers) {
    if (name == "Content-Type")
      type = value;
    else
      response.set_header(name, value);
  }
  response.set_content(std::move(answer.body), type);
}

}  // namespace

struct Api::Server {
  Server(const Organisation& organisation, const Clock& clock, std::string token)
      : routes(organisation, clock, std::move(token)) {}

  void listen(int wanted_port) {
    http.new_task_queue = [] { return new httplib::ThreadPool(k_threads); };
    http.set_tcp_nodelay(true);
    http.set_keep_alive_max_count(1'000'000);
    http.set_keep_alive_timeout(k_idle_seconds);
    http.set_payload_max_length(k_most_body_bytes);
    const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
      put(routes.answer(to_call(request)), response);
      ++answered;
    };
    http.Get(".*", handle).Post(".*", handle).Put(".*", handle);
    if (wanted_port != 0 && http.bind_to_port("127.0.0.1", wanted_port))
      port = wanted_port;
    else
      port = http.bind_to_any_port("127.0.0.1");
    if (port <= 0) fail(ErrorKind::network, "demo: no free port on 127.0.0.1: close some programs and try again");
    routes.set_base_url("http://127.0.0.1:" + std::to_string(port));
    thread = std::thread([this] { http.listen_after_bind(); });
    // stop() before the loop runs would be lost.
    while (!http.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

  ~Server() {
    http.stop();
    if (thread.joinable()) thread.join();
  }

  Routes routes;
  httplib::Server http;
  std::atomic<std::uint64_t> answered = 0;
  int port = 0;
  std::thread thread;
};

Api::Api(const Organisation& organisation, const Clock& clock, std::string token, int port)
    : server_(std::make_unique<Server>(organisation, clock, std::move(token))) {
  server_->listen(port);
}

Api::~Api() = default;

void Api::show(UnixTime moment) { server_->routes.show(moment); }
int Api::port() const { return server_->port; }
std::string Api::url() const { return "http://127.0.0.1:" + std::to_string(server_->port); }
const std::string& Api::token() const { return server_->routes.token(); }
std::uint64_t Api::requests() const { return server_->answered; }

}  // namespace sitrep::demo
