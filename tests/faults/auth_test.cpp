// Ways to prove who asks that take more than a header.
#include "fixture.hpp"

using namespace sitrep::test;

namespace {

std::string source_with(const FaultWorkspace& workspace, const std::string& auth) {
  return "[source.api]\nbase_url = \"" + workspace.base_url + "\"\nretry.max = 0\n[source.api.auth]\n" + auth +
         "\n[[source.api.stream]]\nname = \"incidents\"\nentity = \"incident\"\npath = \"incidents\"\n"
         "data_selector = \"incidents\"\n";
}

}  // namespace

TEST_CASE("oauth2_client_credentials: a token is asked for once, sent, and shown nowhere") {
  FaultWorkspace workspace;
  workspace.folder().write(
      "sitrep.toml",
      source_with(workspace, "type = \"oauth2_client_credentials\"\ntoken_url = \"" + workspace.base_url +
                                 "/token\"\nscope = \"a b\"\nclient_id = { env = \"API_ID\" }\n"
                                 "client_secret = { env = \"API_TOKEN\" }\n"));
  workspace.environment["API_ID"] = "joe";
  workspace.serve([](const Received& request) {
    if (request.target == "/token") return Reply::json("{\"access_token\":\"" + k_canary + "-2\",\"expires_in\":3600}");
    return request.header("Authorization") == "Bearer " + k_canary + "-2" ? Reply::json(page({"a"}))
                                                                          : Reply::status(401);
  });
  const auto result = workspace.run({"sync", "-v"});
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(result.requests == 2);
  CHECK(workspace.server().requests().front().body == "grant_type=client_credentials&scope=a%20b");
  CHECK(workspace.server().requests().front().header("Authorization").starts_with("Basic "));

  workspace.serve({Reply::status(400, "{\"error\":\"invalid_client\"}")});
  const auto refused = workspace.run({"sync"});
  INFO(refused.said);
  CHECK(refused.exit_code == 9);
  CHECK(contains(refused.said, "invalid_client"));
}

TEST_CASE("aws_sigv4: requests are signed for region and service") {
  FaultWorkspace workspace;
  workspace.folder().write("sitrep.toml",
                           source_with(workspace,
                                       "type = \"aws_sigv4\"\nregion = \"eu-central-1\"\nservice = \"servicequotas\"\n"
                                       "access_key = { env = \"API_ID\" }\nsecret_key = { env = \"API_TOKEN\" }\n"));
  workspace.environment["API_ID"] = "AKIDEXAMPLE";
  workspace.serve({Reply::json(page({"a"}))});
  const auto result = workspace.run({"sync"});
  INFO(result.said);
  CHECK(result.exit_code == 0);
  const auto said = workspace.server().requests().back().header("Authorization");
  CHECK(said.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
  CHECK(contains(said, "/eu-central-1/servicequotas/aws4_request"));
  CHECK_FALSE(contains(workspace.server().requests().back().head, k_canary));
}

TEST_CASE("oauth2_client_credentials: a token that ends in the middle of a walk is renewed, and the walk goes on") {
  FaultWorkspace workspace;
  workspace.folder().write(
      "sitrep.toml",
      source_with(workspace, "type = \"oauth2_client_credentials\"\ntoken_url = \"" + workspace.base_url +
                                 "/token\"\nclient_id = { env = \"API_ID\" }\n"
                                 "client_secret = { env = \"API_TOKEN\" }\n") +
          "paginator = { type = \"cursor\", cursor_path = \"next\", cursor_param = \"cursor\" }\n");
  workspace.environment["API_ID"] = "joe";
  int tokens = 0;
  bool for_good = false;
  workspace.serve([&](const Received& request) {
    if (request.target == "/token")
      return Reply::json("{\"access_token\":\"" + k_canary + "-" + std::to_string(++tokens) + "\"}");
    // The first token is good for one page.
    const bool first = request.header("Authorization") == "Bearer " + k_canary + "-1";
    const auto cursor = request.query("cursor");
    if (for_good || (first && !cursor.empty())) return Reply::status(401, "{\"message\":\"token expired\"}");
    return Reply::json(cursor.empty() ? R"({"incidents":[{"id":"a"}],"next":"2"})" : page({"b"}));
  });
  const auto result = workspace.run({"sync", "-v"});
  INFO(result.said);
  CHECK(result.exit_code == 0);
  CHECK(tokens == 2);
  CHECK(workspace.query("select group_concat(id) from (select id from incident order by id)") == "a,b");

  for_good = true;  // one renewal, then it is over
  const auto before = tokens;
  const auto refused = workspace.run({"sync"});
  INFO(refused.said);
  CHECK(refused.exit_code == 9);
  CHECK(tokens == before + 2);
}
