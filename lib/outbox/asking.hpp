#pragma once

#include <optional>
#include <string>

#include "config/source.hpp"
#include "http/http.hpp"
#include "outbox/filing.hpp"
#include "outbox/reply.hpp"

// What a filing asks a source beside the write itself.
namespace sitrep::outbox {

/// A GET of a URL; the source's credentials go to its own origin only.
http::Request read_request(const World& world, const std::string& url);

/// The ETag of the object at a URL; "" where it has none or cannot be read.
std::string read_etag(World& world, const std::string& url);

/// The record that holds a filing's key among those that the action's path lists; nullopt: not found, or not told.
std::optional<RemoteObject> find_by_key(World& world, const config::Action& action, const std::string& key);

/// Where to ask about a request that was answered 202: by poll.path and the id in the answer, else where
/// location_header leads, within the source's origin. "" when the answer does not tell.
std::string poll_url(const World& world, const config::Action& action, const http::Response& response);

struct Polled {
  enum class State { done, failed, open } state = State::open;
  RemoteObject object;  ///< done
  std::string said;     ///< failed: in the server's words; open: why it is
  int status = 0;       ///< of the last answer; 0: none came
};

/// Asks until the request is over, or poll.timeout is. What cannot be read or is refused leaves it open.
Polled poll(World& world, const config::Action& action, const std::string& url);

}  // namespace sitrep::outbox
