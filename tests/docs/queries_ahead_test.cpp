#include "docs/queries_ahead.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "docs/sample.hpp"
#include "docs/sql.hpp"

using namespace sitrep;
using templating::Value;

namespace {

/// Of a machine with one processor nothing is run ahead, and whoever asks runs it.
bool runs_ahead() { return std::thread::hardware_concurrency() > 1; }

}  // namespace

TEST_CASE("docs::QueriesAhead gives the rows that whoever asks would get") {
  const test::SampleStore sample;
  auto store = sample.open();
  const std::map<std::string, Value> parameters{{"p", Value("P1")}, {"unused", Value(1)}};
  const std::vector<docs::NamedQuery> queries{
      {"names", "select name from program order by name"},
      {"milestones", "select count(*) as n from milestone where program_id = :p"},
      {"wrong", "select nope from incident"},
      {"lacking", "select :nobody as x"}};
  docs::QueriesAhead ahead(store, queries, parameters);
  store::QueryBox box(store);
  for (const auto& query : {queries[0], queries[1], queries[0]}) {
    CAPTURE(query.name);
    const auto expected = docs::run_sql(box, query.sql, query.name, parameters);
    const auto rows = ahead.take(query.name);
    if (!rows) continue;  // nobody had begun it
    CHECK(rows->list().size() == expected.list().size());
    CHECK(equal(*rows, expected));
  }
  CHECK_FALSE(ahead.take("never heard of"));
  for (const auto* name : {"wrong", "lacking"}) {
    CAPTURE(std::string(name));
    try {
      const auto rows = ahead.take(name);
      CHECK_FALSE(rows);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::user_code);
      CHECK(std::string(error.what()).starts_with("query " + std::string(name) + ": "));
    }
  }
}

TEST_CASE("docs::QueriesAhead is stopped with what nobody asks for, and lends its box when it is done") {
  const test::SampleStore sample;
  auto store = sample.open();
  const auto begun = std::chrono::steady_clock::now();
  {
    docs::QueriesAhead endless(
        store, {{"endless", "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"}},
        {});
    CHECK_FALSE(endless.take_box());
  }
  CHECK(std::chrono::steady_clock::now() - begun < store::QueryLimits{}.time);  // not at the end of its time
  docs::QueriesAhead quick(store, {{"one", "select 1 as n"}}, {});
  if (!runs_ahead()) return;
  std::unique_ptr<store::QueryBox> box;
  while (!box) box = quick.take_box();
  CHECK(docs::run_sql(*box, "select 2 as n", "two", {}).list().front().find("n")->integer() == 2);
  CHECK(quick.take("one"));
}
