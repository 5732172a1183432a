#include "policy/health.hpp"
#include "policy/trend.hpp"

#include "base/text.hpp"
#include "commands.hpp"
#include "health_json.hpp"
#include "notes.hpp"
#include "numbers.hpp"
#include "report_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> program;
};

std::string upper(policy::Color color) {
  std::string text(policy::name(color));
  for (auto& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string painted(policy::Color color, bool in_color) {
  const auto text = fmt::format("{:<6}", upper(color));
  if (!in_color) return text;
  const int code = color == policy::Color::red      ? 31
                   : color == policy::Color::yellow ? 33
                   : color == policy::Color::green  ? 32
                                                    : 90;
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

using Trends = policy::PastColors;

/// A bar a week, oldest first: high is bad, "░" could not be judged, "·" was not known yet.
std::string bars(const std::vector<policy::PastColor>& trend) {
  std::string text;
  for (const auto& past : trend) {
    if (!past.color)
      text += "·";
    else if (*past.color == policy::Color::red)
      text += "█";
    else if (*past.color == policy::Color::yellow)
      text += "▅";
    else
      text += *past.color == policy::Color::green ? "▂" : "░";
  }
  return text;
}

/// One line a program: its color, its last 12 weeks and why.
void print_overview(const std::vector<policy::Health>& all, const Trends& trends, cli::Context& ctx) {
  std::size_t width = 0;
  for (const auto& h : all) width = std::max(width, display_width(visible(h.program)));
  for (const auto& h : all) {
    const auto name = visible(h.program);
    auto why = h.reasons();
    std::string text = h.watermelon ? "(declared green) " : "";
    text += visible(join(why, " · "));
    const auto past = trends.find(h.program);
    ctx.line(fmt::format("{}{}  {}  {}{}", name, std::string(width - display_width(name), ' '),
                         painted(h.color, ctx.color()), past == trends.end() ? "" : bars(past->second),
                         text.empty() ? "" : "  "),
             text);
  }
  const auto watermelons = std::ranges::count_if(all, [](const auto& h) { return h.watermelon; });
  if (watermelons > 0) {
    ctx.note(
        fmt::format("{} declared green and red by the rules", count_of(watermelons, "program is", "programs are")));
  }
  if (all.empty()) ctx.note("no programs in the store; sync a stream of the entity 'program'");
}

void print_finding(const policy::Dimension& d, const policy::Finding& f, bool first, cli::Context& ctx) {
  const auto rule = f.threshold.empty() ? "" : fmt::format(" (rule {} {})", f.rule, f.threshold);
  ctx.line(fmt::format("  {} {:<14} ", painted(f.color, ctx.color()), first ? d.name : ""), visible(f.reason) + rule);
  print_notes(ctx, f.notes, fmt::format("{:<24}note ", ""));
}

void print_trend(const std::vector<policy::PastColor>& trend, cli::Context& ctx) {
  const auto since = policy::since_before(trend);
  if (!since.empty()) ctx.line("Since last week: ", visible(since));
  ctx.out() << fmt::format("Last {} weeks: {}\n", trend.size(), bars(trend));
}

void print_program(const policy::Health& h, std::optional<UnixTime> oldest, cli::Context& ctx) {
  const auto declared = h.declared.empty()
                            ? std::string()
                            : fmt::format("  (declared {}{})", visible(h.declared), h.watermelon ? ": watermelon" : "");
  ctx.line(fmt::format("{}  {}{}  ", visible(h.program), painted(h.color, ctx.color()), declared),
           fmt::format("as of {}{}", format_utc(ctx.now()),
                       oldest ? ", data at most " + age_text(oldest, ctx.now()) + " old" : ""));
  auto dimensions = h.dimensions;
  std::stable_sort(dimensions.begin(), dimensions.end(),
                   [](const auto& a, const auto& b) { return a.color > b.color; });
  for (const auto& d : dimensions) {
    bool first = true;
    for (const auto& f : d.findings) {
      print_finding(d, f, first, ctx);
      first = false;
    }
  }
  print_notes(ctx, h.notes, "  note   ");
}

int run(const Options& options, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  const auto* config = ctx.has_workspace() ? &ctx.config() : nullptr;
  policy::Trend trend(
      {report_inputs(ctx).inputs.open_as_of, config, ctx.calendar(), ctx.now(), 12, evaluator.readings()});
  const auto all = policy::health(evaluator, ctx.store(), config, {}, options.program);
  const auto& trends = trend.colors(&all);
  if (ctx.wants_rows()) {
    ctx.print(health_table(all, trends), "health");
    return 0;
  }
  if (!options.program) {
    print_overview(all, trends, ctx);
    return 0;
  }
  std::optional<UnixTime> oldest;
  for (const auto& s : evaluator.sources()) {
    if (s.last_success_at) oldest = oldest ? std::min(*oldest, *s.last_success_at) : *s.last_success_at;
  }
  for (const auto& h : all) {
    print_program(h, oldest, ctx);
    if (const auto past = trends.find(h.program); past != trends.end()) print_trend(past->second, ctx);
  }
  return 0;
}

}  // namespace

void add_health(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("health", "Programs as red, yellow, green or grey, and why");
  command.positional("PROGRAM", options->program, "One program in full, by name or id; a line each when omitted");
  command.completes("program");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A program is as red as its worst rule. What has records but cannot be judged is grey, never green; a metric "
      "that a\n"
      "program has no records for does not apply to it. Rules: [[rule]] of sitrep.toml over the built-in ones. The "
      "bars "
      "are the\n"
      "last 12 weeks, oldest first, each as the store knew it then: █ red, ▅ yellow, ▂ green, ░ could not be "
      "judged.\n\n"
      "Always exits 0; the gate is `sitrep check`.");
  command.example("sitrep health", "All programs, worst first");
  command.example("sitrep health 'Ledger migration'", "Every dimension of one program");
  command.example("sitrep health --json", "Everything behind the colors");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
