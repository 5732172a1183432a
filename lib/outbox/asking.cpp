#include "outbox/asking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/url.hpp"
#include "json/path.hpp"
#include "sources/answer.hpp"

namespace sitrep::outbox {
namespace {

constexpr std::chrono::milliseconds k_longest_interval{10'000};

std::string origin_of(const std::string& url) { return http::parse_url(url, ErrorKind::network).origin(); }

std::optional<json::Value> at(const json::Value& root, const std::string& path) {
  return path.empty() ? std::nullopt : json::Path::parse(path).find(root);
}

std::string text_at(const json::Value& root, const std::string& path) {
  const auto found = at(root, path);
  return found ? found->to_text() : std::string();
}

bool is_over(const config::Poll& poll, const json::Value& root) {
  const auto found = at(root, poll.done_path);
  if (!found || found->is_null()) return false;
  if (poll.done_when) return found->reads_as(*poll.done_when);
  return found->boolean() != false && !found->reads_as("");
}

/// What one answer says; nullopt: it is not over.
std::optional<Polled> judge_answer(const World& world, const config::Poll& poll, const http::Response& response) {
  json::Document document;
  const auto root = document.parse(response.body);
  if (!is_over(poll, root)) return std::nullopt;
  Polled polled;
  polled.status = response.status;
  if (poll.success && text_at(root, poll.success->first) != poll.success->second) {
    polled.state = Polled::State::failed;
    polled.said = sources::error_text(response, world.source);
    return polled;
  }
  polled.state = Polled::State::done;
  polled.object.id = text_at(root, poll.result_id_path);
  if (const auto url = text_at(root, poll.result_url_path); !url.empty())
    polled.object.url = checked_url(response, url);
  return polled;
}

}  // namespace

http::Request read_request(const World& world, const std::string& url) {
  http::Request request;
  request.url = url;
  request.headers = world.source.headers;
  request.headers.emplace_back("Accept", "application/json");
  request.secrets = world.credentials.secrets;
  if (origin_of(url) != origin_of(world.source.base_url)) return request;
  for (const auto& [name, value] : world.credentials.query) request.url = http::set_query(request.url, name, value);
  request.headers.insert(request.headers.end(), world.credentials.headers.begin(), world.credentials.headers.end());
  request.aws_sigv4 = world.credentials.aws_sigv4;
  request.signing_key = world.credentials.signing_key;
  return request;
}

std::string read_etag(World& world, const std::string& url) {
  try {
    const auto response = world.client.send(read_request(world, url));
    if (response.status != 200) return {};
    return std::string(response.header("ETag").value_or(""));
  } catch (const http::TransportError&) {
    return {};
  }
}

std::optional<RemoteObject> find_by_key(World& world, const config::Action& action, const std::string& key) {
  if (action.idempotency_name.empty()) return std::nullopt;
  const auto& streams = world.source.streams;
  const auto stream = std::ranges::find(streams, action.path, &config::Stream::path);
  const auto selector = json::Path::parse(stream == streams.end() ? "$" : stream->data_selector);
  try {
    const auto response = world.client.send(read_request(world, sources::join_url(world.source.base_url, action.path)));
    if (response.status != 200) return std::nullopt;
    json::Document document;
    const auto records = selector.find(document.parse(response.body));
    if (!records || !records->is_array()) return std::nullopt;
    for (const json::Member member : records->members()) {
      const auto found = member.value.get(action.idempotency_name);
      if (found && found->to_text() == key)
        return RemoteObject{text_at(member.value, action.id_path), text_at(member.value, action.url_path)};
    }
  } catch (const json::SyntaxError&) {  // no answer that could tell
  } catch (const http::TransportError&) {
  }
  return std::nullopt;
}

std::string poll_url(const World& world, const config::Action& action, const http::Response& response) {
  std::string url;
  if (action.poll->path.empty()) {
    if (const auto location = response.header(action.location_header)) url = checked_url(response, *location);
  } else {
    try {
      json::Document document;
      const auto id = text_at(document.parse(response.body), action.poll->id_path);
      const auto encoded = http::percent_encode(id);
      auto path = replace_all(action.poll->path, "{{ id }}", encoded);
      path = replace_all(path, "{{id}}", encoded);
      if (!id.empty()) url = sources::join_url(world.source.base_url, path);
    } catch (const json::SyntaxError&) {
      return {};
    }
  }
  return !url.empty() && origin_of(url) == origin_of(world.source.base_url) ? url : std::string();
}

Polled poll(World& world, const config::Action& action, const std::string& url) {
  const auto& knobs = *action.poll;
  const auto end = world.waiter.now() + knobs.timeout;
  Polled open;
  for (auto interval = knobs.interval;; interval = std::min(2 * interval, k_longest_interval)) {
    const auto request = read_request(world, url);
    try {
      const auto response = world.client.send(request);
      open.status = response.status;
      if (response.status == 200) {
        if (const auto polled = judge_answer(world, knobs, response)) return *polled;
        open.said = fmt::format("it is not over yet ({})", knobs.done_path);
      } else if (response.status == 202 || response.status == 204 || response.status == 404) {
        open.said = "the server does not know it yet";
      } else {
        open.said = http::status_error(request, response, sources::error_text(response, world.source)).what();
        return open;
      }
    } catch (const http::TransportError& error) {
      open.said = error.what();
      return open;
    } catch (const json::SyntaxError& error) {
      open.said = fmt::format("{}: the answer is not usable JSON: {}", http::describe(request), error.what());
      return open;
    }
    if (world.waiter.now() + interval >= end) return open;
    world.waiter.wait(interval);
  }
}

}  // namespace sitrep::outbox
