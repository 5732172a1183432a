#include "reach.hpp"

#include "base/text.hpp"
#include "http/url.hpp"
#include "source_world.hpp"
#include "sources/incremental.hpp"
#include "sources/request.hpp"

#include <fmt/format.h>

#include <vector>

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

/// Whether no_proxy excepts a host: "*", the host, or a domain that it lies in.
bool is_excepted(const std::string& list, std::string_view host) {
  for (const auto part : split_views(list, ',')) {
    auto name = trim_view(part);
    if (name == "*") return true;
    while (name.starts_with('.')) name.remove_prefix(1);
    if (name.empty() || !lower_ascii(host).ends_with(lower_ascii(name))) continue;
    if (host.size() == name.size() || host[host.size() - name.size() - 1] == '.') return true;
  }
  return false;
}

/// The variable whose proxy libcurl takes for a URL, in libcurl's order; "" without one.
std::string proxy_variable(const http::Url& url, const config::Environment& environment) {
  if (url.is_loopback()) return {};
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    if (const auto list = environment(name); list && is_excepted(*list, url.host)) return {};
  }
  std::vector<std::string> names = {"http_proxy"};
  if (url.scheme == "https") names = {"https_proxy", "HTTPS_PROXY"};
  names.insert(names.end(), {"all_proxy", "ALL_PROXY"});
  for (const auto& name : names) {
    if (const auto value = environment(name); value && !value->empty()) return name;
  }
  return {};
}

}  // namespace

std::string way_to(const config::Source& source, const config::Environment& environment) {
  std::vector<std::string> parts;
  const auto url = http::parse_url(source.base_url, ErrorKind::config);
  if (!source.proxy.empty()) {
    parts.push_back(fmt::format("proxy {} (sitrep.toml)", visible(http::redact(source.proxy, {}))));
  } else if (const auto variable = proxy_variable(url, environment); !variable.empty()) {
    parts.push_back(fmt::format("proxy {} ({})", visible(http::redact(*environment(variable), {})), variable));
  }
  if (!source.ca_file.empty()) {
    parts.push_back(fmt::format("authorities of {} (tls.ca_file)", visible(source.ca_file)));
  } else if (const auto variable = authorities_variable(environment); url.scheme == "https" && !variable.empty()) {
    parts.push_back(fmt::format("authorities of {} ({})", visible(*environment(variable)), variable));
  }
  if (!source.client_cert.empty()) parts.push_back(fmt::format("client certificate {}", visible(source.client_cert)));
  if (!source.unix_socket.empty()) parts.push_back(fmt::format("socket {}", visible(source.unix_socket)));
  return join(parts, ", ");
}

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
