#include "demo/api.hpp"

#include <atomic>

#include "demo/loopback_server.hpp"
#include "demo/routes.hpp"

namespace sitrep::demo {

struct Api::Server {
  Server(const Organisation& organisation, const Clock& clock, std::string token, int port)
      : routes(organisation, clock, std::move(token)), http(port) {
    routes.set_base_url(url());
    http.start([this](const Call& call) {
      auto answer = routes.answer(call);
      ++answered;
      return answer;
    });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(http.port()); }

  Routes routes;
  std::atomic<std::uint64_t> answered = 0;
  LoopbackServer http;  // last: it stops before what it asks goes
};

Api::Api(const Organisation& organisation, const Clock& clock, std::string token, int port)
    : server_(std::make_unique<Server>(organisation, clock, std::move(token), port)) {}

Api::~Api() = default;

void Api::show(UnixTime moment) { server_->routes.show(moment); }
int Api::port() const { return server_->http.port(); }
std::string Api::url() const { return server_->url(); }
const std::string& Api::token() const { return server_->routes.token(); }
std::uint64_t Api::requests() const { return server_->answered; }

}  // namespace sitrep::demo
