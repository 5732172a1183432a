// Times every built-in metric on a store against its bare SQL: the same statement stepped through and nothing made of
// its rows. Then all metrics with verdicts, for everything and for each program.
//
//   bench_metrics STORE [NOW]        NOW in RFC 3339; default: the newest incident
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "evaluation/answer.hpp"
#include "evaluation/evaluator.hpp"

namespace {

using namespace sitrep;
using evaluation::Evaluator;

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

double bare(store::Store& store, const config::Metric& metric, const evaluation::Window& window) {
  std::unique_ptr<store::QueryBox> box;
  const auto length = window.period.length();
  const auto span = metric.kind == "level" ? Interval{window.at - length, window.at} : window.period;
  const Stopwatch watch;
  evaluation::Answer answer(store, box, metric, {span, window.at}, Calendar{});
  while (answer.step()) {
  }
  return watch.milliseconds();
}

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

int run(int argc, char** argv) {
  store::Options options;
  options.access = store::Access::read_only;
  auto store = store::Store::open(argv[1], options);
  const auto now = argc > 2 ? parse_rfc3339(argv[2]).value() : newest(store);
  const auto window = evaluation::last_complete_window(now, PeriodLength::week, Calendar{});
  auto evaluator = fresh(store, now);
  evaluator.capacity();  // its forecasts are timed by bench_forecast
  fmt::print("| metric | bare SQL, ms | value, ms | ratio | with verdict, ms |\n| --- | ---: | ---: | ---: | ---: |\n");
  for (const auto& metric : evaluator.metrics()) {
    evaluator.evaluate(metric.name, window, {}, evaluation::Verdicts::no);  // warms the cache, makes derived tables
    double sql = 1e9, value = 1e9;
    for (int i = 0; i < 3; ++i) {
      sql = std::min(sql, bare(store, metric, window));
      auto again = fresh(store, now);
      if (metric.dimension == "capacity") again.capacity();
      const Stopwatch watch;
      again.evaluate(metric.name, window, {}, evaluation::Verdicts::no);
      value = std::min(value, watch.milliseconds());
    }
    const Stopwatch watch;
    evaluator.evaluate(metric.name, window);
    fmt::print("| {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} |\n", metric.name, sql, value, value / std::max(sql, 1e-3),
               watch.milliseconds());
  }
  auto whole = fresh(store, now);
  whole.capacity();
  const Stopwatch watch;
  whole.compare(window);
  for (const auto& program : whole.programs()) whole.compare(window, program);
  fmt::print("\nall {} metrics with verdicts, everything and {} programs: {:.0f} ms\n", whole.metrics().size(),
             whole.programs().size(), watch.milliseconds());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_metrics STORE [NOW]\n", stderr);
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_metrics: %s\n", e.what());
    return 1;
  }
}
