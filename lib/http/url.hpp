#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sitrep::http {

/// An http or https URL without userinfo and fragment: all that sitrep ever asks for.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; an IPv6 address in brackets
  std::uint16_t port = 0;
  std::string path = "/";            ///< as written, percent-encoding kept; starts with '/'
  std::optional<std::string> query;  ///< without '?'; absent and empty differ

  /// "https://host", with the port when it is not the scheme's own.
  std::string origin() const;
  std::string text() const;
  /// 127.0.0.0/8, [::1] or localhost.
  bool is_loopback() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads an absolute URL. Bytes that may not stand in one (blanks, non-ASCII) are percent-encoded in path and query.
/// Error{kind} for another scheme, userinfo, control bytes, backslashes, odd hosts or ports.
Url parse_url(std::string_view text, ErrorKind kind);

/// A reference (Location, Link, a "next" field) against the URL it was found under: RFC 3986, 5.2 (strict).
/// Error{kind} as parse_url; `javascript:`, `file:` and the like are refused there.
Url resolve(const Url& base, std::string_view reference, ErrorKind kind);

/// Everything but unreserved characters (RFC 3986, 2.3) encoded.
std::string percent_encode(std::string_view text);
/// %XX decoded, and '+' as a blank (forms); a stray '%' stays.
std::string percent_decode(std::string_view text);

/// `url` with one more query parameter; name and value are encoded here. A fragment is dropped.
std::string add_query(std::string_view url, std::string_view name, std::string_view value);
/// As add_query, in place of every parameter of that name.
std::string set_query(std::string_view url, std::string_view name, std::string_view value);
/// The decoded value of the first parameter of that name.
std::optional<std::string> query_value(std::string_view url, std::string_view name);

}  // namespace sitrep::http
