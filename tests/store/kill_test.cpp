// Kills a sync at chosen system calls that write, with ptrace, and looks at what it left.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "store/stream_writer.hpp"
#include "store/support.hpp"
#include "support/temp_dir.hpp"

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

bool writes(std::uint64_t call) {
  switch (call) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_ftruncate:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_unlinkat:
#ifdef SYS_unlink
    case SYS_unlink:
#endif
#ifdef SYS_rename
    case SYS_rename:
#endif
    case SYS_renameat:
      return true;
    default:
      return false;
  }
}

struct Outcome {
  int calls = 0;        // that write, seen before the end
  bool traced = false;  // false: this system does not let us
  bool failed = false;  // the child ended by itself, and not well
};

/// Runs sync_all in a child and kills it on entry to its `last`-th call that writes; negative: never.
Outcome run_until(const std::filesystem::path& file, int last) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(99);
    ::raise(SIGSTOP);
    try {
      sync_all(file);
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  Outcome outcome;
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return outcome;
  outcome.traced = ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0;
  while (true) {
    if (::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) break;
    if (::waitpid(child, &status, 0) < 0) break;
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      outcome.failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
      return outcome;
    }
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) continue;
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0) {
      outcome.traced = false;
      break;
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !writes(info.entry.nr)) continue;
    if (++outcome.calls == last) break;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return outcome;
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

}  // namespace

TEST_CASE("store: a sync killed at a call that writes leaves all or nothing of a batch and ends like one left alone") {
  const test::TempDir dir;
  const auto whole = run_until(dir / "whole.db", -1);
  if (!whole.traced) {
    MESSAGE("skipped: this system does not allow ptrace");
    return;
  }
  REQUIRE_FALSE(whole.failed);
  REQUIRE(whole.calls > 20);
  const auto expected = whole_story(dir / "whole.db");

  // A sample in the usual run; every call with SITREP_LONG_TESTS.
  const int step = std::getenv("SITREP_LONG_TESTS") != nullptr ? 1 : std::max(1, whole.calls / 24);
  for (int at = 1; at <= whole.calls; at += step) {
    CAPTURE(at);
    const auto file = dir / fmt::format("killed-{}.db", at);
    const auto killed = run_until(file, at);
    CHECK(killed.calls == at);
    check_left(file);
    CHECK_NOTHROW(sync_all(file));
    CHECK(whole_story(file) == expected);
    std::filesystem::remove(file);
  }
}
