#pragma once

#include <string>
#include <string_view>

#include "config/source.hpp"
#include "http/client.hpp"
#include "http/http.hpp"
#include "json/value.hpp"

// What an answer of a server is, before its records are looked at.
namespace sitrep::sources {

/// What an error body says, by the source's error.message_paths, then by the shapes that are common; plain text as it
/// is; "" for HTML and for nothing. As the server wrote it: escape before printing.
std::string error_text(const http::Response& response, const config::Source& source);

/// Error for an answer that holds no page: a status other than 200 to 203 and end_statuses, a 206 or 304 that nobody
/// asked for, HTML in place of JSON (Error{credentials} when it looks like a sign-in page). The message names the
/// request. An empty body passes: see is_empty().
void check_answer(const http::Request& request, const http::Response& response, const config::Source& source);

/// 204, or nothing in the body.
bool is_empty(const http::Response& response);

/// Error{network} when the stream's `success` says that a 200 is an error all the same.
void check_success(const http::Request& request, const http::Response& response, const json::Value& body,
                   const config::Source& source, const config::Stream& stream);

/// The stream's first response action that fits; null: none.
const config::ResponseAction* action_for(const config::Stream& stream, const http::Response& response);

/// What the client is to make of an answer, by response_actions and rate_limit. `now`: for reset times.
http::Advice advise(const config::Source& source, const config::Stream& stream, const http::Response& response,
                    UnixTime now);

}  // namespace sitrep::sources
