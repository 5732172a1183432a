#include "sources/answer.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/numbers.hpp"
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

/// How long a text of a server asks to wait: seconds, or a moment in one of the forms that are in use.
std::optional<std::chrono::milliseconds> wait_in(std::string_view text, config::RateLimit::Reset format,
                                                 std::optional<UnixTime> server_now, UnixTime now) {
  using Reset = config::RateLimit::Reset;
  text = trim_view(text);
  std::optional<UnixTime> until;
  if (const auto number = parse_real(text)) {
    if (*number < 0 || *number > 1e13) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(*number);
    if (format == Reset::epoch) until = unix_time(whole);
    if (format == Reset::epoch_ms) until = unix_time(whole / 1000 + 1);
    if (!until) return std::chrono::milliseconds{static_cast<std::int64_t>(std::min(*number, 1e9) * 1000)};
  } else if (const auto date = parse_http_date(replace_all(text, " UTC", " GMT"))) {
    until = date;
  } else if (const auto written = parse_time(text)) {
    until = UnixTime{written->local.time_since_epoch()} - written->offset.value_or(Seconds{0});
  }
  if (!until) return std::nullopt;
  const auto span = *until - server_now.value_or(now);
  return std::max<std::chrono::milliseconds>(span, std::chrono::milliseconds{0});
}

/// What is left of the quota, as the answer says.
std::optional<std::int64_t> quota_left(const config::RateLimit& limit, const http::Response& response) {
  if (limit.remaining_header.empty()) return std::nullopt;
  const auto left = response.header(limit.remaining_header);
  return left ? parse_integer(trim_view(*left)) : std::nullopt;
}

/// What the body, or the header of the reset, asks for.
std::optional<std::chrono::milliseconds> asked_wait(const config::RateLimit& limit, const http::Response& response,
                                                    UnixTime now) {
  const auto date = response.header("Date");
  const auto server_now = date ? parse_http_date(*date) : std::nullopt;
  if (!limit.retry_after_path.empty() && response.body.size() <= k_error_bytes) {
    try {
      json::Document document;
      const auto found = json::Path::parse(limit.retry_after_path).find(document.parse(response.body));
      if (found) {
        if (const auto wait = wait_in(found->to_text(), config::RateLimit::Reset::seconds, server_now, now))
          return wait;
      }
    } catch (const json::SyntaxError&) {  // then the headers say it, or nobody
    }
  }
  // With quota left it is another limit that was met (GitHub's secondary one), and the reset is not its end.
  if (quota_left(limit, response).value_or(0) > 0) return std::nullopt;
  const auto reset = limit.reset_header.empty() ? std::nullopt : response.header(limit.reset_header);
  return reset ? wait_in(*reset, limit.reset_format, server_now, now) : std::nullopt;
}

}  // namespace

std::string error_text(const http::Response& response, const config::Source& source) {
  if (response.body.empty() || response.body.size() > k_error_bytes || is_html(response.body)) return {};
  try {
    json::Document document;
    const auto body = document.parse(response.body);
    std::string message = message_in(body, source.error_paths);
    if (source.error_code_path.empty()) return message;
    const auto code = json::Path::parse(source.error_code_path).find(body);
    if (!code || code->is_null()) return message;
    return message.empty() ? code->to_text() : fmt::format("{}: {}", code->to_text(), message);
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

const config::ResponseAction* action_for(const config::Stream& stream, const http::Response& response) {
  for (const auto& action : stream.response_actions) {
    if (action.status && *action.status != response.status) continue;
    if (!action.content.empty() && response.body.find(action.content) == std::string::npos) continue;
    return &action;
  }
  return nullptr;
}

http::Advice advise(const config::Source& source, const config::Stream& stream, const http::Response& response,
                    UnixTime now) {
  using Verdict = http::Advice::Verdict;
  using Do = config::ResponseAction::Do;
  const config::RateLimit& limit = source.rate_limit;
  http::Advice advice;
  bool limited = std::ranges::find(limit.statuses, response.status) != limit.statuses.end();
  if (const auto* action = action_for(stream, response)) {
    limited = action->action == Do::rate_limited;
    advice.verdict = action->action == Do::retry ? Verdict::retry : Verdict::accept;
  }
  if (limited) {
    advice.verdict = Verdict::rate_limited;
    advice.wait = asked_wait(limit, response, now);
  } else if (quota_left(limit, response) == 0) {
    // The quota is used up with this answer: nobody of this source asks before there is more.
    advice.wait = asked_wait(limit, response, now);
  }
  return advice;
}

}  // namespace sitrep::sources
