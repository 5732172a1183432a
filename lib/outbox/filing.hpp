#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/source.hpp"
#include "http/client.hpp"
#include "sources/request.hpp"
#include "store/outbox_table.hpp"

// Filing a file with an API so that it arrives once, whatever happens on the way.
//
// The request and its key are on disk before the first byte leaves. A try whose answer was lost is settled by sending
// the same request with the same key again, or, where the API knows no keys, by looking for the key among its records;
// where neither is possible the outcome is unknown and a person decides.
namespace sitrep::outbox {

/// What is to be filed.
struct Subject {
  std::string file;                           ///< relative to the workspace: names it in the outbox and in messages
  std::map<std::string, std::string> fields;  ///< for the action's templates: front matter and "body"
  std::string remote_id;                      ///< of an earlier filing, as the file says; empty: none
  std::string filed_hash;                     ///< content_hash of that filing, as the file says
  std::string etag{};                         ///< of the object after that filing, as the file says; for if_match
};

/// A transport that remembers whether a request may have left since it was asked last: what failed before a connection
/// stood has not.
class WatchedTransport final : public http::Transport {
 public:
  /// Borrowed.
  explicit WatchedTransport(http::Transport& transport) : transport_(transport) {}
  http::Response send(const http::Request& request, const http::Limits& limits) override;
  /// The answer, and starts anew.
  bool take_left() { return std::exchange(left_, false); }

 private:
  http::Transport& transport_;
  bool left_ = false;
};

/// What filing works with; everything is borrowed.
struct World {
  store::Store& store;  ///< open for writing
  const config::Source& source;
  const sources::Credentials& credentials;
  WatchedTransport& transport;
  http::Client& client;  ///< over that transport
  http::Waiter& waiter;
  UnixTime now;
};

struct Outcome {
  enum class How {
    sent,       ///< accepted now
    settled,    ///< an earlier try turned out to have arrived
    unchanged,  ///< the same content had been accepted before; nothing was sent
  };
  How how = How::sent;
  std::string verb;  ///< "file" or "update"
  std::string id, url;
  std::string body_hash;  ///< of what was accepted
  std::string etag;       ///< of the object now, where an action has if_match and the API tells it
};

enum class Resend { no, yes };

/// Files a subject with the source's action "file", or with "update" when it has been filed before and its content has
/// changed. Resend::yes sends again although the outcome of an earlier try is unknown.
///
/// Errors  unknown_outcome: the request may have arrived and nothing tells; config: the source has no such action;
///         network, credentials: nothing was accepted, the message holds the server's words.
Outcome file_subject(World& world, const Subject& subject, Resend resend = Resend::no);

/// What a filing would do.
struct Trial {
  std::string verb, method;
  std::string url;            ///< secrets masked
  std::string body;           ///< "" when nothing would be sent, the content having been accepted before
  std::optional<int> status;  ///< of the API's answer to the trial; absent: nothing was sent
};

/// Does nothing that lasts: sends the request with dry_run_param where the action has one, else only makes it. Errors
/// as file_subject; a refusal is the API's.
Trial try_subject(World& world, const Subject& subject);

/// The hash of what the action "file" would send: tells whether a file differs from what was filed.
std::string content_hash(const config::Source& source, const Subject& subject);

/// How a client for filings of a source is set up: its limits, few retries, and 409 (a try with the same key is under
/// way) retried as well.
http::ClientOptions client_options(const config::Source& source);

}  // namespace sitrep::outbox
