// sitrep.toml: lines 96 and 97.
#include "fixture.hpp"

using namespace sitrep::test;

namespace {

/// Syncs with this sitrep.toml; nothing may be sent.
SyncResult sync_with(FaultWorkspace& workspace, const std::string& toml) {
  workspace.serve({Reply::json(page({"a"}))});
  workspace.folder().write("sitrep.toml", toml);
  auto result = workspace.run({"sync"});
  CHECK(result.requests == 0);
  return result;
}

std::string source_at(const std::string& base_url, const std::string& more = "") {
  return "[source.api]\nbase_url = \"" + base_url + "\"\n" + more +
         "[[source.api.stream]]\nname = \"incidents\"\nentity = \"incident\"\npath = \"incidents\"\n";
}

}  // namespace

TEST_CASE("96: sync refuses a broken sitrep.toml with file, line and column") {
  struct Case {
    std::string name;
    std::string toml;
    std::string says;
  };
  std::string nested = "[workspace]\nname = ";
  for (int i = 0; i < 5'000; ++i) nested += '[';
  const Case cases[] = {
      {"duplicate key", "[workspace]\nname = \"a\"\nname = \"b\"\n", "sitrep.toml:3:"},
      {"bad escape", "[workspace]\nname = \"\\q\"\n", "sitrep.toml:2:"},
      {"invalid UTF-8", "[workspace]\nname = \"\xff\"\n", "sitrep.toml:2:"},
      {"date out of range", "[workspace]\nname = 2026-13-45\n", "sitrep.toml:2:"},
      {"typo", source_at("https://h.example", "base_ulr = \"x\"\n"), "did you mean 'base_url'?"},
      {"unknown section", "[sources.api]\nbase_url = \"https://h.example\"\n", "sitrep.toml:1:"},
      {"wrong type", "[workspace]\nname = 5\n", "sitrep.toml:2:"},
      {"nesting", nested, "sitrep.toml:2:"},
      {"10 MB", "[workspace]\nname = \"" + std::string(10'000'000, 'x') + "\"\n", "sitrep.toml"},
      {"cut", "[workspace\n", "sitrep.toml:1:"},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    FaultWorkspace workspace;
    const auto result = sync_with(workspace, c.toml);
    INFO(result.said.substr(0, 500));
    CHECK(result.exit_code == 3);
    CHECK(contains(result.said, c.says));
  }
}

TEST_CASE("97: sync refuses addresses that would leak") {
  struct Case {
    std::string name;
    std::string toml;
    std::string says;
  };
  const Case cases[] = {
      {"userinfo", source_at("https://joe:" + k_canary + "@h.example/"), "user"},
      {"http to another machine", source_at("http://api.invalid/"), "allow_http"},
      {"no scheme", source_at("api.invalid"), "https://"},
      {"another scheme", source_at("file:///etc"), "https://"},
      {"variable that is not set", source_at("https://${NO_SUCH_HOST}/"), "NO_SUCH_HOST"},
      {"secret in the file",
       source_at("https://h.example", "auth = { type = \"bearer\", token = \"" + k_canary + "\" }\n"), "env"},
  };
  for (const auto& c : cases) {
    INFO(c.name);
    FaultWorkspace workspace;
    const auto result = sync_with(workspace, c.toml);
    INFO(result.said);
    CHECK((result.exit_code == 3 || result.exit_code == 9));
    CHECK(contains(result.said, c.says));
  }
}

TEST_CASE("97: http:// through a variable is refused as well") {
  FaultWorkspace workspace;
  workspace.environment["API_HOST"] = "http://api.invalid";
  const auto result = sync_with(workspace, source_at("${API_HOST}/v1"));
  INFO(result.said);
  CHECK(result.exit_code == 3);
  CHECK(contains(result.said, "allow_http"));
}
