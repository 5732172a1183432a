#include "base/text.hpp"
#include "commands.hpp"
#include "numbers.hpp"
#include "policy/health.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string fail_on = "red";
  std::optional<std::string> max_age;
};

/// One thing that was checked.
struct Item {
  enum class State { pass, warn, fail, unknown } state = State::pass;
  std::string program, rule, dimension, color, text;
};
using State = Item::State;

std::string_view name(State state) {
  switch (state) {
    case State::pass:
      return "pass";
    case State::warn:
      return "warn";
    case State::fail:
      return "fail";
    case State::unknown:
      break;
  }
  return "unknown";
}

State state_of(policy::Color color, bool yellow_fails) {
  switch (color) {
    case policy::Color::green:
      return State::pass;
    case policy::Color::grey:
      return State::unknown;
    case policy::Color::yellow:
      return yellow_fails ? State::fail : State::warn;
    case policy::Color::red:
      break;
  }
  return State::fail;
}

std::vector<Item> check_rules(evaluation::Evaluator& evaluator, const Options& options, cli::Context& ctx) {
  std::vector<Item> items;
  const auto* config = ctx.has_workspace() ? &ctx.config() : nullptr;
  const auto all = policy::health(evaluator, ctx.store(), config);
  for (const auto& h : all) {
    for (const auto& d : h.dimensions) {
      for (const auto& f : d.findings) {
        auto text = f.reason;
        if (!f.threshold.empty()) text += fmt::format(" (rule {} {})", f.rule, f.threshold);
        items.push_back({state_of(f.color, options.fail_on == "yellow"), h.program, f.rule, d.name,
                         std::string(policy::name(f.color)), std::move(text)});
      }
    }
    if (h.dimensions.empty()) {
      items.push_back({State::unknown, h.program, "", "", "grey", "no rule applies: nothing is known of it"});
    }
  }
  if (all.empty()) items.push_back({State::unknown, "", "", "", "grey", "no programs in the store"});
  return items;
}

std::vector<Item> check_age(evaluation::Evaluator& evaluator, Seconds max_age, UnixTime now) {
  std::vector<Item> items;
  for (const auto& s : evaluator.sources()) {
    const bool stale = !s.last_success_at || now - *s.last_success_at > max_age;
    items.push_back({stale ? State::unknown : State::pass, "", s.source + "." + s.stream, "data",
                     stale ? "grey" : "green",
                     fmt::format("{}.{} last synced without error: {}", s.source, s.stream,
                                 s.last_success_at ? age_text(s.last_success_at, now) + " ago" : "never")});
  }
  if (items.empty()) items.push_back({State::unknown, "", "", "data", "grey", "nothing was synced yet"});
  return items;
}

std::string escape_xml(std::string_view text) {
  std::string result;
  for (const char c : repair_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else if (byte >= 0x20 || c == '\t' || c == '\n')
      result += c;
    else
      result += "\xEF\xBF\xBD";  // XML 1.0 cannot hold it, not even escaped
  }
  return result;
}

void print_junit(const std::vector<Item>& items, std::ostream& out) {
  std::size_t failures = 0;
  std::size_t errors = 0;
  for (const auto& i : items) {
    failures += i.state == State::fail ? 1 : 0;
    errors += i.state == State::unknown ? 1 : 0;
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      << fmt::format("<testsuites>\n<testsuite name=\"sitrep check\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                     items.size(), failures, errors);
  for (const auto& i : items) {
    out << fmt::format("<testcase classname=\"{}\" name=\"{}\">", escape_xml(i.program.empty() ? "data" : i.program),
                       escape_xml(i.rule.empty() ? "health" : i.rule));
    const auto text = escape_xml(i.text);
    if (i.state == State::fail)
      out << fmt::format("<failure message=\"{}\"/>", text);
    else if (i.state == State::unknown)
      out << fmt::format("<error message=\"{}\"/>", text);
    else
      out << fmt::format("<system-out>{}</system-out>", text);
    out << "</testcase>\n";
  }
  out << "</testsuite>\n</testsuites>\n";
}

/// Workflow commands of GitHub Actions: % is escaped, in a property : and , too; control characters are made visible.
std::string escape_github(std::string_view text, bool property) {
  const auto result = replace_all(visible(text), "%", "%25");
  return property ? replace_all(replace_all(result, ":", "%3A"), ",", "%2C") : result;
}

void print_github(const std::vector<Item>& items, std::ostream& out) {
  for (const auto& i : items) {
    if (i.state == State::pass) continue;
    const auto title = i.program.empty() ? std::string("sitrep check") : i.program + " " + i.color;
    out << fmt::format("::{} title={}::{}\n", i.state == State::warn ? "warning" : "error", escape_github(title, true),
                       escape_github(i.text, false));
  }
}

void print_text(const std::vector<Item>& items, cli::Context& ctx) {
  for (const auto& i : items) {
    if (i.state == State::pass && !ctx.globals().verbose) continue;
    ctx.line(fmt::format("{:<7} {:<6} ", name(i.state), i.color),
             (i.program.empty() ? "" : visible(i.program) + ": ") + visible(i.text));
  }
}

void print_table(const std::vector<Item>& items, cli::Context& ctx) {
  cli::Table table;
  for (const char* column : {"state", "program", "rule", "dimension", "color", "text"})
    table.columns.push_back({column});
  const auto text = [](const std::string& t) { return t.empty() ? cli::Table::Cell() : cli::Table::Cell(t); };
  for (const auto& i : items) {
    table.rows.push_back(
        {std::string(name(i.state)), text(i.program), text(i.rule), text(i.dimension), i.color, i.text});
  }
  ctx.print(table, "check");
}

int run(const Options& options, cli::Context& ctx) {
  auto evaluator = make_evaluator(ctx);
  auto items = check_rules(evaluator, options, ctx);
  if (options.max_age) {
    const auto age = parse_duration(*options.max_age);
    if (!age) fail(ErrorKind::usage, "--max-age: '{}' is not a duration such as 24h or 7d", visible(*options.max_age));
    for (auto& item : check_age(evaluator, *age, ctx.now())) items.push_back(std::move(item));
  }
  const auto format = ctx.format();
  if (format == "junit")
    print_junit(items, ctx.out());
  else if (format == "github")
    print_github(items, ctx.out());
  else if (format == "json")
    print_table(items, ctx);
  else
    print_text(items, ctx);
  std::int64_t counts[4] = {};
  for (const auto& i : items) ++counts[static_cast<std::size_t>(i.state)];
  ctx.note(
      fmt::format("{} passed, {} warned, {} failed, {} cannot be judged", counts[0], counts[1], counts[2], counts[3]));
  if (counts[static_cast<std::size_t>(State::fail)] > 0) return 1;
  return counts[static_cast<std::size_t>(State::unknown)] > 0 ? 6 : 0;
}

}  // namespace

void add_check(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("check", "The policy as a gate: exits 1 when a program is red");
  command.option("--fail-on", options->fail_on, "COLOR", "Color that fails: red, or yellow and red (default: red)");
  command.choices({"yellow", "red"});
  command.option("--max-age", options->max_age, "AGE", "Streams not synced for longer are stale (24h, 7d)");
  command.formats({"text", "json", "junit", "github"});
  command.description(
      "Judges every program by the rules in force. What cannot be judged counts as stale data: a gate must not pass "
      "on\n"
      "what nobody knows. With -v the checks that passed are printed too.");
  command.exits(1, "a rule fails");
  command.exits(6, "nothing fails, but data is older than --max-age or too little to judge by");
  command.example("sitrep check", "Fail when a program is red");
  command.example("sitrep check --fail-on yellow --max-age 24h --format junit || test $? = 6", "For CI, as JUnit XML");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
