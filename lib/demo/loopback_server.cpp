#include "demo/loopback_server.hpp"

#include <civetweb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <future>

#include "base/error.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"

namespace sitrep::demo {

struct LoopbackServer::State {
  Handler handler;
  std::atomic<bool> started = false;  // then the handler stays as it is
  mg_context* context = nullptr;
  int port = 0;

  static int answer(mg_connection* connection);
  void listen(int wanted);
};

namespace {

constexpr long long k_most_body_bytes = 4LL << 20;

Query query_of(const char* text) {
  return [query = std::string(text == nullptr ? "" : text)](const std::string& name) -> std::optional<std::string> {
    for (const auto part : split_views(query, '&')) {
      const auto equals = std::min(part.find('='), part.size());
      if (percent_decode(part.substr(0, equals), Plus::blank) == name)
        return percent_decode(part.substr(std::min(equals + 1, part.size())), Plus::blank);
    }
    return std::nullopt;
  };
}

std::string header(const mg_connection* connection, const char* name) {
  const char* value = mg_get_header(connection, name);
  return value == nullptr ? "" : value;
}

/// The whole body; nullopt when it is longer than allowed, or cut.
std::optional<std::string> body_of(mg_connection* connection, long long announced) {
  if (announced > k_most_body_bytes) return std::nullopt;
  std::string body;
  char block[16384];
  for (int n = 0; (n = mg_read(connection, block, sizeof block)) > 0;) {
    body.append(block, static_cast<std::size_t>(n));
    if (body.size() > static_cast<std::size_t>(k_most_body_bytes)) return std::nullopt;
  }
  if (announced >= 0 && body.size() != static_cast<std::size_t>(announced)) return std::nullopt;
  return body;
}

int send(mg_connection* connection, const Answer& answer, bool with_body) {
  mg_response_header_start(connection, answer.status);
  bool typed = false;
  for (const auto& [name, value] : answer.headers) {
    typed = typed || name == "Content-Type";
    mg_response_header_add(connection, name.c_str(), value.c_str(), static_cast<int>(value.size()));
  }
  if (!typed) mg_response_header_add(connection, "Content-Type", "application/json; charset=utf-8", -1);
  mg_response_header_add(connection, "Content-Length", std::to_string(answer.body.size()).c_str(), -1);
  mg_response_header_send(connection);
  if (with_body) mg_write(connection, answer.body.data(), answer.body.size());
  return answer.status;
}

Call call_of(const mg_connection* connection, std::string body) {
  const auto* info = mg_get_request_info(connection);
  Call call;
  call.method = info->request_method;
  call.path = info->local_uri;
  call.query = query_of(info->query_string);
  call.authorization = header(connection, "Authorization");
  call.api_key = header(connection, "X-Api-Key");
  call.idempotency_key = header(connection, "Idempotency-Key");
  call.body = std::move(body);
  return call;
}

/// civetweb looks every two seconds whether it is to stop, or when somebody connects.
void knock(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  (void)::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(fd);
}

}  // namespace

/// What civetweb calls for each request; its result is the status.
int LoopbackServer::State::answer(mg_connection* connection) {
  const auto* info = mg_get_request_info(connection);
  const auto& state = *static_cast<const State*>(info->user_data);
  const bool with_body = std::string_view(info->request_method) != "HEAD";
  try {
    if (!state.started) return send(connection, {503, {}, {}}, with_body);
    if (lower_ascii(header(connection, "Expect")) == "100-continue")
      mg_printf(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    auto body = body_of(connection, info->content_length);
    if (!body) return send(connection, {413, {}, {}}, with_body);
    return send(connection, state.handler(call_of(connection, std::move(*body))), with_body);
  } catch (const std::exception&) {
    return send(connection, {500, {}, {}}, with_body);
  }
}

void LoopbackServer::State::listen(int wanted) {
  const auto address = fmt::format("127.0.0.1:{}", wanted);
  // A connection that waits for its next request holds a thread: enough for every source with several in flight.
  const char* options[] = {"listening_ports",
                           address.c_str(),
                           "num_threads",
                           "32",
                           "tcp_nodelay",
                           "1",
                           "enable_keep_alive",
                           "yes",
                           "request_timeout_ms",
                           "5000",
                           "keep_alive_timeout_ms",
                           "500",
                           nullptr};
  mg_callbacks callbacks{};
  callbacks.begin_request = answer;
  callbacks.log_message = [](const mg_connection*, const char*) { return 1; };
  context = mg_start(&callbacks, this, options);
}

LoopbackServer::LoopbackServer(int port) : state_(std::make_unique<State>()) {
  static const unsigned started = mg_init_library(0);
  static_cast<void>(started);
  if (port != 0) state_->listen(port);
  if (state_->context == nullptr) state_->listen(0);
  if (state_->context == nullptr)
    fail(ErrorKind::network, "demo: no free port on 127.0.0.1: close some programs and try again");
  mg_server_port bound{};
  mg_get_server_ports(state_->context, 1, &bound);
  state_->port = bound.port;
}

LoopbackServer::~LoopbackServer() {
  const auto stopped = std::async(std::launch::async, [this] { mg_stop(state_->context); });
  while (stopped.wait_for(std::chrono::milliseconds{10}) != std::future_status::ready) knock(state_->port);
}

int LoopbackServer::port() const { return state_->port; }

void LoopbackServer::start(Handler handler) {
  state_->handler = std::move(handler);
  state_->started = true;
}

}  // namespace sitrep::demo
