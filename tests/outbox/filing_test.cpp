#include "outbox/filing.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "http/curl_transport.hpp"
#include "support/fake_clock.hpp"
#include "support/scripted_server.hpp"

namespace sitrep::outbox {
namespace {

using test::Received;
using test::Reply;
using test::ScriptedServer;
using Idempotency = config::Action::Idempotency;

/// An API that keeps objects; tells them apart by Idempotency-Key, as the tests let it.
struct Api {
  std::map<std::string, std::string> by_key;  // key → id
  std::vector<std::string> bodies;
  bool knows_keys = true;
  /// What happens to the n-th POST after it was carried out; null: it is answered.
  std::function<std::optional<Reply>(int)> accident;
  int posts = 0;

  std::string object(const std::string& id) const { return R"({"id":")" + id + R"(","url":"/reviews/)" + id + "\"}"; }

  Reply post(const Received& request) {
    ++posts;
    const auto key = request.header("Idempotency-Key");
    std::string id;
    if (knows_keys && by_key.contains(key)) {
      id = by_key[key];
    } else {
      bodies.push_back(request.body);
      id = "LR-" + std::to_string(bodies.size());
      if (knows_keys) by_key[key] = id;
    }
    if (accident) {
      if (auto reply = accident(posts)) return *reply;
    }
    return Reply::status(201, object(id), {{"Content-Type", "application/json"}});
  }

  Reply operator()(const Received& request) {
    if (request.method == "POST") return post(request);
    if (request.method == "PUT") {
      bodies.push_back(request.body);
      return Reply::json(object("LR-1"));
    }
    std::string list;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      list += (i > 0 ? "," : "") + bodies[i].substr(0, bodies[i].size() - 1) + R"(,"id":"LR-)" + std::to_string(i + 1) +
              "\"}";
    }
    return Reply::json("[" + list + "]");
  }
};

config::Source source_at(const std::string& url, Idempotency idempotency) {
  config::Source source;
  source.name = "launches";
  source.base_url = url;
  source.backoff = std::chrono::milliseconds(1);
  config::Action file;
  file.verb = "file";
  file.path = "reviews";
  file.json = {{"name", R"("{{ title }}")"}, {"body", R"("{{ body }}")"}, {"program", R"("{{ program }}")"}};
  file.id_path = "id";
  file.url_path = "url";
  file.idempotency = idempotency;
  if (idempotency == Idempotency::header) file.idempotency_name = "Idempotency-Key";
  if (idempotency == Idempotency::lookup) file.idempotency_name = "external_ref";
  config::Action update = file;
  update.verb = "update";
  update.method = "PUT";
  update.path = "reviews/{{ id }}";
  source.actions = {{"file", file}, {"update", update}};
  return source;
}

/// A workspace whose store outlives each try, as the file does between two runs of the program.
struct Desk {
  store::Store store = store::Store::memory({store::Access::read_write, {}, unix_time(1'795'000'000), {}, {}, {}});
  config::Source source;
  sources::Credentials credentials;
  test::FakeClock clock;
  test::FakeWaiter waiter{clock};
  Subject subject{"launches/wallets.md", {{"title", "Wallets"}, {"body", "# Wallets\n"}, {"program", ""}}, "", ""};

  Desk(const ScriptedServer& server, Idempotency idempotency) : source(source_at(server.url(), idempotency)) {
    credentials.headers = {{"Authorization", "Bearer s3cret"}};
    credentials.secrets = {"s3cret"};
  }

  Outcome file(Resend resend = Resend::no) {
    http::CurlTransport curl;
    WatchedTransport transport(curl);
    http::Client client(transport, clock, waiter, client_options(source));
    World world{store, source, credentials, transport, client, waiter, clock.now()};
    return file_subject(world, subject, resend);
  }

  std::optional<ErrorKind> failure(Resend resend = Resend::no) {
    try {
      file(resend);
    } catch (const Error& error) {
      message = error.what();
      return error.kind();
    }
    return std::nullopt;
  }
  std::string message;
};

TEST_CASE("outbox::file_subject files once and knows it the second time") {
  Api api;
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  const auto first = desk.file();
  CHECK(first.how == Outcome::How::sent);
  CHECK(first.id == "LR-1");
  CHECK(first.url == server.url("/reviews/LR-1"));
  CHECK(api.bodies == std::vector<std::string>{R"({"name":"Wallets","body":"# Wallets\n"})"});
  CHECK(server.requests()[0].header("Authorization") == "Bearer s3cret");
  CHECK(server.requests()[0].header("Idempotency-Key").starts_with("sitrep-"));
  const auto again = desk.file();
  CHECK(again.how == Outcome::How::unchanged);
  CHECK(again.id == "LR-1");
  CHECK(api.posts == 1);
}

TEST_CASE("outbox::file_subject sends the same key after a lost answer, and one object is made") {
  Api api;
  api.accident = [](int post) { return post == 1 ? std::optional(Reply().close()) : std::nullopt; };
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  CHECK(desk.file().id == "LR-1");
  CHECK(api.posts == 2);
  CHECK(api.bodies.size() == 1);
  const auto requests = server.requests();
  CHECK(requests[0].header("Idempotency-Key") == requests[1].header("Idempotency-Key"));
}

TEST_CASE("outbox::file_subject settles with the same key in a later run when no try was answered") {
  Api api;
  bool down = true;
  api.accident = [&](int) { return down ? std::optional(Reply::status(500)) : std::nullopt; };
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(desk.message.find("run the same command again") != std::string::npos);
  store::OutboxTable table(desk.store);
  REQUIRE(table.list(false).size() == 1);
  CHECK(table.list(false)[0].state == store::OutboxEntry::State::pending);

  down = false;
  const auto settled = desk.file();
  CHECK(settled.how == Outcome::How::settled);
  CHECK(settled.id == "LR-1");
  CHECK(api.bodies.size() == 1);
  CHECK(table.list(false).empty());
}

TEST_CASE("outbox::file_subject settles the old content before an edited one goes out as an update") {
  Api api;
  bool down = true;
  api.accident = [&](int) { return down ? std::optional(Reply().close()) : std::nullopt; };
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  down = false;
  desk.subject.fields["body"] = "# Wallets, edited\n";
  const auto outcome = desk.file();
  CHECK(outcome.verb == "update");
  CHECK(outcome.id == "LR-1");
  CHECK(api.by_key.size() == 1);
  CHECK(api.bodies.size() == 2);
  CHECK(server.requests().back().method == "PUT");
  CHECK(server.requests().back().target == "/reviews/LR-1");
}

TEST_CASE("outbox::file_subject sends a content that comes back under a new key") {
  Api api;
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  desk.file();
  for (const char* body : {"two", "one", "two", "one"}) {
    desk.subject.fields["body"] = body;
    CHECK(desk.file().how == Outcome::How::sent);
  }
  const auto requests = server.requests();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      CHECK(requests[i].header("Idempotency-Key") != requests[j].header("Idempotency-Key"));
  }
}

TEST_CASE("outbox::file_subject does not send blindly again to an API without keys") {
  Api api;
  api.knows_keys = false;
  api.accident = [](int post) { return post == 1 ? std::optional(Reply().close()) : std::nullopt; };
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::none);
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(desk.message.find("--resend") != std::string::npos);
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(api.posts == 1);
  CHECK(desk.file(Resend::yes).id == "LR-2");
  CHECK(api.posts == 2);
}

TEST_CASE("outbox::file_subject looks for its key where the API lists what it holds") {
  Api api;
  api.knows_keys = false;
  api.accident = [](int post) { return post == 1 ? std::optional(Reply().close()) : std::nullopt; };
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::lookup);
  const auto outcome = desk.file();
  CHECK(outcome.id == "LR-1");
  CHECK(api.posts == 1);
  CHECK(desk.file().how == Outcome::How::unchanged);
}

TEST_CASE(
    "outbox::file_subject tells a refusal in the server's words, harmless for a terminal, and sends an edit anew") {
  bool refuse = true;
  Api api;
  ScriptedServer server([&](const Received& r) {
    if (refuse)
      return Reply::status(422, "{\"error\":{\"message\":\"tier \\u001b[31mmissing\\u0007 for s3cret\"}}",
                           {{"Content-Type", "application/json"}});
    return api(r);
  });
  Desk desk(server, Idempotency::header);
  desk.source.error_paths = {"error.message"};
  CHECK(desk.failure() == ErrorKind::network);
  CHECK(desk.message.find("422") != std::string::npos);
  CHECK(desk.message.find("missing") != std::string::npos);
  CHECK(desk.message.find('\x1b') == std::string::npos);
  CHECK(desk.message.find('\x07') == std::string::npos);
  CHECK(desk.message.find("s3cret") == std::string::npos);
  CHECK(store::OutboxTable(desk.store).list(false)[0].state == store::OutboxEntry::State::refused);
  refuse = false;
  desk.subject.fields["body"] = "with a tier";
  CHECK(desk.file().how == Outcome::How::sent);
  CHECK(api.bodies.size() == 1);
}

TEST_CASE("outbox::file_subject: odd answers") {
  struct Case {
    const char* name;
    Reply reply;
    std::optional<ErrorKind> kind;
    const char* id;
  };
  const Case cases[] = {
      {"201 without a body: the id is the end of Location",
       Reply::status(201, "", {{"Location", "/v1/reviews/LR-7/"}}),
       {},
       "LR-7"},
      {"201 with nothing at all is accepted without an id", Reply::status(201), {}, ""},
      {"a page of HTML is no acceptance",
       Reply::status(200, "<html>sign in</html>", {{"Content-Type", "text/html; charset=utf-8"}}), ErrorKind::network,
       ""},
      {"401 is about credentials", Reply::status(401, "{}"), ErrorKind::credentials, ""},
      {"413 is a refusal", Reply::status(413), ErrorKind::network, ""},
      {"307 to another host is not followed", Reply::status(307, "", {{"Location", "http://127.0.0.1:1/x"}}),
       ErrorKind::network, ""},
      {"a script in Location is no URL",
       Reply::status(201, R"x({"id":"LR-8","url":"javascript:alert(1)"})x"),
       {},
       "LR-8"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    ScriptedServer server(std::vector<Reply>{c.reply});
    Desk desk(server, Idempotency::header);
    if (c.kind) {
      const bool as_expected = desk.failure() == c.kind;
      CAPTURE(desk.message);
      CHECK(as_expected);
      continue;
    }
    const auto outcome = desk.file();
    CHECK(outcome.id == c.id);
    CHECK(outcome.url.find("javascript") == std::string::npos);
  }
}

TEST_CASE("outbox::file_subject: nobody listening is a network error, not an unknown outcome") {
  ScriptedServer server(std::vector<Reply>{Reply::status(201)});
  for (const auto idempotency : {Idempotency::none, Idempotency::header}) {
    Desk keyed(server, idempotency);  // retried or not: no try got through
    keyed.source.base_url = "http://127.0.0.1:" + std::to_string(test::closed_port());
    CHECK(keyed.failure() == ErrorKind::network);
  }
  Desk desk(server, Idempotency::none);
  desk.source.base_url = "http://127.0.0.1:" + std::to_string(test::closed_port());
  CHECK(desk.failure() == ErrorKind::network);
  desk.source.base_url = server.url();
  CHECK(desk.file().how == Outcome::How::sent);
}

TEST_CASE("outbox::file_subject keeps ids inside one segment of the path") {
  Api api;
  ScriptedServer server([&](const Received& r) { return api(r); });
  Desk desk(server, Idempotency::header);
  desk.subject.remote_id = "../admin?x=1";
  CHECK(desk.file().verb == "update");
  CHECK(server.requests()[0].target == "/reviews/..%2Fadmin%3Fx%3D1");
}

}  // namespace
}  // namespace sitrep::outbox
