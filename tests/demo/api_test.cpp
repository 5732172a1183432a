#include "demo/api.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include "demo/sample.hpp"
#include "json/path.hpp"
#include "json/value.hpp"

namespace sitrep::demo {
namespace {

// Over a real socket: one API for the cases that only read.
class Caller {
 public:
  explicit Caller(const Api& api) : client_("127.0.0.1", api.port()) {
    client_.set_default_headers({{"Authorization", "Bearer " + api.token()}, {"X-Api-Key", api.token()}});
  }
  httplib::Client& client() { return client_; }
  httplib::Response get(const std::string& path) {
    auto result = client_.Get(path);
    REQUIRE(result);
    return *result;
  }

 private:
  httplib::Client client_;
};

std::string at(const std::string& body, const char* path) {
  json::Document document;
  const auto value = json::Path::parse(path).find(document.parse(body));
  return value ? value->to_text() : "(absent)";
}

std::size_t count(const std::string& body, const char* path) {
  json::Document document;
  const auto value = json::Path::parse(path).find(document.parse(body));
  return value ? value->size() : 0;
}

const Clock& test_clock() {
  static const FixedClock k_clock(k_test_now);
  return k_clock;
}

TEST_CASE("demo::Api refuses a missing or wrong token on every route") {
  Api api(sample(), test_clock(), "secret");
  httplib::Client client("127.0.0.1", api.port());
  for (const char* path :
       {"/pager/incidents", "/launches/v1/reviews", "/desk/tickets", "/prometheus/api/v1/query_range"}) {
    CAPTURE(path);
    CHECK(client.Get(path)->status == 401);
    CHECK(client.Get(path, {{"Authorization", "Bearer wrong"}, {"X-Api-Key", "wrong"}})->status == 401);
  }
  CHECK(client.Get("/desk/tickets", {{"Authorization", "Bearer secret"}})->status == 401);
}

TEST_CASE("demo::Api throttles the first list of reviews once, with Retry-After") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  const auto first = call.get("/launches/v1/reviews");
  CHECK(first.status == 429);
  CHECK(first.get_header_value("Retry-After") == "1");
  CHECK(call.get("/launches/v1/reviews").status == 200);
}

TEST_CASE("demo::Api: following the pages of a list gives every record once") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  SUBCASE("incidents by cursor") {
    std::size_t records = 0;
    std::string next = "/pager/incidents?limit=100";
    while (!next.empty()) {
      const auto page = call.get(next);
      REQUIRE(page.status == 200);
      records += count(page.body, "incidents");
      next = at(page.body, "meta.has_more") == "true"
                 ? "/pager/incidents?limit=100&cursor=" + at(page.body, "meta.next_cursor")
                 : "";
    }
    CHECK(records == sample().incidents.size());
  }
  SUBCASE("daily samples by absolute links, since a time") {
    std::size_t records = 0;
    const auto since = unix_seconds(k_test_now) - 30 * 86400;
    std::string next = "/capacity/samples?size=500&since=" + std::to_string(since);
    while (!next.empty()) {
      const auto page = call.get(next);
      REQUIRE(page.status == 200);
      records += count(page.body, "items");
      next = at(page.body, "links.next");
      if (next.starts_with(api.url())) next.erase(0, api.url().size());
    }
    CHECK(records == 52U * 30);
  }
  SUBCASE("milestones by header") {
    const auto page = call.get("/tracker/milestones?per_page=15");
    CHECK(count(page.body, "$") == 15);
    CHECK(page.get_header_value("Link").find("rel=\"next\"") != std::string::npos);
  }
}

TEST_CASE("demo::Api::show changes what the next request sees") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  const auto due = [&] { return at(call.get("/tracker/milestones?per_page=100").body, "[id=MS-44].due"); };
  api.show(sample().week(0));
  const auto first = due();
  CHECK(at(call.get("/pager/services?total=true").body, "total") == "25");
  api.show(sample().week(7));
  CHECK(due() > first);
  const auto since = format_utc(sample().week(6));
  const auto changed = call.get("/pager/incidents?limit=100&updated_since=" + since);
  CHECK(count(changed.body, "incidents") > 5);
  CHECK(count(changed.body, "incidents") < 60);
}

TEST_CASE("demo::Api answers range queries as Prometheus does, its refusals included") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  const std::string base = "/prometheus/api/v1/query_range?query=capacity_used";
  const auto end = unix_seconds(k_test_now);
  const auto range = "&start=" + std::to_string(end - 86400) + "&end=" + std::to_string(end);
  const auto page = call.get(base + range + "&step=3600");
  CHECK(page.status == 200);
  CHECK(count(page.body, "data.result") == 8);
  CHECK(count(page.body, "data.result[0].values") == 25);
  CHECK(at(call.get(base + range + "&step=1").body, "errorType") == "bad_data");
  CHECK(call.get(base + range).status == 400);
  CHECK(call.get("/prometheus/api/v1/labels").body == "404 page not found\n");
}

TEST_CASE("demo::Api files a launch review once for an idempotency key and shows it in the list") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  const std::string body =
      R"({"name":"Wallets","service":"wallets","owner":"lena","tier":"2","launch_on":"2026-12-10"})";
  const httplib::Headers key = {{"Idempotency-Key", "k1"}};
  const auto filed = call.client().Post("/launches/v1/reviews", key, body, "application/json");
  REQUIRE(filed);
  CHECK(filed->status == 201);
  CHECK(at(filed->body, "id") == "LR-412");
  const auto again = call.client().Post("/launches/v1/reviews", key, body, "application/json");
  CHECK(again->status == 201);
  CHECK(at(again->body, "id") == "LR-412");
  CHECK(call.client().Post("/launches/v1/reviews", key, R"({"name":"Other"})", "application/json")->status == 409);
  const auto other = call.client().Post("/launches/v1/reviews", body, "application/json");
  CHECK(at(other->body, "id") == "LR-413");

  call.get("/launches/v1/reviews");  // the one that is throttled
  const auto list = call.get("/launches/v1/reviews?limit=3");
  CHECK(at(list.body, "data[0].id") == "LR-413");
  CHECK(at(list.body, "data[1].gates[0].state") == "pending");
  CHECK(at(call.get("/launches/v1/reviews/LR-412").body, "name") == "Wallets");
  CHECK(call.get("/launches/v1/reviews/LR-999").status == 404);
}

TEST_CASE("demo::Api names the fields that a review lacks, and updates one that was filed") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  struct Case {
    const char* name;
    const char* body;
    int status;
    const char* field;
  };
  const Case cases[] = {
      {"no owner", R"({"name":"A","service":"cart"})", 422, "owner"},
      {"blank name", R"({"name":" ","service":"cart","owner":"tom"})", 422, "name"},
      {"tier beyond 4", R"({"name":"A","service":"cart","owner":"tom","tier":5})", 422, "tier"},
      {"impossible day", R"({"name":"A","service":"c","owner":"t","launch_on":"2026-02-30"})", 422, "launch_on"},
      {"not JSON", "name=A", 400, ""},
      {"not an object", "[]", 400, ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto answer = call.client().Post("/launches/v1/reviews", c.body, "application/json");
    CHECK(answer->status == c.status);
    if (c.status == 422) CHECK(at(answer->body, "error.fields[0].field") == c.field);
  }
  const std::string path = "/launches/v1/reviews/LR-412";
  const std::string body = R"({"name":"A","service":"cart","owner":"tom"})";
  CHECK(call.client().Put(path, body, "application/json")->status == 404);
  call.client().Post("/launches/v1/reviews", body, "application/json");
  const auto updated = call.client().Put(path, R"({"name":"B","service":"cart","owner":"tom"})", "application/json");
  CHECK(updated->status == 200);
  CHECK(at(updated->body, "name") == "B");
  CHECK(call.client().Put(path, "{}", "application/json")->status == 422);
}

TEST_CASE("demo::Api refuses bounds it cannot read and methods it does not have") {
  Api api(sample(), test_clock(), "secret");
  Caller call(api);
  CHECK(call.get("/pager/incidents?updated_since=yesterday").status == 400);
  CHECK(call.get("/desk/tickets?updated_since=2026-11-01").status == 400);
  CHECK(call.get("/nowhere").status == 404);
  CHECK(call.client().Post("/pager/incidents", "{}", "application/json")->status == 405);
  CHECK(api.requests() == 4);
}

TEST_CASE("demo::Api takes the port asked for when it is free, another when it is not") {
  Api first(sample(), test_clock(), "secret");
  Api second(sample(), test_clock(), "secret", first.port());
  CHECK(second.port() > 0);
}

}  // namespace
}  // namespace sitrep::demo
