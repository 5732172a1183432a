#include "evaluation/capacity_plan.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> growths, additions, services, programs;
  std::optional<std::string> until;
  std::string headroom = "none";
};

using Column = cli::Table::Column;

cli::Table make_table() {
  using A = Column::Align;
  using As = Column::As;
  using S = cli::Table::Shown;
  cli::Table table;
  table.columns = {{"name", "resource"},
                   {"service", "service", A::left, As::plain, S::structured},
                   {"program", "program", A::left, As::plain, S::structured},
                   {"unit", "unit"},
                   {"members", "members", A::right, As::plain, S::structured},
                   {"demand_now", "now", A::right},
                   {"demand_until", "by then", A::right},
                   {"capacity_limit", "limit", A::right},
                   {"usable", "usable", A::right},
                   {"missing", "missing", A::right},
                   {"cost", "cost a month", A::right},
                   {"full_at", "full", A::left, As::time},
                   {"order_by_at", "order by", A::left, As::time},
                   {"growth", "growth"}};
  return table;
}

/// Four digits: a what-if knows no more.
double rounded(double value) {
  const double scale = value == 0 ? 1 : std::pow(10.0, 3 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

int run(const Options& options, cli::Context& ctx) {
  evaluation::PlanOptions plan_options;
  plan_options.now = ctx.now();
  plan_options.until = options.until ? ctx.time("--until", *options.until) : ctx.now() + std::chrono::days{365};
  if (plan_options.until <= plan_options.now) fail(ErrorKind::usage, "--until: must be later than now");
  if (plan_options.until - plan_options.now > std::chrono::days{3660})
    fail(ErrorKind::usage, "--until: at most ten years ahead");
  for (const auto& text : options.growths) plan_options.growths.push_back(evaluation::parse_growth(text));
  for (const auto& text : options.additions) plan_options.additions.push_back(evaluation::parse_addition(text));
  plan_options.headroom = evaluation::parse_headroom(options.headroom);
  auto evaluator = make_evaluator(ctx);
  const auto plan = evaluation::plan(evaluator.capacity(), plan_options);
  const auto wanted = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::ranges::any_of(names, [&](const auto& n) { return equal_ignoring_case(n, name); });
  };
  auto table = make_table();
  const auto time = [](const std::optional<UnixTime>& t) {
    return t ? cli::Table::Cell(unix_seconds(*t)) : cli::Table::Cell();
  };
  double cost = 0;
  for (const auto& r : plan.rows) {
    if (!wanted(options.services, r.service) || !wanted(options.programs, r.program)) continue;
    table.rows.push_back({r.name, r.service, r.program, r.unit, static_cast<std::int64_t>(r.members),
                          rounded(r.demand_now), rounded(r.demand_until), rounded(r.limit), rounded(r.usable),
                          rounded(r.missing), r.cost ? cli::Table::Cell(rounded(*r.cost)) : cli::Table::Cell(),
                          time(r.full_at), time(r.order_by), r.growth});
    cost += r.cost.value_or(0);
  }
  ctx.print(table, "capacity.plan");
  ctx.note(fmt::format("until {}, headroom {}: what is missing costs {:.0f} a month", format_utc(plan_options.until),
                       options.headroom, cost));
  if (!plan.left_out.empty()) {
    ctx.note(fmt::format("left out: {}{}", plan.left_out.front(),
                         plan.left_out.size() > 1 ? fmt::format(" and {} more", plan.left_out.size() - 1) : ""));
  }
  return 0;
}

}  // namespace

void add_capacity_plan(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("plan", "What if: capacity that a growth will take, what is missing, and when to order it");
  command.option("--growth", options->growths, "[DRIVER=]RATE",
                 "Growth such as 60%/y or checkout=5%/m (y, q, m, w); may repeat, and rates of one resource compound");
  command.option("--add", options->additions, "DRIVER=AMOUNT",
                 "Demand on top from now on: checkout=+20% of it, or 4.5 in its unit; may repeat");
  command.option("--until", options->until, "TIME", "How far to plan (default: a year ahead)");
  command.option(
      "--headroom", options->headroom, "POLICY",
      "What must stay free: none, n+1, n+2 (the largest of a service's resources of a kind may be lost) or 20%");
  command.option("--service", options->services, "NAME", "Only of this service; may repeat").completes("service");
  command.option("--program", options->programs, "NAME", "Only of this program; may repeat").completes("program");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A driver is a resource, service, team, program, kind or region; without one it is everything. Demand starts "
      "from "
      "the\n"
      "peak of the last 30 days, compounds by every growth that names the resource, and takes additions and the demand "
      "of\n"
      "approved launches on top. What no --growth names keeps the growth that was measured. Sorted by order-by date.");
  command.example("sitrep capacity plan --growth 60%/y --add 'checkout=+20%' --until 2027-12-31",
                  "Everything grows by 60 % a year, checkout takes a fifth more");
  command.example("sitrep capacity plan --headroom n+1 --json", "As measured, with one of each kind to spare");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
