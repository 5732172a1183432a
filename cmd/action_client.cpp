#include "action_client.hpp"

#include "source_world.hpp"

namespace sitrep::cmd {
namespace {

http::ClientOptions options_of(cli::Context& ctx, const config::Source& connection) {
  auto options = outbox::client_options(connection);
  options.deadline = ctx.deadline();
  options.log = [&ctx](std::string_view line) { ctx.detail(line); };
  return options;
}

}  // namespace

ActionClient::ActionClient(cli::Context& ctx, const config::Source& connection, const std::string& secret)
    : credentials_(sources::read_credentials(connection, secret_context(ctx))),
      plain_transport_(transport_of(ctx, connection)),
      transport_(*plain_transport_),
      client_(transport_, *ctx.world().clock, waiter_, options_of(ctx, connection)) {
  if (!secret.empty()) credentials_.secrets.push_back(secret);
  // Signing in is no action: that its request left says nothing of the action's.
  http::Client login(*plain_transport_, *ctx.world().clock, waiter_, options_of(ctx, connection));
  sources::authorize(connection, credentials_, login);
}

}  // namespace sitrep::cmd
