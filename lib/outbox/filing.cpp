#include "outbox/filing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "json/path.hpp"
#include "outbox/reply.hpp"
#include "outbox/request_body.hpp"
#include "sources/answer.hpp"

namespace sitrep::outbox {
namespace {

using Idempotency = config::Action::Idempotency;
using Entry = store::OutboxEntry;
using State = Entry::State;

const config::Action* find_action(const config::Source& source, const std::string& verb) {
  const auto found = source.actions.find(verb);
  return found == source.actions.end() ? nullptr : &found->second;
}

const config::Action& require_action(const config::Source& source, const std::string& verb, std::string_view why) {
  if (const auto* action = find_action(source, verb)) return *action;
  fail(ErrorKind::config, "{}: source '{}' has no action '{}', {}; add [source.{}.action.{}]", source.where.text(),
       source.name, verb, why, source.name, verb);
}

/// Whether the same request may arrive twice without doing harm.
bool repeatable(const config::Action& action) {
  return action.idempotency == Idempotency::header || action.idempotency == Idempotency::body ||
         action.method == "PUT" || action.method == "DELETE";
}

/// One subject on its way to one source.
class Filing {
 public:
  Filing(World& world, const Subject& subject, Resend resend)
      : world_(world), subject_(subject), resend_(resend), table_(world.store) {}

  Outcome run() {
    const auto& file_action = require_action(world_.source, "file", "so nothing can be filed there");
    const auto hash = content_hash(world_.source, subject_);
    bool settled_now = false;
    for (auto& entry : table_.of_subject(world_.source.name, subject_.file)) {
      if (entry.state == State::pending) settled_now = settle(entry, hash) || settled_now;
    }
    const auto history = table_.of_subject(world_.source.name, subject_.file);
    const auto done =
        std::find_if(history.begin(), history.end(), [](const Entry& e) { return e.state == State::done; });
    Subject known = subject_;
    std::string url;
    if (done != history.end()) {
      if (!done->remote_id.empty()) known.remote_id = done->remote_id;  // else what a person wrote into the file
      known.filed_hash = done->body_hash;
      url = done->remote_url;
    }
    if (known.filed_hash == hash) {
      const auto how = settled_now ? Outcome::How::settled : Outcome::How::unchanged;
      return {how, done == history.end() ? "file" : done->verb, known.remote_id, url, hash};
    }
    if (known.remote_id.empty() && done == history.end()) return send_new(file_action, known, hash, history);
    const auto& update =
        require_action(world_.source, "update",
                       fmt::format("so {}, which is filed already, can't be changed from here", known.remote_id));
    if (known.remote_id.empty()) {
      fail(ErrorKind::data, "{}: it was filed, but the answer told no id: write it into the front matter as 'id'",
           visible(subject_.file));
    }
    auto outcome = send_new(update, known, hash, history);
    if (outcome.url.empty()) outcome.url = url;  // an update need not tell it again
    return outcome;
  }

 private:
  Outcome send_new(const config::Action& action, const Subject& subject, const std::string& hash,
                   const std::vector<Entry>& history) {
    const auto prepared = prepare(world_.source, action, subject);
    // Contents that come back after another one are a new request; a try of the same one is not.
    const auto generation =
        std::count_if(history.begin(), history.end(), [](const Entry& e) { return e.state == State::done; });
    Entry entry;
    entry.source = world_.source.name;
    entry.verb = action.verb;
    entry.subject = subject.file;
    entry.method = prepared.method;
    entry.path = prepared.path;
    entry.body_hash = hash;
    entry.idempotency_key = "sitrep-" + sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", entry.source, entry.verb,
                                                               entry.subject, subject.remote_id, hash, generation))
                                            .substr(0, 40);
    entry.body = prepared.body(action, entry.idempotency_key);
    entry.created_at = entry.updated_at = world_.now;
    entry.remote_id = subject.remote_id;
    if (const auto refused = table_.find_key(entry.idempotency_key)) {
      entry.id = refused->id;
    } else {
      entry.id = table_.add(entry);
    }
    send(entry, action);
    return {Outcome::How::sent, entry.verb, entry.remote_id, entry.remote_url, hash};
  }

  /// Finds out what became of an earlier try. True: it was accepted. False: it was refused, and the file says something
  /// else by now.
  bool settle(Entry& entry, const std::string& hash) {
    const auto& action = require_action(world_.source, entry.verb, "so an unsettled filing can't be settled");
    if (entry.remote_id.empty() && !subject_.remote_id.empty()) {  // a person looked, and wrote down what is there
      entry.remote_id = subject_.remote_id;
      entry.state = State::done;
      entry.error.clear();
      table_.settle(entry);
      return true;
    }
    const bool looks_up = action.idempotency == Idempotency::lookup;
    if (looks_up && look_up(entry, action)) return true;
    if (!repeatable(action) && entry.tries > 0 && resend_ == Resend::no)
      fail_unknown(entry, looks_up ? "an earlier try got no answer, and its key is not among the newest reviews there"
                                   : "an earlier try got no answer");
    try {
      send(entry, action);
      return true;
    } catch (const Error&) {
      if (entry.state == State::refused && entry.body_hash != hash) return false;
      throw;
    }
  }

  http::Request request_of(const Entry& entry, const config::Action& action) const {
    const auto& source = world_.source;
    http::Request request;
    request.method = entry.method;
    request.url = sources::join_url(source.base_url, entry.path);
    for (const auto& [name, value] : world_.credentials.query) request.url = http::add_query(request.url, name, value);
    request.headers = source.headers;
    request.headers.insert(request.headers.end(), action.headers.begin(), action.headers.end());
    request.headers.insert(request.headers.end(), world_.credentials.headers.begin(), world_.credentials.headers.end());
    request.aws_sigv4 = world_.credentials.aws_sigv4;
    request.signing_key = world_.credentials.signing_key;
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json");
    if (action.idempotency == Idempotency::header) {
      request.headers.emplace_back(action.idempotency_name, entry.idempotency_key);
    }
    request.body = entry.body;
    request.retry_safe = repeatable(action);
    request.secrets = world_.credentials.secrets;
    return request;
  }

  void send(Entry& entry, const config::Action& action) {
    const auto request = request_of(entry, action);
    world_.transport.take_left();
    table_.start_try(entry.id, world_.now);
    ++entry.tries;
    entry.state = State::pending;
    http::Response response;
    try {
      response = world_.client.send(request);
    } catch (const http::TransportError& error) {
      entry.error = error.what();
      const bool unsent = entry.tries == 1 && !world_.transport.take_left();
      const bool sent_away = error.fault() == http::Fault::redirect;  // the server wants it elsewhere
      if (unsent || sent_away || error.kind() != ErrorKind::network) {
        entry.state = State::refused;
        table_.settle(entry);
        throw;
      }
      lost(entry, action);
      return;
    }
    receive(entry, action, request, response);
  }

  void receive(Entry& entry, const config::Action& action, const http::Request& request,
               const http::Response& response) {
    entry.status = response.status;
    switch (judge(action, response)) {
      case Verdict::accepted: {
        const auto object = read_object(action, response);
        if (!object.id.empty()) entry.remote_id = object.id;
        if (!object.url.empty()) entry.remote_url = object.url;
        entry.state = State::done;
        entry.error.clear();
        table_.settle(entry);
        return;
      }
      case Verdict::refused: {
        auto error = refusal(request, response);
        entry.state = State::refused;
        entry.error = error.what();
        table_.settle(entry);
        throw error;
      }
      case Verdict::unclear:
        entry.error = http::status_error(request, response, sources::error_text(response, world_.source)).what();
        lost(entry, action);
    }
  }

  Error refusal(const http::Request& request, const http::Response& response) const {
    if (response.status < 300) {
      return Error(
          ErrorKind::network,
          fmt::format("{}: the answer is a page of HTML, not an API's: nothing was accepted; check base_url and "
                      "whether the token is valid",
                      http::describe(request)));
    }
    return http::status_error(request, response, sources::error_text(response, world_.source));
  }

  /// The answer to a request that left is not there or says nothing.
  void lost(Entry& entry, const config::Action& action) {
    table_.settle(entry);
    if (action.idempotency == Idempotency::lookup && look_up(entry, action)) return;
    fail_unknown(entry, entry.error);
  }

  [[noreturn]] void fail_unknown(const Entry& entry, std::string_view why) const {
    const auto* action = find_action(world_.source, entry.verb);
    const bool harmless = action != nullptr && repeatable(*action);
    fail(ErrorKind::unknown_outcome, "{}: it is not known whether it was filed with {}: {}; {}", visible(subject_.file),
         world_.source.name, why,
         harmless ? "run the same command again: it settles this without filing twice"
                  : "look there, then write its id into the front matter as 'id', or send it again with --resend");
  }

  /// Looks for the entry's key among the newest records; true when it is there.
  bool look_up(Entry& entry, const config::Action& action) {
    if (action.idempotency_name.empty()) return false;
    http::Request request;
    request.url = sources::join_url(world_.source.base_url, action.path);
    std::string selector = "$";
    for (const auto& stream : world_.source.streams) {
      if (stream.path == action.path) selector = stream.data_selector;
    }
    request.headers = world_.source.headers;
    request.headers.insert(request.headers.end(), world_.credentials.headers.begin(), world_.credentials.headers.end());
    request.aws_sigv4 = world_.credentials.aws_sigv4;
    request.signing_key = world_.credentials.signing_key;
    for (const auto& [name, value] : world_.credentials.query) request.url = http::add_query(request.url, name, value);
    request.secrets = world_.credentials.secrets;
    try {
      const auto response = world_.client.send(request);
      if (response.status != 200) return false;
      json::Document document;
      const auto records = json::Path::parse(selector).find(document.parse(response.body));
      if (!records || !records->is_array()) return false;
      for (const auto member : records->members()) {
        const auto key = member.value.get(action.idempotency_name);
        if (!key || key->to_text() != entry.idempotency_key) continue;
        const auto read = [&](const std::string& path) {
          const auto found = path.empty() ? std::nullopt : json::Path::parse(path).find(member.value);
          return found ? found->to_text() : std::string();
        };
        entry.remote_id = read(action.id_path);
        entry.remote_url = read(action.url_path);
        entry.state = State::done;
        entry.error.clear();
        table_.settle(entry);
        return true;
      }
    } catch (const json::SyntaxError&) {
      return false;  // no answer that could tell
    } catch (const http::TransportError&) {
      return false;
    }
    return false;
  }

  World& world_;
  const Subject& subject_;
  Resend resend_;
  store::OutboxTable table_;
};

}  // namespace

http::Response WatchedTransport::send(const http::Request& request, const http::Limits& limits) {
  using http::Fault;
  try {
    auto response = transport_.send(request, limits);
    left_ = true;
    return response;
  } catch (const http::TransportError& error) {
    const bool before_connected =
        error.fault() == Fault::address || error.fault() == Fault::connect || error.fault() == Fault::tls;
    left_ = left_ || !before_connected;
    throw;
  }
}

std::string content_hash(const config::Source& source, const Subject& subject) {
  const auto& action = require_action(source, "file", "so nothing can be filed there");
  return sha256_hex(prepare(source, action, subject).body(action, {}));
}

Outcome file_subject(World& world, const Subject& subject, Resend resend) {
  return Filing(world, subject, resend).run();
}

http::ClientOptions client_options(const config::Source& source) {
  http::ClientOptions options;
  options.limits.connect = source.timeouts.connect;
  options.limits.first_byte = source.timeouts.first_byte;
  options.limits.idle = source.timeouts.idle;
  options.limits.total = source.timeouts.total;
  options.limits.body_bytes = source.max_bytes;
  options.retries = std::min(source.retries, 3);  // a person waits; the outbox remembers the rest
  options.retry_statuses = source.retry_statuses;
  options.retry_statuses.push_back(409);
  options.backoff = source.backoff;
  options.max_backoff = source.max_backoff;
  options.max_wait = source.rate_limit.max_wait;
  return options;
}

}  // namespace sitrep::outbox
