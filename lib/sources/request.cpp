#include "sources/request.hpp"

#include <algorithm>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "json/writer.hpp"
#include "sources/answer.hpp"
#include "sources/time_pattern.hpp"

namespace sitrep::sources {
namespace {

std::string read(const config::Secret& secret, std::string_view knob, const config::Source& source,
                 const SecretContext& secrets, Credentials& out) {
  std::string value = read_secret(secret, fmt::format("{} of source '{}'", knob, source.name), secrets);
  out.secrets.push_back(value);
  return value;
}

bool has_header(const http::Headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& header) { return equal_ignoring_case(header.first, name); });
}

bool is_url(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

std::string bound_text(const std::optional<UnixTime>& t, const config::Incremental& incremental,
                       const std::string& timezone) {
  return t ? format_bound(*t, incremental, timezone) : "";
}

/// The lower bound as the API takes it; empty: none.
std::string start_text(const config::Stream& stream, const Bounds& bounds) {
  return !bounds.state.empty() ? bounds.state : bound_text(bounds.from, *stream.incremental, stream.timezone);
}

void set_bounds(std::string& url, const config::Stream& stream, const Bounds& bounds) {
  const auto& incremental = *stream.incremental;
  const std::string start = start_text(stream, bounds);
  const std::string end = bound_text(bounds.to, incremental, stream.timezone);
  if (!start.empty() && !incremental.start_param.empty()) {
    std::string value = incremental.start_template.empty() ? start : incremental.start_template;
    if (!incremental.start_template.empty()) value = replace_all(replace_all(value, "{start}", start), "{end}", end);
    url = http::set_query(url, incremental.start_param, value);
  }
  if (!end.empty() && !incremental.end_param.empty()) url = http::set_query(url, incremental.end_param, end);
}

std::string first_url(const config::Source& source, const config::Stream& stream, const PageRequest& page,
                      const Bounds& bounds, const Group& group) {
  std::string url = join_url(source.base_url, fill(stream.path, group, Encode::path));
  if (!page.drop_stream_params) {
    for (const auto& [name, value] : source.params) url = http::add_query(url, name, value);
    for (const auto& [name, value] : stream.params) url = http::add_query(url, name, fill(value, group, Encode::no));
    if (!stream.parent.param.empty() && !group.values.empty() && !has_placeholder(stream, stream.parent.param))
      url = http::set_query(url, stream.parent.param, group.values.front().second);
    if (stream.incremental) set_bounds(url, stream, bounds);
  }
  // A link of the last sync (OData's deltaLink) is the first page of this one.
  if (is_url(bounds.state) && stream.incremental && stream.incremental->start_param.empty()) url = bounds.state;
  for (const auto& [name, value] : page.params) url = http::set_query(url, name, value);
  return url;
}

std::string json_body(const config::Stream& stream, const PageRequest& page, const Bounds& bounds, const Group& group) {
  std::vector<std::pair<std::string, std::string>> members;
  if (const auto& incremental = stream.incremental) {
    const bool numeric = incremental->format == "epoch" || incremental->format == "epoch_ms";
    const auto add = [&](const std::string& path, const std::string& text) {
      if (!path.empty() && !text.empty()) members.emplace_back(path, numeric ? text : json::quoted(text));
    };
    add(incremental->start_body_path, start_text(stream, bounds));
    add(incremental->end_body_path, bound_text(bounds.to, *incremental, stream.timezone));
  }
  for (const auto& [path, text] : page.body) members.emplace_back(path, json::quoted(text));
  const std::string body = fill(stream.json_body, group, Encode::json);
  return members.empty() ? body : with_members(body, members);
}

std::string form_body(const config::Stream& stream, const Group& group) {
  std::string body;
  for (const auto& [name, value] : stream.form) {
    if (!body.empty()) body += '&';
    body += http::percent_encode(name) + '=' + http::percent_encode(fill(value, group, Encode::no));
  }
  return body;
}

}  // namespace

Credentials read_credentials(const config::Source& source, const SecretContext& secrets) {
  using Type = config::Auth::Type;
  const config::Auth& auth = source.auth;
  Credentials out;
  if (auth.type == Type::none) return out;
  if (auth.type == Type::http_basic) {
    const std::string user =
        read_secret(auth.username, fmt::format("auth.username of source '{}'", source.name), secrets);
    std::string password;
    if (auth.password.from != config::Secret::From::none)
      password = read(auth.password, "auth.password", source, secrets, out);
    else
      out.secrets.push_back(user);  // an API key as the user's name, without a password
    out.headers.emplace_back("Authorization", http::basic_authorization(user, password));
    out.secrets.push_back(out.headers.back().second);
    return out;
  }
  if (auth.type == Type::aws_sigv4 || auth.type == Type::oauth2_client_credentials) {
    const std::string id = read_secret(auth.username, fmt::format("auth of source '{}'", source.name), secrets);
    const std::string secret = read(auth.password, "auth", source, secrets, out);
    if (auth.type == Type::oauth2_client_credentials) {
      out.client = http::basic_authorization(id, secret);
      out.secrets.push_back(out.client);
      return out;
    }
    out.aws_sigv4 = fmt::format("aws:amz:{}:{}", auth.region, auth.service);
    out.signing_key = id + ":" + secret;
    if (auth.token.from != config::Secret::From::none)
      out.headers.emplace_back("X-Amz-Security-Token", read(auth.token, "auth.token", source, secrets, out));
    return out;
  }
  const std::string value = auth.prefix + read(auth.token, "auth.token", source, secrets, out);
  if (auth.in == config::Auth::In::query)
    out.query.emplace_back(auth.name, value);
  else
    out.headers.emplace_back(auth.name, value);
  return out;
}

std::optional<std::chrono::seconds> authorize(const config::Source& source, Credentials& credentials,
                                              http::Client& client) {
  if (credentials.client.empty()) return std::nullopt;
  http::Request request;
  request.method = "POST";
  request.url = source.auth.token_url;
  request.headers = {{"Accept", "application/json"},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Authorization", credentials.client}};
  request.body = "grant_type=client_credentials";
  if (!source.auth.scope.empty()) request.body += "&scope=" + http::percent_encode(source.auth.scope);
  request.secrets = credentials.secrets;
  const auto response = client.send(request);
  if (response.status != 200) {
    const auto error = http::status_error(request, response, error_text(response, source),
                                          "the token of oauth2_client_credentials was refused");
    throw Error(response.status < 500 ? ErrorKind::credentials : error.kind(), error.what());
  }
  std::string token;
  std::optional<std::chrono::seconds> lifetime;
  try {
    json::Document document;
    const auto root = document.parse(response.body);
    const auto found = root.get("access_token");
    if (found && found->is_string()) token = *found->string();
    const auto expires = root.get("expires_in");
    const auto seconds = expires ? parse_real(expires->to_text()) : std::nullopt;  // some servers write it as text
    if (seconds && *seconds > 0 && *seconds < 1e9) lifetime.emplace(static_cast<std::int64_t>(*seconds));
  } catch (const json::SyntaxError&) {  // a sign-in page, say: no token either
  }
  if (token.empty()) fail(ErrorKind::credentials, "{}: the answer holds no access_token", http::describe(request));
  credentials.headers.emplace_back("Authorization", "Bearer " + token);
  credentials.secrets.push_back(token);
  return lifetime;
}

std::string describe_secret(const config::Auth& auth) {
  using From = config::Secret::From;
  using Type = config::Auth::Type;
  const bool basic =
      auth.type == Type::http_basic || auth.type == Type::aws_sigv4 || auth.type == Type::oauth2_client_credentials;
  const config::Secret& secret = basic && auth.password.from != From::none ? auth.password
                                 : basic                                   ? auth.username
                                                                           : auth.token;
  const std::string what = basic ? "the password" : "the token";
  switch (secret.from) {
    case From::env:
      return fmt::format("{} in ${}", what, secret.text);
    case From::file:
      return fmt::format("{} in {}", what, visible(secret.text));
    case From::keyring:
      return fmt::format("{} in the keyring as '{}'", what, visible(secret.text));
    case From::command:
      return fmt::format("{} from {}", what, secret.command.empty() ? "its command" : visible(secret.command[0]));
    case From::none:
    case From::literal:
      break;
  }
  return what;
}

std::string format_bound(UnixTime t, const config::Incremental& incremental, const std::string& timezone) {
  const std::string& format = incremental.format;
  if (format == "rfc3339") return format_utc(t);
  if (format == "epoch") return std::to_string(unix_seconds(t));
  if (format == "epoch_ms") return std::to_string(unix_seconds(t) * 1000);
  const Zone zone = Zone::load(timezone);
  if (format == "date") return format_date(zone.date_of(t));
  return write_time_pattern(t, format, zone);
}

std::string join_url(std::string_view base_url, std::string_view path) {
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return std::string(base_url);
  return fmt::format("{}/{}", base_url, path);
}

http::Request make_request(const config::Source& source, const config::Stream& stream, const Credentials& credentials,
                           const PageRequest& page, const Bounds& bounds, const Group& group) {
  http::Request request;
  request.method = stream.method;
  request.url = page.url.empty() ? first_url(source, stream, page, bounds, group) : page.url;
  request.headers = source.headers;
  request.accept_encoding = join(source.encodings, ", ");
  if (!has_header(request.headers, "Accept")) request.headers.emplace_back("Accept", "application/json");
  request.body = stream.form.empty() ? json_body(stream, page, bounds, group) : form_body(stream, group);
  if (!request.body.empty() && !has_header(request.headers, "Content-Type")) {
    request.headers.emplace_back("Content-Type",
                                 stream.form.empty() ? "application/json" : "application/x-www-form-urlencoded");
  }
  const auto origin = [](std::string_view url) { return http::parse_url(url, ErrorKind::config).origin(); };
  if (origin(request.url) == origin(source.base_url)) {
    request.headers.insert(request.headers.end(), credentials.headers.begin(), credentials.headers.end());
    for (const auto& [name, value] : credentials.query) request.url = http::set_query(request.url, name, value);
    request.aws_sigv4 = credentials.aws_sigv4;
    request.signing_key = credentials.signing_key;
  }
  request.secrets = credentials.secrets;
  return request;
}

}  // namespace sitrep::sources
