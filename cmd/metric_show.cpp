#include "commands.hpp"
#include "notes.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string metric;
  Scope scope;
};

std::vector<policy::Note> notes_of(const evaluation::Result& result, cli::Context& ctx) {
  std::vector<std::string> subjects{result.metric};
  for (const auto& item : result.items) subjects.push_back(item.id);
  return notes_on(ctx, subjects);
}

void print_text(const evaluation::Result& r, cli::Context& ctx, PeriodLength length) {
  const auto when = r.kind == "level" ? "as of " + format_utc(r.period.to) : describe(r.period, length, ctx.calendar());
  ctx.line(evaluation::text_of(r) + "    ",
           fmt::format("{}{}, {}", r.title, r.program.empty() ? "" : " of " + visible(r.program), when));
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) ctx.line(fmt::format("{:<10} ", name), visible(text));
  };
  const auto interval = evaluation::interval_text(r);
  line("n", std::to_string(r.n) + (interval.empty() ? "" : ", " + interval + " (" + r.interval_method + ")"));
  if (r.p90) line("p90", evaluation::text_of(*r.p90, r.kind, r.unit));
  if (r.previous) {
    line("before", fmt::format("{} (n = {})", evaluation::text_of(*r.previous, r.kind, r.unit), r.previous_n));
  }
  line("verdict", evaluation::verdict_text(r));
  line("excluded", exclusions_text(r));
  if (r.coverage.of > 0) line("coverage", coverage_text(r.coverage));
  for (const auto& item : r.items) line("", item.label);
  if (r.items_left_out > 0) line("", fmt::format("… and {} more", r.items_left_out));
  print_notes(ctx, notes_of(r, ctx), "note       ");
}

int run(const Options& options, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto window = window_of(ctx, options.scope);
  const auto result = evaluator.evaluate(options.metric, window, program_of(evaluator, options.scope));
  if (ctx.format() == "text") {
    print_text(result, ctx, window.length);
    return 0;
  }
  json::Writer writer;
  write_json(writer, result);
  ctx.print_json_object("metric.show",
                        fmt::format("\"rows\":[{}],\"notes\":{}", writer.take(), notes_json(notes_of(result, ctx))));
  return 0;
}

}  // namespace

void add_metric_show(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("show", "One metric: value, interval, verdict, and the records worth a look");
  command.positional("METRIC", options->metric, "Name of the metric; 'sitrep metric list' has them");
  add_scope(command, options->scope);
  command.formats({"text", "json"});
  command.example("sitrep metric show time_to_mitigate", "The median of last week");
  command.example("sitrep metric show overdue_actions --program 'Ledger migration' --json", "One program, as JSON");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
