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

std::string sources_text(const evaluation::Explanation& e, UnixTime now) {
  std::vector<std::string> parts;
  for (const auto& s : e.sources) {
    parts.push_back(fmt::format("{}.{}, last sync {}{}", s.source, s.stream,
                                s.last_success_at
                                    ? format_utc(*s.last_success_at) + " (" + age_text(s.last_success_at, now) + " old)"
                                    : "never",
                                s.rejected > 0 ? ", " + count_of(s.rejected, "record") + " rejected" : ""));
  }
  return parts.empty() ? "none" : join(parts, "; ");
}

void print_text(const evaluation::Explanation& e, cli::Context& ctx, PeriodLength length) {
  const auto& r = e.result;
  auto& out = ctx.out();
  const auto when = r.kind == "level" ? "as of " + format_utc(r.period.to) : describe(r.period, length, ctx.calendar());
  const auto interval = evaluation::interval_text(r);
  ctx.line(evaluation::text_of(r) + "    ",
           fmt::format("{}{}, {}, n = {}{}", r.title, r.program.empty() ? "" : " of " + visible(r.program), when, r.n,
                       interval.empty() ? "" : ", " + interval + " (" + r.interval_method + ")"));
  const auto line = [&](std::string_view name, const std::string& text) {
    ctx.line(fmt::format("{:<10} ", name), visible(text));
  };
  if (r.previous) {
    line("before:", fmt::format("{} (n = {})", evaluation::text_of(*r.previous, r.kind, r.unit), r.previous_n));
  }
  line("verdict:", evaluation::verdict_text(r));
  if (!r.judgement.method.empty()) line("method:", r.judgement.method);
  const auto excluded = exclusions_text(r);
  line("excluded:", excluded.empty() ? "nothing" : excluded);
  line("coverage:", r.coverage.of > 0 ? coverage_text(r.coverage) : std::string("no records"));
  line("sources:", sources_text(e, ctx.now()));
  line("formula:", e.formula);
  print_notes(ctx, notes_on(ctx, {r.metric}), "note:      ");
  out << "sql:\n";
  for (const auto sql : split_views(e.sql, '\n')) out << "  " << visible(sql) << '\n';
  out << fmt::format("rows: {} of {}\n", e.rows.size(), e.row_count);
  cli::Table table;
  for (const auto& name : e.columns) table.columns.push_back({name});
  for (const auto& row : e.rows) table.rows.emplace_back(row.begin(), row.end());
  if (!table.rows.empty()) out << cli::to_text(table, ctx.text_options());
}

void print_json(const evaluation::Explanation& e, cli::Context& ctx) {
  json::Writer w;
  w.begin_object().key("result");
  write_json(w, e.result);
  w.member("sql", e.sql).member("formula", e.formula).member("row_count", e.row_count);
  w.key("columns").begin_array();
  for (const auto& c : e.columns) w.value(c);
  w.end_array().key("sample").begin_array();
  for (const auto& row : e.rows) {
    w.begin_array();
    for (const auto& cell : row) w.value(cell);
    w.end_array();
  }
  w.end_array().key("sources").begin_array();
  for (const auto& s : e.sources) {
    w.begin_object().member("source", s.source).member("stream", s.stream).key("last_success_at");
    if (s.last_success_at)
      w.value(format_utc(*s.last_success_at));
    else
      w.null();
    w.member("rows", s.rows).member("rejected", s.rejected).end_object();
  }
  w.end_array().end_object();
  ctx.print_json_object("metric.explain", fmt::format("\"rows\":[{}],\"notes\":{}", w.take(),
                                                      notes_json(notes_on(ctx, {e.result.metric}))));
}

int run(const Options& options, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto window = window_of(ctx, options.scope);
  const auto e = evaluator.explain(options.metric, window, program_of(evaluator, options.scope));
  if (ctx.format() == "json")
    print_json(e, ctx);
  else
    print_text(e, ctx, window.length);
  return 0;
}

}  // namespace

void add_metric_explain(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command =
      noun.add("explain", "Where a number comes from: SQL, rows, sources and their age, exclusions, formula");
  command.positional("METRIC", options->metric, "Name of the metric; 'sitrep metric list' has them");
  add_scope(command, options->scope);
  command.formats({"text", "json"});
  command.example("sitrep metric explain time_to_mitigate --program 'Checkout 3'", "Why the median is what it is");
  command.example("sitrep metric explain incidents --period month --json", "The same as data");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
