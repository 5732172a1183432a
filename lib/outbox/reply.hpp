#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/source.hpp"
#include "http/http.hpp"

namespace sitrep::outbox {

/// What an answer means for the request.
enum class Verdict {
  accepted,
  refused,  ///< not accepted, for sure
  unclear,  ///< may have been accepted: 408 and 5xx
};

/// The verdict on a status, and on a body that is no answer of an API (HTML: a sign-in page, a proxy).
Verdict judge(const config::Action& action, const http::Response& response);

struct RemoteObject {
  std::string id, url;
};

/// A link of an answer that may be printed and kept: http or https; "" for anything else.
std::string checked_url(const http::Response& response, std::string_view reference);

/// Id and URL of the object that was made: from id_path and url_path in the body, else from location_header (its last
/// segment is the id). Empty where the answer does not tell.
RemoteObject read_object(const config::Action& action, const http::Response& response);

}  // namespace sitrep::outbox
