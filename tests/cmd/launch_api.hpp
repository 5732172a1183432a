#pragma once

#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "support/run_sitrep.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_dir.hpp"

// A launch review, an API that takes it, and a workspace that files it there.
namespace sitrep::test {

inline constexpr const char* k_file = "launches/wallets.md";

inline constexpr const char* k_review = R"(---
type: launch-review
title: Wallets
owner: mei
service: checkout-api
tier: 2
phase: beta
target_date: 2026-12-10
oncall: payments-primary
rollback_time: 2m
rollback_tested: 2026-11-02
adds: ["checkout-api: 3 %"]
status: draft
---
# Launch review: Wallets

## Summary
Pay with a stored wallet.

## Rollout
1 %, 10 %, 100 %, a day apart.

## Rollback
The flag wallets_enabled, two minutes, tried on 2026-11-02.

## Capacity
Adds 3 % to checkout-api.

## Monitoring
Error ratio below 0.1 %, pages payments on-call.

## Security and privacy
No new personal data.

## Support
Macros are ready.
)";

/// A launch API that keeps reviews; with keys, the same key never makes a second one.
struct LaunchApi {
  bool knows_keys = true;
  std::map<std::string, int> by_key;
  std::vector<std::string> reviews;  // bodies; LR-1 is the first
  std::atomic<int> posts = 0;
  /// What the client gets in place of the answer to a POST that was carried out.
  std::atomic<bool> answers = true;
  bool tells_id = true;
  Reply accident = Reply().reset();
  std::function<void()> meanwhile = [] {};  ///< what happens while the answer to a POST is on its way
  std::mutex mutex = {};

  std::vector<Reply> before;      ///< answers to the first POSTs, which are not carried out
  std::vector<std::string> keys;  ///< of all POSTs

  Reply operator()(const Received& request) {
    const std::lock_guard lock(mutex);
    if (request.method == "POST") keys.push_back(request.header("Idempotency-Key"));
    if (request.method == "POST" && !before.empty()) {
      auto reply = before.front();
      before.erase(before.begin());
      return reply;
    }
    if (request.method == "PUT") {
      reviews.at(0) = request.body;
      return Reply::json(R"({"id":"LR-1"})");
    }
    auto& number = by_key[knows_keys ? request.header("Idempotency-Key") : std::to_string(posts)];
    if (number == 0) {
      reviews.push_back(request.body);
      number = static_cast<int>(reviews.size());
    }
    ++posts;
    meanwhile();
    if (!answers) return accident;
    if (!tells_id) return Reply::status(201, "{}", {{"Content-Type", "application/json"}});
    return Reply::status(201, fmt::format(R"({{"id":"LR-{0}","url":"https://launch.example/LR-{0}"}})", number),
                         {{"Content-Type", "application/json"}});
  }
};

struct FilingWorkspace {
  TempDir folder;
  LaunchApi api;
  ScriptedServer server{[this](const Received& request) { return api(request); }};

  explicit FilingWorkspace(
      std::string_view idempotency = "idempotency = { in = \"header\", name = \"Idempotency-Key\" }", int retries = 0) {
    folder.write("sitrep.toml", fmt::format(R"([workspace]
name = "Payments"
[source.launches]
base_url = "{}"
retry = {{ max = {} }}
[source.launches.action.file]
method = "POST"
path = "reviews"
json = {{ name = "{{{{ title }}}}", body = "{{{{ body }}}}" }}
id_path = "id"
url_path = "url"
{}
[source.launches.action.update]
method = "PUT"
path = "reviews/{{{{ id }}}}"
json = {{ name = "{{{{ title }}}}", body = "{{{{ body }}}}" }}
)",
                                            server.url(), retries, idempotency));
    folder.write(k_file, k_review);
  }

  RunOptions options() const { return {.folder = folder.path(), .environment = {}, .input = {}}; }
  RunResult sitrep(const std::vector<std::string>& args) const { return run_sitrep(args, options()); }
  RunResult file() const { return sitrep({"launch", "file", k_file}); }
  std::string review() const { return read_file(folder.path() / k_file); }
};

}  // namespace sitrep::test
