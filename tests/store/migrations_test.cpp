// A file of each schema version that ever landed (tests/store/schemas/vN.sql: what `.dump` says of a store that this
// version wrote, with a record of every kind) becomes one of today's without losing anything.
#include "store/migrations.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "store/care.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;

namespace {

std::filesystem::path fixture(int version) {
  return std::filesystem::path(SITREP_SOURCE_DIR) / "tests/store/schemas" / fmt::format("v{}.sql", version);
}

void make_file(const std::filesystem::path& file, int version) {
  auto db = store::Database::create(file);
  db.execute(read_file(fixture(version)));
}

/// Tables with their columns, indexes and views: all of a schema but the order of columns, and the indexes of what has
/// changed, which the first change makes.
std::string shape(store::Database& db) {
  return answer(
      db,
      "SELECT s.type, s.name, coalesce((SELECT group_concat(c.name || ' ' || c.type, ',') FROM (SELECT name, "
      "type FROM pragma_table_info(s.name, 'main') ORDER BY name) c), '') || CASE WHEN s.type = 'view' THEN "
      "s.sql ELSE '' END FROM main.sqlite_schema s WHERE s.name NOT LIKE 'sqlite_%' AND s.name NOT LIKE '%_by_seen' "
      "ORDER BY 1, 2");
}

int newest() { return store::migrations().back().version; }

}  // namespace

TEST_CASE("store::migrations: there is a file of every version, the newest included") {
  for (int version = 1; version <= newest(); ++version) {
    CAPTURE(version);
    CHECK(std::filesystem::exists(fixture(version)));
    CHECK(store::migrations()[static_cast<std::size_t>(version) - 1].version == version);
  }
  CHECK_FALSE(std::filesystem::exists(fixture(newest() + 1)));
}

TEST_CASE("store::Store::open brings a file of every version up to date, with its records") {
  const test::TempDir folder;
  auto fresh = store::Store::open(folder / "fresh.db", test::writing());
  const auto today = shape(fresh.db());
  for (int version = 1; version <= newest(); ++version) {
    CAPTURE(version);
    const auto file = folder / fmt::format("v{}.db", version);
    make_file(file, version);
    {
      auto store = store::Store::open(file, test::writing());
      CHECK(store::schema_version(store.db()) == newest());
      CHECK(shape(store.db()) == today);
      CHECK(store::check(store).empty());
      CHECK(answer(store,
                   "SELECT source, id, title, severity, url, extra, observed_at, superseded_at, deleted_at FROM "
                   "incident_history ORDER BY id, observed_at") ==
            "pager|INC-1|earlier|SEV3|-|-|100|300|- pager|INC-1|later|SEV2|https://example.test/1|{\"k\":1}|300|-|- "
            "pager|INC-2|gone|-|-|-|100|300|300");
      CHECK(answer(store, "SELECT name, at, value, observed_at FROM measure_history ORDER BY observed_at") ==
            "users|5|1.0|100 users|5|2.5|300");
      CHECK(answer(store, "SELECT subject, author, text FROM note") == "Ledger|dana|Vendor confirmed");
      CHECK(answer(store, "SELECT source, stream, entity, last_success_at, rows FROM stream") ==
            "pager|incidents|incident|301|1");
      CHECK(answer(store, "SELECT reason, place, first_at, last_at FROM reject") == "no id|page 1, record 2|100|300");
      CHECK(store::read_stream_state(store, "pager", "incidents").bookmark == "{\"cursor\":5}");
      if (version >= 2) CHECK(answer(store, "SELECT subject, state FROM main.outbox") == "launches/a.md|pending");
      if (version >= 3) CHECK(answer(store, "SELECT what, before FROM main.removed_past") == "incident|50");
      if (version >= 4) CHECK(answer(store, "SELECT id, at FROM main.sighting") == "INC-1|310");
    }
    auto copy = file;
    copy += fmt::format(".v{}.bak", version);
    CHECK(std::filesystem::exists(copy) == (version < newest()));
    CHECK(answer(*std::make_unique<store::Store>(store::Store::open(file, test::reading(200))),
                 "SELECT id, title FROM incident ORDER BY id") == "INC-1|earlier INC-2|gone");
  }
}
