#include "evaluation/breakdown.hpp"

#include "base/text.hpp"
#include "commands.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

using evaluation::ActionSurvival;
using evaluation::Breakdown;
using evaluation::Result;

constexpr std::size_t k_groups = 6;
constexpr double k_survival_days[] = {7, 14, 30, 60, 90};

/// What a stats command shows, for people and as data.
struct Stats {
  std::string title;
  std::size_t tested = 0, metrics = 0;
  std::vector<Result> results;
  std::vector<Breakdown> breakdowns;
  std::optional<ActionSurvival> survival;
};

void print_metrics(const Stats& stats, cli::Context& ctx) {
  using Column = cli::Table::Column;
  cli::Table table;
  table.columns = {{"metric"},
                   {"value", "value", Column::Align::right},
                   {"interval"},
                   {"previous", "before", Column::Align::right},
                   {"verdict"}};
  for (const auto& r : stats.results) {
    table.rows.push_back({r.title, r.value ? evaluation::text_of(r) : std::string("n/a"), evaluation::interval_text(r),
                          r.previous ? evaluation::text_of(*r.previous, r.kind, r.unit) : std::string(),
                          r.value ? evaluation::verdict_text(r) : "n/a: " + r.not_reportable});
  }
  ctx.out() << cli::to_text(table, ctx.text_options());
}

void print_breakdown(const Breakdown& b, cli::Context& ctx) {
  if (b.groups.empty()) return;
  std::vector<std::string> parts;
  const bool all = b.by == "weekday" || b.by == "severity" || b.by == "hours";
  for (const auto& g : b.groups) {
    if (!all && parts.size() == k_groups) break;
    parts.push_back(fmt::format("{} {} ({})", visible(g.name), g.now, g.before));
  }
  const auto more = b.groups.size() - parts.size();
  ctx.line(fmt::format("by {:<10} ", b.by), join(parts, ", ") + (more > 0 ? fmt::format(", {} more", more) : ""));
}

void print_survival(const ActionSurvival& s, cli::Context& ctx) {
  if (s.n == 0) return;
  std::vector<std::string> parts;
  for (const double days : k_survival_days) {
    const auto* step = metrics::survival_at(s.curve, days);
    if (step)
      parts.push_back(fmt::format("{:.0f} d {:.0f} % ({:.0f}–{:.0f})", days, 100 * step->survival, 100 * step->lower,
                                  100 * step->upper));
    else
      parts.push_back(fmt::format("{:.0f} d 100 %", days));
  }
  const auto median = metrics::median_lifetime(s.curve);
  ctx.line("action items still open after: ",
           fmt::format("{} (95 %); median {}; n = {} of a year, {} open{}", join(parts, ", "),
                       median ? fmt::format("{:.0f} d", *median) : std::string("not reached"), s.n, s.open,
                       s.left_out > 0 ? fmt::format(", {} without usable times left out", s.left_out) : ""));
}

void write_stats(json::Writer& w, const Stats& stats) {
  w.begin_object().member("title", stats.title).member("compared", static_cast<std::int64_t>(stats.tested));
  w.key("metrics").begin_array();
  for (const auto& r : stats.results) write_json(w, r);
  w.end_array().key("breakdowns").begin_object();
  for (const auto& b : stats.breakdowns) {
    w.key(b.by).begin_array();
    for (const auto& g : b.groups)
      w.begin_object().member("name", g.name).member("n", g.now).member("previous_n", g.before).end_object();
    w.end_array();
  }
  w.end_object();
  if (stats.survival) {
    w.key("action_survival").begin_object().member("n", stats.survival->n).member("open", stats.survival->open);
    w.member("left_out", stats.survival->left_out).key("curve").begin_array();
    for (const auto& s : stats.survival->curve) {
      w.begin_object().member("days", s.time).member("at_risk", static_cast<std::int64_t>(s.at_risk));
      w.member("done", static_cast<std::int64_t>(s.ended)).member("still_open", s.survival);
      w.member("lower", s.lower).member("upper", s.upper).end_object();
    }
    w.end_array().end_object();
  }
  w.end_object();
}

Stats gather(evaluation::Evaluator& evaluator, const evaluation::Window& window, const std::string& program,
             std::initializer_list<std::string_view> dimensions) {
  Stats stats;
  const auto& all = evaluator.compare(window, program);
  stats.tested = all.tested;
  stats.metrics = all.results.size();
  for (const auto& r : all.results) {
    if (std::ranges::find(dimensions, r.dimension) == dimensions.end()) continue;
    evaluator.name_items(stats.results.emplace_back(r), program);
  }
  return stats;
}

int print(const Stats& stats, std::string_view schema, cli::Context& ctx) {
  if (ctx.format() == "json") {
    json::Writer w;
    w.begin_array();
    write_stats(w, stats);
    w.end_array();
    ctx.print_json_object(schema, "\"rows\":" + w.take());
    return 0;
  }
  ctx.line("", visible(stats.title) + "; in brackets the period before");
  print_metrics(stats, ctx);
  for (const auto& b : stats.breakdowns) print_breakdown(b, ctx);
  if (stats.survival) print_survival(*stats.survival, ctx);
  ctx.note(fmt::format("{} of all {} compared with the period before; changes hold at a false discovery rate of 5 %",
                       stats.tested, count_of(static_cast<std::int64_t>(stats.metrics), "metric")));
  return 0;
}

std::string title(std::string_view what, const evaluation::Window& window, const std::string& program,
                  cli::Context& ctx) {
  return fmt::format("{}{}, {}", what, program.empty() ? "" : " of " + program,
                     describe(window.period, window.length, ctx.calendar()));
}

int incidents(const Scope& scope, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto window = window_of(ctx, scope);
  const auto program = program_of(evaluator, scope);
  auto stats = gather(evaluator, window, program, {"incidents", "follow-through"});
  stats.title = title("Incidents", window, program, ctx);
  stats.breakdowns = evaluation::incident_breakdowns(ctx.store(), window, program, ctx.calendar());
  stats.survival = evaluation::action_survival(ctx.store(), window, program);
  return print(stats, "incident.stats", ctx);
}

int tickets(const Scope& scope, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto window = window_of(ctx, scope);
  const auto program = program_of(evaluator, scope);
  auto stats = gather(evaluator, window, program, {"support"});
  stats.title = title("Support tickets", window, program, ctx);
  stats.breakdowns = evaluation::ticket_breakdowns(ctx.store(), window, program);
  return print(stats, "ticket.stats", ctx);
}

}  // namespace

void add_incident_stats(cli::Command& noun) {
  auto scope = std::make_shared<Scope>();
  auto& command = noun.add("stats", "Incidents of a period: metrics, who and when, how long action items stay open");
  add_scope(command, *scope);
  command.formats({"text", "json"});
  command.description(
      "Counts by severity, service, cause, weekday and hours, with the period before in brackets. How long action "
      "items\n"
      "stay open is the Kaplan-Meier curve of a year's: what is not done yet counts for as long as it was seen open.");
  command.example("sitrep incident stats", "Last week");
  command.example("sitrep incident stats --program 'Checkout 3' --period month --json",
                  "One program, last month, as JSON");
  command.run([scope](cli::Context& ctx) { return incidents(*scope, ctx); });
}

void add_ticket_stats(cli::Command& noun) {
  auto scope = std::make_shared<Scope>();
  auto& command = noun.add("stats", "Support tickets of a period: satisfaction, response, top reasons");
  add_scope(command, *scope);
  command.formats({"text", "json"});
  command.example("sitrep ticket stats", "Last week");
  command.example("sitrep ticket stats --period month --json", "Last month, as JSON");
  command.run([scope](cli::Context& ctx) { return tickets(*scope, ctx); });
}

}  // namespace sitrep::cmd
