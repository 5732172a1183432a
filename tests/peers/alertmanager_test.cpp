// A real Alertmanager: alerts come and go, a silence is posted as `launch file` does.
#include "peers/peer.hpp"

using namespace sitrep::test;

namespace {

struct Alertmanager {
  explicit Alertmanager(const std::filesystem::path& program) {
    folder.write("alertmanager.yml", "route: { receiver: none }\nreceivers: [ { name: none } ]\n");
    server = std::make_unique<Peer>(program,
                                    std::vector<std::string>{"--config.file=alertmanager.yml", "--storage.path=data",
                                                             "--cluster.listen-address=", "--log.level=error",
                                                             "--web.listen-address=127.0.0.1:" + std::to_string(port)},
                                    port, "/-/ready", folder.path());
  }
  int post(const std::string& alerts) const {
    return ask(port, "POST", "/api/v2/alerts", alerts, "Content-Type: application/json\r\n").status;
  }

  TempDir folder;
  std::uint16_t port = free_port();
  std::unique_ptr<Peer> server;
};

std::string alert(const std::string& name, const std::string& more = "") {
  return R"({"labels":{"alertname":")" + name +
         R"(","service":"checkout","severity":"critical"},"annotations":{"summary":")" + name +
         R"( is bad"},"startsAt":"2020-01-01T00:00:00Z")" + more + "}";
}

}  // namespace

TEST_CASE("a real Alertmanager: a top-level array that is the whole state, and a silence as a declarative write") {
  const auto program = installed("prometheus-alertmanager", "prometheus-alertmanager");
  if (!program) return;
  const Alertmanager alertmanager(*program);
  PeerWorkspace workspace;
  workspace.write("[source.am]\npreset = \"alertmanager\"\nbase_url = \"" + alertmanager.server->url() +
                  "\"\nretry = { max = 0 }\n");
  const auto sync = [&](const std::string& now) {
    workspace.now = now;
    const auto result = workspace.sitrep({"sync"});
    INFO(result.out << result.err);
    REQUIRE(result.exit_code == 0);
  };

  sync("2026-11-16T10:00:00Z");
  CHECK(workspace.query("select count(*) from incident") == "0");
  REQUIRE(alertmanager.post("[" + alert("Full") + "," + alert("Slow") + "]") == 200);
  sync("2026-11-16T11:00:00Z");
  CHECK(workspace.query("select count(*) from incident where severity = 'SEV2' and status = 'open'") == "2");
  CHECK(workspace.query("select service from incident where title = 'Full is bad'") == "checkout");
  REQUIRE(alertmanager.post("[" + alert("Full", ",\"endsAt\":\"2020-01-02T00:00:00Z\"") + "," +
                            alert("Slow", ",\"endsAt\":\"2020-01-02T00:00:00Z\"") + "]") == 200);
  sync("2026-11-16T12:00:00Z");  // all are gone: no question, what is gone has ended
  CHECK(workspace.query("select count(*) from incident") == "0");
  CHECK(workspace.query("select count(*) from incident_history where deleted_at is not null") == "2");

  // The alerts of a launched service are silenced on its day.
  workspace.folder().write("launches/wallets.md",
                           "---\ntype: launch-review\ntitle: Wallets\nservice: checkout\nowner: dana\n"
                           "target_date: 2099-12-10\n---\n\n# Wallets\n");
  const auto filed = workspace.sitrep({"launch", "file", "--unchecked", "launches/wallets.md"});
  INFO(filed.out << filed.err);
  REQUIRE(filed.exit_code == 0);
  const auto silences = ask(alertmanager.port, "GET", "/api/v2/silences").body;
  INFO(silences);
  CHECK(silences.find("\"comment\":\"Wallets\"") != std::string::npos);
  CHECK(silences.find("\"startsAt\":\"2099-12-10T00:00:00.000Z\"") != std::string::npos);
  CHECK(silences.find("\"value\":\"checkout\"") != std::string::npos);
  sync("2026-11-16T13:00:00Z");
  CHECK(workspace.query("select count(*) from incident where kind = 'maintenance' and title = 'Wallets'") == "1");
  CHECK(workspace.sitrep({"launch", "file", "--unchecked", "launches/wallets.md"}).exit_code ==
        0);  // unchanged: not sent again
  CHECK(workspace.query("select count(*) from incident where kind = 'maintenance'") == "1");

  // A silence that ends before it starts is refused with a bare JSON string.
  workspace.write("[source.am]\npreset = \"alertmanager\"\nbase_url = \"" + alertmanager.server->url() +
                  "\"\n[source.am.action.file]\njson = { matchers = [{ name = \"service\", value = \"{{ service }}\", "
                  "isRegex = false }], startsAt = \"2099-01-02T00:00:00Z\", endsAt = \"2099-01-01T00:00:00Z\", "
                  "createdBy = \"x\", comment = \"c\" }\n");
  workspace.folder().write("launches/other.md",
                           "---\ntype: launch-review\ntitle: Other\nservice: ledger\nowner: dana\n"
                           "target_date: 2099-12-10\n---\n\n# Other\n");
  const auto refused = workspace.sitrep({"launch", "file", "--unchecked", "launches/other.md"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit_code == 4);
  CHECK(refused.err.find("start time must be before end time") != std::string::npos);
}

TEST_CASE("a real Alertmanager: its error shapes are what sync says") {
  const auto program = installed("prometheus-alertmanager", "prometheus-alertmanager");
  if (!program) return;
  const Alertmanager alertmanager(*program);
  PeerWorkspace workspace;
  const std::pair<std::string, std::string> cases[] = {
      {"path = \"api/v2/alerts\"\nparams = { filter = \"{{{\" }\n", "400 Bad Request"},
      {"path = \"api/v2/silence/00000000-0000-0000-0000-000000000000\"\n", "404 Not Found"},
      {"path = \"api/v2/silence/x\"\n", "422 Unprocessable"},
  };
  for (const auto& [stream, says] : cases) {
    CAPTURE(stream);
    workspace.write("[source.am]\npreset = \"alertmanager\"\nbase_url = \"" + alertmanager.server->url() +
                    "\"\nretry = { max = 0 }\n[[source.am.stream]]\nname = \"alerts\"\n" + stream);
    const auto result = workspace.sitrep({"sync", "am.alerts"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 4);
    CHECK((result.out + result.err).find(says) != std::string::npos);
  }
}
