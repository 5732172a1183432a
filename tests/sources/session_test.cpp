// Credentials that are renewed, and secrets that an answer gives back.
#include "sources/session.hpp"

#include <doctest/doctest.h>

#include "sources/quantity.hpp"
#include "sources/support.hpp"
#include "support/fake_clock.hpp"

using namespace sitrep;
using namespace sitrep::sources;

namespace {

/// A login that hands out "t1", "t2", …
class Login final : public http::Transport {
 public:
  http::Response send(const http::Request& request, const http::Limits&) override {
    ++asked;
    last = request;
    http::Response response;
    response.status = refuse ? 400 : 200;
    response.body = refuse ? "{\"error\":\"invalid_client\"}"
                           : "{\"access_token\":\"t" + std::to_string(asked) + "\"" + lifetime + "}";
    response.effective_url = request.url;
    return response;
  }
  int asked = 0;
  bool refuse = false;
  std::string lifetime = ",\"expires_in\":3600";
  http::Request last;
};

struct Desk {
  Desk() {
    source.name = "s";
    source.auth.token_url = "https://login.example/token";
    fixed.client = "Basic xyz";
    fixed.secrets = {"client-secret"};
  }
  config::Source source;
  Credentials fixed;
  Login login;
  test::FakeClock clock;
  test::FakeWaiter waiter{clock};
  http::Client client{login, clock, waiter, {}};
};

std::string sent(const Session::Held& held) {
  return std::string(http::find_header(held->headers, "Authorization").value_or(""));
}

}  // namespace

TEST_CASE("sources::Session asks for a token once, and again shortly before it expires") {
  Desk desk;
  Session session(desk.source, desk.fixed, desk.client, desk.waiter);
  CHECK(desk.login.asked == 0);
  CHECK(sent(session.credentials()) == "Bearer t1");
  desk.clock.advance(std::chrono::seconds{3500});
  CHECK(sent(session.credentials()) == "Bearer t1");
  desk.clock.advance(std::chrono::seconds{75});
  const auto renewed = session.credentials();
  CHECK(sent(renewed) == "Bearer t2");
  CHECK(desk.login.asked == 2);
  CHECK(renewed->headers.size() == 1);
  for (const char* secret : {"client-secret", "t1", "t2"}) {  // the old one may still be echoed
    CAPTURE(std::string(secret));
    CHECK(std::ranges::find(renewed->secrets, secret) != renewed->secrets.end());
  }
}

TEST_CASE("sources::Session renews a refused token once for all who held it") {
  Desk desk;
  desk.login.lifetime = "";
  Session session(desk.source, desk.fixed, desk.client, desk.waiter);
  const auto first = session.credentials();
  CHECK(session.renew(first));
  CHECK(session.renew(first));  // another thread, with the same refusal
  CHECK(desk.login.asked == 2);
  CHECK(sent(session.credentials()) == "Bearer t2");
  desk.login.refuse = true;
  CHECK_THROWS_AS(session.renew(session.credentials()), Error);
}

TEST_CASE("sources::Session: a token that lives a minute or less is used, not asked for with each request") {
  Desk desk;
  for (const char* lifetime :
       {",\"expires_in\":10", ",\"expires_in\":\"10\"", ",\"expires_in\":-1", ",\"expires_in\":{}"}) {
    CAPTURE(std::string(lifetime));
    desk.login.asked = 0;
    desk.login.lifetime = lifetime;
    Session session(desk.source, desk.fixed, desk.client, desk.waiter);
    session.credentials();
    session.credentials();
    CHECK(desk.login.asked == 1);
  }
}

TEST_CASE("sources::Session: other kinds of credentials stay as they are") {
  Desk desk;
  Credentials token;
  token.headers = {{"Authorization", "Bearer fixed"}};
  Session session(desk.source, token, desk.client, desk.waiter);
  CHECK(sent(session.credentials()) == "Bearer fixed");
  CHECK_FALSE(session.renew(session.credentials()));
  CHECK(desk.login.asked == 0);
}

TEST_CASE("sources::mask_echo takes a secret out of a body however it is spelled, and leaves words alone") {
  Credentials credentials;
  credentials.secrets = {"tok/en+with=signs\"7", "admin"};
  struct Case {
    std::string name, body, masked;
  };
  const Case cases[] = {
      {"as it is", R"({"a":"tok/en+with=signs\"7"})", R"({"a":"***"})"},
      {"in JSON's words", R"({"a":"tok\/en+with=signs\"7"})", R"({"a":"***"})"},
      {"in a URL", R"({"next":"/x?k=tok%2Fen%2Bwith%3Dsigns%227&p=2"})", R"({"next":"/x?k=***&p=2"})"},
      {"none", R"({"user":"admin","b":"with"})", R"({"user":"admin","b":"with"})"},
      {"a part of it only", R"({"a":"tok/en+with=signs"})", R"({"a":"tok/en+with=signs"})"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    auto body = c.body;
    CHECK(mask_echo(body, credentials) == (c.body != c.masked));
    CHECK(body == c.masked);
  }
}

TEST_CASE("sources::parse_quantity reads what Kubernetes writes, exactly or not at all") {
  struct Case {
    std::string text;
    std::optional<double> value;
  };
  const Case cases[] = {
      {"0", 0.0},      {"50", 50.0},     {"500m", 0.5},
      {"300m", 0.3},   {"1.5", 1.5},     {"16Gi", 17179869184.0},
      {"1Ki", 1024.0}, {"2.5k", 2500.0}, {"1e3", 1000.0},
      {"12E", 12e18},  {"12E2", 1200.0}, {"-1", -1.0},
      {"100n", 1e-7},  {"7u", 7e-6},     {"1Ti", 1099511627776.0},
      {"", {}},        {"Gi", {}},       {"nine", {}},
      {"1 Gi", {}},    {"1GB", {}},      {"1e3k", {}},
      {"NaN", {}},     {"0x10", {}},     {"1gi", {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_quantity(c.text) == c.value);
  }
}
