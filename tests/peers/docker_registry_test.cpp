// A real Docker registry: bare strings, pages by a relative Link.
#include "peers/peer.hpp"

using namespace sitrep::test;

TEST_CASE("a real Docker registry: every repository comes, over pages of two linked by a relative Link") {
  const auto program = installed("docker-registry", "docker-registry");
  if (!program) return;
  TempDir folder;
  const auto port = free_port();
  folder.write("config.yml", "version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: " +
                                 folder.path().string() + "/data } }\nhttp: { addr: 127.0.0.1:" + std::to_string(port) +
                                 " }\n");
  // A repository is in the catalog once it has a folder of manifests.
  for (const char* name : {"a/one", "b/two", "c/three", "d-four", "e.five"}) {
    std::filesystem::create_directories(
        folder / ("data/docker/registry/v2/repositories/" + std::string(name) + "/_manifests/revisions"));
    std::filesystem::create_directories(folder /
                                        ("data/docker/registry/v2/repositories/" + std::string(name) + "/_layers"));
  }
  const Peer registry(*program, {"serve", "config.yml"}, port, "/v2/", folder.path());
  PeerWorkspace workspace;
  const auto source = [&](const std::string& limit) {
    return "[source.r]\npreset = \"docker-registry\"\nbase_url = \"" + registry.url() +
           "\"\nretry = { max = 0 }\n[[source.r.stream]]\nname = \"repositories\"\npaginator.limit = " + limit + "\n";
  };
  workspace.write(source("2"));
  const auto result = workspace.sitrep({"sync", "--json"});
  INFO(result.out << result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(result.out.find("\"requests\":3") != std::string::npos);
  CHECK(workspace.query("select group_concat(name, ' ') from (select name from service order by name)") ==
        "a/one b/two c/three d-four e.five");

  workspace.write(
      "[source.r]\npreset = \"docker-registry\"\nbase_url = \"" + registry.url() +
      "\"\nretry = { max = 0 }\n[[source.r.stream]]\nname = \"repositories\"\npath = \"v2/nothing/tags/list\"\n");
  const auto unknown = workspace.sitrep({"sync"});
  INFO(unknown.out << unknown.err);
  CHECK(unknown.exit_code == 4);
  CHECK((unknown.out + unknown.err).find("repository name not known to registry") != std::string::npos);
}
