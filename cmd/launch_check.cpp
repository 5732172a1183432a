#include "base/text.hpp"
#include "commands.hpp"
#include "review_file.hpp"

#include <fmt/format.h>

#include <memory>
#include <ostream>

namespace sitrep::cmd {
namespace {

using Level = policy::LaunchFinding::Level;

struct Options {
  std::vector<std::string> files;
};

struct Found {
  std::string file;
  policy::LaunchFinding finding;
};

/// A value inside a GitHub workflow command.
std::string github_escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += escape ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

void print_github(const std::vector<Found>& all, std::ostream& out) {
  for (const auto& [file, f] : all) {
    out << fmt::format("::{} file={},line={},title={}::{}: {}; {}\n", f.level == Level::error ? "error" : "warning",
                       github_escaped(file, true), f.line, f.code, github_escaped(visible(f.subject), false),
                       github_escaped(f.reason, false), github_escaped(f.remedy, false));
  }
}

cli::Table to_table(const std::vector<Found>& all) {
  cli::Table table;
  table.columns = {{"file"}, {"line"}, {"level"}, {"code"}, {"subject"}, {"reason"}, {"remedy"}};
  for (const auto& [file, f] : all) {
    table.rows.push_back({file, static_cast<std::int64_t>(f.line),
                          std::string(f.level == Level::error ? "error" : "warning"), f.code, f.subject, f.reason,
                          f.remedy});
  }
  return table;
}

int run(const Options& options, cli::Context& ctx) {
  const auto facts = launch_facts(ctx);
  const auto policy = ctx.has_workspace() ? ctx.config().launch : config::LaunchPolicy{};
  std::vector<Found> all;
  std::int64_t errors = 0;
  for (const auto& file : options.files) {
    for (auto& finding : policy::check_launch(to_review(read_review(ctx, file)), policy, facts)) {
      errors += finding.level == Level::error ? 1 : 0;
      all.push_back({file, std::move(finding)});
    }
  }
  const auto format = ctx.format();
  if (format == "github") {
    print_github(all, ctx.out());
  } else if (format == "text") {
    for (const auto& [file, finding] : all) ctx.out() << finding_line(file, finding) << '\n';
    const auto warnings = static_cast<std::int64_t>(all.size()) - errors;
    const auto where = ctx.has_workspace() && policy.where.line > 0 ? " Policy: " + policy.where.text() : std::string();
    ctx.note(all.empty() ? "nothing found." + where
                         : fmt::format("{}, {}.{}", count_of(errors, "error"), count_of(warnings, "warning"), where));
  } else {
    ctx.print(to_table(all), "launch.check");
  }
  return errors > 0 ? 1 : 0;
}

}  // namespace

void add_launch_check(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("check", "Hold launch reviews against the policy");
  command.positional("FILE", options->files, "Launch reviews to check").completes("file").required();
  command.formats({"text", "json", "github", "csv", "ndjson", "markdown"});
  command.description(
      "Checks fields, sections, placeholders, approvers and the target date by the [launch] policy of sitrep.toml and "
      "the\n"
      "document type. Works in a fresh clone: a store adds freezes and holidays when there is one.");
  command.exits(1, "a review has an error");
  command.example("sitrep launch check launches/checkout-wallets.md", "What is missing before it can be filed");
  command.example("sitrep launch check launches/*.md --format github", "The same as annotations of a GitHub workflow");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
