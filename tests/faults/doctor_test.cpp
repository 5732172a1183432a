// doctor against servers that are well, late, unwilling or not who they should be.
#include "fixture.hpp"

#include <ctime>

using namespace sitrep::test;

namespace {

/// So many seconds from now, which for doctor is the real present.
std::string moment(const char* format, long seconds) {
  const std::time_t at = std::time(nullptr) + seconds;
  std::tm broken{};
  ::gmtime_r(&at, &broken);
  char text[64];
  return {text, std::strftime(text, sizeof text, format, &broken)};
}

Reply answer(int status, long clock, long token) {
  return Reply::status(status, page({"a"}),
                       {{"Content-Type", "application/json"},
                        {"Date", moment("%a, %d %b %Y %H:%M:%S GMT", clock)},
                        {"github-authentication-token-expiration", moment("%Y-%m-%d %H:%M:%S UTC", token)}});
}

constexpr long k_hour = 3600, k_day = 86400;

SyncResult doctor(FaultWorkspace& workspace) {
  return workspace.run({"doctor", "--format", "csv", "--fields", "check,state,detail,remedy"});
}

}  // namespace

TEST_CASE("doctor: a server that answers, whose clock is right and whose token lasts, is well") {
  FaultWorkspace workspace;
  workspace.serve({answer(200, 20, 300 * k_day)});
  REQUIRE(workspace.sync().exit_code == 0);
  const auto result = doctor(workspace);
  INFO(result.said);
  CHECK(contains(result.out, "api reach,ok,"));
  CHECK(contains(result.out, " answers (200)"));
  CHECK(contains(result.out, "api token end,ok,"));
  CHECK_FALSE(contains(result.out, "api clock"));
  CHECK(workspace.server().requests().back().header("Authorization") == "Bearer " + k_canary);
}

TEST_CASE("doctor: clocks that differ, a token that ends soon or has ended, credentials that are refused") {
  FaultWorkspace workspace;
  workspace.serve({answer(200, 2 * k_hour, 4 * k_day)});
  workspace.sync();
  const auto late = doctor(workspace);
  INFO(late.said);
  CHECK(contains(late.out, "api clock,warning,the server's clock is "));
  CHECK(contains(late.out, "ahead of ours"));
  CHECK(contains(late.out, "api token end,warning,"));
  CHECK(contains(late.out, ",make a new token"));

  workspace.serve({answer(401, -2 * k_hour, -k_day)});
  const auto refused = doctor(workspace);
  INFO(refused.said);
  CHECK(refused.exit_code == 1);
  CHECK(contains(refused.out, "refuses the credentials (401)"));
  CHECK(contains(refused.out, "sitrep source test api"));
  CHECK(contains(refused.out, "behind ours"));
  CHECK(contains(refused.out, "api token end,failed,"));
}

TEST_CASE("doctor: nobody there, and somebody who does not speak TLS") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"a"}))});
  workspace.sync();
  const ScriptedServer speaks_first({Reply::bytes("HTTP/1.1 400 Bad Request\r\n\r\n").close()}, Talk::first);
  workspace.base_url = "http://127.0.0.1:" + std::to_string(closed_port());
  workspace.sync();
  const auto nobody = doctor(workspace);
  CHECK(nobody.exit_code == 1);
  CHECK(contains(nobody.out, "api reach,failed,"));
  workspace.base_url = "https://127.0.0.1:" + std::to_string(speaks_first.port());
  workspace.sync();
  const auto plain = doctor(workspace);
  INFO(plain.said);
  CHECK(plain.exit_code == 1);
  CHECK(contains(plain.out, "no safe connection (TLS)"));
}
