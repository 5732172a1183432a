#include "outbox/publish.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "outbox/reply.hpp"
#include "sources/answer.hpp"

namespace sitrep::outbox {
namespace {

using Entry = store::OutboxEntry;
using State = Entry::State;
using Type = config::PublishTarget::Type;

std::string source_name(const config::PublishTarget& target) { return "publish." + target.name; }

std::string hash_of(const Publication& publication) {
  return sha256_hex(publication.content_type + "\n" + publication.body);
}

/// The newest entry that was accepted, or may have been.
std::optional<Entry> newest(store::OutboxTable& table, const config::PublishTarget& target) {
  for (auto& entry : table.of_subject(source_name(target), target.name))
    if (entry.state != State::refused) return std::move(entry);
  return std::nullopt;
}

class Sending {
 public:
  Sending(PublishWorld& world, const Publication& publication)
      : world_(world), publication_(publication), table_(world.store), is_put_(world.target.type == Type::put) {}

  Published run(Resend resend) {
    const auto hash = hash_of(publication_);
    const auto last = newest(table_, world_.target);
    if (last && last->state == State::done && last->body_hash == hash) return Published::unchanged;
    const bool lost = last && last->state == State::pending;
    if (lost && last->body_hash == hash && !is_put_ && resend == Resend::no)
      fail_unknown("an earlier try of the same content got no answer");
    Entry entry = lost && last->body_hash == hash ? *last : made(hash);
    send(entry);
    return Published::sent;
  }

 private:
  Entry made(const std::string& hash) {
    Entry entry;
    entry.source = source_name(world_.target);
    entry.verb = "publish";
    entry.subject = world_.target.name;
    entry.method = is_put_ ? "PUT" : "POST";
    entry.body = publication_.body;
    entry.body_hash = hash;
    const auto before = table_.of_subject(entry.source, entry.subject).size();
    entry.idempotency_key = "sitrep-" + sha256_hex(fmt::format("{}\n{}\n{}", entry.source, hash, before)).substr(0, 40);
    entry.created_at = entry.updated_at = world_.now;
    entry.id = table_.add(entry);
    return entry;
  }

  http::Request request_of(const Entry& entry) const {
    http::Request request;
    request.method = entry.method;
    request.url = world_.url;
    for (const auto& [name, value] : world_.credentials.query) request.url = http::add_query(request.url, name, value);
    request.headers = world_.target.connection.headers;
    request.headers.insert(request.headers.end(), world_.credentials.headers.begin(), world_.credentials.headers.end());
    request.headers.emplace_back("Content-Type", publication_.content_type);
    if (!is_put_) request.headers.emplace_back("Idempotency-Key", entry.idempotency_key);
    request.aws_sigv4 = world_.credentials.aws_sigv4;
    request.signing_key = world_.credentials.signing_key;
    request.body = entry.body;
    request.retry_safe = is_put_;
    request.secrets = world_.credentials.secrets;
    return request;
  }

  void send(Entry& entry) {
    const auto request = request_of(entry);
    world_.transport.take_left();
    table_.start_try(entry.id, world_.now);
    ++entry.tries;
    http::Response response;
    try {
      response = world_.client.send(request);
    } catch (const http::TransportError& error) {
      entry.error = error.what();
      const bool unsent = entry.tries == 1 && !world_.transport.take_left();
      const bool sent_away = error.fault() == http::Fault::redirect;
      entry.state = unsent || sent_away ? State::refused : State::pending;
      table_.settle(entry);
      if (entry.state == State::refused) throw;
      fail_unknown(error.what());
    }
    receive(entry, request, response);
  }

  void receive(Entry& entry, const http::Request& request, const http::Response& response) {
    entry.status = response.status;
    const auto verdict = judge(config::Action{}, response);
    if (verdict == Verdict::accepted) {
      entry.state = State::done;
      entry.error.clear();
      table_.settle(entry);
      return;
    }
    const auto error = http::status_error(request, response, sources::error_text(response, world_.target.connection));
    entry.error = error.what();
    entry.state = verdict == Verdict::refused ? State::refused : State::pending;
    table_.settle(entry);
    if (verdict == Verdict::refused) throw error;
    fail_unknown(error.what());
  }

  [[noreturn]] void fail_unknown(std::string_view why) const {
    fail(ErrorKind::unknown_outcome, "publish {}: it is not known whether it arrived: {}; {}", world_.target.name, why,
         is_put_ ? "run the same command again: the same page is put there twice without harm"
                 : "look there, and if it is missing send it again with --resend");
  }

  PublishWorld& world_;
  const Publication& publication_;
  store::OutboxTable table_;
  bool is_put_;
};

std::string slack_escaped(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

/// [text](url) as <url|text>, of a line that is escaped already.
std::string with_links(const std::string& line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const auto open = line.find('[', at), middle = line.find("](", at);
    const auto close = middle == std::string::npos ? middle : line.find(')', middle);
    if (open == std::string::npos || close == std::string::npos || open > middle) return out + line.substr(at);
    out += line.substr(at, open - at);
    out +=
        fmt::format("<{}|{}>", line.substr(middle + 2, close - middle - 2), line.substr(open + 1, middle - open - 1));
    at = close + 1;
  }
  return out;
}

}  // namespace

Published publish(PublishWorld& world, const Publication& publication, Resend resend) {
  return Sending(world, publication).run(resend);
}

bool is_published(store::Store& store, const config::PublishTarget& target, const Publication& publication) {
  store::OutboxTable table(store);
  const auto last = newest(table, target);
  return last && last->state == State::done && last->body_hash == hash_of(publication);
}

std::string slack_text(std::string_view markdown, std::size_t most) {
  std::string out;
  for (const auto raw : split_views(markdown, '\n')) {
    if (raw.starts_with('|')) continue;  // tables are for the page that the link leads to
    auto line = with_links(replace_all(slack_escaped(raw), "**", "*"));
    line = replace_all(line, "\\", "");
    if (const auto mark = line.find_first_not_of('#'); mark > 0 && mark <= 6 && mark < line.size() && line[mark] == ' ')
      line = "*" + line.substr(mark + 1) + "*";
    if (line.starts_with("- ")) line = "• " + line.substr(2);
    if (out.size() + line.size() + 4 > most) {
      out += "…\n";
      break;
    }
    out += line + "\n";
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace sitrep::outbox
