#include "store/sql_completion.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "store/support.hpp"

using namespace sitrep;

TEST_CASE("store::SqlCompletion offers what may stand at the cursor") {
  auto store = store::Store::memory(test::writing());
  const store::SqlCompletion completion(store);
  const struct {
    const char *typed, *offered;
  } cases[] = {
      {"sel", "select"},
      {"SEL", "SELect"},
      {"select * from incid", "incident incident_history incident_update incident_update_history"},
      {"select * from sync", "sync_run"},
      {"select incident.resol", "resolved_at"},
      {"select i.resol", ""},
      {"select * from incident i where i.resol", "resolved_at"},
      {"select * from incident as i join action_item a on a.inc", "incident_id"},
      {"select * from incident where sev", "severity"},
      {"select * from reject where sev", ""},
      {"select med", "median("},
      {"select customer_im", "customer_impact"},
      {"select * from nothing_like_it where x.", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.typed);
    CHECK(join(completion.candidates(c.typed), " ") == c.offered);
  }
  CHECK(store::SqlCompletion::last_word("select i.re") == "re");
  CHECK(store::SqlCompletion::last_word("from ").empty());
}

TEST_CASE("store::is_whole_statement sees the semicolon that ends a statement") {
  CHECK(store::is_whole_statement("select 1;"));
  CHECK(store::is_whole_statement("select ';'\n;  "));
  CHECK_FALSE(store::is_whole_statement("select 1"));
  CHECK_FALSE(store::is_whole_statement("select ';"));
  CHECK_FALSE(store::is_whole_statement("select 1 /* ; */"));
}
