#include "reach.hpp"

#include "base/text.hpp"
#include "source_world.hpp"
#include "sources/incremental.hpp"
#include "sources/request.hpp"

namespace sitrep::cmd {
namespace {

http::Request first_request(const config::Source& source, cli::Context& ctx) {
  http::Request bare;
  bare.url = source.base_url;
  if (source.streams.empty()) return bare;
  sources::Credentials credentials;
  try {
    credentials = sources::read_credentials(source, secret_context(ctx));
  } catch (const Error&) {
    return bare;  // a line of its own says what is wrong with the secret
  }
  const auto& stream = source.streams.front();
  const auto page = sources::page_request(stream.paginator, sources::first_position(stream.paginator));
  const auto plan = sources::make_plan(stream, {}, {}, ctx.now());
  return sources::make_request(source, stream, credentials, page,
                               sources::first_slice(plan).value_or(sources::Bounds{}));
}

}  // namespace

std::optional<UnixTime> token_end(const http::Response& response) {
  const auto header = response.header("github-authentication-token-expiration");
  if (!header) return std::nullopt;
  const auto written = parse_time(trim_view(*header));  // "2026-12-01 08:00:00 UTC", or with an offset
  if (!written) return std::nullopt;
  return UnixTime{written->local.time_since_epoch()} - written->offset.value_or(Seconds{0});
}

Reach reach(const config::Source& source, cli::Context& ctx) {
  Reach found;
  http::Limits limits;
  limits.connect = std::chrono::seconds(5);
  limits.first_byte = limits.idle = limits.total = std::chrono::seconds(10);
  limits.body_bytes = source.max_bytes;
  try {
    const auto response = transport_of(ctx, source)->send(first_request(source, ctx), limits);
    found.answers = true;
    found.status = response.status;
    found.refused = response.status == 401 || response.status == 403;
    if (const auto date = response.header("Date")) {
      if (const auto theirs = parse_http_date(*date)) found.server_ahead = *theirs - ctx.world().clock->now();
    }
    found.token_until = token_end(response);
  } catch (const Error& e) {
    found.error = e.what();
  }
  return found;
}

}  // namespace sitrep::cmd
