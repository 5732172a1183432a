#include "commands.hpp"
#include "known_names.hpp"
#include "numbers.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> services, teams, programs;
  std::optional<std::string> sort;
  std::optional<std::int64_t> limit;
};

/// What the list ranks: what to order first, or what costs without being needed.
enum class Rank { order_by, idle, over_requested };

Rank rank_of(const std::optional<std::string>& sort) {
  if (sort == "idle") return Rank::idle;
  if (sort == "over-requested") return Rank::over_requested;
  return Rank::order_by;
}

using evaluation::Resource;

/// Of its open requests, what the forecast does not need.
double over_requested(const Resource& r) {
  double sum = 0;
  for (const auto& request : r.requests) sum += request.over;
  return sum;
}

double ranked_amount(const Resource& r, Rank rank) {
  return rank == Rank::idle ? r.idle.value_or(0) : over_requested(r);
}

/// Only those with something to rank, the dearest first; those without a price after them, by name.
void rank_by_cost(std::vector<Resource>& resources, Rank rank) {
  std::erase_if(resources, [&](const auto& r) { return ranked_amount(r, rank) <= 0; });
  const auto cost = [&](const Resource& r) { return r.unit_cost ? ranked_amount(r, rank) * *r.unit_cost : -1.0; };
  std::ranges::stable_sort(resources, [&](const auto& a, const auto& b) {
    return cost(a) != cost(b) ? cost(a) > cost(b) : a.name < b.name;
  });
}

using Column = cli::Table::Column;

bool any_of(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const auto& w) { return equal_ignoring_case(w, value); });
}

cli::Table::Cell seconds(const std::optional<UnixTime>& t) {
  return t ? cli::Table::Cell(unix_seconds(*t)) : cli::Table::Cell();
}

cli::Table make_table(Rank rank) {
  cli::Table table;
  const auto add = [&](const char* name, const char* header, Column::Align align, Column::As as,
                       cli::Table::Shown shown) { table.columns.push_back({name, header, align, as, shown}); };
  using A = Column::Align;
  using As = Column::As;
  using S = cli::Table::Shown;
  add("name", "resource", A::left, As::plain, S::always);
  add("service", "service", A::left, As::plain, S::always);
  add("headroom", "free", A::right, As::percent, S::always);
  add("idle", "idle", A::right, As::plain, rank == Rank::idle ? S::always : S::structured);
  add("idle_cost", "a month", A::right, As::plain, rank == Rank::idle ? S::always : S::structured);
  add("over_requested", "over-requested", A::right, As::plain,
      rank == Rank::over_requested ? S::always : S::structured);
  add("over_cost", "a month", A::right, As::plain, rank == Rank::over_requested ? S::always : S::structured);
  add("runway", "runway", A::left, As::plain, S::always);
  add("id", "", A::left, As::plain, S::structured);
  add("source", "", A::left, As::plain, S::structured);
  add("program", "", A::left, As::plain, S::structured);
  add("team", "", A::left, As::plain, S::structured);
  add("unit", "", A::left, As::plain, S::structured);
  add("state", "", A::left, As::plain, S::structured);
  add("used", "", A::right, As::plain, S::structured);
  add("capacity_limit", "", A::right, As::plain, S::structured);
  add("growth_per_day", "", A::right, As::plain, S::structured);
  add("lead_time_days", "", A::right, As::plain, S::structured);
  add("first_full_at", "", A::left, As::time, S::structured);
  add("last_full_at", "", A::left, As::time, S::structured);
  add("order_by_at", "", A::left, As::time, S::structured);
  add("reason", "", A::left, As::plain, S::structured);
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  if (options.limit.value_or(0) < 0) fail(ErrorKind::usage, "--limit: {} is negative", *options.limit);
  const auto rank = rank_of(options.sort);
  auto evaluator = make_evaluator(ctx);
  auto table = make_table(rank);
  const auto number = [](const std::optional<double>& v) { return v ? cli::Table::Cell(*v) : cli::Table::Cell(); };
  const auto text = [](const std::string& t) { return t.empty() ? cli::Table::Cell() : cli::Table::Cell(t); };
  const auto all = evaluator.capacity();
  std::vector<Resource> resources(all.begin(), all.end());
  if (rank != Rank::order_by) rank_by_cost(resources, rank);
  for (const auto& r : resources) {
    if (!any_of(options.services, r.service) || !any_of(options.teams, r.team) || !any_of(options.programs, r.program))
      continue;
    if (options.limit.value_or(0) > 0 && static_cast<std::int64_t>(table.rows.size()) >= *options.limit) break;
    const double over = over_requested(r);
    const bool measured = r.runway.used_at != UnixTime{};
    table.rows.push_back({r.name,
                          text(r.service),
                          r.limit && measured ? cli::Table::Cell(r.runway.headroom) : cli::Table::Cell(),
                          number(r.idle),
                          number(r.idle_cost()),
                          over,
                          number(r.unit_cost ? std::optional(over * *r.unit_cost) : std::nullopt),
                          r.describe(),
                          r.id,
                          r.source,
                          text(r.program),
                          text(r.team),
                          text(r.unit),
                          std::string(forecast::name(r.runway.state)),
                          measured ? cli::Table::Cell(r.runway.used) : cli::Table::Cell(),
                          number(r.limit),
                          r.runway.forecast ? cli::Table::Cell(r.runway.growth_per_day) : cli::Table::Cell(),
                          number(r.lead_time_days),
                          seconds(r.runway.first),
                          seconds(r.runway.last),
                          seconds(r.order_by),
                          text(r.runway.reason)});
  }
  if (table.rows.empty()) {
    refuse_unknown_names(ctx, "service", options.services);
    refuse_unknown_names(ctx, "program", options.programs);
  }
  ctx.print(table, "capacity.list");
  return 0;
}

}  // namespace

void add_capacity_list(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("list", "Capacity resources by order-by date: what to order first");
  command.option("--service", options->services, "NAME", "Only of this service; may repeat").completes("service");
  command.option("--team", options->teams, "NAME", "Only of this team; may repeat").completes("team");
  command.option("--program", options->programs, "NAME", "Only of this program; may repeat").completes("program");
  command.option("--sort", options->sort, "ORDER", "What to rank by; default: order-by")
      .choices({"order-by", "idle", "over-requested"});
  command.option("--limit", options->limit, "N", "At most N rows, 0 for all (the default)");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "The first date is where the 80 % upper bound of a forecast of daily peaks reaches the limit; minus the lead "
      "time it\n"
      "is the day to order by. A flat or falling resource has no date.\n"
      "\n"
      "--sort idle shows what neither the peak of 90 days nor the upper bound within the lead time uses, --sort\n"
      "over-requested what open requests ask for beyond the forecast; the dearest a month first.");
  command.example("sitrep capacity list", "Everything, the most urgent first");
  command.example("sitrep capacity list --sort idle --limit 10", "The ten dearest that nobody uses");
  command.example("sitrep capacity list --program 'Ledger migration' --json", "One program, as JSON");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
