// What rendering costs beside the least it could cost, in one run:
//   1. a table of 10,000 rows with filters, conditions and a macro against a loop with fmt written by hand;
//   2. weekly-health on a large store: the processors' time outside of SQLite, by a sample of each millisecond of it;
//   3. how long `sitrep --version` and a word's completion take from start to end.
//
//   bench_render --sitrep BIN [--rows 10000] [--runs 15] [--scale 0.05] [--folder DIR] [--keep]
//   bench_render --sitrep BIN --workspace DIR     weekly-health of a workspace that is there, such as ./dev bench
//   store's
//
// Of several runs the least counts, in time of the processor: other programs only ever add to it.
#include <fmt/format.h>
#include <spawn.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "docs/engine.hpp"
#include "docs/report.hpp"
#include "render/escape.hpp"
#include "store_fill.hpp"
#include "templating/environment.hpp"

namespace {

using Clock = std::chrono::steady_clock;

// A door that looked at the clock would take a thread for busy while it waits for a processor. Instead the kernel
// interrupts, each millisecond that the process is busy, the thread that is.
thread_local volatile std::sig_atomic_t depth_in_sqlite = 0;  // a function of ours that SQLite calls may call SQLite
std::atomic<int> samples_in_sqlite = 0, samples_outside = 0;

template <class F>
auto counted(F call) {
  depth_in_sqlite = depth_in_sqlite + 1;
  auto result = call();
  depth_in_sqlite = depth_in_sqlite - 1;
  return result;
}

void sample(int) { ++(depth_in_sqlite > 0 ? samples_in_sqlite : samples_outside); }

void take_samples() {
  struct sigaction action{};
  action.sa_handler = sample;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, nullptr);
  const itimerval each{{0, 1'000}, {0, 1'000}};
  setitimer(ITIMER_PROF, &each, nullptr);
}

void stop_samples() {
  const itimerval never{};
  setitimer(ITIMER_PROF, &never, nullptr);
}

}  // namespace

// The linker sends our libraries' calls here (--wrap).
extern "C" {
int __real_sqlite3_step(sqlite3_stmt* statement);
int __wrap_sqlite3_step(sqlite3_stmt* statement);
int __real_sqlite3_prepare_v3(sqlite3* db, const char* sql, int n, unsigned flags, sqlite3_stmt** made,
                              const char** tail);
int __wrap_sqlite3_prepare_v3(sqlite3* db, const char* sql, int n, unsigned flags, sqlite3_stmt** made,
                              const char** tail);
int __real_sqlite3_prepare_v2(sqlite3* db, const char* sql, int n, sqlite3_stmt** made, const char** tail);
int __wrap_sqlite3_prepare_v2(sqlite3* db, const char* sql, int n, sqlite3_stmt** made, const char** tail);
int __real_sqlite3_exec(sqlite3* db, const char* sql, int (*row)(void*, int, char**, char**), void* given,
                        char** error);
int __wrap_sqlite3_exec(sqlite3* db, const char* sql, int (*row)(void*, int, char**, char**), void* given,
                        char** error);

int __wrap_sqlite3_step(sqlite3_stmt* statement) {
  return counted([&] { return __real_sqlite3_step(statement); });
}
int __wrap_sqlite3_prepare_v3(sqlite3* db, const char* sql, int n, unsigned flags, sqlite3_stmt** made,
                              const char** tail) {
  return counted([&] { return __real_sqlite3_prepare_v3(db, sql, n, flags, made, tail); });
}
int __wrap_sqlite3_prepare_v2(sqlite3* db, const char* sql, int n, sqlite3_stmt** made, const char** tail) {
  return counted([&] { return __real_sqlite3_prepare_v2(db, sql, n, made, tail); });
}
int __wrap_sqlite3_exec(sqlite3* db, const char* sql, int (*row)(void*, int, char**, char**), void* given,
                        char** error) {
  return counted([&] { return __real_sqlite3_exec(db, sql, row, given, error); });
}
}

namespace {

using namespace sitrep;
namespace fs = std::filesystem;

struct Options {
  std::string sitrep;
  fs::path folder, workspace;
  int rows = 10'000, runs = 15;
  double scale = 0.05;
  bool keep = false;
};

double milliseconds(Clock::duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

/// Milliseconds of the processor that we (RUSAGE_SELF) or the programs that we ran (RUSAGE_CHILDREN) took: of the runs
/// the one with the least.
double least_ms(int who, int runs, const std::function<void()>& body) {
  const auto used = [&] {
    rusage usage{};
    getrusage(who, &usage);
    const auto ms = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
  };
  double least = 1e300;
  for (int i = 0; i < runs; ++i) {
    const double start = used();
    body();
    least = std::min(least, used() - start);
  }
  return least;
}

struct Row {
  std::int64_t id = 0;
  std::string name, service, severity;
  double ratio = 0;
  bool open = false;
};

std::vector<Row> make_rows(int count) {
  constexpr const char* k_services[] = {"checkout-api", "ledger-api", "edge", "search & find"};
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({i, fmt::format("incident number {} <{}>", i, i % 17), k_services[i % 4],
                    fmt::format("SEV{}", 1 + i % 5), static_cast<double>(i % 997) / 997, i % 3 == 0});
  return rows;
}

constexpr auto k_template =
    R"({% macro badge(severity, open) %}{% if open %}**{{ severity | lower }}**{% else %}{{ severity | lower }}{% endif %}{% endmacro %}
| id | name | service | severity | ratio |
| --- | --- | --- | --- | --- |
{% for row in rows %}
| {{ row.id }} | {{ row.name | upper | truncate(24) }} | {{ row.service | title }} | {{ badge(row.severity, row.open) }} | {% if row.ratio > 0.5 %}{{ row.ratio | round(2) }}{% else %}low{% endif %} |
{% endfor %}
)";

templating::Value value_of(const std::vector<Row>& rows) {
  templating::List list;
  for (const auto& row : rows)
    list.push_back(templating::Dict{{"id", row.id},
                                    {"name", row.name},
                                    {"service", row.service},
                                    {"severity", row.severity},
                                    {"ratio", row.ratio},
                                    {"open", row.open}});
  return templating::Dict{{"rows", std::move(list)}};
}

void change_case(std::string& text, int (*change)(int)) {
  for (char& c : text) c = static_cast<char>(change(static_cast<unsigned char>(c)));
}

/// The same table, as a person would write it in C++.
std::string by_hand(const std::vector<Row>& rows) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out),
                 "| id | name | service | severity | ratio |\n| --- | --- | --- | --- | --- |\n");
  for (const auto& row : rows) {
    auto name = row.name;
    change_case(name, std::toupper);
    if (name.size() > 24 + 5) name = name.substr(0, 21) + "...";
    auto service = row.service;
    bool start = true;
    for (char& c : service) {
      const auto byte = static_cast<unsigned char>(c);
      c = static_cast<char>(start ? std::toupper(byte) : std::tolower(byte));
      start = std::isalpha(byte) == 0;
    }
    auto severity = row.severity;
    change_case(severity, std::tolower);
    fmt::format_to(std::back_inserter(out), "| {} | {} | {} | ", row.id, render::escape_markdown(name),
                   render::escape_markdown(service));
    fmt::format_to(std::back_inserter(out), fmt::runtime(row.open ? "**{}** | " : "{} | "),
                   render::escape_markdown(severity));
    if (row.ratio > 0.5)
      fmt::format_to(std::back_inserter(out), "{:#} |\n", std::round(row.ratio * 100) / 100);
    else
      fmt::format_to(std::back_inserter(out), "low |\n");
  }
  return fmt::to_string(out);
}

void bench_table(const Options& options) {
  const auto rows = make_rows(options.rows);
  const auto data = value_of(rows);
  templating::Options settings;
  settings.trim_blocks = settings.lstrip_blocks = true;
  settings.autoescape = render::escape_markdown;
  const templating::Environment environment(settings);
  const auto compiled = environment.compile("table", {k_template, "table", 1});
  std::string ours, theirs;
  const double rendered = least_ms(RUSAGE_SELF, options.runs, [&] { ours = compiled.render(data); });
  const double hand = least_ms(RUSAGE_SELF, options.runs, [&] { theirs = by_hand(rows); });
  // A macro's own line break is the only difference of the two texts.
  const auto at = ours.find('|');
  if (ours.substr(at) != theirs && ours.substr(at) + "\n" != theirs) {
    std::size_t i = 0;
    const auto mine = ours.substr(at);
    while (i < mine.size() && i < theirs.size() && mine[i] == theirs[i]) ++i;
    fmt::print("  the texts differ: '{}' is not '{}'\n", mine.substr(i > 40 ? i - 40 : 0, 80),
               theirs.substr(i > 40 ? i - 40 : 0, 80));
    std::exit(1);
  }
  fmt::print("table of {} rows      template {:8.2f} ms   by hand {:8.2f} ms   ratio {:.2f}   (3 wanted)\n",
             options.rows, rendered, hand, rendered / hand);
}

/// The workspace that was named, or one that is made for this.
fs::path workspace_of(const Options& options) {
  if (!options.workspace.empty()) return options.workspace;
  const auto folder = (options.folder.empty() ? fs::temp_directory_path() : options.folder) / "sitrep-bench-render";
  if (!fs::exists(folder / "sitrep.toml")) {
    bench::StoreSize size;
    size.scale = options.scale;
    bench::fill_store(folder, size);
  }
  return folder;
}

double processor_ms() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

/// What a piece of work took.
struct Spent {
  double clock = 0, sqlite = 0, outside = 0;  // ms; the last two of the processors' time
};

template <class Work>
Spent spent_on(const Work& work) {
  samples_in_sqlite = samples_outside = 0;
  take_samples();
  const auto start = Clock::now();
  const double busy = processor_ms();
  work();
  const double clock = milliseconds(Clock::now() - start), spent = processor_ms() - busy;
  stop_samples();
  const double share = static_cast<double>(samples_in_sqlite) / std::max(1, samples_in_sqlite + samples_outside);
  return {clock, share * spent, (1 - share) * spent};
}

/// Runs of weekly-health in this process: everything from opening the store to the HTML; then the same page again, when
/// metrics, forecasts and past colors are at hand: what templates, charts and HTML take of it.
void bench_report(const Options& options, const fs::path& folder) {
  const auto nothing = [](const auto&) { return std::nullopt; };
  const auto config = config::load(folder / "sitrep.toml", nothing, nothing);
  const auto now = unix_time(bench::k_bench_now);
  const docs::Catalog catalog(std::nullopt);
  const auto open = [&](std::optional<UnixTime> as_of) {
    store::Options with;
    with.as_of = as_of;
    with.now = as_of.value_or(now);
    with.calendar = config.calendar;
    with.own_entities = config.entities;
    return store::Store::open(folder / ".sitrep/store.db", with);
  };
  Spent whole{0, 0, 1e300}, page = whole;
  const auto keep_least = [](Spent& least, const Spent& now_spent) {
    if (now_spent.outside < least.outside) least = now_spent;
  };
  for (int i = 0; i < std::min(options.runs, 5); ++i) {
    std::optional<store::Store> store;
    std::optional<docs::Engine> engine;
    docs::Inputs inputs;
    const auto make = [&] {
      const docs::ReportRequest request{
          "weekly-health", docs::last_complete(PeriodLength::week, now, config.calendar), {}, {}};
      if (render::to_html(docs::make_report(*engine, request)).empty()) std::exit(1);
    };
    const auto first = spent_on([&] {
      store.emplace(open(std::nullopt));
      inputs.store = &*store;
      inputs.config = &config;
      inputs.now = now;
      inputs.calendar = config.calendar;
      inputs.workspace = config.name;
      inputs.version = "bench";
      inputs.open_as_of = open;
      engine.emplace(inputs, catalog);
      make();
    });
    keep_least(whole, first);
    keep_least(page, spent_on(make));
  }
  const auto print = [](std::string_view what, const Spent& spent, std::string_view wanted) {
    fmt::print("{:22} by the clock {:8.1f} ms   of the processors' time in SQLite {:8.1f} ms   outside {:8.1f} ms{}\n",
               what, spent.clock, spent.sqlite, spent.outside, wanted);
  };
  print("weekly-health", whole, "   (300 wanted at scale 1)");
  print("  its page alone", page, "   (metrics, forecasts and past colors at hand)");
}

double run_ms(const Options& options, std::vector<std::string> words) {
  words.insert(words.begin(), options.sitrep);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", 1, 0);
  const double least = least_ms(RUSAGE_CHILDREN, options.runs * 2, [&] {
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, words[0].c_str(), &files, nullptr, argv.data(), environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
      fmt::print(stderr, "{} {} failed\n", words[0], words[1]);
      std::exit(1);
    }
  });
  posix_spawn_file_actions_destroy(&files);
  return least;
}

void bench_start(const Options& options, const fs::path& workspace) {
  fmt::print("sitrep --version       {:.1f} ms   (10 wanted)\n", run_ms(options, {"--version"}));
  fmt::print("completion of a word   {:.1f} ms   (30 wanted)   sitrep complete program\n",
             run_ms(options, {"-C", workspace.string(), "complete", "program"}));
}

Options read(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--keep") {
      options.keep = true;
      continue;
    }
    if (i + 1 == argc) {
      fmt::print(stderr, "bench_render: what is '{}'?\n", word);
      std::exit(2);
    }
    const std::string value = argv[++i];
    if (word == "--sitrep")
      options.sitrep = value;
    else if (word == "--rows")
      options.rows = std::stoi(value);
    else if (word == "--runs")
      options.runs = std::stoi(value);
    else if (word == "--scale")
      options.scale = std::stod(value);
    else if (word == "--folder")
      options.folder = value;
    else if (word == "--workspace")
      options.workspace = value;
    else {
      fmt::print(stderr, "bench_render: what is '{}'?\n", word);
      std::exit(2);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read(argc, argv);
  bench_table(options);
  const auto workspace = workspace_of(options);
  if (!options.sitrep.empty()) bench_start(options, workspace);
  bench_report(options, workspace);
  if (options.workspace.empty() && !options.keep) fs::remove_all(workspace);
  return 0;
}
