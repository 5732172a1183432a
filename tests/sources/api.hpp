#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "http/url.hpp"
#include "sources/support.hpp"
#include "sources/sync.hpp"
#include "support/fake_clock.hpp"

namespace sitrep::test {

inline http::Response answer(std::string body, int status = 200, http::Headers headers = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

// Servers in memory: a function of the request. Keeps the URLs that were asked for.
struct Api {
  std::function<http::Response(const http::Request&)> handler;
  std::vector<std::string> asked;
  std::vector<http::Request> requests;
  bool concurrent = false;
  std::chrono::milliseconds latency{0};
  std::atomic<int> flying = 0;
  int most = 0;  ///< at once
  std::mutex mutex;

  std::string query(const http::Request& request, std::string_view name) {
    return http::query_value(request.url, name).value_or("");
  }
};

class ApiTransport final : public http::Transport {
 public:
  explicit ApiTransport(Api& api) : api_(api) {}
  bool concurrent() const override { return api_.concurrent; }
  http::Response send(const http::Request& request, const http::Limits&) override {
    const auto flying = ++api_.flying;
    std::this_thread::sleep_for(api_.latency);
    const std::scoped_lock lock(api_.mutex);
    api_.most = std::max<int>(api_.most, flying);
    --api_.flying;
    api_.asked.push_back(request.url);
    api_.requests.push_back(request);
    http::Response response = api_.handler(request);
    response.effective_url = request.url;
    return response;
  }

 private:
  Api& api_;
};

// A store in memory and the API that fills it.
struct Bench {
  explicit Bench(std::string_view toml) : config(config_of(toml)) {}

  sources::SyncReport sync(sources::SyncOptions options = {}) {
    const sources::SyncWorld world{store,
                                   clock,
                                   {[](const std::string&) { return std::nullopt; }, {}, {}},
                                   [this](const config::Source&) { return std::make_unique<ApiTransport>(api); },
                                   nullptr,
                                   nullptr};
    api.asked.clear();
    api.requests.clear();
    return sources::sync(config, options, world);
  }

  std::string value(std::string_view sql) {
    store::Statement statement(store.db(), sql);
    std::string out;
    while (statement.step()) {
      for (int i = 0; i < statement.columns(); ++i) out += (i > 0 ? "|" : "") + std::string(statement.text(i));
      out += "\n";
    }
    return out;
  }

  FakeClock clock{*parse_rfc3339("2026-11-16T16:00:00Z")};
  config::Config config;
  store::Store store = store::Store::memory({});
  Api api;
};

}  // namespace sitrep::test
