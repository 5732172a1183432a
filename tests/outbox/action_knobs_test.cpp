// Every knob of an action beside path, method and json: what it changes on the wire and in the outcome.
#include "outbox/filing.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "http/curl_transport.hpp"
#include "support/fake_clock.hpp"
#include "support/scripted_server.hpp"

namespace sitrep::outbox {
namespace {

using test::Received;
using test::Reply;
using test::ScriptedServer;
using State = store::OutboxEntry::State;

/// A workspace with one source, written as its user writes it, against a server on loopback.
struct Desk {
  store::Store store = store::Store::memory({store::Access::read_write, {}, unix_time(1'795'000'000), {}, {}, {}});
  config::Config config;
  sources::Credentials credentials;
  test::FakeClock clock{unix_time(1'795'000'000)};
  test::FakeWaiter waiter{clock};
  Subject subject{"launches/wallets.md", {{"title", "Wallets"}, {"body", "text"}}, "", ""};
  std::string message;

  Desk(const ScriptedServer& server, const std::string& actions)
      : config(config::parse(
            "[source.s]\nbase_url = \"" + server.url() +
                "\"\nerror.message_paths = [\"message\"]\nretry.backoff = \"1ms\"\n" + actions,
            "/w/sitrep.toml", [](std::string_view) { return std::nullopt; },
            [](const std::string&) { return std::nullopt; })) {
    credentials.headers = {{"Authorization", "Bearer s3cret-token"}};
    credentials.secrets = {"s3cret-token"};
  }

  template <class Work>
  auto at_work(const Work& work) {
    http::CurlTransport curl;
    WatchedTransport transport(curl);
    http::Client client(transport, clock, waiter, client_options(config.sources[0]));
    World world{store, config.sources[0], credentials, transport, client, waiter, clock.now()};
    return work(world);
  }
  Outcome file(Resend resend = Resend::no) {
    return at_work([&](World& world) { return file_subject(world, subject, resend); });
  }
  Trial trial() {
    return at_work([&](World& world) { return try_subject(world, subject); });
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
  bool says(std::string_view part) const { return message.find(part) != std::string::npos; }
  std::vector<store::OutboxEntry> open() { return store::OutboxTable(store).list(false); }
};

const std::string k_file =
    "[source.s.action.file]\npath = \"reviews\"\njson = { name = \"{{ title }}\", text = \"{{ body }}\" }\nid_path = "
    "\"id\"\n";
const std::string k_update =
    "[source.s.action.update]\nmethod = \"PUT\"\npath = \"reviews/{{ id }}\"\njson = { text = \"{{ body }}\" }\n";

}  // namespace

TEST_CASE("location_header: the object is where the named header leads") {
  ScriptedServer server(
      std::vector<Reply>{Reply::status(201, "", {{"Location", "/elsewhere/1"}, {"X-Object", "/v1/reviews/LR%2F7"}})});
  Desk desk(server, k_file + "location_header = \"X-Object\"\n");
  const auto outcome = desk.file();
  CHECK(outcome.id == "LR/7");
  CHECK(outcome.url == server.url("/v1/reviews/LR%2F7"));
}

TEST_CASE("idempotency.key: the template is the key, and the same one after a lost answer") {
  ScriptedServer server([](const Received& request) {
    return request.number == 1 ? Reply().close() : Reply::status(201, "{\"id\":\"1\"}");
  });
  Desk desk(server,
            k_file + "idempotency = { in = \"header\", name = \"X-Key\", key = \"{{ title }}-{{ hash[:8] }}\" }\n");
  CHECK(desk.file().id == "1");
  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].header("X-Key").starts_with("Wallets-"));
  CHECK(requests[0].header("X-Key").size() == 16);
  CHECK(requests[0].header("X-Key") == requests[1].header("X-Key"));
}

TEST_CASE(
    "idempotency.key: a key that fits no header, or that another request had, is refused before anything leaves") {
  ScriptedServer server(std::vector<Reply>{Reply::status(201, "{\"id\":\"1\"}")});
  Desk desk(server, k_file + "idempotency = { in = \"body\", name = \"ref\", key = \"{{ reference }}\" }\n" + k_update +
                        "idempotency = { in = \"body\", name = \"ref\", key = \"{{ reference }}\" }\n");
  CHECK(desk.failure() == ErrorKind::config);
  CHECK(desk.says("idempotency.key makes ''"));
  desk.subject.fields["reference"] = "two words";
  CHECK(desk.failure() == ErrorKind::config);
  desk.subject.fields["reference"] = std::string(256, 'x');
  CHECK(desk.failure() == ErrorKind::config);
  CHECK(server.requests().empty());
  desk.subject.fields["reference"] = "LR-2026-1";
  CHECK(desk.file().id == "1");
  CHECK(server.requests().back().body.find("\"ref\":\"LR-2026-1\"") != std::string::npos);
  desk.subject.fields["body"] = "edited";
  CHECK(desk.failure() == ErrorKind::config);
  CHECK(desk.says("which an earlier request had"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("min_interval: a write waits until the last one to the source is so long ago, also that of another run") {
  ScriptedServer server([](const Received& request) {
    return Reply::status(201, "{\"id\":\"" + std::to_string(request.number) + "\"}");
  });
  Desk desk(server, k_file + "min_interval = \"5s\"\n");
  const auto waited = [&](const std::string& file) {
    desk.subject.file = file;
    const auto start = desk.waiter.now();
    desk.file();
    return desk.waiter.now() - start;
  };
  CHECK(waited("a.md") == std::chrono::seconds{0});
  CHECK(waited("b.md") == std::chrono::seconds{5});
  desk.clock.advance(std::chrono::seconds{3});
  // The store knows the second of the last write, so one more is waited for.
  CHECK(waited("c.md") >= std::chrono::seconds{2});
  desk.clock.advance(std::chrono::seconds{60});
  CHECK(waited("d.md") == std::chrono::seconds{0});
  CHECK(server.requests().size() == 4);
}

TEST_CASE("min_interval: tries of one request keep the distance too") {
  ScriptedServer server([](const Received& request) {
    return request.number < 3 ? Reply::status(503) : Reply::status(201, "{\"id\":\"1\"}");
  });
  Desk desk(server, k_file + "min_interval = \"5s\"\nidempotency = { in = \"header\", name = \"K\" }\n");
  const auto start = desk.waiter.now();
  CHECK(desk.file().id == "1");
  CHECK(desk.waiter.now() - start >= std::chrono::seconds{10});
}

namespace {

/// Objects with an ETag that goes up with each change.
struct Versioned {
  int version = 1;
  bool tells = true;
  bool tells_on_write = true;
  std::vector<std::string> texts;

  std::string etag() const { return "\"v" + std::to_string(version) + "\""; }
  Reply operator()(const Received& request) {
    Reply::Headers tag;
    if (request.method == "POST") {
      texts.push_back(request.body);
    } else if (request.method == "PUT") {
      if (request.header("If-Match") != etag()) return Reply::status(412, "{\"message\":\"stale\"}");
      ++version;
      texts.push_back(request.body);
    }
    if (tells && (tells_on_write || request.method == "GET")) tag = {{"ETag", etag()}};
    return Reply::status(request.method == "POST" ? 201 : 200, "{\"id\":\"7\"}", tag);
  }
};

}  // namespace

TEST_CASE(
    "if_match: an update carries the ETag of the last filing, and a change that somebody made is not overwritten") {
  for (const bool on_write : {true, false}) {
    CAPTURE(on_write);
    Versioned api;
    api.tells_on_write = on_write;
    ScriptedServer server([&](const Received& request) { return api(request); });
    Desk desk(server, k_file + k_update + "if_match = true\n");
    auto outcome = desk.file();
    CHECK(outcome.etag == "\"v1\"");
    desk.subject.etag = outcome.etag;
    desk.subject.fields["body"] = "second";
    outcome = desk.file();
    CHECK(outcome.verb == "update");
    CHECK(outcome.etag == "\"v2\"");
    desk.subject.etag = outcome.etag;

    api.version = 9;  // somebody else
    desk.subject.fields["body"] = "third";
    CHECK(desk.failure() == ErrorKind::data);
    CHECK(desk.says("somebody has changed 7 there"));
    CHECK(api.texts.size() == 2);
    desk.subject.etag.clear();  // as the message says
    CHECK(desk.file().etag == "\"v10\"");
    CHECK(api.texts.size() == 3);
  }
}

TEST_CASE("if_match: an API that tells no ETag is said so before anything is written") {
  Versioned api;
  api.tells = false;
  ScriptedServer server([&](const Received& request) { return api(request); });
  Desk desk(server, k_file + k_update + "if_match = true\n");
  CHECK(desk.file().etag.empty());
  desk.subject.fields["body"] = "second";
  CHECK(desk.failure() == ErrorKind::config);
  CHECK(desk.says("tells no ETag"));
  CHECK(api.texts.size() == 1);
}

TEST_CASE("if_match: a lost answer is no proof of somebody else's change") {
  Versioned api;
  bool lose = false;
  ScriptedServer server([&](const Received& request) {
    auto reply = api(request);
    return lose && request.method == "PUT" ? Reply().close() : reply;
  });
  Desk desk(server, k_file + k_update + "if_match = true\n");
  desk.subject.etag = desk.file().etag;
  lose = true;
  desk.subject.fields["body"] = "second";
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(api.texts.size() == 2);
  lose = false;
  CHECK(desk.failure(Resend::yes) == ErrorKind::unknown_outcome);  // 412: ours or another's
  CHECK(api.texts.size() == 2);
}

TEST_CASE("dry_run_param: the API is asked and nothing is kept; without it nothing is sent") {
  ScriptedServer server([](const Received& request) {
    return request.query("dryRun") == "All" && request.body.find("bad") != std::string::npos
               ? Reply::status(422, "{\"message\":\"no such team\"}")
               : Reply::status(201, "{\"id\":\"1\"}");
  });
  Desk desk(server, k_file + "dry_run_param = \"dryRun=All\"\n");
  auto trial = desk.trial();
  CHECK(trial.status == 201);
  CHECK(trial.method == "POST");
  CHECK(trial.url == server.url("/reviews?dryRun=All"));
  CHECK(trial.body == R"({"name":"Wallets","text":"text"})");
  CHECK(store::OutboxTable(desk.store).list(true).empty());
  desk.subject.fields["body"] = "bad";
  try {
    desk.trial();
    FAIL("the API refuses it");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("no such team") != std::string::npos);
  }
  desk.subject.fields["body"] = "good";
  CHECK(desk.file().id == "1");
  CHECK(server.requests().back().target == "/reviews");
  CHECK(desk.trial().url.empty());  // filed as it is

  Desk without(server, k_file);
  const auto sent = server.requests().size();
  const auto shown = without.trial();
  CHECK_FALSE(shown.status.has_value());
  CHECK(shown.url == server.url("/reviews"));
  CHECK(server.requests().size() == sent);
}

TEST_CASE("headers, success_statuses, url_path and texts in inner tables and lists reach the wire and the outcome") {
  ScriptedServer server(std::vector<Reply>{Reply::status(207, R"({"data":{"ref":12,"page":"/pages/12"}})")});
  Desk desk(server,
            "[source.s.action.file]\nmethod = \"PATCH\"\npath = \"in/{{ title }}\"\nheaders = { From = "
            "\"joe@example.com\" }\n"
            "json = { a = { b = [\"{{ title }}\", 7] } }\nsuccess_statuses = [207]\nid_path = \"data.ref\"\n"
            "url_path = \"data.page\"\n");
  const auto outcome = desk.file();
  CHECK(outcome.id == "12");
  CHECK(outcome.url == server.url("/pages/12"));
  const auto request = server.requests().at(0);
  CHECK(request.method == "PATCH");
  CHECK(request.target == "/in/Wallets");
  CHECK(request.header("From") == "joe@example.com");
  CHECK(request.body == R"({"a":{"b":["Wallets",7]}})");
}

namespace {

const std::string k_poll = k_file + R"([source.s.action.file.poll]
path = "requests/{{ id }}"
id_path = "requestId"
done_path = "data.processedAt"
success = { path = "data.isSuccess", equals = true }
result_id_path = "data.incidentId"
interval = "1s"
timeout = "30s"
)";

/// An API that works later: the n-th question gets the n-th answer, the last one again.
struct Later {
  std::vector<Reply> answers;
  std::size_t asked = 0;
  int posts = 0;
  Reply operator()(const Received& request) {
    if (request.method == "POST") {
      ++posts;
      return Reply::status(202, R"({"result":"Request will be processed","requestId":"r/1"})");
    }
    return answers[std::min(asked++, answers.size() - 1)];
  }
};

const Reply k_done =
    Reply::json(R"({"data":{"processedAt":"2026-11-18T10:00:00Z","isSuccess":true,"incidentId":"INC-7"}})");

}  // namespace

TEST_CASE("poll: a 202 is asked after until it is over, and the object is the one that came of it") {
  Later api;
  api.answers = {Reply::status(404, "{\"message\":\"not found\"}"), Reply::json(R"({"data":{"processedAt":null}})"),
                 k_done};
  ScriptedServer server([&](const Received& request) { return api(request); });
  Desk desk(server, k_poll);
  const auto start = desk.waiter.now();
  const auto outcome = desk.file();
  CHECK(outcome.id == "INC-7");
  CHECK(api.asked == 3);
  CHECK(desk.waiter.now() - start == std::chrono::seconds{3});  // 1 s, then 2
  CHECK(server.requests().back().target == "/requests/r%2F1");
  CHECK(server.requests().back().header("Authorization") == "Bearer s3cret-token");
  CHECK(desk.file().how == Outcome::How::unchanged);
  CHECK(api.posts == 1);
}

TEST_CASE("poll: what fails later is refused in the server's words, and an edit is a new request") {
  Later api;
  api.answers = {Reply::json(
      R"({"message":"no team \u001b[31mnamed s3cret-token","data":{"processedAt":"x","isSuccess":false}})")};
  ScriptedServer server([&](const Received& request) { return api(request); });
  Desk desk(server, k_poll);
  CHECK(desk.failure() == ErrorKind::network);
  CHECK(desk.says("then refused it: no team"));
  CHECK_FALSE(desk.says("\x1b"));
  CHECK_FALSE(desk.says("s3cret"));
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.open()[0].state == State::refused);
  api.answers = {k_done};
  desk.subject.fields["body"] = "edited";
  CHECK(desk.file().id == "INC-7");
  CHECK(api.posts == 2);
}

TEST_CASE("poll: what is not over in time stays open, and the next run asks on without sending again") {
  Later api;
  api.answers = {Reply::json(R"({"data":{}})")};
  ScriptedServer server([&](const Received& request) { return api(request); });
  Desk desk(server, k_poll);
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(desk.says("run the same command again"));
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.open()[0].state == State::pending);
  api.answers = {Reply::status(500, "{\"message\":\"down\"}")};
  CHECK(desk.failure() == ErrorKind::unknown_outcome);
  CHECK(desk.says("down"));
  api.answers = {k_done};
  const auto outcome = desk.file();
  CHECK(outcome.how == Outcome::How::settled);
  CHECK(outcome.id == "INC-7");
  CHECK(api.posts == 1);
}

TEST_CASE("poll: without a path it asks where the Location of the 202 leads, within the source's origin only") {
  bool away = false;
  ScriptedServer trap({k_done});
  ScriptedServer server([&](const Received& request) {
    if (request.method == "POST") return Reply::status(202, "", {{"Location", away ? trap.url("/x") : "/jobs/1"}});
    return Reply::json(R"({"state":"finished","id":"7"})");
  });
  const auto actions =
      k_file +
      "[source.s.action.file.poll]\ndone_path = \"state\"\ndone_when = \"finished\"\nresult_id_path = \"id\"\n";
  Desk desk(server, actions);
  CHECK(desk.file().id == "7");
  CHECK(server.requests().back().target == "/jobs/1");
  away = true;
  Desk other(server, actions);
  CHECK(other.failure() == ErrorKind::unknown_outcome);
  CHECK(trap.requests().empty());
}

TEST_CASE("knobs of an action that make no sense are refused where they stand") {
  struct Case {
    std::string name, lines, says;
  };
  const Case cases[] = {
      {"if_match on a POST", "if_match = true\n", "goes with method PUT or PATCH"},
      {"a key that goes nowhere", "idempotency = { key = \"x\" }\n", "needs 'in'"},
      {"a parameter without a value", "dry_run_param = \"dryRun\"\n", "NAME=VALUE"},
      {"poll without its end", "poll = { path = \"r/{{ id }}\", id_path = \"i\" }\n", "needs 'done_path'"},
      {"a poll path without an id", "poll = { path = \"r/{{ id }}\", done_path = \"d\" }\n", "needs both"},
      {"a slip of the pen", "min_intervall = \"1s\"\n", "did you mean 'min_interval'"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    std::string said;
    try {
      ScriptedServer server(std::vector<Reply>{Reply::status(201)});
      Desk desk(server, k_file + c.lines);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::config);
      said = error.what();
    }
    CAPTURE(said);
    CHECK(said.find(c.says) != std::string::npos);
    CHECK(said.starts_with("sitrep.toml:9:"));
  }
}

}  // namespace sitrep::outbox
