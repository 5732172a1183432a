#include "sources/answer.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/client.hpp"
#include "json/path.hpp"
#include "sources/request.hpp"

namespace sitrep::sources {
namespace {

constexpr std::size_t k_error_bytes = 64 << 10;  // an error body longer than that is not read for its message

bool is_html(std::string_view body) {
  body = trim_view(body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body);
  const std::string start = lower_ascii(body.substr(0, 200));
  for (const char* mark : {"<!doctype html", "<html", "<head", "<body", "<!--", "<script"}) {
    if (start.starts_with(mark)) return true;
  }
  return start.starts_with("<?xml") && start.find("html") != std::string::npos;
}

bool looks_like_sign_in(const http::Response& response) {
  const std::string text = lower_ascii(std::string_view(response.body).substr(0, k_error_bytes));
  const std::string url = lower_ascii(response.effective_url);
  for (const char* mark :
       {"password", "login", "log in", "sign in", "sign-in", "signin", "single sign", "saml", "oauth", "sso"}) {
    if (text.find(mark) != std::string::npos) return true;
  }
  return url.find("login") != std::string::npos || url.find("signin") != std::string::npos;
}

// Scalars bare, lists of scalars joined, maps of field → messages as they are written.
std::string said(const json::Value& value) {
  if (!value.is_array()) return value.to_text();
  std::string text;
  for (const json::Member member : value.members()) {
    if (!text.empty()) text += "; ";
    text += member.value.to_text();
  }
  return text;
}

std::string message_in(const json::Value& body, const std::vector<std::string>& own_paths) {
  static constexpr const char* k_common[] = {"error.message",
                                             "message",
                                             "errors[0].message",
                                             "errors[0].detail",
                                             "errors[0].title",
                                             "errors[0]",
                                             "errorMessages[0]",
                                             "detail",
                                             "error_description",
                                             "title",
                                             "reason",
                                             "error",
                                             "errors",
                                             "result"};
  if (body.is_string()) return body.to_text();
  const auto at = [&](std::string_view path) -> std::string {
    const auto found = json::Path::parse(path).find(body);
    return found && !found->is_null() ? said(*found) : "";
  };
  for (const std::string& path : own_paths) {
    if (auto text = at(path); !text.empty()) return text;
  }
  for (const char* path : k_common) {
    if (auto text = at(path); !text.empty()) return text;
  }
  return {};
}

}  // namespace

std::string error_text(const http::Response& response, const config::Source& source) {
  if (response.body.empty() || response.body.size() > k_error_bytes || is_html(response.body)) return {};
  try {
    json::Document document;
    return message_in(document.parse(response.body), source.error_paths);
  } catch (const json::SyntaxError&) {
    return std::string(trim_view(response.body));
  }
}

bool is_empty(const http::Response& response) { return response.status == 204 || trim_view(response.body).empty(); }

void check_answer(const http::Request& request, const http::Response& response, const config::Source& source) {
  const int status = response.status;
  if (status == 401 || status == 403) {
    const bool sent = source.auth.type != config::Auth::Type::none;
    const std::string hint =
        sent ? describe_secret(source.auth) + " was refused" : "the source has no auth; see sitrep.toml(5)";
    throw http::status_error(request, response, error_text(response, source), hint);
  }
  if (status < 200 || status > 204) throw http::status_error(request, response, error_text(response, source));
  if (is_empty(response) || !is_html(response.body)) return;
  if (looks_like_sign_in(response)) {
    fail(ErrorKind::credentials, "{}: the answer looks like a sign-in page, not JSON; check base_url and auth",
         http::describe(request));
  }
  fail(ErrorKind::network, "{}: the answer is an HTML page, not JSON; check base_url and path",
       http::describe(request));
}

void check_success(const http::Request& request, const http::Response& response, const json::Value& body,
                   const config::Source& source, const config::Stream& stream) {
  if (!stream.success) return;
  const auto& [path, expected] = *stream.success;
  const auto found = json::Path::parse(path).find(body);
  if (found && found->reads_as(expected)) return;
  const std::string text = error_text(response, source);
  fail(ErrorKind::network, "{}: '{}' is {}, not '{}' (success){}", http::describe(request), path,
       found ? truncate_display(visible(found->to_json()), 60) : "missing", expected,
       text.empty() ? "" : ": " + truncate_display(visible(http::redact(text, request.secrets)), 300));
}

}  // namespace sitrep::sources
