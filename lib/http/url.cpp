#include "http/url.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/loopback.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "http/http.hpp"

namespace sitrep::http {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A refused URL for its message. Where its parts begin and end is what is in doubt, so nothing in front of its last
/// '@' is shown: a password may hold any character.
std::string shown(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return visible(redact(text.substr(0, 300), {}));
  return "***@" + visible(redact(text.substr(at + 1, 300), {}));
}

[[noreturn]] void refuse(ErrorKind kind, std::string_view text, std::string_view why) {
  fail(kind, "'{}' is not a usable URL: {}", shown(text), why);
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

/// The scheme in front of ':', empty when the text has none (a relative reference).
std::string_view scheme_of(std::string_view text) {
  const auto end = text.find_first_of(":/?#");
  if (end == std::string_view::npos || text[end] != ':' || end == 0 || !is_alpha(text[0])) return {};
  const auto scheme = text.substr(0, end);
  const auto allowed = [](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  return std::all_of(scheme.begin(), scheme.end(), allowed) ? scheme : std::string_view{};
}

/// Control bytes and backslashes are read differently by different parsers: never guess which host was meant.
void check_bytes(std::string_view text, ErrorKind kind) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) refuse(kind, text, "it holds control characters");
    if (c == '\\') refuse(kind, text, "it holds a backslash");
  }
}

/// Blanks, quotes and non-ASCII bytes encoded; what is already encoded stays.
std::string encode_stray(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || std::string_view("\"<>^`{|}").find(c) != std::string_view::npos) {
      out += sitrep::percent_encode({&c, 1});
    } else {
      out += c;
    }
  }
  return out;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  if (host.front() == '[') {
    if (host.size() < 4 || host.back() != ']') return false;
    return host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
  }
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
}

void set_authority(Url& url, std::string_view authority, std::string_view whole, ErrorKind kind) {
  if (authority.find('@') != std::string_view::npos) {
    refuse(kind, whole, "it carries a user name or password; put them under auth");
  }
  auto host = authority;
  std::string_view port;
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }
  url.host = lower_ascii(host);
  if (!is_host(url.host)) refuse(kind, whole, "its host name is missing or odd (an international name goes as xn--…)");
  url.port = default_port(url.scheme);
  if (port.empty()) return;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (error != std::errc{} || end != port.data() + port.size() || url.port == 0) {
    refuse(kind, whole, "its port is not a number from 1 to 65535");
  }
}

/// Splits "path?query" (fragment already gone) into url.
void set_path(Url& url, std::string_view rest) {
  const auto question = rest.find('?');
  url.path = encode_stray(rest.substr(0, question));
  if (url.path.empty()) url.path = "/";
  url.query.reset();
  if (question != std::string_view::npos) url.query = encode_stray(rest.substr(question + 1));
}

std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

/// RFC 3986, 5.2.4, on segments. The path starts with '/'.
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto segments = split_views(path.substr(1), '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto segment = segments[i];
    const bool last = i + 1 == segments.size();
    if (segment == "." || segment == "..") {
      if (segment == ".." && !kept.empty()) kept.pop_back();
      if (last) kept.emplace_back();  // "/a/.." names the folder: the slash at its end stays
    } else {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const auto segment : kept) {
    out += '/';
    out += segment;
  }
  return out.empty() ? "/" : out;
}

}  // namespace

std::string Url::origin() const {
  auto out = scheme + "://" + host;
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::text() const { return origin() + path + (query ? "?" + *query : std::string{}); }

bool Url::is_loopback() const { return is_loopback_host(host); }

Url parse_url(std::string_view text, ErrorKind kind) {
  check_bytes(text, kind);
  Url url;
  url.scheme = lower_ascii(scheme_of(text));
  if (url.scheme != "http" && url.scheme != "https") {
    refuse(kind, text, url.scheme.empty() ? "it does not start with https://" : "only https and http are spoken");
  }
  auto rest = without_fragment(text).substr(url.scheme.size() + 1);
  if (!rest.starts_with("//")) refuse(kind, text, "'//' and a host must follow the scheme");
  rest.remove_prefix(2);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  set_authority(url, authority, text, kind);
  set_path(url, rest.substr(authority.size()));
  if (url.path.front() != '/') url.path.insert(0, "/");
  return url;
}

Url resolve(const Url& base, std::string_view reference, ErrorKind kind) {
  reference = trim_view(reference);
  check_bytes(reference, kind);
  if (!scheme_of(reference).empty()) {
    auto url = parse_url(reference, kind);
    url.path = remove_dot_segments(url.path);
    return url;
  }
  if (reference.starts_with("//")) return resolve(base, base.scheme + ":" + std::string(reference), kind);
  reference = without_fragment(reference);
  Url url = base;
  if (reference.empty()) return url;
  if (reference.front() == '?') {
    url.query = encode_stray(reference.substr(1));
    return url;
  }
  if (reference.front() == '/') {
    set_path(url, reference);
  } else {
    const auto folder = base.path.substr(0, base.path.rfind('/') + 1);
    set_path(url, folder + std::string(reference));
  }
  url.path = remove_dot_segments(url.path);
  return url;
}

std::string percent_encode(std::string_view text) { return sitrep::percent_encode(text); }

std::string percent_decode(std::string_view text) { return sitrep::percent_decode(text, Plus::blank); }

std::string add_query(std::string_view url, std::string_view name, std::string_view value) {
  std::string out(without_fragment(url));
  const auto question = out.find('?');
  if (question == std::string::npos) {
    out += '?';
  } else if (question + 1 != out.size() && out.back() != '&') {
    out += '&';
  }
  return out + percent_encode(name) + "=" + percent_encode(value);
}

std::string set_query(std::string_view url, std::string_view name, std::string_view value) {
  const auto whole = without_fragment(url);
  const auto question = whole.find('?');
  if (question == std::string_view::npos) return add_query(whole, name, value);
  std::string kept(whole.substr(0, question));
  char separator = '?';
  for (const auto part : split_views(whole.substr(question + 1), '&')) {
    if (part.empty() || percent_decode(part.substr(0, part.find('='))) == name) continue;
    kept += separator;
    kept += part;
    separator = '&';
  }
  return add_query(kept, name, value);
}

std::optional<std::string> query_value(std::string_view url, std::string_view name) {
  const auto whole = without_fragment(url);
  const auto question = whole.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  for (const auto part : split_views(whole.substr(question + 1), '&')) {
    const auto equals = part.find('=');
    if (percent_decode(part.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? std::string{} : percent_decode(part.substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace sitrep::http
