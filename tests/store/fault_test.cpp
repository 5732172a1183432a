#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/care.hpp"
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
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("store: a file that cannot grow ends a sync with exit code 5, keeps what was committed and can go on") {
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

TEST_CASE("store: processes that write at once take turns and lose nothing") {
  const test::TempDir dir;
  constexpr int k_processes = 8;
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
