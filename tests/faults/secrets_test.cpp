// Redirects and secrets: lines 61 to 71, and the canary.
#include "fixture.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

using namespace sitrep::test;

namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Every file below the workspace that holds the canary.
std::vector<std::string> files_with_canary(const FaultWorkspace& workspace) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(workspace.folder().path())) {
    if (entry.is_regular_file() && contains(file_text(entry.path()), k_canary)) found.push_back(entry.path());
  }
  return found;
}

Reply redirect(int status, const std::string& location) { return Reply::status(status, "", {{"Location", location}}); }

}  // namespace

TEST_CASE("61-64: no redirect leads away, down, round in circles or to a file, and no secret goes along") {
  ScriptedServer trap({Reply::json(page({"x"}))});
  const auto port = std::to_string(trap.port());
  const Fault faults[] = {
      {"61: another port", {redirect(302, trap.url("/incidents"))}, 4, {"another origin"}, 1},
      {"61: another name for the host", {redirect(302, "http://localhost:" + port + "/")}, 4, {"another origin"}, 1},
      {"61: another scheme", {redirect(302, "https://127.0.0.1:" + port + "/")}, 4, {"another origin"}, 1},
      {"61: without a scheme", {redirect(301, "//127.0.0.1:" + port + "/")}, 4, {"another origin"}, 1},
      {"61: userinfo", {redirect(302, "http://joe:pw@127.0.0.1:" + port + "/")}, 4, {"redirects"}, 1},
      {"63: file", {redirect(302, "file:///etc/passwd")}, 4, {"redirects"}, 1},
      {"63: ftp", {redirect(302, "ftp://127.0.0.1/")}, 4, {"redirects"}, 1},
      {"63: gopher", {redirect(302, "gopher://127.0.0.1:" + port + "/_x")}, 4, {"redirects"}, 1},
      {"63: data", {redirect(302, "data:application/json,[]")}, 4, {"redirects"}, 1},
      {"64: loop", {redirect(302, "/incidents2"), redirect(302, "/incidents")}, 4, {"circle"}, 2},
      {"64: a line break in Location", {redirect(302, "/x\rX-Evil: 1")}, 4, {}, 1},
      {"64: no Location", {Reply::status(302)}, 4, {"Location"}, 1},
      {"64: a Location of 90 kB", {redirect(302, "/" + std::string(90'000, 'x'))}, 4, {"bytes"}, 1},
      {"64: a Location of 200 kB", {redirect(302, "/" + std::string(200'000, 'x'))}, 4, {}, 1},
  };
  check_fails(faults);
  CHECK(trap.requests().empty());
}

TEST_CASE("64: fifty redirects are too many") {
  FaultWorkspace workspace;
  workspace.serve([](const Received& request) { return redirect(302, "/" + std::to_string(request.number)); });
  const auto result = workspace.sync();
  INFO(result.said);
  CHECK(result.exit_code == 4);
  CHECK(result.requests <= 6);
  CHECK(contains(result.said, "redirects in a row"));
}

TEST_CASE("65: the body of a POST is not sent again to another host") {
  ScriptedServer trap({Reply::json(page({"x"}))});
  FaultWorkspace workspace;
  workspace.fill();
  const auto before = workspace.contents();
  workspace.stream = "method = \"POST\"\njson = { filter = \"all\" }\n";
  for (const int status : {307, 308}) {
    workspace.serve({redirect(status, trap.url("/incidents"))});
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 4);
    CHECK(result.requests == 1);
    CHECK(contains(workspace.server().requests().back().body, "filter"));
  }
  CHECK(trap.requests().empty());
  CHECK(workspace.contents() == before);
}

TEST_CASE("66: cookies, Alt-Svc and Refresh are neither kept nor followed") {
  FaultWorkspace workspace;
  workspace.serve([&](const Received& request) {
    return Reply::json(request.query("cursor").empty() ? R"({"incidents":[{"id":"a"}],"next":"2"})" : page({"b"}),
                       {{"Set-Cookie", "sid=abc"}, {"Alt-Svc", "h3=\":443\""}, {"Refresh", "0; url=/elsewhere"}});
  });
  CHECK(workspace.sync().exit_code == 0);
  for (const auto& request : workspace.server().requests()) {
    CHECK(request.header("Cookie").empty());
    CHECK(request.target.starts_with("/incidents"));
  }
}

TEST_CASE("67: a token that does not fit a header is refused before anything is sent") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"a"}))});
  for (const std::string token : {"", "two\nlines", "a\r\nX-Evil: 1", "with blank", "caf\xc3\xa9", "\x1b[2J"}) {
    workspace.environment["API_TOKEN"] = token;
    const auto result = workspace.sync();
    INFO(result.said);
    CHECK(result.exit_code == 9);
    CHECK_FALSE(contains(result.said, "Evil"));
  }
  workspace.environment["API_TOKEN"] = std::string(100'000, 'x');
  CHECK(workspace.sync().exit_code == 9);
  workspace.environment.erase("API_TOKEN");
  const auto unset = workspace.sync();
  CHECK(unset.exit_code == 9);
  CHECK(contains(unset.said, "$API_TOKEN is not set"));
  CHECK(workspace.server().requests().empty());
}

TEST_CASE("68: a token file that others can read, or that is no file of our own, is refused") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"a"}))});
  const auto& folder = workspace.folder();
  const auto with_file = [&](const std::string& name) {
    workspace.sync();
    folder.write("sitrep.toml",
                 "[source.api]\nbase_url = \"" + workspace.base_url +
                     "\"\nauth = { type = \"bearer\", token = { file = \"" + name +
                     "\" } }\n[[source.api.stream]]\nname = \"incidents\"\nentity = \"incident\"\npath = "
                     "\"incidents\"\ndata_selector = \"incidents\"\n");
    return workspace.run({"sync"});
  };
  const auto token = folder.write("token", k_canary + "\n");
  ::chmod(token.c_str(), 0644);
  const auto open = with_file("token");
  CHECK(open.exit_code == 9);
  CHECK(contains(open.said, "chmod 600"));
  ::chmod(token.c_str(), 0600);
  std::filesystem::create_symlink("token", folder / "link");
  CHECK(with_file("link").exit_code == 9);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(with_file("fifo").exit_code == 9);
  CHECK(with_file(".").exit_code == 9);
  const auto good = with_file("token");
  INFO(good.said);
  CHECK(good.exit_code == 0);
  CHECK(workspace.server().requests().back().header("Authorization") == "Bearer " + k_canary);
}

TEST_CASE("69: a token cannot be given on the command line") {
  FaultWorkspace workspace;
  for (const std::string option : {"--token=x", "--password=x", "--api-key=x", "--client-secret"}) {
    const auto refused = workspace.run({"sync", option});
    INFO(refused.said);
    CHECK(refused.exit_code == 2);
    CHECK(contains(refused.said, "where ps and the shell's history have shown this one"));
  }
  CHECK_FALSE(contains(workspace.run({"sync", "--ful"}).said, "ps and"));
}

TEST_CASE("70: the secret reaches its server and nothing else") {
  FaultWorkspace workspace;
  workspace.serve([](const Received& request) {
    // An API that gives the token back wherever it can.
    const auto said = request.header("Authorization");
    return request.query("cursor").empty()
               ? Reply::json("{\"incidents\":[{\"id\":\"a\",\"name\":\"fine\"}],\"next\":\"2\"}", {{"X-Echo", said}})
               : Reply::status(500, "{\"message\":\"failed for " + said + "\"}", {{"X-Echo", said}});
  });
  const auto failed = workspace.sync({"-v"});  // what is printed is checked by run()
  CHECK(failed.exit_code == 4);
  CHECK(contains(failed.said, "***"));
  workspace.serve({Reply::json(page({"a"}))});
  const auto good = workspace.sync({"-v"});
  CHECK(good.exit_code == 0);
  CHECK(workspace.server().requests().back().header("Authorization") == "Bearer " + k_canary);
  workspace.run({"status", "--json"});
  workspace.run({"query", "select * from sync_run", "--json"});
  CHECK(files_with_canary(workspace).empty());
}

TEST_CASE("70: a secret that the API writes into its records and its errors is neither stored nor shown") {
  FaultWorkspace workspace;
  workspace.stream =
      "columns = { title = \"name\", team = \"team\" }\n"
      "paginator = { type = \"cursor\", cursor_path = \"next\", cursor_param = \"cursor\" }\n";
  workspace.source = "error = { message_paths = [\"why\"] }\nretry.max = 0\n";
  bool broken = false;
  workspace.serve([&](const Received& request) {
    const auto said = request.header("Authorization");
    if (broken)
      return Reply::status(422, "{\"why\":{\"asked\":\"" + said + "\",\"by\":[\"" + said + "\"]}}", {{"X-Echo", said}});
    return Reply::json("{\"incidents\":[{\"id\":\"a\",\"name\":\"asked with " + said +
                           "\",\"team\":\"t\",\"raw\":{\"h\":\"" + said + "\"}},{\"id\":null,\"name\":\"" + said +
                           "\"}]}",
                       {{"ETag", "\"1\""}, {"X-Echo", said}});
  });
  const auto good = workspace.sync({"-v"});
  INFO(good.said);
  CHECK(good.exit_code == 0);
  CHECK(contains(good.said, "gives the source's own secret back"));
  CHECK(workspace.query("select title from incident") == "asked with Bearer ***");
  CHECK(workspace.query("select count(*) from reject") == "1");
  broken = true;
  const auto failed = workspace.sync({"-v"});
  CHECK(failed.exit_code == 4);
  CHECK(contains(failed.said, "***"));
  for (const std::vector<std::string>& args :
       std::vector<std::vector<std::string>>{{"query", "select * from reject", "--json"},
                                             {"query", "select * from sync_run", "--json"},
                                             {"history", "incident", "a"},
                                             {"source", "test", "api", "-v"},
                                             {"source", "show", "api"},
                                             {"status", "--json"},
                                             {"report", "weekly-health", "-o", "report.html", "-o", "report.json"},
                                             {"store", "export", "out"},
                                             {"doctor"}}) {
    INFO(args[0]);
    workspace.run(args);  // checks what is printed
  }
  CHECK(files_with_canary(workspace).empty());
}

TEST_CASE("70: a secret in the query is masked in every message") {
  FaultWorkspace workspace;
  workspace.serve({Reply::status(404, "{\"message\":\"nothing at /incidents?api_key=" + k_canary + "\"}")});
  workspace.source = "error = { message_paths = [\"message\"] }\n";
  workspace.sync();
  const auto config =
      "[source.api]\nbase_url = \"" + workspace.base_url +
      "\"\nauth = { type = \"api_key\", location = \"query\", name = \"k\", token = { env = \"API_TOKEN\" } }\n"
      "error = { message_paths = [\"message\"] }\n"
      "[[source.api.stream]]\nname = \"incidents\"\nentity = \"incident\"\npath = \"incidents\"\ndata_selector = "
      "\"incidents\"\n";
  workspace.folder().write("sitrep.toml", config);
  const auto result = workspace.run({"sync", "-v"});
  CHECK(result.exit_code == 4);
  CHECK(workspace.server().requests().back().query("k") == k_canary);
  CHECK(contains(result.said, "k=***"));
  CHECK(files_with_canary(workspace).empty());
}

TEST_CASE("71: netrc and curlrc are not read") {
  FaultWorkspace workspace;  // HOME is the workspace
  workspace.folder().write(".netrc", "machine 127.0.0.1 login joe password hunter2\n");
  workspace.folder().write(".curlrc", "header = \"X-Curlrc: 1\"\n");
  workspace.serve({Reply::json(page({"a"}))});
  CHECK(workspace.sync().exit_code == 0);
  const auto request = workspace.server().requests().back();
  CHECK(request.header("Authorization") == "Bearer " + k_canary);
  CHECK(request.header("X-Curlrc").empty());
}

TEST_CASE("71: doctor shows the proxy and the authorities that are in force, and where that was said") {
  FaultWorkspace workspace;
  workspace.serve({Reply::json(page({"a"}))});
  const auto proxy = workspace.base_url;
  workspace.sync();
  CHECK_FALSE(contains(workspace.run({"doctor"}).said, "api network"));
  workspace.environment["http_proxy"] = "http://joe:" + k_canary + "@" + proxy.substr(std::string("http://").size());
  workspace.sync();
  CHECK_FALSE(contains(workspace.run({"doctor"}).said, "api network"));  // loopback needs none
  workspace.base_url = "http://api.invalid";
  workspace.source = "allow_http = true\ntls.ca_file = \"ca.pem\"\n";
  workspace.sync();
  const auto shown = workspace.run({"doctor", "--format", "csv"});
  INFO(shown.said);
  CHECK(contains(shown.said, "(http_proxy)"));
  CHECK(contains(shown.said, "authorities of ca.pem (tls.ca_file)"));
  workspace.environment["no_proxy"] = "other.example, .invalid";
  CHECK_FALSE(contains(workspace.run({"doctor", "--format", "csv"}).said, "(http_proxy)"));
  workspace.source += "proxy = \"http://cache.invalid:3128\"\n";
  workspace.sync();
  CHECK(contains(workspace.run({"doctor", "--format", "csv"}).said, "proxy http://cache.invalid:3128 (sitrep.toml)"));
}
