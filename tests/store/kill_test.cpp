// Kills a sync, a migration and a backup at the system calls that write, or makes those calls fail, and looks at what
// is left: a sample of the calls in the usual run, every one with SITREP_LONG_TESTS set.
#include <doctest/doctest.h>

#include <cerrno>

#include "base/file.hpp"
#include "store/backup.hpp"
#include "store/care.hpp"
#include "store/content_hash.hpp"
#include "store/gc.hpp"
#include "store/migrations.hpp"
#include "store/schema.hpp"
#include "store/stream_writer.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"
#include "support/traced.hpp"

using namespace sitrep;
using test::answer;

namespace {

constexpr int k_pages = 4;

/// Page `i` of the source at its first and at its second state; the second lacks some records and changes others.
model::RowBatch page(int i, bool second) {
  std::vector<test::TestRow> rows;
  for (int n = i * 50; n < (i + 1) * 50; ++n) {
    if (second && n % 17 == 0) continue;
    rows.push_back({std::to_string(n), {{"title", second && n % 5 == 0 ? "changed" : "first"}}});
  }
  return test::batch(test::entity("risk"), rows);
}

/// What an engine does: two logical runs, each resumed where it was interrupted and done once.
void sync_all(const std::filesystem::path& file) {
  for (const bool second : {false, true}) {
    auto store = store::Store::open(file, test::writing());
    const auto state = store::read_stream_state(store, "src", "s");
    if (state.bookmark == "second" || (!second && state.bookmark == "first")) continue;
    const auto at = unix_time(second ? 200 : 100);
    store::StreamWriter writer(store, "src", "s", test::entity("risk"), store::Pass::full, at);
    int next = 0;
    if (writer.resumed()) next = std::stoi(state.interrupted->page_state);
    for (; next < k_pages; ++next) {
      writer.put(page(next, second));
      writer.commit(std::to_string(next + 1));
    }
    writer.finish(second ? "second" : "first", store::Shrink::allow);
  }
}

std::string whole_story(const std::filesystem::path& file) {
  auto store = store::Store::open(file, test::reading());
  return answer(store,
                "SELECT id, title, observed_at, superseded_at, deleted_at FROM risk_history ORDER BY id, observed_at") +
         "\n" + answer(store, "SELECT bookmark, page_state, observed_at FROM main.stream_state") + "\n" +
         answer(store, "SELECT count(*) FROM main.seen_chunk");
}

/// Rows and the bookmark tell the same.
void check_left(const std::filesystem::path& file) {
  auto store = store::Store::open(file, test::writing());  // the dead process's lock does not hold us up
  CHECK(answer(store, "PRAGMA integrity_check") == "ok");
  const auto state = store::read_stream_state(store, "src", "s");
  const int pages = state.interrupted ? std::stoi(state.interrupted->page_state) : 0;
  const auto count = [&](const char* sql) { return std::stoi(answer(store, sql)); };
  if (state.bookmark.empty()) {
    CHECK(count("SELECT count(*) FROM risk_history") == pages * 50);
  } else {
    const int changed = state.bookmark == "second" ? k_pages : pages;
    int expected = 0;
    for (int n = 0; n < changed * 50; ++n) expected += n % 5 == 0 && n % 17 != 0;
    CHECK(count("SELECT count(*) FROM risk WHERE title = 'changed'") == expected);
    CHECK(count("SELECT count(DISTINCT id) FROM risk_history") == 200);
  }
  CHECK(answer(store, "SELECT count(*) FROM (SELECT id FROM risk GROUP BY id HAVING count(*) > 1)") == "0");
}

int code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return exit_code(e.kind());
  }
  return 0;
}

/// Runs `body` whole once, then once for each chosen call with that fault, and `look`s at what each left behind.
void each_fault(const std::function<void()>& prepare, const std::function<void()>& body, int error, bool on, int sample,
                const std::function<void(const test::TracedRun&)>& look) {
  prepare();
  const auto whole = test::run_traced([&] { return code_of(body); }, {});
  if (!whole.traced) {
    MESSAGE("skipped: this system does not allow ptrace");
    return;
  }
  REQUIRE(whole.exit_code == 0);
  REQUIRE(whole.calls > 5);
  int refused = 0;
  for (int at = 1; at <= whole.calls; at += test::step_between(whole.calls, sample)) {
    CAPTURE(at);
    CAPTURE(error);
    prepare();
    const auto run = test::run_traced([&] { return code_of(body); }, {.at = at, .error = error, .on = on});
    CHECK(run.killed == (error == 0));
    refused += run.exit_code == 5;
    look(run);
  }
  if (error != 0) CHECK(refused > 0);
}

void forget_files(const test::TempDir& dir) {
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) std::filesystem::remove_all(entry);
}

std::vector<std::string> files_with(const test::TempDir& dir, std::string_view part) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
    if (entry.path().filename().native().find(part) != std::string::npos)
      names.push_back(entry.path().filename().native());
  return names;
}

/// A store as the first release left it: schema 1, with rows.
void make_old_store(const std::filesystem::path& file) {
  auto db = store::Database::create(file);
  db.execute("PRAGMA application_id = 1397314642; PRAGMA journal_mode = WAL");
  store::migrate(db, store::migrations().first(1));
  store::Transaction transaction(db);
  store::ensure_entities(db, model::built_in_entities());
  db.execute(
      "INSERT INTO source_name VALUES (1, 'src'); INSERT INTO stream_state (id, source_id, name, entity, bookmark) "
      "VALUES (1, 1, 's', 'risk', 'kept')");
  store::Statement insert(
      db,
      "INSERT INTO risk_current (source_id, id, stream_id, title, observed_at, hash) VALUES (1, ?1, "
      "1, 'old', 50, ?2)");
  const auto& risk = test::entity("risk");
  std::vector<model::Cell> cells(risk.columns.size());
  cells[static_cast<std::size_t>(risk.index_of("title"))] = std::string_view("old");
  std::string bytes;
  const auto hash = store::hash_blob(store::ContentHasher(risk)({{}, {}, {}, 0, cells}), bytes);
  for (int i = 0; i < 300; ++i) {
    const auto id = std::to_string(i);  // must live until it ran
    insert.bind(id);
    insert.bind_blob(2, hash);
    insert.run();
  }
  transaction.commit();
}

}  // namespace

TEST_CASE("79: a sync killed at a call that writes leaves all or nothing of a batch and ends like one left alone") {
  const test::TempDir dir;
  sync_all(dir / "whole.db");
  const auto expected = whole_story(dir / "whole.db");
  const auto file = dir / "s.db";
  each_fault([&] { forget_files(dir); }, [&] { sync_all(file); }, 0, false, 12,
             [&](const auto&) {
               check_left(file);
               CHECK_NOTHROW(sync_all(file));
               CHECK(whole_story(file) == expected);
             });
}

TEST_CASE("80: a sync whose disk is full or broken from any call on exits 5, keeps whole batches and can go on") {
  const test::TempDir dir;
  sync_all(dir / "whole.db");
  const auto expected = whole_story(dir / "whole.db");
  const auto file = dir / "s.db";
  const struct {
    const char* name;
    int error;
    bool on;
  } cases[] = {{"disk full", ENOSPC, true}, {"one I/O error", EIO, false}};
  for (const auto& c : cases) {
    CAPTURE(c.name);
    each_fault([&] { forget_files(dir); }, [&] { sync_all(file); }, c.error, c.on, 6,
               [&](const test::TracedRun& run) {
                 // 0: the call that failed was none the store needs, such as the last write-back of the log.
                 CHECK((run.exit_code == 5 || run.exit_code == 0));
                 check_left(file);
                 CHECK_NOTHROW(sync_all(file));
                 CHECK(whole_story(file) == expected);
                 CHECK(files_with(dir, ".new").empty());
               });
  }
}

TEST_CASE("82: a log deleted after a kill: the store is as before the run, or says when it is opened what is wrong") {
  const test::TempDir dir;
  sync_all(dir / "whole.db");
  const auto expected = whole_story(dir / "whole.db");
  const auto file = dir / "s.db";
  each_fault([&] { forget_files(dir); }, [&] { sync_all(file); }, 0, false, 12,
             [&](const auto&) {
               std::filesystem::remove(dir / "s.db-wal");
               std::filesystem::remove(dir / "s.db-shm");
               std::string said;
               try {
                 auto store = store::Store::open(file, test::writing());
                 for (const auto& note : store.notes()) said += note;
               } catch (const Error& e) {
                 said = e.what();
                 // It goes on saying so, to readers too.
                 CHECK_THROWS_AS(store::Store::open(file, test::reading()), Error);
               }
               CAPTURE(said);
               // Killed while the log was written back: half of it is in the file, and SQLite needs the rest.
               if (said.find("is damaged: its log") != std::string::npos ||
                   said.find("may be missing") != std::string::npos || said.find("is cut short") != std::string::npos)
                 return;
               CHECK((said.empty() || said.find("the store is as it was before that run") != std::string::npos));
               check_left(file);
               CHECK_NOTHROW(sync_all(file));
               CHECK(whole_story(file) == expected);
             });
}

TEST_CASE("82: a store whose log went away is looked through where half of it may have been written back") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  sync_all(file);
  const auto leave = [&](std::string_view state) {
    write_file(dir / "s.db.lock", fmt::format("4711       {}\n", state));
  };
  const auto notes = [&](auto options) {
    auto store = store::Store::open(file, options);
    std::string all;
    for (const auto& note : store.notes()) all += note;
    return all;
  };
  CHECK(notes(test::writing()).empty());
  leave("needed");
  CHECK(notes(test::writing()).find("the store is as it was before that run") != std::string::npos);
  CHECK(notes(test::writing()).empty());  // said once
  leave("moving");
  CHECK(notes(test::reading()).find("records of that run may be missing") != std::string::npos);
  CHECK(notes(test::reading()).empty());
  leave("moving");
  {  // the log is there: SQLite goes on where the run stopped
    auto db = store::Database::open(file, store::Access::read_write);
    CHECK(answer(db, "SELECT count(*) > 0 FROM risk_current") == "1");
    CHECK(notes(test::reading()).empty());
  }
  // Pages of records are there, that of their stream is not: sound as a file, and no state of the store.
  {
    auto db = store::Database::open(file, store::Access::read_write);
    db.execute("UPDATE risk_current SET stream_id = stream_id + 1");
  }
  for (const auto& options : {test::writing(), test::reading()}) {
    leave("moving");
    CHECK_THROWS_WITH_AS(notes(options), doctest::Contains("is damaged: its log"), Error);
  }
  {
    auto db = store::Database::open(file, store::Access::read_write);
    db.execute("UPDATE risk_current SET stream_id = stream_id - 1");
  }
  leave("moving");
  CHECK(notes(test::reading()).find("records of that run may be missing") != std::string::npos);
  // A page of the table is another's.
  leave("moving");
  auto bytes = read_file(file);
  REQUIRE(bytes.size() > 40 * 4096);
  for (std::size_t page = 20; page < 40; ++page)
    bytes.replace(page * 4096, 4096, bytes.substr((page + 1) * 4096, 4096));
  write_file(file, bytes);
  for (const auto& options : {test::writing(), test::reading(), test::writing()})
    CHECK_THROWS_WITH_AS(notes(options), doctest::Contains("was removed while a run that was killed"), Error);
  // Moved away, as the message says: a new store begins.
  std::filesystem::rename(file, dir / "old.db");
  CHECK(notes(test::writing()).empty());
  CHECK_NOTHROW(sync_all(file));
}

TEST_CASE("80: giving back space on a full disk exits 5, leaves every record and no temporary file") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  const auto prepare = [&] {
    forget_files(dir);
    auto store = store::Store::open(file, test::writing());
    store.db().execute(
        "CREATE TABLE main.ballast (x BLOB); INSERT INTO main.ballast VALUES (zeroblob(600000)); "
        "DROP TABLE main.ballast");
  };
  const auto shrink = [&] {
    auto store = store::Store::open(file, test::writing());
    store::give_back_space(store);
  };
  const auto look = [&](const test::TracedRun& run) {
    CHECK((run.killed || run.exit_code == 5 || run.exit_code == 0));
    {
      auto store = store::Store::open(file, test::writing());
      CHECK(store::check(store).empty());
    }
    CHECK(files_with(dir, "").size() == 2);  // the store and its lock
    CHECK_NOTHROW(shrink());
  };
  each_fault(prepare, shrink, ENOSPC, true, 6, look);
  each_fault(prepare, shrink, 0, false, 6, look);
}

TEST_CASE("83: a migration killed or failing at any call leaves the old store or the new one, and its copy whole") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  const auto prepare = [&] {
    forget_files(dir);
    make_old_store(file);
  };
  const auto migrate = [&] { store::Store::open(file, test::writing()); };
  const auto look = [&](const test::TracedRun&) {
    {
      auto db = store::Database::open(file, store::Access::read_only);
      const auto version = store::schema_version(db);
      CHECK(version >= 1);
      CHECK(version <= store::migrations().back().version);
      CHECK(answer(db, "SELECT count(*) FROM risk_current") == "300");
    }
    migrate();
    auto store = store::Store::open(file, test::reading());
    CHECK(store::schema_version(store.db()) == store::migrations().back().version);
    CHECK(answer(store, "SELECT count(*), max(observed_at) FROM risk") == "300|50");
    CHECK(store::read_stream_state(store, "src", "s").bookmark == "kept");
    CHECK(store::check(store).empty());
    auto copy = store::Database::open(dir / "s.db.v1.bak", store::Access::read_only);
    CHECK(store::schema_version(copy) == 1);
    CHECK(answer(copy, "SELECT count(*) FROM risk_current") == "300");
    CHECK(files_with(dir, ".part").empty());
  };
  each_fault(prepare, migrate, 0, false, 8, look);
  each_fault(prepare, migrate, ENOSPC, true, 4, look);
  each_fault(prepare, migrate, EIO, false, 4, look);
}

TEST_CASE("79, 80: a backup that was killed or found no room is not there, and one that is there is whole") {
  const test::TempDir dir;
  const auto prepare = [&] {
    forget_files(dir);
    sync_all(dir / "s.db");
  };
  const auto back_up = [&] {
    auto store = store::Store::open(dir / "s.db", test::reading());
    store::back_up(store, dir / "b.db");
  };
  const auto look = [&](const test::TracedRun& run) {
    if (std::filesystem::exists(dir / "b.db")) {
      CHECK(whole_story(dir / "b.db") == whole_story(dir / "s.db"));
    } else {
      CHECK((run.killed || run.exit_code == 5));
      if (!run.killed) CHECK(files_with(dir, "b.db").empty());
      CHECK_NOTHROW(back_up());
    }
    auto store = store::Store::open(dir / "s.db", test::reading());
    CHECK(store::check(store).empty());
  };
  each_fault(prepare, back_up, 0, false, 5, look);
  each_fault(prepare, back_up, ENOSPC, true, 5, look);
}
