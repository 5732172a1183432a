#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "evaluation/directory.hpp"
#include "forecast_table.hpp"
#include "notes.hpp"
#include "numbers.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string resource;
};

using evaluation::Resource;

std::string amount(const std::optional<double>& value, const std::string& unit) {
  return value ? fmt::format("{} {}", format_amount(*value), unit) : std::string("unknown");
}

void print_text(const Resource& r, cli::Context& ctx) {
  const auto line = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) ctx.line(fmt::format("{:<12} ", name), visible(text));
  };
  ctx.line("", fmt::format("{}: {}", visible(r.name), visible(r.describe())));
  line("service", r.service);
  line("team", r.team);
  line("program", r.program);
  line("owner", r.owner);
  line("limit", amount(r.limit, r.unit));
  line("used", r.runway.used_at == UnixTime{} ? "never measured"
                                              : amount(r.runway.used, r.unit) + " on " + format_utc(r.runway.used_at));
  line("peak", amount(r.peak, r.unit) + " in 30 days");
  if (r.runway.forecast) line("growth", amount(r.runway.growth_per_day, r.unit) + " a day");
  if (r.launch_demand > 0) line("launches", "approved ones add " + amount(r.launch_demand, r.unit));
  if (r.idle) {
    const auto cost = r.idle_cost();
    line("idle", amount(r.idle, r.unit) + (cost ? fmt::format(", {} a month", format_fixed(*cost, 0)) : ""));
  }
  for (const auto& q : r.requests) {
    line("request", fmt::format("{} {}{}{}: {}{}, {}", q.id, amount(q.amount, r.unit),
                                q.needed ? " by " + format_date(*q.needed) : "",
                                q.launch.empty() ? "" : " for " + q.launch, evaluation::name(q.support),
                                q.over > 0 && q.over < q.amount ? " but for " + format_amount(q.over) : "", q.reason));
  }
  if (r.runway.forecast) print_recipe(*r.runway.forecast, ctx);
  for (const auto& note : r.runway.notes) ctx.line("  note: ", visible(note));
  print_notes(ctx, notes_on(ctx, {r.id, r.name}), "  ");
}

void write_real(json::Writer& w, std::string_view key, const std::optional<double>& value) {
  w.key(key);
  if (value)
    w.value(*value);
  else
    w.null();
}

void write_json(json::Writer& w, const Resource& r) {
  w.begin_object();
  w.member("id", r.id).member("source", r.source).member("name", r.name).member("kind", r.kind).member("unit", r.unit);
  w.member("service", r.service).member("team", r.team).member("program", r.program).member("owner", r.owner);
  w.member("runway", r.describe());
  write_real(w, "capacity_limit", r.limit);
  write_real(w, "peak", r.peak);
  write_real(w, "idle", r.idle);
  write_real(w, "idle_cost", r.idle_cost());
  w.member("launch_demand", r.launch_demand);
  w.key("requests").begin_array();
  for (const auto& q : r.requests) {
    w.begin_object().member("id", q.id).member("team", q.team).member("status", q.status).member("launch", q.launch);
    w.member("amount", q.amount)
        .member("over", q.over)
        .member("support", evaluation::name(q.support))
        .member("reason", q.reason);
    w.key("needed_date");
    if (q.needed)
      w.value(format_date(*q.needed));
    else
      w.null();
    w.end_object();
  }
  w.end_array().key("notes").begin_array();
  for (const auto& note : r.runway.notes) w.value(note);
  w.end_array().end_object();
}

int run(const Options& options, cli::Context& ctx) {
  const evaluation::Directory directory(ctx.store());
  evaluation::CapacityOptions capacity;
  capacity.now = ctx.now();
  capacity.resource = options.resource;
  const auto found = evaluation::capacity(ctx.store(), directory, capacity);
  if (found.empty()) {
    fail(ErrorKind::usage, "no capacity resource '{}'; see 'sitrep capacity list'", visible(options.resource));
  }
  if (ctx.format() == "json") {
    json::Writer w;
    w.begin_array();
    for (const auto& r : found) write_json(w, r);
    w.end_array();
    std::vector<std::string> subjects;
    for (const auto& r : found) subjects.insert(subjects.end(), {r.id, r.name});
    ctx.print_json_object("capacity.show",
                          fmt::format("\"rows\":{},\"notes\":{}", w.take(), notes_json(notes_on(ctx, subjects))));
    return 0;
  }
  for (const auto& r : found) print_text(r, ctx);
  return 0;
}

}  // namespace

void add_capacity_show(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command =
      noun.add("show", "One resource: runway, growth, what is idle, and requests held against the forecast");
  command.positional("RESOURCE", options->resource, "Name or id of the resource");
  command.formats({"text", "json"});
  command.description(
      "A request is supported when the upper bound of the forecast passes the limit by the day it is needed. Idle is "
      "what\n"
      "neither the peak of 90 days nor the upper bound within the lead time uses.");
  command.example("sitrep capacity show 'ledger-db disk'", "Everything known of one resource");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
