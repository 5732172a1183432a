// A Redmine of one's own: SITREP_REDMINE_URL, SITREP_REDMINE_TOKEN and SITREP_REDMINE_PROJECT name it. Its installation
// wants a database, so the test starts none.
#include "peers/peer.hpp"

#include <cstdlib>
#include <iostream>

using namespace sitrep::test;

TEST_CASE("a real Redmine: tickets and versions") {
  const char* url = std::getenv("SITREP_REDMINE_URL");
  const char* token = std::getenv("SITREP_REDMINE_TOKEN");
  const char* project = std::getenv("SITREP_REDMINE_PROJECT");
  if (url == nullptr || token == nullptr || project == nullptr) {
    std::cout << "SKIPPED: no Redmine: set SITREP_REDMINE_URL, SITREP_REDMINE_TOKEN and SITREP_REDMINE_PROJECT"
              << std::endl;
    return;
  }
  PeerWorkspace workspace;
  workspace.write("[source.redmine]\npreset = \"redmine\"\nallow_http = true\nbase_url = \"" + std::string(url) +
                  "\"\nauth.token = { file = \"token\" }\n[[source.redmine.stream]]\nname = \"versions\"\npath = "
                  "\"projects/" +
                  project + "/versions.json\"\n");
  workspace.folder().write("token", token);
  std::filesystem::permissions(workspace.folder() / "token", std::filesystem::perms::owner_read);
  const auto first = workspace.sitrep({"sync"});
  INFO(first.out << first.err);
  REQUIRE(first.exit_code == 0);
  const auto tickets = workspace.query("select count(*) from ticket");
  CHECK(tickets != "0");
  CHECK(workspace.query("select count(*) from reject") == "0");
  CHECK(workspace.sitrep({"sync", "--full"}).exit_code == 0);
  CHECK(workspace.query("select count(*) from ticket_history") == tickets);
}
