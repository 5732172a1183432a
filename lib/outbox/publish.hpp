#pragma once

#include <string>
#include <string_view>

#include "config/document_config.hpp"
#include "outbox/filing.hpp"

// Sending a report to a target so that the same content arrives once. Entries stand in the outbox as those of filings
// do: source "publish.NAME", subject NAME; the path there never holds the URL, which may be a secret.
namespace sitrep::outbox {

struct Publication {
  std::string body;
  std::string content_type;
};

struct PublishWorld {
  store::Store& store;  ///< open for writing
  const config::PublishTarget& target;
  std::string url;  ///< of the request, a secret or not
  const sources::Credentials& credentials;
  WatchedTransport& transport;
  http::Client& client;  ///< over that transport
  UnixTime now;
};

enum class Published {
  sent,
  unchanged,  ///< the newest content that was accepted is this one; nothing was sent
};

/// Sends a publication unless it is what was accepted last. A PUT whose answer was lost is sent again; a POST, which
/// would be told twice, only with Resend::yes.
///
/// Errors  unknown_outcome: the request may have arrived and nothing tells; network, credentials: not accepted.
Published publish(PublishWorld& world, const Publication& publication, Resend resend);

/// Whether the outbox says that this content was accepted last.
bool is_published(store::Store& store, const config::PublishTarget& target, const Publication& publication);

/// Markdown as Slack writes it (mrkdwn): bold, links and bullets; at most `most` bytes, cut at a line's end.
std::string slack_text(std::string_view markdown, std::size_t most);

}  // namespace sitrep::outbox
