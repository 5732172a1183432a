#include "store/listing.hpp"

#include <doctest/doctest.h>

#include "store/support.hpp"

using namespace sitrep;
using test::entity;
using Filter = store::Listing::Filter;
using Through = Filter::Through;

namespace {

store::Store sample() {
  auto store = store::Store::memory(test::writing());
  test::run(store, entity("service"), store::Pass::full, 10,
            {{"1", {{"name", "api"}, {"aliases", R"(["api-v2"])"}, {"team", "edge"}, {"program", "Checkout"}}},
             {"2", {{"name", "db"}, {"team", "data"}}}},
            store::Shrink::allow, "services");
  test::run(store, entity("incident"), store::Pass::full, 20,
            {{"A", {{"service", "api"}, {"severity", "SEV1"}, {"started_at", std::int64_t{100}}}},
             {"B", {{"service", "api-v2"}, {"severity", "SEV2"}, {"team", "data"}, {"started_at", std::int64_t{300}}}},
             {"C", {{"service", "db"}, {"severity", "SEV1"}, {"started_at", std::int64_t{200}}}},
             {"D", {{"severity", "SEV3"}}}},
            store::Shrink::allow, "incidents");
  return store;
}

std::string ids(const store::Listed& listed) {
  std::string text;
  for (const auto& row : listed.rows) text += std::get<std::string>(row[1]);
  return text;
}

}  // namespace

TEST_CASE("store::list filters, through services and their aliases where asked") {
  auto store = sample();
  struct Case {
    const char* name;
    std::vector<Filter> filters;
    std::string expected;
  };
  const Case cases[] = {{"no filter", {}, "ABCD"},
                        {"one column, any case", {{"severity", {"sev1"}}}, "AC"},
                        {"any of several", {{"severity", {"SEV1", "SEV3"}}}, "ACD"},
                        {"a service by its name or an alias", {{"service", {"API"}, Through::service}}, "AB"},
                        {"the alias asked for finds the name", {{"service", {"api-v2"}, Through::service}}, "AB"},
                        {"the service's team where the row has none", {{"team", {"edge"}, Through::service}}, "A"},
                        {"the row's own team wins", {{"team", {"data"}, Through::service}}, "BC"},
                        {"a program of a service", {{"program", {"checkout"}, Through::service}}, "AB"},
                        {"filters all hold", {{"severity", {"SEV1"}}, {"team", {"data"}, Through::service}}, "C"},
                        {"text that looks like SQL is text", {{"severity", {"' OR 1=1 --"}}}, ""}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    store::Listing listing;
    listing.entity = "incident";
    listing.filters = c.filters;
    CHECK(ids(store::list(store, listing)) == c.expected);
  }
}

TEST_CASE("store::list sorts with NULL last, takes [since, until) and counts what the limit leaves out") {
  auto store = sample();
  store::Listing listing;
  listing.entity = "incident";
  listing.sort = listing.time_column = "started_at";
  CHECK(ids(store::list(store, listing)) == "ACBD");
  listing.descending = true;
  CHECK(ids(store::list(store, listing)) == "BCAD");
  listing.limit = 1;
  const auto limited = store::list(store, listing);
  CHECK(ids(limited) == "B");
  CHECK(limited.total == 4);
  listing.since = unix_time(200);
  listing.until = unix_time(300);
  CHECK(ids(store::list(store, listing)) == "C");
}

TEST_CASE("store::list compares date columns as days") {
  auto store = store::Store::memory(test::writing());
  test::run(store, entity("milestone"), store::Pass::full, 10,
            {{"A", {{"due_date", "2026-11-15"}}}, {"B", {{"due_date", "2026-11-16"}}}});
  store::Listing listing;
  listing.entity = "milestone";
  listing.time_column = "due_date";
  listing.since = parse_rfc3339("2026-11-16T00:00:00Z");
  CHECK(ids(store::list(store, listing)) == "B");
}

TEST_CASE("store::list refuses a column the entity does not have and says which it may be") {
  auto store = sample();
  store::Listing listing;
  listing.entity = "incident";
  listing.sort = "severty";
  CHECK_THROWS_WITH_AS(store::list(store, listing),
                       "--sort: incident has no column 'severty'; did you mean 'severity'?", Error);
}

TEST_CASE("store::names gives each name once, in order") {
  auto store = sample();
  CHECK(store::names(store, "service") == std::vector<std::string>{"api", "db"});
  CHECK(store::names(store, "incident").empty());
}
