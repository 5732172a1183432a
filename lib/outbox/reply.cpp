#include "outbox/reply.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/url.hpp"
#include "json/path.hpp"

namespace sitrep::outbox {
namespace {

bool is_html(const http::Response& response) {
  const auto type = response.header("Content-Type");
  return type && lower_ascii(*type).starts_with("text/html");
}

std::string text_at(const json::Value& root, const std::string& path) {
  if (path.empty()) return {};
  const auto found = json::Path::parse(path).find(root);
  return found ? found->to_text() : std::string();
}

}  // namespace

std::string checked_url(const http::Response& response, std::string_view reference) {
  try {
    return http::resolve(http::parse_url(response.effective_url, ErrorKind::network), reference, ErrorKind::network)
        .text();
  } catch (const Error&) {
    return {};
  }
}

Verdict judge(const config::Action& action, const http::Response& response) {
  const auto& accepted = action.success_statuses;
  if (std::find(accepted.begin(), accepted.end(), response.status) != accepted.end()) {
    return is_html(response) ? Verdict::refused : Verdict::accepted;
  }
  return response.status >= 500 || response.status == 408 ? Verdict::unclear : Verdict::refused;
}

RemoteObject read_object(const config::Action& action, const http::Response& response) {
  RemoteObject object;
  try {
    json::Document document;
    if (!trim_view(response.body).empty()) {
      const auto root = document.parse(response.body);
      object.id = text_at(root, action.id_path);
      if (const auto url = text_at(root, action.url_path); !url.empty()) object.url = checked_url(response, url);
    }
  } catch (const json::SyntaxError&) {
    // The status says that it was accepted; where the object is may still stand in a header.
  }
  const auto location = response.header(action.location_header);
  if (!location || location->empty()) return object;
  const auto url = checked_url(response, *location);
  if (url.empty()) return object;
  if (object.url.empty()) object.url = url;
  if (object.id.empty()) {
    auto path = http::parse_url(url, ErrorKind::network).path;
    while (path.ends_with('/')) path.pop_back();
    object.id = http::percent_decode(path.substr(path.rfind('/') + 1));
  }
  return object;
}

}  // namespace sitrep::outbox
