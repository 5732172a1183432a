// A real Prometheus whose history was written by promtool.
#include "peers/peer.hpp"

#include <chrono>
#include <cmath>
#include <ctime>
#include <thread>

using namespace sitrep::test;

namespace {

constexpr std::int64_t k_now = 1'704'672'000;  // 2024-01-08T00:00:00Z
constexpr int k_step = 15;

/// A week of one disk every 15 s (40,320 samples), and a second one with holes.
std::string history() {
  std::string text = "# TYPE disk_used gauge\n";
  for (std::int64_t at = k_now - 7 * 86'400; at < k_now; at += k_step) {
    text += "disk_used{resource=\"db1\",zone=\"a\"} " + std::to_string((at - k_now) / 3600 + 1000) + " " +
            std::to_string(at) + "\n";
  }
  text += "# TYPE odd gauge\nodd{resource=\"db1\"} 1 " + std::to_string(k_now - 45) + "\nodd{resource=\"db1\"} NaN " +
          std::to_string(k_now - 30) + "\nodd{resource=\"db1\"} +Inf " + std::to_string(k_now - 15) + "\n";
  text += "# TYPE disk_total gauge\n";
  for (const char* zone : {"a", "b"}) {
    text += std::string("disk_total{resource=\"db1\",zone=\"") + zone + "\"} 2000 " + std::to_string(k_now - 60) + "\n";
  }
  return text + "# EOF\n";
}

struct Prometheus {
  explicit Prometheus(const std::filesystem::path& program) {
    const auto promtool = program.parent_path() / "promtool";
    folder.write("history", history());
    folder.write("prometheus.yml", "{}\n");
    RunOptions options;
    options.folder = folder.path();
    const auto made = run_program(promtool, {"tsdb", "create-blocks-from", "openmetrics", "history", "data"}, options);
    if (made.exit_code != 0) throw std::runtime_error("promtool: " + made.out + made.err);
    server = std::make_unique<Peer>(program,
                                    std::vector<std::string>{"--config.file=prometheus.yml", "--storage.tsdb.path=data",
                                                             "--storage.tsdb.retention.time=100y", "--log.level=error",
                                                             "--web.listen-address=127.0.0.1:" + std::to_string(port)},
                                    port, "/-/ready", folder.path());
  }

  TempDir folder;
  std::uint16_t port = free_port();
  std::unique_ptr<Peer> server;
};

std::string source(const Prometheus& prometheus, const std::string& query, const std::string& more = "") {
  return "[source.p]\npreset = \"prometheus\"\nbase_url = \"" + prometheus.server->url() + "\"\nretry = { max = 0 }\n" +
         more + "[[source.p.stream]]\nname = \"measures\"\nparams = { query = '" + query + "', step = \"15\" }\n";
}

}  // namespace

TEST_CASE("a real Prometheus: matrices in windows, no numbers, and its errors") {
  const auto program = installed("prometheus", "prometheus");
  if (!program || !installed("promtool", "prometheus")) return;
  const Prometheus prometheus(*program);
  PeerWorkspace workspace;
  workspace.now = "2024-01-08T00:00:00Z";

  SUBCASE("40,320 samples of a series come in windows of at most 11,000; nothing twice, nothing missing") {
    workspace.write(source(prometheus, "disk_used"));
    const auto first = workspace.sitrep({"sync", "--json"});
    INFO(first.out << first.err);
    REQUIRE(first.exit_code == 0);
    CHECK(first.out.find("\"requests\":4") != std::string::npos);
    CHECK(workspace.query("select count(*) from measure") == "40321");  // the last one, looked back to, at the very end
    CHECK(workspace.query("select max(n) from (select count(*) n from measure group by at)") == "1");
    CHECK(workspace.query("select (max(at) - min(at)) / 15 + 1 from measure") == "40321");
    const auto second = workspace.sitrep({"sync"});
    CHECK(second.exit_code == 0);
    CHECK(workspace.query("select count(*) from measure_history") == "40321");
  }
  SUBCASE("NaN and infinities are counted, not stored as numbers") {
    workspace.write(source(prometheus, "odd"));
    const auto result = workspace.sitrep({"sync"});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(workspace.query("select count(*) from measure where value is null") != "0");
    CHECK(workspace.query("select count(*) from measure where value = 1.0") == "1");
    CHECK(workspace.query("select count(*) from measure where value > 1e300 or value != value") == "0");
  }
  SUBCASE("errors: 422 many-to-many, 400 bad query, 404 as text, 503 timeout") {
    const auto fails = [&](const std::string& toml, const std::string& says) {
      workspace.write(toml);
      const auto result = workspace.sitrep({"sync"});
      INFO(result.out << result.err);
      CHECK(result.exit_code == 4);
      CHECK((result.out + result.err).find(says) != std::string::npos);
    };
    fails(source(prometheus, "disk_used + on(resource) disk_total"), "422");
    fails(source(prometheus, "sum("), "parse error");
    fails("[source.p]\npreset = \"prometheus\"\nbase_url = \"" + prometheus.server->url() +
              "/nowhere\"\nretry = { max = 0 }\n",
          "404 page not found");
    workspace.write(
        "[source.p]\npreset = \"prometheus\"\nbase_url = \"" + prometheus.server->url() +
        "\"\nretry = { max = 0 }\n[[source.p.stream]]\nname = \"measures\"\n"
        "params = { query = 'quantile_over_time(0.5, disk_used[6h])', step = \"15\", timeout = \"1ms\" }\n");
    const auto slow = workspace.sitrep({"sync"});
    INFO(slow.out << slow.err);
    CHECK(slow.exit_code == 4);
    // 503 "query timed out", or 422 "context deadline exceeded" when the time is up before the evaluation has begun.
    const bool in_query = slow.out.find("503 Service Unavailable: query timed out") != std::string::npos;
    CHECK((in_query ||
           slow.out.find("422 Unprocessable Content: expanding series: context deadline") != std::string::npos));
  }
  SUBCASE("a client that asks for deflate gets it, and what sitrep asks for can be read") {
    const auto answer =
        ask(prometheus.port, "GET", "/api/v1/label/__name__/values", {}, "Accept-Encoding: deflate, gzip\r\n");
    CHECK(answer.head.find("Content-Encoding: deflate") != std::string::npos);
    workspace.write(source(prometheus, "disk_used"));
    CHECK(workspace.sitrep({"source", "test", "p"}).exit_code == 0);
  }
}

TEST_CASE("a real Prometheus that scrapes nothing but itself gives prometheus-capacity something to show") {
  const auto program = installed("prometheus", "prometheus");
  if (!program) return;
  TempDir folder;
  const auto port = free_port();
  const auto address = "127.0.0.1:" + std::to_string(port);
  folder.write("prometheus.yml",
               "global:\n  scrape_interval: 1s\nscrape_configs:\n  - job_name: prometheus\n    static_configs:\n"
               "      - targets: ['" +
                   address + "']\n");
  const Peer server(*program,
                    {"--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=error",
                     "--web.listen-address=" + address},
                    port, "/-/ready", folder.path());
  for (int tries = 0; tries < 300; ++tries) {  // until the first scrape is there
    if (ask(port, "GET", "/api/v1/query?query=process_open_fds").body.find("\"value\"") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  std::this_thread::sleep_for(std::chrono::seconds{2});  // a sync asks up to the second that has begun
  PeerWorkspace workspace;
  // The server's samples are of this very moment.
  const std::time_t now = std::time(nullptr);
  char text[32];
  workspace.now.assign(text, std::strftime(text, sizeof text, "%FT%TZ", std::gmtime(&now)));
  workspace.write("[source.c]\npreset = \"prometheus-capacity\"\nbase_url = \"" + server.url() +
                  "\"\n"
                  "[[source.c.stream]]\nname = \"samples\"\nparams = { step = \"1\" }\n"
                  "incremental = { initial_value = \"-1h\" }\n");
  const auto result = workspace.sitrep({"sync"});
  INFO(result.out << result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(workspace.query("select name from capacity_resource") == "prometheus:" + address);
  CHECK(workspace.query("select kind || ' in ' || unit from capacity_resource") == "file descriptors in files");
  CHECK(workspace.query("select count(*) > 0 from capacity_sample where resource_id = 'prometheus:" + address + "'") ==
        "1");
}
