#include "evaluation/slo.hpp"

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "notes.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace sitrep::cmd {
namespace {

using evaluation::Slo;
using evaluation::SloSpan;
using Column = cli::Table::Column;

struct ListOptions {
  std::vector<std::string> services, teams, programs;
};
struct ShowOptions {
  std::string slo;
};

std::vector<Slo> read(cli::Context& ctx, const std::string& wanted) {
  evaluation::SloOptions options;
  options.now = ctx.now();
  options.calendar = ctx.calendar();
  options.slo = wanted;
  return evaluation::slos(ctx.store(), evaluation::Directory(ctx.store()), options);
}

std::string text_of(const SloSpan& span) {
  return span.budget ? evaluation::sli_text(span.budget->sli) : "n/a: " + span.not_reportable;
}

std::string left_text(const SloSpan& span) {
  return span.budget ? fmt::format("{:.0f} %", 100 * (1 - span.budget->used)) : std::string("n/a");
}

std::string burn_text(const Slo& slo) {
  for (const auto& b : slo.burns) {
    if (b.fires)
      return fmt::format("{}: {:.1f} times over {}", b.alert.severity, *b.long_burn,
                         format_duration(b.alert.long_window));
  }
  const auto known = std::ranges::count_if(slo.burns, [](const auto& b) { return b.not_reportable.empty(); });
  return known > 0 ? "none" : "n/a";
}

int list(const ListOptions& options, cli::Context& ctx) {
  using A = Column::Align;
  using As = Column::As;
  using S = cli::Table::Shown;
  cli::Table table;
  const auto people = [&](const char* name, const char* header, A align = A::left) {
    table.columns.push_back({name, header, align});
  };
  const auto data = [&](const char* name, As as = As::plain) {
    table.columns.push_back({name, "", A::left, as, S::structured});
  };
  people("service", "service");
  people("name", "slo");
  people("objective", "objective", A::right);
  people("window", "window");
  people("compliance", "compliance", A::right);
  people("budget", "budget left", A::right);
  people("burn", "burns");
  people("month", "last month", A::right);
  people("quarter", "last quarter", A::right);
  for (const char* name :
       {"id", "source", "program", "team", "good", "total", "sli", "budget_used", "nines", "not_reportable", "basis"})
    data(name);
  data("fires");
  const auto wanted = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::ranges::any_of(names, [&](const auto& n) { return equal_ignoring_case(n, name); });
  };
  for (const auto& slo : read(ctx, "")) {
    if (!wanted(options.services, slo.service) || !wanted(options.teams, slo.team) ||
        !wanted(options.programs, slo.program))
      continue;
    const auto& b = slo.current.budget;
    const auto nines = slo.current.nines();
    using Cell = cli::Table::Cell;
    table.rows.push_back({slo.service,
                          slo.name,
                          evaluation::sli_text(slo.objective),
                          slo.window.empty() ? "30d" : slo.window,
                          text_of(slo.current),
                          left_text(slo.current),
                          burn_text(slo),
                          text_of(slo.last_month),
                          text_of(slo.last_quarter),
                          slo.id,
                          slo.source,
                          slo.program,
                          slo.team,
                          b ? Cell(b->counts.good) : Cell(),
                          b ? Cell(b->counts.total) : Cell(),
                          b ? Cell(b->sli) : Cell(),
                          b ? Cell(b->used) : Cell(),
                          nines ? Cell(*nines) : Cell(),
                          slo.current.not_reportable.empty() ? Cell() : Cell(slo.current.not_reportable),
                          std::string(slo.basis == Slo::Basis::samples ? "samples" : "customer impact"),
                          slo.fires()});
  }
  ctx.print(table, "slo.list");
  return 0;
}

void print_span(const SloSpan& span, std::string_view unit, cli::Context& ctx) {
  const auto head = fmt::format("  {:<24} ", span.label);
  if (!span.budget) return ctx.line(head, "n/a: " + span.not_reportable);
  const auto& b = *span.budget;
  const auto nines = span.nines();
  ctx.line(head, fmt::format("{}{}  {} of {} {} bad, budget {}: {:.1f} % left{}{}", evaluation::sli_text(b.sli),
                             nines ? fmt::format(" ({:.1f} nines)", *nines) : "", group_thousands(b.counts.bad()),
                             group_thousands(b.counts.total), unit, format_amount(b.allowed_bad), 100 * (1 - b.used),
                             b.met ? "" : ": MISSED",
                             span.coverage < 1 ? fmt::format(", {:.0f} % of the buckets", 100 * span.coverage) : ""));
}

void print_text(const Slo& slo, cli::Context& ctx) {
  const auto unit = slo.basis == Slo::Basis::samples ? "events" : "seconds";
  ctx.line("", fmt::format("{} {}: {} over {}{}", visible(slo.service), visible(slo.name),
                           evaluation::sli_text(slo.objective), slo.window.empty() ? "30d" : visible(slo.window),
                           slo.last_at ? ", last sample " + format_utc(*slo.last_at) : ""));
  for (const auto* span : {&slo.current, &slo.last_month, &slo.last_quarter}) print_span(*span, unit, ctx);
  for (const auto& b : slo.burns) {
    const auto windows = fmt::format("{} over {} and {}", b.alert.severity, format_duration(b.alert.long_window),
                                     format_duration(b.alert.short_window));
    if (!b.not_reportable.empty())
      ctx.line(fmt::format("  burn {:<32} ", windows), "n/a: " + b.not_reportable);
    else
      ctx.line(fmt::format("  burn {:<32} ", windows),
               fmt::format("{:.2f} and {:.2f}, alert above {}{}", *b.long_burn, *b.short_burn, b.alert.burn,
                           b.fires ? ": FIRES" : ""));
  }
  if (slo.exhausted_in)
    ctx.line("  ", "at the burn of 3 days the budget is gone in " + format_duration(*slo.exhausted_in));
  for (const auto& note : slo.notes) ctx.line("  note: ", visible(note));
  print_notes(ctx, notes_on(ctx, {slo.id, slo.name}), "  ");
}

void write_span(json::Writer& w, std::string_view key, const SloSpan& span) {
  w.key(key).begin_object().member("label", span.label);
  w.member("from", format_utc(span.span.from)).member("to", format_utc(span.span.to)).member("coverage", span.coverage);
  if (span.budget) {
    const auto& b = *span.budget;
    w.member("good", b.counts.good)
        .member("total", b.counts.total)
        .member("sli", b.sli)
        .member("allowed_bad", b.allowed_bad);
    w.member("budget_used", b.used).member("met", b.met);
  } else {
    w.member("not_reportable", span.not_reportable);
  }
  w.end_object();
}

void write_json(json::Writer& w, const Slo& slo) {
  w.begin_object();
  w.member("id", slo.id).member("source", slo.source).member("service", slo.service).member("name", slo.name);
  w.member("program", slo.program)
      .member("team", slo.team)
      .member("objective", slo.objective)
      .member("window", slo.window);
  w.member("basis", slo.basis == Slo::Basis::samples ? "samples" : "customer impact");
  write_span(w, "current", slo.current);
  write_span(w, "last_month", slo.last_month);
  write_span(w, "last_quarter", slo.last_quarter);
  w.key("burns").begin_array();
  for (const auto& b : slo.burns) {
    w.begin_object()
        .member("severity", b.alert.severity)
        .member("long_window_seconds", static_cast<std::int64_t>(b.alert.long_window.count()));
    w.member("short_window_seconds", static_cast<std::int64_t>(b.alert.short_window.count()))
        .member("alert_above", b.alert.burn);
    if (b.long_burn) w.member("long_burn", *b.long_burn);
    if (b.short_burn) w.member("short_burn", *b.short_burn);
    w.member("events", b.events).member("fires", b.fires).member("not_reportable", b.not_reportable).end_object();
  }
  w.end_array().key("notes").begin_array();
  for (const auto& note : slo.notes) w.value(note);
  w.end_array().end_object();
}

int show(const ShowOptions& options, cli::Context& ctx) {
  const auto found = read(ctx, options.slo);
  if (found.empty()) {
    std::vector<std::string> names;
    for (const auto& slo : read(ctx, "")) names.push_back(slo.name);
    const std::vector<std::string_view> known(names.begin(), names.end());
    fail(ErrorKind::usage, "no SLO '{}'{}; see 'sitrep slo list'", visible(options.slo),
         did_you_mean(options.slo, known));
  }
  if (ctx.format() == "json") {
    json::Writer w;
    w.begin_array();
    for (const auto& slo : found) write_json(w, slo);
    w.end_array();
    std::vector<std::string> subjects;
    for (const auto& slo : found) subjects.insert(subjects.end(), {slo.id, slo.name});
    ctx.print_json_object("slo.show",
                          fmt::format("\"rows\":{},\"notes\":{}", w.take(), notes_json(notes_on(ctx, subjects))));
    return 0;
  }
  for (const auto& slo : found) print_text(slo, ctx);
  return 0;
}

}  // namespace

void add_slo_list(cli::Command& noun) {
  auto options = std::make_shared<ListOptions>();
  auto& command = noun.add("list", "SLOs: compliance, budget left, what burns");
  command.option("--service", options->services, "NAME", "Only of this service; may repeat").completes("service");
  command.option("--team", options->teams, "NAME", "Only of this team; may repeat").completes("team");
  command.option("--program", options->programs, "NAME", "Only of this program; may repeat").completes("program");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A month or quarter is the calendar's, in the workspace's zone; the window that runs is up to now. What was not "
      "measured is\n"
      "unknown, not good: below 80 % of the buckets a number is n/a. An SLO without samples is counted from the time "
      "of\n"
      "incidents with customer_impact.");
  command.example("sitrep slo list", "Every SLO");
  command.example("sitrep slo list --program 'Ledger migration' --json", "One program, as JSON");
  command.run([options](cli::Context& ctx) { return list(*options, ctx); });
}

void add_slo_show(cli::Command& noun) {
  auto options = std::make_shared<ShowOptions>();
  auto& command = noun.add("show", "One SLO: its windows, the burn table, when the budget is gone");
  command.positional("SLO", options->slo, "Name or id of the SLO");
  command.formats({"text", "json"});
  command.description(
      "Burn is the error ratio over the allowed one; an alert needs both of its windows above its rate (Site "
      "Reliability\n"
      "Workbook, table 5-8) and 100 events in the long one. Sums are of integers: exact at any number of nines.");
  command.example("sitrep slo show \"$(sitrep slo list --fields id --format csv | sed -n 2p)\"",
                  "The first SLO in full");
  command.run([options](cli::Context& ctx) { return show(*options, ctx); });
}

}  // namespace sitrep::cmd
