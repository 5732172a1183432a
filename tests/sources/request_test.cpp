#include "sources/request.hpp"

#include <doctest/doctest.h>

#include "json/value.hpp"
#include "sources/support.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

const SecretContext k_secrets{
    [](const std::string& name) -> std::optional<std::string> { return "value-of-" + name; }, {}, {}};

http::Request first(std::string_view toml, const PageRequest& page = {}, const Bounds& bounds = {}) {
  const auto config = test::config_of(std::string(toml) + "\n");
  const auto& source = config.sources.at(0);
  return make_request(source, source.streams.at(0), read_credentials(source, k_secrets), page, bounds);
}

std::string headers(const http::Request& request) {
  std::string out;
  for (const auto& [name, value] : request.headers) out += name + ": " + value + "\n";
  return out;
}

constexpr const char* k_stream = "\n[[source.s.stream]]\nname = \"x\"\nentity = \"incident\"\npath = \"/things\"\n";

}  // namespace

TEST_CASE("sources::make_request joins path, params, bounds and page") {
  const auto request = first(std::string("params = { \"a b\" = \"1&2\" }\n") + k_stream +
                                 "params = { sort = \"up\", page = \"9\" }\n"
                                 "incremental = { cursor_path = \"u\", start_param = \"updated[gte]\", end_param = "
                                 "\"to\", format = \"epoch\" }",
                             {"", {{"page", "3"}}, false}, {unix_time(100), unix_time(200)});
  CHECK(request.url == "http://127.0.0.1:1/api/things?a%20b=1%262&sort=up&updated%5Bgte%5D=100&to=200&page=3");
  CHECK(headers(request) == "Accept: application/json\n");
  CHECK(request.method == "GET");
}

TEST_CASE("sources::make_request drops the stream's params or takes a whole URL when the page says so") {
  const std::string toml = std::string("params = { all = \"1\" }\n") + k_stream + "params = { sort = \"up\" }";
  CHECK(first(toml, {"", {{"cursor", "c"}}, true}).url == "http://127.0.0.1:1/api/things?cursor=c");
  CHECK(first(toml, {"http://127.0.0.1:1/other?x=1", {}, false}).url == "http://127.0.0.1:1/other?x=1");
}

TEST_CASE("sources::make_request authenticates in each way, and to its own origin only") {
  struct Case {
    const char* auth;
    const char* url;
    const char* headers;
  };
  const Case cases[] = {
      {R"(auth = { type = "bearer", token = { env = "T" } })", "http://127.0.0.1:1/api/things",
       "Accept: application/json\nAuthorization: Bearer value-of-T\n"},
      {R"(auth = { type = "api_key", prefix = "Token token=", token = { env = "T" } })",
       "http://127.0.0.1:1/api/things", "Accept: application/json\nAuthorization: Token token=value-of-T\n"},
      {R"(auth = { type = "api_key", name = "PRIVATE-TOKEN", token = { env = "T" } })", "http://127.0.0.1:1/api/things",
       "Accept: application/json\nPRIVATE-TOKEN: value-of-T\n"},
      {R"(auth = { type = "api_key", name = "api_key", location = "query", token = { env = "T" } })",
       "http://127.0.0.1:1/api/things?api_key=value-of-T", "Accept: application/json\n"},
      {R"(auth = { type = "http_basic", username = { env = "U" }, password = { env = "P" } })",
       "http://127.0.0.1:1/api/things",
       "Accept: application/json\nAuthorization: Basic dmFsdWUtb2YtVTp2YWx1ZS1vZi1Q\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.auth);
    const auto request = first(std::string(c.auth) + k_stream);
    CHECK(request.url == c.url);
    CHECK(headers(request) == c.headers);
    CHECK_FALSE(request.secrets.empty());
    const auto foreign = first(std::string(c.auth) + k_stream, {"http://127.0.0.1:2/api/things", {}, false});
    CHECK(foreign.url == "http://127.0.0.1:2/api/things");
    CHECK(headers(foreign) == "Accept: application/json\n");
  }
}

TEST_CASE("sources::make_request sends a body and the source's own Accept") {
  const auto request = first(std::string("headers = { accept = \"application/x\" }\n") + k_stream +
                             "method = \"POST\"\njson = { q = 1 }");
  CHECK(request.method == "POST");
  json::Document body;
  CHECK(body.parse(request.body).to_json() == "{\"q\":1}");
  CHECK(headers(request) == "accept: application/x\nContent-Type: application/json\n");
}

TEST_CASE("sources::format_bound writes times as servers want them") {
  const auto t = *parse_rfc3339("2026-11-16T02:03:04Z");
  const auto bound = [&](const char* format, const char* zone) {
    config::Incremental incremental;
    incremental.format = format;
    return format_bound(t, incremental, zone);
  };
  CHECK(bound("rfc3339", "UTC") == "2026-11-16T02:03:04Z");
  CHECK(bound("epoch", "UTC") == "1794794584");
  CHECK(bound("epoch_ms", "UTC") == "1794794584000");
  CHECK(bound("date", "America/Los_Angeles") == "2026-11-15");
  CHECK(bound("%Y-%m-%d %H:%M", "America/Los_Angeles") == "2026-11-15 18:03");
}
