#include "base/text.hpp"
#include "commands.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  Scope scope;
  std::vector<std::string> dimensions;
};

using Column = cli::Table::Column;

cli::Table for_people(const std::vector<evaluation::Result>& results) {
  cli::Table table;
  table.columns = {{"dimension"},
                   {"metric"},
                   {"value", "value", Column::Align::right},
                   {"n", "n", Column::Align::right},
                   {"interval"},
                   {"previous", "before", Column::Align::right},
                   {"verdict"}};
  for (const auto& r : results) {
    table.rows.push_back({r.dimension, r.metric, r.value ? evaluation::text_of(r) : std::string("n/a"), r.n,
                          evaluation::interval_text(r),
                          r.previous ? evaluation::text_of(*r.previous, r.kind, r.unit) : std::string(),
                          r.value ? evaluation::verdict_text(r) : "n/a: " + r.not_reportable});
  }
  return table;
}

cli::Table for_programs(const std::vector<evaluation::Result>& results) {
  cli::Table table;
  for (const char* name : {"metric", "dimension", "title", "kind", "unit", "program", "value", "not_reportable", "n",
                           "lower", "upper", "previous", "previous_n", "verdict", "verdict_reason", "p"}) {
    table.columns.push_back({name});
  }
  const auto number = [](const std::optional<double>& v) { return v ? cli::Table::Cell(*v) : cli::Table::Cell(); };
  const auto text = [](const std::string& t) { return t.empty() ? cli::Table::Cell() : cli::Table::Cell(t); };
  for (const auto& r : results) {
    const auto& bounds = r.interval;
    table.rows.push_back(
        {r.metric, text(r.dimension), r.title, r.kind, text(r.kind == "duration" ? "seconds" : r.unit), text(r.program),
         number(r.value), text(r.not_reportable), r.n, bounds ? cli::Table::Cell(bounds->lower) : cli::Table::Cell(),
         bounds ? cli::Table::Cell(bounds->upper) : cli::Table::Cell(), number(r.previous), r.previous_n,
         std::string(metrics::name(r.judgement.verdict)), text(r.judgement.reason), number(r.judgement.p)});
  }
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto window = window_of(ctx, options.scope);
  const auto program = program_of(evaluator, options.scope);
  const auto& all = evaluator.compare(window, program);
  std::vector<evaluation::Result> results;
  std::ranges::copy_if(all.results, std::back_inserter(results), [&](const auto& r) {
    return options.dimensions.empty() || std::ranges::find(options.dimensions, r.dimension) != options.dimensions.end();
  });
  const auto format = ctx.format();
  const bool people = format == "text" || format == "markdown";
  ctx.print(people ? for_people(results) : for_programs(results), "metric.list");
  ctx.note(
      fmt::format("{} of all {} compared with the period before; changes hold at a false discovery rate of 5 % "
                  "(Benjamini & Hochberg 1995)",
                  all.tested, count_of(static_cast<std::int64_t>(all.results.size()), "metric")));
  return 0;
}

}  // namespace

void add_metric_list(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("list", "Every metric with value, interval, previous period and verdict");
  add_scope(command, options->scope);
  command.option("--dimension", options->dimensions, "NAME", "Only metrics of this dimension of health");
  command.choices(
      {"schedule", "launches", "incidents", "follow-through", "reliability", "capacity", "support", "data"});
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A value that the data cannot carry is n/a with the reason. A verdict of change needs a test at 5 %, corrected "
      "for\n"
      "the number of metrics compared, and enough events in both periods.");
  command.example("sitrep metric list", "Last week against the week before");
  command.example("sitrep metric list --program 'Checkout 3' --period month --json",
                  "One program, last month, as JSON");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
