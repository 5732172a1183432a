// What size and history cost: fills stores, then times commands of sitrep on them against the best SQL a person would
// write on the same file and its indexes. Ratios count: all stores and both sides take turns, since the machine's speed
// moves within a minute, and times are of the processor, which other programs disturb least; what a command takes to
// start and open the store is taken off. The time by the clock, with the start, stands beside it. Single metrics:
// bench_metrics.
//   bench_store --sitrep BIN [--folder DIR] [--scale 0.05] [--runs 5] [--history N]… [--keep]
// At full size (1,000,000 incidents, 100,000 launch reviews, 20,000,000 capacity samples; 5 GB for both stores, ten
// minutes):
//   ./dev bench store --scale 1 --runs 3 --folder /var/tmp --keep
// --history 1 and --history 10 make the two stores that are compared; one of them alone is a faster look.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "store/database.hpp"
#include "store/schema.hpp"
#include "store_fill.hpp"

namespace {

using namespace sitrep;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double k_least = 0.005;  // seconds: below it a time is that of the noise

struct Options {
  std::string sitrep;
  fs::path folder;
  double scale = 0.05;
  int runs = 5;
  std::vector<int> histories;
  bool keep = false;
};

double seconds_of(const std::function<void()>& body) {
  const auto start = Clock::now();
  body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Processor seconds of us (RUSAGE_SELF) or of the programs that we ran (RUSAGE_CHILDREN).
double cpu_of(int who, const std::function<void()>& body) {
  const auto now = [&] {
    rusage usage{};
    getrusage(who, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  };
  const double start = now();
  body();
  return now() - start;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void run_sitrep(const Options& options, const fs::path& workspace, const std::vector<std::string>& args) {
  std::fflush(stdout);  // a child would write what waits once more
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<std::string> all{options.sitrep, "-C", workspace.native(), "--now", "2026-11-16T16:00:00Z", "-q"};
    all.insert(all.end(), args.begin(), args.end());
    std::vector<char*> argv;
    for (auto& arg : all) argv.push_back(arg.data());
    argv.push_back(nullptr);
    if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 1))
    fmt::print(stderr, "sitrep {} ended with status {}\n", fmt::join(args, " "), status);
}

/// A command, and the SQL that answers the same question on the tables.
struct Question {
  std::string name;
  std::vector<std::string> args;
  std::vector<std::string> sql;  ///< empty: nothing to compare with
};

/// All that a program would read to compare two moments by hand: the states that held at the first and have ended, by
/// the index of what held at a moment, and those that have begun since. It has them neither sorted nor compared yet.
std::vector<std::string> diff_by_hand(std::int64_t ago) {
  std::vector<std::string> sql;
  for (const auto& entity : model::built_in_entities()) {
    if (entity.keeping != model::Keeping::versions) continue;
    sql.push_back(fmt::format("SELECT * FROM {}_past p WHERE {}", entity.name, store::held_at("p", unix_time(ago))));
    sql.push_back(fmt::format("SELECT * FROM {}_current WHERE observed_at > {}", entity.name, ago));
  }
  return sql;
}

std::vector<Question> questions() {
  const std::string as_of = "--as-of";
  return {
      {"status",
       {"status", "--json"},
       {"SELECT st.name, max(r.finished_at), r.row_count FROM stream_state st JOIN sync_run_log r ON r.stream_id = "
        "st.id WHERE r.error IS NULL GROUP BY st.id"}},
      {"status, as of", {"status", "--json", as_of, "-60d"}, {}},
      {"diff", {"diff", "--since", "-7d", "--json"}, diff_by_hand(bench::k_bench_now - 7 * 86'400)},
      // Its answer is the past: every date that a milestone had.
      {"slip days", {"metric", "show", "milestone_slip_days", "--json"}, {}},
      {"weekly report", {"report", "weekly-health"}, {}},
      {"weekly report, as of", {"report", "weekly-health", as_of, "2026-10-01"}, {}},
  };
}

/// Every cell is looked at: whoever compares or prints them has to.
std::size_t read_all(store::Database& db, const std::vector<std::string>& statements) {
  std::size_t nulls = 0;
  for (const auto& sql : statements) {
    store::Statement statement(db, sql);
    while (statement.step())
      for (int i = 0; i < statement.columns(); ++i) nulls += model::is_null(statement.cell(i)) ? 1 : 0;
  }
  return nulls;
}

/// What a question took on a store, turn by turn.
struct Timings {
  std::vector<double> sitrep, whole, clock, sql;  // processor without the start, with it; by the clock; of the SQL
};

struct Subject {
  fs::path workspace;
  store::Database db;
  std::vector<double> starts;
  std::vector<Timings> timings;  // by question
};

std::string seconds_text(double seconds) {
  return seconds < k_least ? fmt::format("< {:.3f}", k_least) : fmt::format("{:.3f}", seconds);
}

std::string ratio_text(double ours, double theirs) {
  if (ours < k_least && theirs < k_least) return "both none";
  return fmt::format("{:.2f} x", std::max(ours, k_least) / std::max(theirs, k_least));
}

Subject open_subject(const fs::path& workspace) {
  auto db = store::Database::open(workspace / ".sitrep/store.db", store::Access::read_only);
  db.execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
  return {workspace, std::move(db), {}, {}};
}

/// Asks one question of one store once.
void take_turn(const Options& options, const Question& question, Subject& subject) {
  auto& timings = subject.timings.back();
  // A comparison of a moment with itself opens the store and asks nothing.
  const double start = cpu_of(RUSAGE_CHILDREN, [&] {
    run_sitrep(options, subject.workspace, {"diff", "program", "--since", "2026-11-16T16:00:00Z"});
  });
  subject.starts.push_back(start);
  timings.clock.push_back(seconds_of([&] {
    timings.whole.push_back(cpu_of(RUSAGE_CHILDREN, [&] { run_sitrep(options, subject.workspace, question.args); }));
  }));
  timings.sitrep.push_back(timings.whole.back() - start);
  timings.sql.push_back(cpu_of(RUSAGE_SELF, [&] { read_all(subject.db, question.sql); }));
}

void measure(const Options& options, std::vector<Subject>& subjects) {
  for (const auto& question : questions()) {
    for (auto& subject : subjects) subject.timings.emplace_back();
    for (int turn = 0; turn < options.runs; ++turn)
      for (auto& subject : subjects) take_turn(options, question, subject);
  }
}

void print(const Subject& subject) {
  fmt::print("{:<24}{:>10.3f} s to start and open the store\n", "", median(subject.starts));
  const auto all = questions();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& t = subject.timings[i];
    const auto sitrep = median(t.sitrep), sql = median(t.sql);
    fmt::print("{:<24}{:>10} s{:>10.3f} s by the clock{:>16}{:>10}\n", all[i].name, seconds_text(sitrep),
               median(t.clock), all[i].sql.empty() ? "" : fmt::format("sql {} s", seconds_text(sql)),
               all[i].sql.empty() ? "" : ratio_text(sitrep, sql));
  }
}

void print_growth(const Subject& small, const Subject& large) {
  const auto all = questions();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto &a = small.timings[i], &b = large.timings[i];
    std::vector<double> whole;
    for (std::size_t turn = 0; turn < a.whole.size(); ++turn) whole.push_back(b.whole[turn] / a.whole[turn]);
    fmt::print("{:<24}{:>10}{:>10.2f} x with the start\n", all[i].name, ratio_text(median(b.sitrep), median(a.sitrep)),
               median(whole));
  }
}

/// Bytes of a versioned entity against a table with the same columns, its id unique, and nothing for history.
void measure_size(const fs::path& workspace) {
  auto db = store::Database::open(workspace / ".sitrep/store.db", store::Access::read_only);
  for (const char* entity : {"incident", "launch_review"}) {
    const auto number = [&](const std::string& sql) {
      store::Statement statement(db, sql);
      return statement.step() ? statement.integer(0) : 0;
    };
    const auto pages = [&](std::string_view where) {
      return number(
          fmt::format("SELECT coalesce(sum(pgsize), 0) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name WHERE "
                      "d.aggregate = 1 AND {}",
                      where));
    };
    const auto ours = pages(fmt::format("s.tbl_name = '{}_current'", entity));
    const auto seen = pages(fmt::format("s.name = '{}_by_seen'", entity));  // made by the first change
    auto plain = store::Database::memory();
    plain.execute(fmt::format("ATTACH '{}' AS bench", (workspace / ".sitrep/store.db").native()));
    // Without the views' columns source and the versions' own: what a script would create.
    std::string columns;
    store::Statement names(db, "SELECT name FROM pragma_table_info(?1)");
    const auto table = std::string(entity) + "_current";
    names.bind(table);
    while (names.step())
      if (const auto name = names.text(0);
          name != "key" && name != "source_id" && name != "stream_id" && name != "hash" && name != "observed_at")
        columns += (columns.empty() ? "" : ", ") + store::quote_name(name);
    plain.execute(fmt::format("CREATE TABLE t AS SELECT {} FROM bench.{}_current; CREATE UNIQUE INDEX t_id ON t(id)",
                              columns, entity));
    store::Statement size(plain, "SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1");
    size.step();
    const auto against = [&](std::string_view what, std::int64_t bytes) {
      fmt::print("size of {:<31}{:>8.1f} MB, plain table and id index {:.1f} MB: {:.2f} x\n", what,
                 static_cast<double>(bytes) / 1e6, static_cast<double>(size.integer(0)) / 1e6,
                 static_cast<double>(bytes) / static_cast<double>(size.integer(0)));
    };
    against(fmt::format("{}, unchanged", entity), ours - seen);
    against(entity, ours);
    if (std::string_view(entity) != "incident") continue;
    const auto packs = pages("s.tbl_name = 'incident_pack'");
    against("incident with packs, unchanged", ours - seen + packs);
    against("incident with packs", ours + packs);
  }
}

/// What each index adds to loading its table, each measured alone on a copy of the rows: the least of five loads.
/// Loads take turns, so that none of them has a machine of its own.
void measure_indexes(const fs::path& workspace) {
  auto db = store::Database::memory();
  db.execute(fmt::format("ATTACH '{}' AS bench", (workspace / ".sitrep/store.db").native()));
  const auto text = [&](const std::string& sql, const std::string& name) {
    store::Statement statement(db, sql);
    return statement.bind(name).step() ? std::string(statement.text(0)) : std::string();
  };
  for (const std::string entity : {"incident", "incident_update", "action_item", "launch_review", "launch_approval"})
    for (const auto& table : {entity + "_current", entity + "_past"}) {
      // The store has no updates: three for each of some incidents stand for them.
      const auto rows =
          table != "incident_update_current"
              ? "SELECT * FROM bench." + table
              : "SELECT NULL, source_id, id || '-' || n, 1, id, started_at + n * 1800, 'update', 'author', 'We are "
                "still looking into errors on this path.', NULL, NULL, started_at + n * 1800, hash FROM (SELECT * FROM "
                "bench.incident_current WHERE key % 4 = 0) CROSS JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3)";
      const auto table_sql = text("SELECT sql FROM bench.sqlite_schema WHERE name = ?1", table);
      const auto load = [&](const std::string& index_sql) {
        db.execute(table_sql);
        if (!index_sql.empty()) db.execute(index_sql);
        const auto t = cpu_of(RUSAGE_SELF, [&] { db.execute(fmt::format("INSERT INTO main.{} {}", table, rows)); });
        db.execute("DROP TABLE main." + table);
        return t;
      };
      if (text(fmt::format("SELECT 1 FROM ({}) LIMIT ?1", rows), "1").empty()) continue;
      std::vector<std::pair<std::string, double>> all = {{"", 1e9}};  // the table alone, then each index
      {
        store::Statement names(db,
                               "SELECT name FROM bench.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND "
                               "tbl_name = ?1 ORDER BY name");
        names.bind(table);
        while (names.step()) all.emplace_back(names.text(0), 1e9);
      }
      load("");
      for (int round = 0; round < 5; ++round)
        for (auto& [name, least] : all)
          least = std::min(least, load(text("SELECT sql FROM bench.sqlite_schema WHERE name = ?1", name)));
      fmt::print("{:.3f} s to load {}\n", all[0].second, table);
      for (std::size_t i = 1; i < all.size(); ++i)
        fmt::print("  {:<28} adds {:>5.0f} %\n", all[i].first, 100 * (all[i].second / all[0].second - 1));
      std::fflush(stdout);
    }
}

int run(const Options& options) {
  std::vector<Subject> subjects;
  std::vector<std::string> titles;
  for (const int history : options.histories) {
    bench::StoreSize size;
    size.scale = options.scale;
    size.history = history;
    const auto workspace = options.folder / fmt::format("bench-{}-{}", options.scale, history);
    if (!fs::exists(workspace / ".sitrep/store.db")) {
      const double t = seconds_of([&] { bench::fill_store(workspace, size); });
      fmt::print("filled in {:.0f} s\n", t);
    }
    titles.push_back(
        fmt::format("{} incidents, {} launch reviews, {} capacity samples, {} past versions of each record, {:.0f} MB",
                    size.incidents(), size.launches(), size.resources() * size.samples_each(), history,
                    static_cast<double>(fs::file_size(workspace / ".sitrep/store.db")) / 1e6));
    subjects.push_back(open_subject(workspace));
  }
  measure(options, subjects);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    fmt::print("\n{}\n", titles[i]);
    print(subjects[i]);
  }
  if (subjects.size() > 1) {
    fmt::print("\n{} times the history:\n", options.histories[1] / options.histories[0]);
    print_growth(subjects[0], subjects[1]);
  }
  fmt::print("\n");
  measure_size(subjects.front().workspace);
  measure_indexes(subjects.front().workspace);
  if (!options.keep)
    for (const int history : options.histories)
      fs::remove_all(options.folder / fmt::format("bench-{}-{}", options.scale, history));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.folder = fs::temp_directory_path();
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (arg == "--keep") {
      options.keep = true;
      continue;
    }
    ++i;
    if (arg == "--sitrep")
      options.sitrep = value;
    else if (arg == "--folder")
      options.folder = value;
    else if (arg == "--scale")
      options.scale = std::atof(value);
    else if (arg == "--history")
      options.histories.push_back(std::max(1, std::atoi(value)));
    else if (arg == "--runs")
      options.runs = std::max(1, std::atoi(value));
    else {
      fmt::print(stderr, "bench_store: unknown option {}\n", arg);
      return 2;
    }
  }
  if (options.histories.empty()) options.histories = {1, 10};
  try {
    return run(options);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_store: {}\n", e.what());
    return 1;
  }
}
