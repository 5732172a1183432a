#include "outbox/filing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "outbox/asking.hpp"
#include "outbox/reply.hpp"
#include "outbox/request_body.hpp"
#include "sources/answer.hpp"

namespace sitrep::outbox {
namespace {

using Idempotency = config::Action::Idempotency;
using Entry = store::OutboxEntry;
using State = Entry::State;

constexpr int k_accepted = 202;
constexpr int k_precondition_failed = 412;

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
         (action.method == "PUT" && !action.if_match);
}

/// One subject on its way to one source.
class Filing {
 public:
  Filing(World& world, const Subject& subject, Resend resend)
      : world_(world), subject_(subject), resend_(resend), table_(world.store) {}

  Outcome run() {
    const auto hash = content_hash(world_.source, subject_);
    bool settled_now = false;
    for (auto& entry : table_.of_subject(world_.source.name, subject_.file)) {
      if (entry.state == State::pending) settled_now = settle(entry, hash) || settled_now;
    }
    const auto next = next_step(hash);
    if (!next.action) {
      const auto how = settled_now ? Outcome::How::settled : Outcome::How::unchanged;
      return {how, next.verb, next.known.remote_id, next.url, hash, settled_now ? etag_of(next.known) : ""};
    }
    auto outcome = send_new(*next.action, next.known, hash);
    if (outcome.url.empty()) outcome.url = next.url;  // an update need not tell it again
    return outcome;
  }

  Trial try_out() {
    const auto hash = content_hash(world_.source, subject_);
    const auto next = next_step(hash);
    Trial trial;
    trial.verb = next.verb;
    if (!next.action) return trial;
    const auto prepared = prepare(world_.source, *next.action, next.known);
    Entry entry;
    entry.method = trial.method = prepared.method;
    entry.path = prepared.path;
    entry.body = trial.body = prepared.body(*next.action, "dry-run");
    entry.idempotency_key = "dry-run";
    const auto& parameter = next.action->dry_run_param;
    if (!parameter.empty() && next.action->if_match) require_etag(next.known, entry);
    auto request = request_of(entry, *next.action);
    if (!parameter.empty()) {
      const auto equals = parameter.find('=');
      request.url = http::set_query(request.url, parameter.substr(0, equals), parameter.substr(equals + 1));
    }
    trial.url = visible(http::redact(request.url, request.secrets));
    if (parameter.empty()) return trial;
    const auto response = world_.client.send(request);
    trial.status = response.status;
    if (judge(*next.action, response) != Verdict::accepted) throw refusal(request, response);
    return trial;
  }

 private:
  /// What there is to do once nothing is pending; no action: the content has been accepted before.
  struct Next {
    const config::Action* action = nullptr;
    std::string verb;
    Subject known;
    std::string url;
  };

  Next next_step(const std::string& hash) {
    const auto& file_action = require_action(world_.source, "file", "so nothing can be filed there");
    const auto history = table_.of_subject(world_.source.name, subject_.file);
    const auto done =
        std::find_if(history.begin(), history.end(), [](const Entry& e) { return e.state == State::done; });
    const bool filed = done != history.end();
    Next next{nullptr, filed ? done->verb : "file", subject_, filed ? done->remote_url : ""};
    Subject& known = next.known;
    if (filed) {
      if (!done->remote_id.empty()) known.remote_id = done->remote_id;  // else what a person wrote into the file
      known.filed_hash = done->body_hash;
    }
    if (known.filed_hash == hash) return next;
    next.action = &file_action;
    if (!known.remote_id.empty() || filed) {
      next.action =
          &require_action(world_.source, "update",
                          fmt::format("so {}, which is filed already, can't be changed from here", known.remote_id));
      if (known.remote_id.empty()) {
        fail(ErrorKind::data, "{}: it was filed, but the answer told no id: write it into the front matter as 'id'",
             visible(subject_.file));
      }
    }
    next.verb = next.action->verb;
    return next;
  }

  Outcome send_new(const config::Action& action, const Subject& subject, const std::string& hash) {
    const auto prepared = prepare(world_.source, action, subject);
    const auto history = table_.of_subject(world_.source.name, subject.file);
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
    const auto own_key = "sitrep-" + sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", entry.source, entry.verb,
                                                            entry.subject, subject.remote_id, hash, generation))
                                         .substr(0, 40);
    entry.idempotency_key = render_key(world_.source, action, subject, hash, own_key);
    entry.body = prepared.body(action, entry.idempotency_key);
    entry.created_at = entry.updated_at = world_.now;
    entry.remote_id = subject.remote_id;
    if (const auto earlier = table_.find_key(entry.idempotency_key)) {
      if (earlier->state != State::refused || earlier->body_hash != hash || earlier->verb != entry.verb) {
        fail(ErrorKind::config,
             "{}: idempotency.key makes '{}', which an earlier request had ({} of {}): put {{{{ key }}}} into it",
             action.where.text(), visible(entry.idempotency_key), earlier->verb, visible(earlier->subject));
      }
      entry.id = earlier->id;
    } else {
      entry.id = table_.add(entry);
    }
    if (action.if_match) require_etag(subject, entry);
    send(entry, action);
    Subject filed = subject;
    filed.remote_id = entry.remote_id;
    return {Outcome::How::sent, entry.verb, entry.remote_id, entry.remote_url, hash, etag_of(filed)};
  }

  /// Finds out what became of an earlier try. True: it was accepted. False: it was refused, and the file says something
  /// else by now.
  bool settle(Entry& entry, const std::string& hash) {
    const auto& action = require_action(world_.source, entry.verb, "so an unsettled filing can't be settled");
    if (action.poll && entry.status == k_accepted && !entry.remote_url.empty()) {
      await(entry, action);
      return true;
    }
    if (action.if_match) require_etag(subject_, entry);
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
    if (action.if_match) request.headers.emplace_back("If-Match", etag_);
    request.body = entry.body;
    request.retry_safe = repeatable(action);
    request.secrets = world_.credentials.secrets;
    return request;
  }

  void send(Entry& entry, const config::Action& action) {
    const auto request = request_of(entry, action);
    const auto now = world_.now + keep_distance(action);
    world_.transport.take_left();
    table_.start_try(entry.id, now);
    entry.updated_at = now;
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

  /// Waits until min_interval has passed since the last write to the source, and says how long. The store knows the
  /// second of that write only.
  Seconds keep_distance(const config::Action& action) {
    if (action.min_interval.count() <= 0) return Seconds{0};
    std::optional<UnixTime> last;
    for (const Entry& other : table_.list(true)) {
      if (other.source == world_.source.name && other.tries > 0)
        last = std::max(last.value_or(other.updated_at), other.updated_at);
    }
    if (!last) return Seconds{0};
    const std::chrono::milliseconds passed = world_.now - *last - Seconds{1};
    const auto wait = std::min(action.min_interval, action.min_interval - passed);
    if (wait.count() <= 0) return Seconds{0};
    world_.waiter.wait(wait);
    return std::chrono::ceil<Seconds>(wait);
  }

  /// What If-Match is to say: the ETag that the file remembers, else that of the object as it is now.
  void require_etag(const Subject& subject, const Entry& entry) {
    etag_ = subject.etag;
    const auto url = sources::join_url(world_.source.base_url, entry.path);
    if (etag_.empty()) etag_ = read_etag(world_, url);
    if (etag_.empty())
      fail(ErrorKind::config, "source '{}': the API tells no ETag at {}, so if_match can't be kept", world_.source.name,
           visible(http::redact(url, world_.credentials.secrets)));
  }

  /// The ETag of what was written just now; "" where no action needs it or the API has none.
  std::string etag_of(const Subject& filed) {
    const auto* update = find_action(world_.source, "update");
    if (!update || !update->if_match || filed.remote_id.empty()) return {};
    if (!answered_etag_.empty()) return answered_etag_;
    return read_etag(world_, sources::join_url(world_.source.base_url, prepare(world_.source, *update, filed).path));
  }

  void receive(Entry& entry, const config::Action& action, const http::Request& request,
               const http::Response& response) {
    entry.status = response.status;
    switch (judge(action, response)) {
      case Verdict::accepted: {
        answered_etag_ = response.header("ETag").value_or("");
        if (action.poll && response.status == k_accepted) {
          entry.remote_url = poll_url(world_, action, response);
          entry.error = "accepted for later work; the answer does not tell where to ask what became of it";
          if (entry.remote_url.empty()) return lost(entry, action);
          await(entry, action);
          return;
        }
        const auto object = read_object(action, response);
        if (!object.id.empty()) entry.remote_id = object.id;
        if (!object.url.empty()) entry.remote_url = object.url;
        entry.state = State::done;
        entry.error.clear();
        table_.settle(entry);
        return;
      }
      case Verdict::refused: {
        if (response.status == k_precondition_failed && action.if_match) {
          entry.error = "412: it is not as it was when it was filed last";
          if (entry.tries > 1 || response.tries > 1) return lost(entry, action);  // maybe our own earlier try
          entry.state = State::refused;
          table_.settle(entry);
          fail(ErrorKind::data,
               "{}: somebody has changed {} there since it was filed: compare, take over what is new, then remove "
               "'etag' from the front matter and file it again",
               visible(subject_.file), visible(entry.remote_id));
        }
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

  /// Asks what became of a request that was accepted for later work.
  void await(Entry& entry, const config::Action& action) {
    entry.status = k_accepted;
    entry.error = "accepted for later work; what became of it is not known yet";
    table_.settle(entry);  // from here on the next run can ask as well
    const auto polled = poll(world_, action, entry.remote_url);
    switch (polled.state) {
      case Polled::State::done:
        if (!polled.object.id.empty()) entry.remote_id = polled.object.id;
        entry.remote_url = polled.object.url;
        entry.state = State::done;
        entry.error.clear();
        table_.settle(entry);
        return;
      case Polled::State::failed:
        entry.state = State::refused;
        entry.error =
            fmt::format("{} accepted it for later work and then refused it: {}", world_.source.name,
                        truncate_display(visible(http::redact(polled.said, world_.credentials.secrets)), 300));
        entry.remote_url.clear();
        table_.settle(entry);
        fail(ErrorKind::network, "{}: {}", visible(subject_.file), entry.error);
      case Polled::State::open:
        entry.error = polled.said;
        table_.settle(entry);
        fail(ErrorKind::unknown_outcome,
             "{}: {} has accepted it for later work, and {}; run the same command again: it asks on and sends nothing",
             visible(subject_.file), world_.source.name, polled.said);
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
    const auto found = find_by_key(world_, action, entry.idempotency_key);
    if (!found) return false;
    entry.remote_id = found->id;
    entry.remote_url = found->url;
    entry.state = State::done;
    entry.error.clear();
    table_.settle(entry);
    return true;
  }

  World& world_;
  const Subject& subject_;
  Resend resend_;
  store::OutboxTable table_;
  std::string etag_;           // for If-Match
  std::string answered_etag_;  // of the last accepted answer
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

Trial try_subject(World& world, const Subject& subject) { return Filing(world, subject, Resend::no).try_out(); }

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
  for (const auto& [verb, action] : source.actions) options.backoff = std::max(options.backoff, action.min_interval);
  options.max_backoff = std::max(source.max_backoff, options.backoff);
  options.max_wait = source.rate_limit.max_wait;
  return options;
}

}  // namespace sitrep::outbox
