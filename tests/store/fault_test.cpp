#include <doctest/doctest.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "store/backup.hpp"
#include "store/care.hpp"
#include "store/query.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

using namespace sitrep;
using test::answer;
using test::reading;
using test::writing;

namespace {

const model::Entity& risk() { return test::entity("risk"); }

model::RowBatch rows(int from, int to) {
  std::vector<test::TestRow> list;
  for (int i = from; i < to; ++i)
    list.push_back({std::to_string(i), {{"title", "a title that takes some room in the file"}}});
  return test::batch(risk(), list);
}

/// The exit code of what `body` does in a process of its own.
template <class Body>
int in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 0;
    try {
      body();
    } catch (const Error& e) {
      code = exit_code(e.kind());
    } catch (...) {
      code = 70;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("80: a file that cannot grow ends a sync with exit code 5, keeps what was committed and can go on") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  {
    auto made = store::Store::open(file, writing());
  }
  const auto sync = [&] {
    auto store = store::Store::open(file, writing());
    const auto state = store::read_stream_state(store, "src", "s");
    store::StreamWriter writer(store, "src", "s", risk(), store::Pass::full, unix_time(100));
    for (int page = state.interrupted ? std::stoi(state.interrupted->page_state) : 0; page < 40; ++page) {
      writer.put(rows(page * 100, page * 100 + 100));
      writer.commit(std::to_string(page + 1));
    }
    writer.finish("{}", store::Shrink::refuse);
  };
  const int code = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlim_t most = std::filesystem::file_size(file) + 100'000;
    const rlimit limit{most, most};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    sync();
  });
  CHECK(code == 5);
  {
    auto store = store::Store::open(file, reading());
    CHECK(store::check(store).empty());
    const auto state = store::read_stream_state(store, "src", "s");
    const int pages = state.interrupted ? std::stoi(state.interrupted->page_state) : 0;
    CHECK(pages < 40);
    CHECK(answer(store, "SELECT count(*) FROM risk") == std::to_string(pages * 100));
  }
  CHECK(in_child(sync) == 0);
  auto store = store::Store::open(file, reading());
  CHECK(answer(store, "SELECT count(*), count(DISTINCT id) FROM risk_history") == "4000|4000");
}

TEST_CASE("store: a writer whose rows were undone by a failing store refuses to go on as if they were there") {
  auto store = store::Store::memory(writing());
  store::StreamWriter writer(store, "src", "s", risk(), store::Pass::full, unix_time(100));
  writer.put(rows(0, 10));
  store.db().execute("ROLLBACK");  // what SQLite does by itself when the disk is full
  CHECK_THROWS_WITH_AS(writer.commit("1"), doctest::Contains("undid rows of this run"), Error);
  CHECK_NOTHROW(writer.fail("disk full"));
  CHECK(answer(store, "SELECT count(*) FROM risk") == "0");
  CHECK(answer(store, "SELECT error FROM sync_run") == "disk full");
}

TEST_CASE("85: sixteen processes that write at once take turns and lose nothing") {
  const test::TempDir dir;
  constexpr int k_processes = 16;
  std::vector<pid_t> children;
  for (int i = 0; i < k_processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 0;
      try {
        auto options = writing();
        options.patience = std::chrono::minutes(2);
        auto store = store::Store::open(dir / "s.db", options);
        store::StreamWriter writer(store, fmt::format("source{}", i), "s", risk(), store::Pass::full,
                                   unix_time(100 + i));
        writer.put(rows(0, 20));
        writer.finish("{}", store::Shrink::refuse);
      } catch (const std::exception&) {
        code = 1;
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  auto store = store::Store::open(dir / "s.db", reading());
  CHECK(answer(store, "SELECT count(*), count(DISTINCT source) FROM risk") ==
        fmt::format("{}|{}", k_processes * 20, k_processes));
  CHECK(store::check(store).empty());
}

TEST_CASE(
    "82: a store that is replaced or removed under a running sync ends it with an error, and the new one is whole") {
  const test::TempDir dir;
  const auto file = dir / "s.db";
  for (const bool removed : {false, true}) {
    CAPTURE(removed);
    auto store = store::Store::open(file, writing());
    store::StreamWriter writer(store, "src", "s", risk(), store::Pass::full, unix_time(100));
    writer.put(rows(0, 10));
    writer.commit("1");
    writer.put(rows(10, 20));
    std::filesystem::remove(file);
    if (!removed) {
      auto other = store::Database::create(file);
      other.execute("CREATE TABLE another_program (x)");
    }
    CHECK_THROWS_WITH_AS(writer.commit("2"), doctest::Contains("was replaced or removed while it was written"), Error);
    if (!removed) {
      auto other = store::Database::open(file, store::Access::read_only);
      CHECK(answer(other, "SELECT name FROM sqlite_schema") == "another_program");
      std::filesystem::remove(file);
    }
  }
}

TEST_CASE("81: a store or a folder that must not be written is read, and a writer says what is in its way") {
  const test::TempDir dir;
  const auto folder = dir / "ws";
  std::filesystem::create_directory(folder);
  const auto file = folder / "s.db";
  {
    auto store = store::Store::open(file, writing());
    test::run(store, risk(), store::Pass::full, 100, {{"1", {{"title", "kept"}}}});
  }
  std::filesystem::permissions(dir.path(), std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
  std::filesystem::remove(folder / "s.db.lock");
  const auto as_other = [&](const std::function<void()>& body) {
    return in_child([&] {
      constexpr uid_t k_nobody = 65534;
      if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setresgid(k_nobody, k_nobody, k_nobody) != 0 ||
                               ::setresuid(k_nobody, k_nobody, k_nobody) != 0))
        ::_exit(99);
      body();
    });
  };
  const auto reads = [&] {
    auto store = store::Store::open(file, reading());
    if (answer(store, "SELECT title FROM risk") != "kept") ::_exit(98);
  };
  const auto writes = [&] { auto store = store::Store::open(file, writing()); };
  const auto set = [](const std::filesystem::path& path, mode_t mode) { REQUIRE(::chmod(path.c_str(), mode) == 0); };
  set(file, 0444);
  set(folder, 0555);
  CHECK(as_other(reads) == 0);
  CHECK(as_other(writes) == 5);
  set(file, 0000);
  if (::geteuid() != 0) set(file, 0200);
  CHECK(as_other(reads) == 5);
  CHECK(as_other(writes) == 5);
  set(folder, 0000);  // not even to be looked into
  CHECK(as_other(reads) == 5);
  CHECK(as_other(writes) == 5);
  set(folder, 0700);
  set(file, 0600);
  auto store = store::Store::open(file, reading());
  CHECK(answer(store, "SELECT count(*) FROM risk_history") == "1");
}

TEST_CASE("88: a store's path may hold what file names may hold") {
  const test::TempDir dir;
  const std::string names[] = {"with space",
                               "a\nb",
                               "it's \"quoted\"",
                               "-rf",
                               "file:x?mode=memory#y",
                               "100%41",
                               "\xff\xfe",
                               "a;b",
                               "\xc3\xa9t\xc3\xa9",
                               std::string(200, 'n')};
  for (const auto& name : names) {
    CAPTURE(name);
    const auto file = dir.path() / name / (name + ".db");
    {
      auto store = store::Store::open(file, writing());
      test::run(store, risk(), store::Pass::full, 100, {{"1", {{"title", "kept"}}}});
    }
    auto store = store::Store::open(file, reading());
    CHECK(answer(store, "SELECT title FROM risk") == "kept");
    CHECK(std::filesystem::is_regular_file(file));
    store::QueryBox box(store);
    auto query = box.prepare("SELECT title FROM risk");
    CHECK(query.step());
    CHECK_NOTHROW(store::back_up(store, dir.path() / name / "copy"));
  }
  // No room for ".lock" behind it: refused, nothing is made.
  CHECK_THROWS_WITH_AS(store::Store::open(dir / std::string(255, 'n'), writing()), doctest::Contains("too long"),
                       Error);
  CHECK_FALSE(std::filesystem::exists(dir / std::string(255, 'n')));
}
