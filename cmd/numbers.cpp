#include "numbers.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sitrep::cmd {
namespace {

void write_bounds(json::Writer& w, std::string_view key, const std::optional<metrics::Bounds>& bounds) {
  w.key(key);
  if (!bounds) {
    w.null();
    return;
  }
  w.begin_array().value(bounds->lower).value(bounds->upper).end_array();  // an infinite end is null
}

void write_optional(json::Writer& w, std::string_view key, const std::optional<double>& value) {
  w.key(key);
  if (value)
    w.value(*value);
  else
    w.null();
}

void write_text(json::Writer& w, std::string_view key, const std::string& text) {
  w.key(key);
  if (text.empty())
    w.null();
  else
    w.value(text);
}

void write_period(json::Writer& w, std::string_view key, const Interval& period) {
  w.key(key).begin_object();
  w.member("from", format_utc(period.from)).member("to", format_utc(period.to)).end_object();
}

void write_judgement(json::Writer& w, const metrics::Judgement& j) {
  w.key("verdict").begin_object();
  w.member("verdict", metrics::name(j.verdict));
  write_text(w, "reason", j.reason);
  write_text(w, "effect_name", j.effect_name);
  write_optional(w, "effect", j.effect);
  write_bounds(w, "interval", j.interval);
  write_optional(w, "p", j.p);
  write_text(w, "method", j.method);
  w.end_object();
}

}  // namespace

void add_scope(cli::Command& command, Scope& scope) {
  command.option("--program", scope.program, "NAME", "One program, by name or id; everything when omitted");
  command.completes("program");
  command.option("--period", scope.period, "LENGTH", "The last complete week, month or quarter (default: week)");
  command.choices({"week", "month", "quarter"});
}

evaluation::Evaluator make_evaluator(cli::Context& ctx) {
  evaluation::Evaluator::Options options;
  options.now = ctx.now();
  options.calendar = ctx.calendar();
  if (ctx.has_workspace()) options.own = ctx.config().metrics;
  return evaluation::Evaluator(ctx.store(), std::move(options));
}

evaluation::Window window_of(cli::Context& ctx, const Scope& scope) {
  const auto length = parse_period_length(scope.period);
  if (!length) fail(ErrorKind::usage, "--period: '{}' is not week, month or quarter", visible(scope.period));
  return evaluation::last_complete_window(ctx.now(), *length, ctx.calendar());
}

std::string program_of(evaluation::Evaluator& evaluator, const Scope& scope) {
  return scope.program ? evaluator.program(*scope.program) : std::string();
}

void write_json(json::Writer& w, const evaluation::Result& r) {
  w.begin_object();
  w.member("metric", r.metric).member("title", r.title).member("kind", r.kind);
  write_text(w, "unit", r.kind == "duration" ? "seconds" : r.unit);
  write_text(w, "dimension", r.dimension);
  w.member("better", r.better);
  write_text(w, "program", r.program);
  write_period(w, "period", r.period);
  write_period(w, "previous_period", r.previous_period);
  write_optional(w, "value", r.value);
  write_text(w, "not_reportable", r.not_reportable);
  w.member("n", r.n);
  write_bounds(w, "interval", r.interval);
  write_text(w, "interval_method", r.interval_method);
  write_optional(w, "p90", r.p90);
  w.key("good");
  if (r.good)
    w.value(*r.good);
  else
    w.null();
  w.key("values").begin_array();
  for (const double v : r.values) w.value(v);
  w.end_array();
  write_optional(w, "previous", r.previous);
  w.member("previous_n", r.previous_n);
  write_judgement(w, r.judgement);
  w.key("exclusions").begin_array();
  for (const auto& e : r.exclusions) w.begin_object().member("reason", e.reason).member("n", e.n).end_object();
  w.end_array();
  w.key("coverage").begin_object().member("with", r.coverage.with).member("of", r.coverage.of).end_object();
  w.key("items").begin_array();
  for (const auto& item : r.items) {
    w.begin_object().member("label", item.label);
    write_text(w, "id", item.id);
    write_text(w, "url", item.url);
    write_optional(w, "value", item.value);
    w.end_object();
  }
  w.end_array();
  w.member("items_left_out", r.items_left_out);
  w.end_object();
}

std::string coverage_text(const evaluation::Coverage& coverage) {
  return fmt::format("{} of {} ({:.0f} %)", coverage.with, coverage.of, 100 * coverage.share());
}

std::string exclusions_text(const evaluation::Result& result) {
  std::vector<std::string> parts;
  for (const auto& e : result.exclusions) parts.push_back(fmt::format("{} {}", e.n, e.reason));
  return join(parts, ", ");
}

std::string age_text(std::optional<UnixTime> at, UnixTime now) {
  if (!at) return "never";
  return format_duration(std::max(Seconds{0}, now - *at));
}

}  // namespace sitrep::cmd
