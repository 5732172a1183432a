#include "store/store.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/file.hpp"
#include "store/migrations.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;
using test::reading;
using test::writing;

namespace {

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::store);
    return e.what();
  }
  return "(no error)";
}

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("81: store::Store makes a private file in a private folder and leaves no log behind") {
  const test::TempDir dir;
  const auto file = dir / "workspace/.sitrep/store.db";
  std::filesystem::create_directory(dir / "workspace");
  const auto mask = ::umask(0);
  {
    auto store = store::Store::open(file, writing());
    test::run(store, test::entity("program"), store::Pass::full, 100, {{"1", {{"name", "Ledger"}}}});
  }
  ::umask(mask);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file.parent_path()) == 0700);
  CHECK(files_in(file.parent_path()) == std::vector<std::string>{"store.db", "store.db.lock"});
  {
    auto reader = store::Store::open(file, reading());
    CHECK(answer(reader, "SELECT source, id, name FROM program") == "src|1|Ledger");
  }
  CHECK(files_in(file.parent_path()) == std::vector<std::string>{"store.db", "store.db.lock"});
}

TEST_CASE("store::Store to read refuses to write and says when there is nothing to read") {
  const test::TempDir dir;
  CHECK(message_of([&] { store::Store::open(dir / "none.db", reading()); }).find("no store yet") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(dir / "none.db"));
  {
    auto made = store::Store::open(dir / "s.db", writing());
  }
  auto reader = store::Store::open(dir / "s.db", reading());
  CHECK_THROWS_AS(reader.db().execute("INSERT INTO main.source_name (name) VALUES ('x')"), Error);
}

TEST_CASE("84: store::Store refuses what is not its own file and leaves every byte alone") {
  const test::TempDir dir;
  {
    auto made = store::Store::open(dir / "good.db", writing());
  }
  const auto good = read_file(dir / "good.db");
  {
    auto foreign = store::Database::create(dir / "other.db");
    foreign.execute("PRAGMA application_id = 77; CREATE TABLE t (a)");
  }
  std::string random;
  for (unsigned i = 0, x = 1; i < 9000; ++i) random += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  const struct {
    const char* name;
    std::string bytes;
    const char* says;
  } cases[] = {
      {"zero length", "", "is empty"},
      {"ten bytes", "SQLite for", "not a sitrep store"},
      {"random bytes", random, "not a sitrep store"},
      {"another program's database", read_file(dir / "other.db"), "another program"},
      {"cut to half", good.substr(0, good.size() / 2), "cut short"},
      {"cut inside the first page", good.substr(0, 1000), "cut short"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto file = dir.write("case/store.db", c.bytes);
    for (const auto& options : {reading(), writing()}) {
      const auto message = message_of([&] { store::Store::open(file, options); });
      CHECK_MESSAGE(message.find(c.says) != std::string::npos, message);
    }
    CHECK(read_file(file) == c.bytes);
    CHECK_FALSE(std::filesystem::exists(dir / "case/store.db-wal"));
    CHECK_FALSE(std::filesystem::exists(dir / "case/store.db.lock"));
    std::filesystem::remove_all(dir / "case");
  }
  CHECK(message_of([&] { store::Store::open(dir.path(), reading()); }).find("is not a file") != std::string::npos);
}

TEST_CASE("84: store::Store tells a damaged page from a wrong query") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing());
    std::vector<std::string> ids;
    for (int i = 0; i < 2000; ++i) ids.push_back(std::to_string(i));
    std::vector<test::TestRow> rows;
    for (const auto& id : ids) rows.push_back({id, {{"title", "x"}}});
    test::run(store, test::entity("risk"), store::Pass::full, 100, rows);
  }
  auto bytes = read_file(dir / "s.db");
  for (std::size_t i = 8192; i < bytes.size(); i += 4096) bytes.replace(i, 64, 64, '\xee');
  write_file(dir / "s.db", bytes);
  const auto message = message_of([&] {
    auto store = store::Store::open(dir / "s.db", reading());
    answer(store, "SELECT count(*) FROM risk WHERE title = 'x'");
  });
  CHECK_MESSAGE(message.find("damaged") != std::string::npos, message);
}

TEST_CASE("83: store::Store refuses a schema of the future and names both versions") {
  const test::TempDir dir;
  {
    auto made = store::Store::open(dir / "s.db", writing());
  }
  {
    auto db = store::Database::open(dir / "s.db", store::Access::read_write);
    db.execute("PRAGMA user_version = 999");
  }
  for (const auto& options : {reading(), writing()}) {
    const auto message = message_of([&] { store::Store::open(dir / "s.db", options); });
    CHECK_MESSAGE(message.find("schema 999") != std::string::npos, message);
  }
}

TEST_CASE("84: store::Store calls a store whose schema number no sitrep wrote damaged") {
  const test::TempDir dir;
  {
    auto made = store::Store::open(dir / "s.db", writing());
  }
  for (const int version : {-5, 0, 1}) {
    CAPTURE(version);
    {
      auto db = store::Database::open(dir / "s.db", store::Access::read_write);
      db.execute(fmt::format("PRAGMA user_version = {}", version));
    }
    const auto message = message_of([&] { store::Store::open(dir / "s.db", reading()); });
    CHECK_MESSAGE(message.find(fmt::format("is damaged: it says that its schema is {}", version)) != std::string::npos,
                  message);
  }
  CHECK_FALSE(std::filesystem::exists(dir / "s.db.v-5.bak"));
}

TEST_CASE("store::Store brings an older schema up to date, with a copy of it beside") {
  const test::TempDir dir;
  {
    // As a first version would be before its only step: ours, and empty.
    auto db = store::Database::create(dir / "s.db");
    db.execute("PRAGMA application_id = 1397314642; PRAGMA journal_mode = WAL");
  }
  auto reader = store::Store::open(dir / "s.db", reading());
  CHECK(store::schema_version(reader.db()) == store::migrations().back().version);
  CHECK(std::filesystem::exists(dir / "s.db.v0.bak"));
  CHECK(answer(reader, "SELECT count(*) FROM incident") == "0");
}

TEST_CASE("store::migrate applies each missing step once and undoes a step that fails") {
  auto db = store::Database::memory();
  const store::Migration first{1, "a", "CREATE TABLE a (x)"};
  const store::Migration second{2, "b", "CREATE TABLE b (x); INSERT INTO b VALUES (1)"};
  const store::Migration broken{3, "c", "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)"};
  const store::Migration one[] = {first}, two[] = {first, second}, three[] = {first, second, broken};
  store::migrate(db, one);
  CHECK(store::schema_version(db) == 1);
  store::migrate(db, two);
  store::migrate(db, two);
  CHECK(answer(db, "SELECT count(*) FROM b") == "1");
  CHECK_THROWS_AS(store::migrate(db, three), Error);
  CHECK(store::schema_version(db) == 2);
  CHECK(answer(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'c'") == "0");
  CHECK_THROWS_AS(store::migrate(db, one), Error);
}

TEST_CASE("85: store::Store has one writer, names the process in its way, and never waits for a dead one") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = store::Store::open(file, writing());
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  const auto message = message_of([&] { store::Store::open(file, writing()); });
  CHECK_MESSAGE(message.find(fmt::format("process {} is writing", child)) != std::string::npos, message);
  CHECK_NOTHROW(store::Store::open(file, reading()));  // readers are never blocked

  REQUIRE(::kill(child, SIGSTOP) == 0);
  // SIGSTOP takes effect a moment later.
  std::string stopped;
  for (int i = 0; i < 200 && stopped.find("(stopped") == std::string::npos; ++i) {
    stopped = message_of([&] { store::Store::open(file, writing()); });
    ::usleep(5000);
  }
  CHECK_MESSAGE(stopped.find(fmt::format("process {} (stopped: 'kill -CONT {}'", child, child)) != std::string::npos,
                stopped);

  REQUIRE(::kill(child, SIGKILL) == 0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK_NOTHROW(store::Store::open(file, writing()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("82: another program that reads while a writer ends, and takes the log away when it ends, loses nothing") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  sqlite3* reader = nullptr;
  {
    auto store = store::Store::open(file, writing());
    test::run(store, test::entity("risk"), store::Pass::full, 100,
              {{.id = "1", .cells = {{"title", std::string_view("x")}}}});
    REQUIRE(sqlite3_open(file.c_str(), &reader) == SQLITE_OK);
    REQUIRE(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM risk", nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  CHECK(std::filesystem::exists(dir / "s.db-wal"));
  REQUIRE(sqlite3_close(reader) == SQLITE_OK);
  CHECK_FALSE(std::filesystem::exists(dir / "s.db-wal"));
  auto store = store::Store::open(file, reading());
  CHECK(store.notes().empty());
  CHECK(test::answer(store, "SELECT title FROM risk") == "x");
}

TEST_CASE("85: store::Store behind a link has the lock and the log of its file; a link to nothing makes the file") {
  const test::TempDir dir;
  std::filesystem::create_symlink("real.db", dir / "link.db");
  {
    auto store = store::Store::open(dir / "link.db", test::writing());
    CHECK(std::filesystem::exists(dir / "real.db.lock"));
    CHECK_THROWS_WITH_AS(store::Store::open(dir / "real.db", test::writing()), doctest::Contains("is writing to"),
                         Error);
  }
  CHECK(std::filesystem::is_symlink(dir / "link.db"));
  CHECK_FALSE(std::filesystem::exists(dir / "link.db.lock"));
  CHECK(std::filesystem::is_regular_file(dir / "real.db"));
}

TEST_CASE("store::Store keeps entities of the workspace and takes new columns later") {
  const test::TempDir dir;
  using model::ColumnType;
  model::Entity migration{"migration", "", model::Keeping::versions, {}, {{"service", ColumnType::text, "", {}}}};
  auto options = writing();
  options.own_entities = {migration};
  {
    auto store = store::Store::open(dir / "s.db", options);
    test::run(store, migration, store::Pass::full, 100, {{"1", {{"service", "api"}}}});
  }
  migration.columns.push_back({"percent", ColumnType::real, "", {}});
  options.own_entities = {migration};
  auto read_options = reading();
  read_options.own_entities = {migration};
  {
    auto before = store::Store::open(dir / "s.db", read_options);
    CHECK(answer(before, "SELECT service, percent FROM migration") == "api|-");
  }
  {
    auto store = store::Store::open(dir / "s.db", options);
    const auto same = test::run(store, migration, store::Pass::full, 200, {{"1", {{"service", "api"}}}});
    CHECK(same.unchanged == 1);
    test::run(store, migration, store::Pass::full, 300, {{"1", {{"service", "api"}, {"percent", 0.5}}}});
    CHECK(answer(store, "SELECT service, percent, observed_at, superseded_at FROM migration_history ORDER BY 3") ==
          "api|-|100|300 api|0.5|300|-");
  }
  for (const char* name : {"incident", "sync_run", "outbox", "x_past", "sqlite_x"}) {
    CAPTURE(name);
    options.own_entities = {{name, "", model::Keeping::versions, {}, {{"a", ColumnType::text, "", {}}}}};
    CHECK_THROWS_AS(store::Store::memory(options), Error);
  }
  options.own_entities = {{"ok", "", model::Keeping::versions, {}, {{"Hash", ColumnType::text, "", {}}}}};
  CHECK_THROWS_AS(store::Store::memory(options), Error);
}

TEST_CASE("store::Store gives other tools views of the present under the same names") {
  const test::TempDir dir;
  {
    auto store = store::Store::open(dir / "s.db", writing());
    test::run(store, test::entity("program"), store::Pass::full, 100, {{"1", {{"name", "old"}}}});
    test::run(store, test::entity("program"), store::Pass::full, 200, {{"1", {{"name", "new"}}}});
  }
  auto plain = store::Database::memory();
  {
    store::Statement attach(plain, "ATTACH ?1 AS elsewhere");
    const auto path = (dir / "s.db").native();
    attach.bind(path).run();
  }
  CHECK(answer(plain, "SELECT source, name FROM elsewhere.program") == "src|new");
  CHECK(answer(plain, "SELECT name, superseded_at FROM elsewhere.program_history ORDER BY observed_at") ==
        "old|200 new|-");
  CHECK(answer(plain, "SELECT source, stream, rows FROM elsewhere.stream") == "src|s|1");
  CHECK(answer(plain, "SELECT count(*) FROM elsewhere.sync_run") == "2");
}
