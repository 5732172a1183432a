#include "http/http.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

#include "base/text.hpp"
#include "http/mask.hpp"
#include "http/url.hpp"

namespace sitrep::http {
namespace {

constexpr std::string_view k_mask = "***";

/// Query parameters whose value is a credential whatever the source says. Page tokens have other names and stay
/// readable: they are what a person needs to see in a message about paging.
constexpr std::array k_credential_names = {std::string_view("access_token"),
                                           std::string_view("api_key"),
                                           std::string_view("api-key"),
                                           std::string_view("apikey"),
                                           std::string_view("auth"),
                                           std::string_view("client_secret"),
                                           std::string_view("key"),
                                           std::string_view("password"),
                                           std::string_view("secret"),
                                           std::string_view("sig"),
                                           std::string_view("signature"),
                                           std::string_view("token"),
                                           std::string_view("x-amz-signature")};

bool ends_url(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

/// "host", "host:8080", "[::1]": what stands in front of the first '/' of a URL without userinfo.
bool is_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  const auto colon = text.find(':');
  return colon == std::string_view::npos || text.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

/// "://user:pass@host" → "://host", wherever a URL stands in the text. A password that holds '/', '?' or '#' makes a
/// URL that no host can be read from: then everything up to its last '@' goes.
std::string without_userinfo(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto mark = text.find("://", at);
    if (mark == std::string_view::npos) break;
    const auto start = mark + 3;
    auto end = start;
    std::size_t last_at = std::string_view::npos;
    for (; end < text.size() && !ends_url(text[end]) && text[end] != '/' && text[end] != '?' && text[end] != '#';
         ++end) {
      if (text[end] == '@') last_at = end;
    }
    if (last_at == std::string_view::npos && !is_authority(text.substr(start, end - start))) {
      for (; end < text.size() && !ends_url(text[end]); ++end) {
        if (text[end] == '@') last_at = end;
      }
    }
    out += text.substr(at, start - at);
    at = last_at == std::string_view::npos ? start : last_at + 1;
  }
  return out + std::string(text.substr(std::min(at, text.size())));
}

std::string without_credential_parameters(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto start = text.find_first_of("?&", at);
    if (start == std::string_view::npos) break;
    out += text.substr(at, start + 1 - at);
    at = start + 1;
    auto end = at;
    while (end < text.size() && !ends_url(text[end]) && text[end] != '&' && text[end] != '#') ++end;
    const auto part = text.substr(at, end - at);
    const auto equals = part.find('=');
    const auto name = lower_ascii(percent_decode(part.substr(0, equals)));
    if (equals != std::string_view::npos && std::ranges::find(k_credential_names, name) != k_credential_names.end()) {
      out += part.substr(0, equals + 1);
      out += k_mask;
      at = end;
    }
  }
  return out + std::string(text.substr(std::min(at, text.size())));
}

/// How a secret may stand in a URL or a body: as it is, percent-encoded with capital or small digits, and inside of a
/// JSON string, where '/' may be escaped or not.
void add_spellings(std::vector<std::string>& spellings, const std::string& secret) {
  const auto encoded = percent_encode(secret);
  auto small = encoded;
  for (std::size_t i = 0; i + 2 < small.size(); ++i) {
    if (small[i] == '%') small.replace(i, 3, lower_ascii(small.substr(i, 3)));
  }
  const auto quoted = replace_all(replace_all(secret, "\\", "\\\\"), "\"", "\\\"");
  for (const auto& spelling : {secret, encoded, small, quoted, replace_all(quoted, "/", "\\/")}) {
    spellings.push_back(spelling);
  }
}

/// The longest part of a secret that all of its spellings have; the whole of it when there is none.
std::string_view plain_part(std::string_view secret) {
  constexpr std::string_view k_plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string_view longest;
  for (std::size_t at = 0; at < secret.size();) {
    const auto from = secret.find_first_of(k_plain, at);
    if (from == std::string_view::npos) break;
    const auto to = std::min(secret.find_first_not_of(k_plain, from), secret.size());
    if (to - from > longest.size()) longest = secret.substr(from, to - from);
    at = to;
  }
  return longest.empty() ? secret : longest;
}

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

std::string mask(std::string_view text, const std::vector<std::string>& secrets) {
  std::vector<std::string> spellings;
  for (const auto& secret : secrets) {
    if (!secret.empty()) add_spellings(spellings, secret);
  }
  // The longest first: a secret that holds another one must not leave its rest behind.
  std::ranges::sort(spellings, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  const auto repeated = std::ranges::unique(spellings);
  spellings.erase(repeated.begin(), repeated.end());
  std::string out(text);
  for (const auto& spelling : spellings) out = replace_all(out, spelling, k_mask);
  return out;
}

bool may_hold(std::string_view text, const std::vector<std::string>& secrets) {
  return std::ranges::any_of(secrets, [text](const std::string& secret) {
    const auto core = plain_part(secret);
    return !core.empty() && ::memmem(text.data(), text.size(), core.data(), core.size()) != nullptr;
  });
}

std::string redact(std::string_view text, const std::vector<std::string>& secrets) {
  return without_credential_parameters(without_userinfo(mask(text, secrets)));
}

std::string describe(const Request& request) {
  return request.method + " " + visible(redact(request.url, request.secrets));
}

std::string status_text(int status) {
  const auto phrase = [status]() -> std::string_view {
    switch (status) {
      case 200:
        return "OK";
      case 201:
        return "Created";
      case 202:
        return "Accepted";
      case 204:
        return "No Content";
      case 206:
        return "Partial Content";
      case 301:
        return "Moved Permanently";
      case 302:
        return "Found";
      case 303:
        return "See Other";
      case 304:
        return "Not Modified";
      case 307:
        return "Temporary Redirect";
      case 308:
        return "Permanent Redirect";
      case 400:
        return "Bad Request";
      case 401:
        return "Unauthorized";
      case 402:
        return "Payment Required";
      case 403:
        return "Forbidden";
      case 404:
        return "Not Found";
      case 405:
        return "Method Not Allowed";
      case 406:
        return "Not Acceptable";
      case 407:
        return "Proxy Authentication Required";
      case 408:
        return "Request Timeout";
      case 409:
        return "Conflict";
      case 410:
        return "Gone";
      case 412:
        return "Precondition Failed";
      case 413:
        return "Content Too Large";
      case 414:
        return "URI Too Long";
      case 415:
        return "Unsupported Media Type";
      case 422:
        return "Unprocessable Content";
      case 425:
        return "Too Early";
      case 429:
        return "Too Many Requests";
      case 431:
        return "Request Header Fields Too Large";
      case 500:
        return "Internal Server Error";
      case 501:
        return "Not Implemented";
      case 502:
        return "Bad Gateway";
      case 503:
        return "Service Unavailable";
      case 504:
        return "Gateway Timeout";
      default:
        return {};
    }
  }();
  return phrase.empty() ? std::to_string(status) : fmt::format("{} {}", status, phrase);
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto plain = std::string(user) + ":" + std::string(password);
  std::string out = "Basic ";
  for (std::size_t i = 0; i < plain.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return k < plain.size() ? static_cast<unsigned>(static_cast<unsigned char>(plain[k])) : 0U;
    };
    const unsigned group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    out += digits[group >> 18 & 63];
    out += digits[group >> 12 & 63];
    out += i + 1 < plain.size() ? digits[group >> 6 & 63] : '=';
    out += i + 2 < plain.size() ? digits[group & 63] : '=';
  }
  return out;
}

}  // namespace sitrep::http
