#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http.hpp"
#include "http/url.hpp"

namespace sitrep::http {

/// Follows the redirects of one request, within its origin only. Pure: it looks at responses and names the next URL.
class Redirects {
 public:
  /// Borrows request.
  Redirects(const Request& request, const Url& start, int max);

  /// Where the request goes next, or nullopt when `response` is the answer.
  /// TransportError{redirect}: another origin, no or a bad Location, a loop, too many. Another origin's sign-in page is
  /// Error{credentials}.
  std::optional<Url> next(const Url& current, const Response& response);

 private:
  [[noreturn]] void refuse(const std::string& why, ErrorKind kind = ErrorKind::network) const;

  const Request& request_;
  int max_;
  std::vector<std::string> visited_;
};

}  // namespace sitrep::http
