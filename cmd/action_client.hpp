#pragma once

#include <memory>
#include <string>

#include "cli/context.hpp"
#include "config/source.hpp"
#include "http/client.hpp"
#include "http/waiter.hpp"
#include "outbox/filing.hpp"
#include "sources/request.hpp"

namespace sitrep::cmd {

/// What sends the requests of an action: the connection's transport and client, with its credentials read and, where it
/// wants that, signed in. It tells `ctx` details and keeps its deadline; borrowed.
class ActionClient {
 public:
  /// `secret`: another text that no message may hold, such as a webhook's URL; empty: none.
  ActionClient(cli::Context& ctx, const config::Source& connection, const std::string& secret = {});

  const sources::Credentials& credentials() const { return credentials_; }
  outbox::WatchedTransport& transport() { return transport_; }
  http::Client& client() { return client_; }
  http::Waiter& waiter() { return waiter_; }

 private:
  sources::Credentials credentials_;
  std::unique_ptr<http::Transport> plain_transport_;
  outbox::WatchedTransport transport_;
  http::SystemWaiter waiter_;
  http::Client client_;
};

}  // namespace sitrep::cmd
