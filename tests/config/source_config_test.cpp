#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"

#include "config/config.hpp"

using namespace sitrep;

namespace {

constexpr std::string_view k_preset = R"(
base_url = "https://api.example"
auth = { type = "api_key", prefix = "Token token=", token = { env = "DEFAULT" } }
[[stream]]
name = "incidents"
entity = "incident"
path = "incidents"
columns = { title = "summary", severity = { path = "urgency", map = { high = "SEV2" } } }
[[stream]]
name = "services"
entity = "service"
path = "services"
)";

config::Config parse(std::string_view toml) {
  const auto presets = [](std::string_view name) -> std::optional<std::string_view> {
    return name == "pager" ? std::optional(k_preset) : std::nullopt;
  };
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "HOST" ? std::optional<std::string>("h.example") : std::nullopt;
  };
  return config::parse(toml, "/w/sitrep.toml", presets, environment);
}

std::string error_of(std::string_view toml) {
  try {
    parse(toml);
  } catch (const Error& e) {
    return e.what();
  }
  return "(no error)";
}

}  // namespace

TEST_CASE("a source overrides its preset key by key and stream by stream") {
  const auto config = parse(R"(
[source.pager]
preset = "pager"
auth.token = { file = "token" }
[[source.pager.stream]]
name = "incidents"
path = "v2/incidents"
columns = { title = "name" }
)");
  REQUIRE(config.sources.size() == 1);
  const auto& source = config.sources[0];
  CHECK(source.base_url == "https://api.example");
  CHECK(source.auth.type == config::Auth::Type::api_key);
  CHECK(source.auth.prefix == "Token token=");
  REQUIRE(source.streams.size() == 2);
  CHECK(source.streams[0].path == "v2/incidents");
  CHECK(source.streams[0].entity == "incident");
  REQUIRE(source.streams[0].columns.size() == 2);
  for (const auto& column : source.streams[0].columns) {
    if (column.column == "title") CHECK(column.path == "name");
    if (column.column == "severity")
      CHECK(column.map == std::vector<std::pair<std::string, std::string>>{{"high", "SEV2"}});
  }
}

TEST_CASE("${NAME} is expanded in sources; what is not set is kept for the moment the source is used") {
  const auto config = parse(R"(
[source.a]
base_url = "https://${HOST}/v1"
params = { team = "${TEAM}" }
)");
  CHECK(config.sources[0].base_url == "https://h.example/v1");
  REQUIRE(config.sources[0].unset_environment.size() == 1);
  CHECK(config.sources[0].unset_environment[0].first == "TEAM");
  CHECK(config.sources[0].unset_environment[0].second.line == 4);
}

TEST_CASE("sources keep the order of the file") {
  const auto config = parse("[source.z]\nbase_url = \"https://z\"\n[source.a]\nbase_url = \"https://a\"\n");
  REQUIRE(config.sources.size() == 2);
  CHECK(config.sources[0].name == "z");
}

TEST_CASE("a source that would leak, hang or guess is refused with the reason") {
  struct Case {
    const char* name;
    std::string toml;
    std::string expected;
  };
  const std::string stream =
      "[source.a]\nbase_url = \"https://a\"\n[[source.a.stream]]\nname = \"s\"\nentity = \"incident\"\n";
  const Case cases[] = {
      {"typing error", "[source.a]\nbase_ulr = \"x\"\n",
       "sitrep.toml:2:12: unknown key 'base_ulr' in [source.a]; did you mean 'base_url'?"},
      {"no base_url", "[source.a]\n", "sitrep.toml:1:1: [source.a] needs 'base_url'"},
      {"unknown preset", "[source.a]\npreset = \"nope\"\n",
       "sitrep.toml:2:10: [source.a]: there is no preset 'nope'; 'sitrep source presets' lists them"},
      {"userinfo", "[source.a]\nbase_url = \"https://u:p@h/\"\n",
       "sitrep.toml:2:12: 'base_url' in [source.a] holds a user or password; use auth instead"},
      {"userinfo with a slash", "[source.a]\nbase_url = \"https://user:p4ss/w0rd@127.0.0.1:1/api\"\n",
       "sitrep.toml:2:12: 'base_url' in [source.a] holds a user or password; use auth instead"},
      {"clear text to another machine", "[source.a]\nbase_url = \"http://h/\"\n",
       "sitrep.toml:2:12: 'base_url' in [source.a] is http:// to another machine, where anybody can read the token; "
       "use "
       "https://, or set allow_http = true"},
      {"secret in the file", "[source.a]\nbase_url = \"https://h/\"\nauth = { token = \"abc\" }\n",
       "sitrep.toml:3:18: 'token' in [source.a.auth] must not stand in the file; write { env = \"NAME\" }, { file = "
       "\"…\" }, "
       "{ command = […] } or { keyring = \"…\" }"},
      {"unknown entity",
       "[source.a]\nbase_url = \"https://a\"\n[[source.a.stream]]\nname = \"s\"\nentity = \"incidnt\"\n",
       "sitrep.toml:5:10: 'incidnt' is not an entity; did you mean 'incident'?"},
      {"cursor without its parameter", stream + "paginator = { type = \"cursor\", cursor_path = \"next\" }\n",
       "sitrep.toml:6:13: [source.a.stream.paginator] of this type needs 'cursor_param'"},
      {"bad duration", stream + "full_every = \"7 days\"\n",
       "sitrep.toml:6:14: 'full_every' in [[source.a.stream]] must be a duration such as \"90s\", \"5m\" or \"7d\", "
       "not \"7 days\""},
      {"two streams of one name", stream + "[[source.a.stream]]\nname = \"s\"\nentity = \"incident\"\n",
       "sitrep.toml:6:1: [source.a] has two streams named 's'"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(error_of(c.toml) == c.expected);
  }
}

TEST_CASE("loopback may be http") {
  CHECK(parse("[source.a]\nbase_url = \"http://127.0.0.1:8080/\"\n").sources.size() == 1);
  CHECK(parse("[source.a]\nbase_url = \"http://localhost/\"\n").sources.size() == 1);
  CHECK(parse("[source.a]\nbase_url = \"http://[::1]:1/\"\n").sources.size() == 1);
  CHECK(parse("[source.a]\nbase_url = \"http://h/\"\nallow_http = true\n").sources.size() == 1);
  CHECK(error_of("[source.a]\nbase_url = \"http://127.1/\"\n") != "(no error)");  // as the transport has it
  CHECK(error_of("[source.a]\nbase_url = \"http://127.evil.example/\"\n") != "(no error)");
}
