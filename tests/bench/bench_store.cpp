// What size and history cost: fills stores, then times commands of sitrep on them against the best SQL a person would
// write on the same tables. Ratios count: both run in turns on the same machine, and their times are of the processor,
// which other programs disturb least; the report's time of the clock stands beside it.
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
#include "store_fill.hpp"

namespace {

using namespace sitrep;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

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

std::vector<Question> questions() {
  const auto week = fmt::format("started_at >= {} AND started_at < {}", 1'794'182'400, 1'794'787'200);
  const std::string ago = std::to_string(bench::k_bench_now - 7 * 86'400);
  std::vector<std::string> diff;
  for (const char* entity :
       {"incident", "launch_review", "launch_approval", "milestone", "program", "service", "action_item"}) {
    diff.push_back(fmt::format("SELECT * FROM {}_current WHERE observed_at > {}", entity, ago));
    diff.push_back(
        fmt::format("SELECT * FROM {}_past WHERE superseded_at > {} AND observed_at <= {}", entity, ago, ago));
  }
  const auto count = [&](const std::string& and_what) {
    return "SELECT coalesce(program, service), count(*) FROM incident_current WHERE " + week + and_what + " GROUP BY 1";
  };
  const std::string as_of = "--as-of";
  return {
      {"status",
       {"status", "--json"},
       {"SELECT st.name, max(r.finished_at), r.row_count FROM stream_state st JOIN sync_run_log r ON r.stream_id = "
        "st.id "
        "WHERE r.error IS NULL GROUP BY st.id"}},
      {"status, as of", {"status", "--json", as_of, "-60d"}, {}},
      {"diff", {"diff", "--since", "-7d", "--json"}, diff},
      {"incidents", {"metric", "show", "incidents", "--json"}, {count("")}},
      {"incidents SEV1-2",
       {"metric", "show", "incidents_sev12", "--json"},
       {count(" AND severity IN ('SEV1', 'SEV2')")}},
      {"time to mitigate",
       {"metric", "show", "time_to_mitigate", "--json"},
       {fmt::format(
           "SELECT coalesce(program, service), mitigated_at - started_at FROM incident_current WHERE started_at >= {} "
           "AND started_at < {} AND mitigated_at >= {} AND mitigated_at < {}",
           1'794'182'400 - 90 * 86'400, 1'794'787'200, 1'794'182'400, 1'794'787'200)}},
      {"open SEV1-2",
       {"metric", "show", "open_sev12", "--json"},
       {"SELECT program, service, id FROM incident_current WHERE resolved_at IS NULL AND severity IN ('SEV1', "
        "'SEV2')"}},
      {"launches late",
       {"metric", "show", "launches_late", "--json"},
       {"SELECT program, id, target_date < '2026-11-16' FROM launch_review_current WHERE status IN ('submitted', 'in "
        "review', "
        "'approved')"}},
      {"slip days",
       {"metric", "show", "milestone_slip_days", "--json"},
       {"SELECT id, min(due_date), max(due_date) FROM (SELECT id, due_date FROM milestone_current UNION ALL SELECT id, "
        "due_date FROM milestone_past) GROUP BY id"}},
      {"overdue actions",
       {"metric", "show", "overdue_actions", "--json"},
       {"SELECT i.service, a.id FROM action_item_current a LEFT JOIN incident_current i ON i.id = a.incident_id WHERE "
        "a.status = 'open' AND a.due_date < '2026-11-16'"}},
      {"runway",
       {"metric", "show", "runway_days", "--json"},
       {"SELECT series, at / 86400, max(used) FROM capacity_sample_value WHERE superseded_at IS NULL GROUP BY 1, 2"}},
      {"weekly report", {"report", "weekly-health"}, {}},
      {"weekly report, as of", {"report", "weekly-health", as_of, "2026-10-01"}, {}},
  };
}

void read_all(store::Database& db, const std::vector<std::string>& statements) {
  for (const auto& sql : statements) {
    store::Statement statement(db, sql);
    while (statement.step()) {
    }
  }
}

struct Timing {
  double sitrep = 0, clock = 0, sql = 0;
};

std::vector<Timing> measure(const Options& options, const fs::path& workspace) {
  auto db = store::Database::open(workspace / ".sitrep/store.db", store::Access::read_only);
  db.execute("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
  std::vector<double> starts;
  for (int i = 0; i < options.runs; ++i)
    starts.push_back(cpu_of(RUSAGE_CHILDREN, [&] { run_sitrep(options, workspace, {"query", "select 1"}); }));
  const double start = median(starts);
  fmt::print("{:<24}{:>10.3f} s to start and open the store\n", "", start);
  std::vector<Timing> timings;
  for (const auto& question : questions()) {
    std::vector<double> ours, clocks, theirs;
    for (int i = 0; i < options.runs; ++i) {
      clocks.push_back(seconds_of([&] {
        ours.push_back(cpu_of(RUSAGE_CHILDREN, [&] { run_sitrep(options, workspace, question.args); }) - start);
      }));
      theirs.push_back(cpu_of(RUSAGE_SELF, [&] { read_all(db, question.sql); }));
    }
    timings.push_back({median(ours), median(clocks), question.sql.empty() ? 0 : median(theirs)});
    const auto& t = timings.back();
    fmt::print("{:<24}{:>10.3f} s{:>10.3f} s by the clock{:>14}{:>10}\n", question.name, t.sitrep, t.clock,
               t.sql > 0 ? fmt::format("sql {:.3f} s", t.sql) : "",
               t.sql > 0 ? fmt::format("{:.1f} x", t.sitrep / t.sql) : "");
    std::fflush(stdout);
  }
  return timings;
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
    fmt::print("size of {:<16}{:>10.1f} MB, plain table and id index {:.1f} MB: {:.2f} x\n", entity,
               static_cast<double>(ours) / 1e6, static_cast<double>(size.integer(0)) / 1e6,
               static_cast<double>(ours) / static_cast<double>(size.integer(0)));
  }
}

/// What each index adds to loading the table, each measured alone on a copy of the rows.
void measure_indexes(const fs::path& workspace) {
  auto db = store::Database::memory();
  db.execute(fmt::format("ATTACH '{}' AS bench", (workspace / ".sitrep/store.db").native()));
  struct Index {
    std::string name, table, sql;
  };
  std::vector<Index> indexes;
  store::Statement rows(
      db,
      "SELECT name, tbl_name, sql FROM bench.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND "
      "(tbl_name LIKE 'incident\\_%' ESCAPE '\\' OR tbl_name LIKE 'launch_review%') AND tbl_name NOT LIKE "
      "'incident_update%' ORDER BY tbl_name, name");
  while (rows.step())
    indexes.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))});
  rows.reset();
  for (const auto& index : indexes) {
    store::Statement create(db, "SELECT sql FROM bench.sqlite_schema WHERE name = ?1");
    create.bind(index.table).step();
    const std::string table_sql(create.text(0));
    create.reset();
    const auto load = [&](bool with) {
      db.execute(table_sql);
      if (with) db.execute(index.sql);
      const auto t = cpu_of(RUSAGE_SELF, [&] {
        db.execute(fmt::format("INSERT INTO main.{0} SELECT * FROM bench.{0}", store::quote_name(index.table)));
      });
      db.execute("DROP TABLE main." + store::quote_name(index.table));
      return t;
    };
    load(false);
    double without = load(false), with = load(true);
    for (int i = 1; i < 3; ++i) without = std::min(without, load(false)), with = std::min(with, load(true));
    fmt::print("index {:<28} adds {:>5.0f} % to an insert into {}\n", index.name, 100 * (with - without) / without,
               index.table);
  }
}

int run(const Options& options) {
  std::vector<std::vector<Timing>> all;
  for (const int history : options.histories) {
    bench::StoreSize size;
    size.scale = options.scale;
    size.history = history;
    const auto workspace = options.folder / fmt::format("bench-{}-{}", options.scale, history);
    if (!fs::exists(workspace / ".sitrep/store.db")) {
      const double t = seconds_of([&] { bench::fill_store(workspace, size); });
      fmt::print("\nfilled in {:.0f} s: ", t);
    }
    fmt::print("{} incidents, {} launch reviews, {} capacity samples, {} past versions of each record, {:.0f} MB\n",
               size.incidents(), size.launches(), size.resources() * size.samples_each(), history,
               static_cast<double>(fs::file_size(workspace / ".sitrep/store.db")) / 1e6);
    all.push_back(measure(options, workspace));
    if (history == options.histories.front()) {
      measure_size(workspace);
      measure_indexes(workspace);
    }
  }
  if (all.size() > 1) fmt::print("\n{} times the history:\n", options.histories[1] / options.histories[0]);
  for (std::size_t i = 0; all.size() > 1 && i < all[0].size(); ++i)
    fmt::print("{:<24}{:>10.2f} x\n", questions()[i].name, all[1][i].sitrep / std::max(all[0][i].sitrep, 0.005));
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
