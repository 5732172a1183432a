#include <doctest/doctest.h>

#include "store/query.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;

TEST_CASE("store::Store::look_at: views and functions of one connection show one moment after another") {
  const test::TempDir folder;
  const auto file = folder / "s.db";
  {
    auto store = store::Store::open(file, test::writing(1'000));
    store::Statement insert(store.db(),
                            "INSERT INTO program_current (source_id, id, stream_id, name, observed_at, hash) VALUES "
                            "(1, ?1, 1, ?1, ?2, zeroblob(16))");
    store.db().execute("INSERT INTO source_name VALUES (1, 'src')");
    insert.bind("a", 100).run();
    insert.bind("b", 200).run();
    store.db().execute(
        "INSERT INTO program_past (source_id, id, stream_id, name, observed_at, superseded_at, hash) VALUES (1, 'b', "
        "1, "
        "'was', 150, 200, zeroblob(16))");
  }
  auto store = store::Store::open(file, test::reading(500));
  const auto shown = [&](std::int64_t at) {
    store.look_at(unix_time(at));
    return test::answer(
        store,
        "SELECT group_concat(name, ' ') || ' ' || known_until() || ' ' || unixepoch('now') FROM (SELECT "
        "name FROM program ORDER BY id)");
  };
  for (int again = 0; again < 2; ++again) {  // the second time with statements that were kept
    CHECK(shown(120) == "a 120 120");
    CHECK(shown(150) == "a was 150 150");
    CHECK(shown(220) == "a b 220 220");
    CHECK(shown(900) == "a b 500 900");  // never later than what it was opened as of
  }
  CHECK(store.known_at() == unix_time(500));
  auto present = store::Store::open(file, test::reading(std::nullopt));
  CHECK_THROWS_AS(present.look_at(unix_time(1)), Error);
}
