#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/loopback.hpp"
#include "config/stream_config.hpp"

namespace sitrep::config {

Secret read_secret(Reader& parent, std::string_view key) {
  Secret secret;
  const auto* node = parent.node(key);
  if (!node) return secret;
  secret.where = location_of(*node);
  if (node->is_string())
    fail_at(secret.where,
            fmt::format("'{}' in {} must not stand in the file; write {{ env = \"NAME\" }}, {{ file = \"…\" }}, "
                        "{{ command = […] }} or {{ keyring = \"…\" }}",
                        key, parent.title()));
  auto in = parent.table(key);
  using From = Secret::From;
  const auto take = [&](std::string_view name, From from) {
    if (const auto value = in->text(name)) {
      if (secret.from != From::none) fail_at(secret.where, in->title() + " names more than one origin of the secret");
      secret.from = from;
      secret.text = *value;
    }
  };
  take("env", From::env);
  take("file", From::file);
  take("keyring", From::keyring);
  if (const auto argv = in->texts("command")) {
    if (secret.from != From::none) fail_at(secret.where, in->title() + " names more than one origin of the secret");
    secret.from = From::command;
    secret.command = *argv;
  }
  in->finish();
  if (secret.from == From::none) fail_at(secret.where, in->title() + " needs 'env', 'file', 'command' or 'keyring'");
  return secret;
}

/// http only to loopback: a token in clear text on a wire is a leak. Userinfo in a URL ends up in logs; a password may
/// hold a '/', so that an '@' behind one is refused too.
void check_url(Reader& in, const Source& source, std::string_view key) {
  if (source.base_url.empty() || source.base_url.find("${") != std::string::npos) return;
  std::string_view rest = source.base_url;
  const bool https = rest.starts_with("https://");
  if (!https && !rest.starts_with("http://"))
    in.fail(key, fmt::format("'{}' in {} must start with https:// (or http:// for loopback)", key, in.title()));
  rest.remove_prefix(https ? 8 : 7);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.substr(0, rest.find_first_of("?#")).find('@') != std::string_view::npos)
    in.fail(key, fmt::format("'{}' in {} holds a user or password; use auth instead", key, in.title()));
  const auto host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                               : authority.substr(0, authority.find(':'));
  if (!https && !is_loopback_host(lower_ascii(host)) && !source.allow_http)
    in.fail(key, fmt::format("'{}' in {} is http:// to another machine, where anybody can read the token; "
                             "use https://, or set allow_http = true",
                             key, in.title()));
}

namespace {

void require_secret(const Reader& in, const Secret& secret, std::string_view key) {
  if (secret.from == Secret::From::none)
    fail_at(in.where(), fmt::format("{} of this type needs '{}'", in.title(), key));
}

Auth read_auth(Reader in) {
  Auth auth;
  using Type = Auth::Type;
  auth.type = in.choice<Type>("type", {{"none", Type::none},
                                       {"bearer", Type::bearer},
                                       {"api_key", Type::api_key},
                                       {"http_basic", Type::http_basic},
                                       {"oauth2_client_credentials", Type::oauth2_client_credentials},
                                       {"aws_sigv4", Type::aws_sigv4}})
                  .value_or(in.has("token") ? Type::bearer : Type::none);
  if (auth.type == Type::bearer) auth.prefix = "Bearer ";
  assign(auth.name, in.text("name"));
  assign(auth.prefix, in.text("prefix"));
  assign(auth.in, in.choice<Auth::In>("location", {{"header", Auth::In::header}, {"query", Auth::In::query}}));
  auth.token = read_secret(in, "token");
  auth.username = read_secret(in, "username");
  auth.password = read_secret(in, "password");
  const auto pair = [&](std::string_view name, std::string_view secret) {
    auto first = read_secret(in, name);
    auto second = read_secret(in, secret);
    if (first.from != Secret::From::none) auth.username = std::move(first);
    if (second.from != Secret::From::none) auth.password = std::move(second);
  };
  pair("client_id", "client_secret");
  pair("access_key", "secret_key");
  assign(auth.token_url, in.text("token_url"));
  assign(auth.scope, in.text("scope"));
  assign(auth.region, in.text("region"));
  assign(auth.service, in.text("service"));
  in.finish();
  const auto need = [&](const std::string& value, std::string_view key) {
    if (value.empty()) fail_at(in.where(), fmt::format("{} of this type needs '{}'", in.title(), key));
  };
  if (auth.type == Type::oauth2_client_credentials) {
    need(auth.token_url, "token_url");
    require_secret(in, auth.username, "client_id");
    require_secret(in, auth.password, "client_secret");
  }
  if (auth.type == Type::aws_sigv4) {
    need(auth.region, "region");
    need(auth.service, "service");
    require_secret(in, auth.username, "access_key");
    require_secret(in, auth.password, "secret_key");
  }
  if (auth.type == Type::bearer || auth.type == Type::api_key) require_secret(in, auth.token, "token");
  if (auth.type == Type::http_basic) require_secret(in, auth.username, "username");
  return auth;
}

/// A template in braces or plain text; what it makes is checked when it is made.
void read_idempotency(Reader key, Action& action) {
  using Kind = Action::Idempotency;
  action.idempotency =
      key.choice<Kind>("in",
                       {{"header", Kind::header}, {"body", Kind::body}, {"lookup", Kind::lookup}, {"none", Kind::none}})
          .value_or(Kind::none);
  assign(action.idempotency_name, key.text("name"));
  if (action.idempotency_name.empty() && (action.idempotency == Kind::header || action.idempotency == Kind::body))
    fail_at(key.where(), key.title() + " needs 'name', the header or field that carries the key");
  assign(action.idempotency_key, key.text("key"));
  if (!action.idempotency_key.empty() && action.idempotency == Kind::none)
    key.fail("key", "'key' in " + key.title() + " needs 'in', where the key goes");
  key.finish();
}

Poll read_poll(Reader in, const Action& action) {
  Poll poll;
  assign(poll.path, in.text("path"));
  assign(poll.id_path, in.text("id_path"));
  poll.done_path = in.required_text("done_path");
  if (const auto* when = in.node("done_when")) poll.done_when = scalar_text(*when);
  poll.success = read_condition(in, "success");
  assign(poll.result_id_path, in.text("result_id_path"));
  assign(poll.result_url_path, in.text("result_url_path"));
  assign(poll.interval, in.duration("interval"));
  assign(poll.timeout, in.duration("timeout"));
  if (poll.interval.count() < 1) in.fail("interval", "'interval' in " + in.title() + " must be longer than 0");
  if (poll.path.empty() == !poll.id_path.empty())
    fail_at(in.where(), in.title() + " needs both 'path' and 'id_path', or none of them to go where " +
                            action.location_header + " leads");
  in.finish();
  return poll;
}

Action read_action(Reader in, std::string verb) {
  Action action;
  action.where = in.where();
  action.verb = std::move(verb);
  assign(action.method, in.choice<std::string>("method", {{"POST", "POST"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}}));
  action.path = in.required_text("path");
  if (const auto* body = in.node("json")) {
    const auto* members = body->as_table();
    if (!members) in.fail("json", fmt::format("'json' in {} must be a table", in.title()));
    for (const auto& [key, value] : in_file_order(*members)) action.json.emplace_back(key, to_json(*value));
  }
  action.headers = in.pairs("headers");
  if (const auto statuses = in.integers("success_statuses"))
    action.success_statuses.assign(statuses->begin(), statuses->end());
  assign(action.id_path, in.text("id_path"));
  assign(action.url_path, in.text("url_path"));
  assign(action.location_header, in.text("location_header"));
  assign(action.if_match, in.boolean("if_match"));
  if (action.if_match && action.method == "POST")
    in.fail("if_match", "'if_match' in " + in.title() + " goes with method PUT or PATCH: a POST makes another object");
  assign(action.min_interval, in.duration("min_interval"));
  assign(action.dry_run_param, in.text("dry_run_param"));
  if (!action.dry_run_param.empty() && action.dry_run_param.find('=', 1) == std::string::npos)
    in.fail("dry_run_param", "'dry_run_param' in " + in.title() + " is written NAME=VALUE");
  if (const auto key = in.table("idempotency")) read_idempotency(*key, action);
  if (const auto poll = in.table("poll")) action.poll = read_poll(*poll, action);
  in.finish();
  return action;
}

void read_connection(Reader& in, Source& s) {
  assign(s.allow_http, in.boolean("allow_http"));
  if (auto tls = in.table("tls")) {
    assign(s.ca_file, tls->text("ca_file"));
    assign(s.client_cert, tls->text("client_cert"));
    assign(s.client_key, tls->text("client_key"));
    tls->finish();
  }
  assign(s.proxy, in.text("proxy"));
  assign(s.unix_socket, in.text("unix_socket"));
  if (auto timeouts = in.table("timeouts")) {
    assign(s.timeouts.connect, timeouts->duration("connect"));
    assign(s.timeouts.first_byte, timeouts->duration("first_byte"));
    assign(s.timeouts.idle, timeouts->duration("idle"));
    assign(s.timeouts.total, timeouts->duration("total"));
    timeouts->finish();
  }
  if (auto decode = in.table("decode")) {
    if (const auto bytes = decode->integer("max_bytes", 1)) s.max_bytes = static_cast<std::size_t>(*bytes);
    assign(s.encodings, decode->texts("encodings"));
    for (const auto& coding : s.encodings)
      if (coding != "gzip" && coding != "deflate")
        decode->fail("encodings", fmt::format("'encodings' in {} takes gzip and deflate, not '{}'", decode->title(),
                                              visible(coding)));
    decode->finish();
  }
}

void read_rate_limit(Reader& in, RateLimit& limit) {
  limit.requests = in.integer("requests", 1);
  if (const auto per = in.duration("per")) limit.per = std::chrono::ceil<Seconds>(*per);
  if (const auto wait = in.duration("max_wait")) limit.max_wait = std::chrono::ceil<Seconds>(*wait);
  if (const auto most = in.integer("max_in_flight", 1)) limit.max_in_flight = static_cast<std::size_t>(*most);
  if (limit.max_in_flight > 64) in.fail("max_in_flight", "'max_in_flight' in " + in.title() + " is 64 at most");
  if (const auto statuses = in.integers("statuses")) limit.statuses.assign(statuses->begin(), statuses->end());
  assign(limit.remaining_header, in.text("remaining_header"));
  assign(limit.reset_header, in.text("reset_header"));
  using Reset = RateLimit::Reset;
  assign(limit.reset_format, in.choice<Reset>("reset_format", {{"seconds", Reset::seconds},
                                                               {"epoch", Reset::epoch},
                                                               {"epoch_ms", Reset::epoch_ms},
                                                               {"http_date", Reset::http_date},
                                                               {"iso8601", Reset::iso8601}}));
  assign(limit.retry_after_path, in.text("retry_after_path"));
  in.finish();
}

void read_patience(Reader& in, Source& s) {
  if (auto limit = in.table("rate_limit")) read_rate_limit(*limit, s.rate_limit);
  if (auto retry = in.table("retry")) {
    if (const auto max = retry->integer("max")) s.retries = static_cast<int>(*max);
    if (const auto statuses = retry->integers("statuses")) s.retry_statuses.assign(statuses->begin(), statuses->end());
    assign(s.backoff, retry->duration("backoff"));
    assign(s.max_backoff, retry->duration("max_backoff"));
    assign(s.jitter, retry->real("jitter"));
    if (s.jitter < 0 || s.jitter > 1) retry->fail("jitter", "'jitter' in " + retry->title() + " is a share, 0 to 1");
    retry->finish();
  }
  if (auto error = in.table("error")) {
    assign(s.error_paths, error->texts("message_paths"));
    assign(s.error_code_path, error->text("code_path"));
    error->finish();
  }
}

/// Child streams follow an earlier stream of the source, so that none waits for itself.
void check_parents(const Source& s) {
  for (std::size_t i = 0; i < s.streams.size(); ++i) {
    const Parent& parent = s.streams[i].parent;
    if (parent.stream.empty()) continue;
    std::vector<std::string_view> names;
    for (std::size_t j = 0; j < i; ++j) names.push_back(s.streams[j].name);
    if (std::ranges::find(names, parent.stream) == names.end())
      fail_at(parent.where, fmt::format("parent.stream '{}' of '{}' is not a stream that stands before it{}",
                                        visible(parent.stream), s.streams[i].name, did_you_mean(parent.stream, names)));
  }
}

Program read_program(Reader in) {
  Program program;
  program.where = in.where();
  if (const auto argv = in.texts("argv")) program.argv = *argv;
  if (program.argv.empty() || program.argv.front().empty())
    fail_at(program.where, in.title() + " needs 'argv', the program and its arguments");
  using Messages = Program::Messages;
  assign(program.messages,
         in.choice<Messages>("messages", {{"ndjson", Messages::ndjson}, {"singer", Messages::singer}}));
  assign(program.environment, in.texts("environment"));
  assign(program.timeout, in.duration("timeout"));
  if (const auto bytes = in.integer("memory_bytes", 1)) program.memory_bytes = static_cast<std::size_t>(*bytes);
  if (const auto bytes = in.integer("output_bytes", 1)) program.output_bytes = static_cast<std::size_t>(*bytes);
  in.finish();
  return program;
}

/// What a program prints stands at fixed places: see CommandTransport.
void fit_to_program(Source& source) {
  source.base_url = k_program_url;
  for (Stream& stream : source.streams) {
    // A tap's STATE is what it wants to hear the next time, unless the stream says otherwise.
    if (source.command->messages == Program::Messages::singer && !stream.incremental) {
      stream.incremental.emplace();
      stream.incremental->source = Incremental::Source::response;
      stream.incremental->state_path = stream.incremental->start_param = "state";
      stream.incremental->where = stream.where;
    }
    if (stream.path.empty()) stream.path = stream.name;
    if (stream.data_selector == "$") stream.data_selector = "records";
    if (stream.warnings_path.empty()) stream.warnings_path = "warnings";
  }
}

}  // namespace

void read_exchange(Reader& in, Source& s) {
  s.headers = in.pairs("headers");
  if (const auto auth = in.table("auth")) s.auth = read_auth(*auth);
  read_connection(in, s);
  read_patience(in, s);
}

Source read_source(Reader& in, std::string name, const std::vector<model::Entity>& own) {
  Source s;
  s.where = in.where();
  s.name = std::move(name);
  s.preset = in.text("preset").value_or("");
  in.text("description");
  in.boolean("experimental");
  assign(s.base_url, in.text("base_url"));
  s.params = in.pairs("params");
  if (const auto program = in.table("command")) s.command = read_program(*program);
  read_exchange(in, s);
  check_url(in, s, "base_url");
  for (auto& stream : in.tables("stream")) s.streams.push_back(read_stream(stream, own));
  for (auto& [verb, action] : in.named_tables("action")) s.actions.emplace(verb, read_action(action, verb));
  in.finish();
  if (s.command) fit_to_program(s);
  if (s.base_url.empty()) fail_at(s.where, in.title() + " needs 'base_url'");
  for (std::size_t i = 0; i < s.streams.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (s.streams[i].name == s.streams[j].name)
        fail_at(s.streams[i].where, fmt::format("{} has two streams named '{}'", in.title(), s.streams[i].name));
  check_parents(s);
  return s;
}

}  // namespace sitrep::config
