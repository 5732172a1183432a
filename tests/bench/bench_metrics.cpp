// Times every built-in metric on a large store against its bare SQL: the same statement over the documented views,
// stepped through, and nothing made of its rows. Then all metrics with verdicts, forecasts included, for everything and
// for four programs.
//
//   bench_metrics [--scale 0.05] [--folder DIR] [--keep]    a generated store; --scale 1: 1,000,000 incidents,
//                                                           100,000 launch reviews, 20,000,000 capacity samples
//   bench_metrics --store FILE [--now TIME]                 a store of yours; TIME in RFC 3339, default: the newest
//   incident
//   bench_metrics --as-of TIME …                            the store as it was known then, which is also the present
//   bench_metrics --metric NAME [--rounds N] …              that metric alone, for a profiler
//
// Times are of the processor, which other programs on the machine disturb least. What costs less than a millisecond has
// no ratio: it would be that of the statement's preparation.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "evaluation/answer.hpp"
#include "evaluation/derived_tables.hpp"
#include "evaluation/evaluator.hpp"
#include "evaluation/sql_names.hpp"
#include "store_fill.hpp"

namespace {

using namespace sitrep;
using evaluation::Evaluator;
namespace fs = std::filesystem;

constexpr std::size_t k_programs = 4;
constexpr double k_least_ms = 1;  // of bare SQL, to make a ratio of

class Stopwatch {
 public:
  double milliseconds() const { return now() - start_; }

 private:
  static double now() {
    std::timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
  }
  double start_ = now();
};

/// TEMP tables that definitions read and that are made for them: bare SQL has to say what is in them.
struct Derived {
  std::string_view name, select;
};
constexpr std::array k_derived = {
    Derived{"milestone_date",
            "SELECT source, id, program_id, title, url, stage, status, due_date, completed_date, observed_at, "
            "superseded_at, first_value(due_date) OVER earlier AS first_due, lag(due_date) OVER earlier AS was FROM "
            "milestone_history "
            "WHERE due_date IS NOT NULL WINDOW earlier AS (PARTITION BY source, id, stage ORDER BY observed_at)"},
    Derived{"waiting_launch", "SELECT * FROM launch_review WHERE status IN ('submitted', 'in review')"},
    Derived{
        "waiting_gate",
        "SELECT * FROM launch_approval WHERE launch_id IN (SELECT id FROM waiting_launch) AND status IN ('pending', "
        "'changes requested')"},
};

/// The definition as one statement over the documented views.
config::Metric standing_alone(config::Metric metric) {
  const auto names = evaluation::sql_names(metric.sql);
  const auto reads = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  std::string tables;
  for (const auto& [name, select] : k_derived)
    if (reads(name) || (name == "waiting_launch" && reads("waiting_gate")))
      tables += fmt::format("{}{} AS MATERIALIZED ({})", tables.empty() ? "WITH " : ", ", name, select);
  if (tables.empty()) return metric;
  const std::string sql(trim_view(metric.sql));
  metric.sql = sql.starts_with("with ") ? tables + ", " + sql.substr(5) : tables + " " + sql;
  return metric;
}

double bare(store::Store& store, const config::Metric& metric, const evaluation::Window& window) {
  std::unique_ptr<store::QueryBox> box;
  const auto length = window.period.length();
  const auto span = metric.kind == "level" ? Interval{window.at - length, window.at} : window.period;
  const Stopwatch watch;
  evaluation::Answer answer(store, box, metric, {span, window.at}, Calendar{});
  while (answer.step())  // every cell is looked at: an answer that nobody reads is none
    for (int i = 0; i < answer.columns(); ++i) (void)answer.is_null(i);
  return watch.milliseconds();
}

struct Choice {
  std::string metric;  // empty: all
  int rounds = 3;      // of which the quickest counts
};

Evaluator fresh(store::Store& store, UnixTime now) {
  Evaluator::Options options;
  options.now = now;
  return Evaluator(store, std::move(options));
}

UnixTime newest(store::Store& store) {
  store::Statement rows(store.db(), "SELECT max(started_at) FROM incident");
  if (!rows.step() || rows.is_null(0)) fail(ErrorKind::data, "the store has no incidents");
  return rows.time(0) + Seconds{1};
}

void time_each(store::Store& store, UnixTime now, const evaluation::Window& window, const Choice& choice) {
  auto evaluator = fresh(store, now);
  evaluator.capacity();  // its forecasts are timed with all metrics, and by bench_forecast
  evaluation::make_workday_table(store, now, Calendar{});
  evaluation::make_day_view(store);
  evaluation::make_runway_tables(store, evaluator.capacity(), now);
  fmt::print("| metric | bare SQL, ms | value, ms | ratio | with verdict, ms |\n| --- | ---: | ---: | ---: | ---: |\n");
  double worst = 0;
  for (const auto& metric : evaluator.metrics()) {
    if (!choice.metric.empty() && metric.name != choice.metric) continue;
    evaluator.evaluate(metric.name, window, {}, evaluation::Verdicts::no);  // warms the cache, makes derived tables
    double sql = 1e9, value = 1e9;
    for (int i = 0; i < choice.rounds; ++i) {
      sql = std::min(sql, bare(store, standing_alone(metric), window));
      auto again = fresh(store, now);
      if (metric.dimension == "capacity") again.capacity();
      const Stopwatch watch;
      again.evaluate(metric.name, window, {}, evaluation::Verdicts::no);
      value = std::min(value, watch.milliseconds());
    }
    const Stopwatch watch;
    evaluator.evaluate(metric.name, window);
    const bool has_ratio = sql >= k_least_ms && metric.dimension != "capacity";
    if (has_ratio) worst = std::max(worst, value / sql);
    fmt::print("| {} | {:.2f} | {:.2f} | {} | {:.2f} |\n", metric.name, sql, value,
               has_ratio ? fmt::format("{:.2f}", value / sql) : "", watch.milliseconds());
    std::fflush(stdout);
  }
  fmt::print("\nlargest ratio: {:.2f}\n", worst);
}

void time_all(store::Store& store, UnixTime now, const evaluation::Window& window) {
  auto whole = fresh(store, now);
  const Stopwatch watch;
  whole.capacity();
  const double forecasts = watch.milliseconds();
  whole.compare(window);
  const double everything = watch.milliseconds();
  const auto programs = whole.programs().subspan(0, std::min(k_programs, whole.programs().size()));
  for (const auto& program : programs) whole.compare(window, program);
  fmt::print(
      "all {} metrics with verdicts, everything and {} programs: {:.0f} ms; of it forecasts {:.0f} ms, the first "
      "scope {:.0f} ms\n",
      whole.metrics().size(), programs.size(), watch.milliseconds(), forecasts, everything - forecasts);
}

struct Arguments {
  fs::path store, folder = fs::temp_directory_path();
  std::string now, as_of;
  Choice choice;
  double scale = 0.05;
  bool keep = false;
};

int run(const Arguments& arguments) {
  auto file = arguments.store;
  const auto workspace = arguments.folder / fmt::format("bench-{}-1", arguments.scale);
  bench::StoreSize size;
  size.scale = arguments.scale;
  if (file.empty()) {
    file = workspace / ".sitrep/store.db";
    if (!fs::exists(file)) bench::fill_store(workspace, size);
    fmt::print("{} incidents, {} launch reviews, {} capacity samples\n\n", size.incidents(), size.launches(),
               size.resources() * size.samples_each());
  }
  {
    store::Options options;
    options.access = store::Access::read_only;
    if (!arguments.as_of.empty()) options.as_of = parse_rfc3339(arguments.as_of).value();
    auto store = store::Store::open(file, options);
    const auto now = options.as_of             ? *options.as_of
                     : !arguments.now.empty()  ? parse_rfc3339(arguments.now).value()
                     : arguments.store.empty() ? unix_time(bench::k_bench_now)
                                               : newest(store);
    const auto window = evaluation::last_complete_window(now, PeriodLength::week, Calendar{});
    time_each(store, now, window, arguments.choice);
    if (arguments.choice.metric.empty()) time_all(store, now, window);
  }
  if (arguments.store.empty() && !arguments.keep) fs::remove_all(workspace);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--keep") {
      arguments.keep = true;
      continue;
    }
    const char* value = ++i < argc ? argv[i] : "";
    if (arg == "--store")
      arguments.store = value;
    else if (arg == "--now")
      arguments.now = value;
    else if (arg == "--as-of")
      arguments.as_of = value;
    else if (arg == "--metric")
      arguments.choice.metric = value;
    else if (arg == "--rounds")
      arguments.choice.rounds = std::max(1, std::atoi(value));
    else if (arg == "--scale")
      arguments.scale = std::atof(value);
    else if (arg == "--folder")
      arguments.folder = value;
    else {
      fmt::print(stderr, "bench_metrics: unknown option {}\n", arg);
      return 2;
    }
  }
  try {
    return run(arguments);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_metrics: {}\n", e.what());
    return 1;
  }
}
