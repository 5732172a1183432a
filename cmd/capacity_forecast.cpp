#include "base/error.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "evaluation/directory.hpp"
#include "forecast_table.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string resource;
  std::optional<double> interval;
  std::optional<std::int64_t> days;
};

int run(const Options& options, cli::Context& ctx) {
  const double level = checked_level(options.interval);
  if (options.days && *options.days < 1) fail(ErrorKind::usage, "--days: must be at least 1");
  const evaluation::Directory directory(ctx.store());
  evaluation::CapacityOptions capacity;
  capacity.now = ctx.now();
  capacity.level = level;
  capacity.resource = options.resource;
  if (options.days) capacity.horizon = std::chrono::days{*options.days};
  const auto found = evaluation::capacity(ctx.store(), directory, capacity);
  if (found.empty()) {
    fail(ErrorKind::usage, "no capacity resource '{}'; see 'sitrep capacity list'", visible(options.resource));
  }
  auto table = forecast_table();
  for (const auto& r : found) {
    if (!ctx.wants_rows()) {
      ctx.line("", fmt::format("{}: {}", visible(r.name), visible(r.describe())));
      if (r.runway.forecast) print_recipe(*r.runway.forecast, ctx);
      for (const auto& note : r.runway.notes) ctx.line("  note: ", visible(note));
    }
    if (!r.runway.forecast) continue;
    for (std::size_t h = 0; h < r.runway.forecast->values.size(); ++h) {
      add_forecast_row(table, r.name, r.runway.forecast_start + std::chrono::days{h}, *r.runway.forecast, h);
    }
  }
  if (ctx.format() == "text" || ctx.format() == "markdown") {
    // A daily forecast is of days in UTC: a local time of day would be one that nobody meant.
    table.columns[1] = {"at", "day (UTC)"};
    for (auto& row : table.rows)
      row[1] = format_date(std::chrono::floor<std::chrono::days>(unix_time(std::get<std::int64_t>(row[1]))));
  }
  if (ctx.format() != "text" || !table.rows.empty()) ctx.print(table, "capacity.forecast");
  return 0;
}

}  // namespace

void add_capacity_forecast(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("forecast", "Daily forecast of one resource: method, error, range, and when it is full");
  command.positional("RESOURCE", options->resource, "Name or id of the resource");
  command.option("--interval", options->interval, "SHARE", "Share of futures that the range shall hold (default: 0.8)");
  command.option("--days", options->days, "N", "How far to look; at most a quarter of the history");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep capacity forecast 'ledger-db disk'", "When it is full, and how that is known");
  command.example("sitrep capacity forecast 'ledger-db disk' --interval 0.95 --format csv", "The range of 95 % as CSV");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
