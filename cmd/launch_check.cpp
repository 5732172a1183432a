#include "commands.hpp"
#include "file_findings.hpp"
#include "review_file.hpp"

#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> files;
};

int run(const Options& options, cli::Context& ctx) {
  auto facts = launch_facts(ctx);
  const auto policy = launch_policy(ctx);
  std::vector<FoundInFile> all;
  for (const auto& file : options.files)
    for (auto& finding : check_review(read_review(ctx, file), policy, facts)) all.push_back({file, std::move(finding)});
  const auto where = ctx.has_workspace() && policy.where.line > 0 ? " Policy: " + policy.where.text() : std::string();
  return print_findings(ctx, all, "launch.check", where);
}

}  // namespace

void add_launch_check(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("check", "Hold launch reviews against the policy");
  command.positional("FILE", options->files, "Launch reviews to check").completes("file").required();
  command.formats(finding_formats());
  command.description(
      "Checks fields, sections, placeholders, evidence, approvers, capacity and the target date by the [launch] policy "
      "of\n"
      "sitrep.toml and the document type. Works in a fresh clone without store or network; a store adds its calendar, "
      "how\n"
      "long reviews take, and the headroom of resources.\n"
      "\n"
      "As a pre-commit hook (.git/hooks/pre-commit):\n"
      "\n"
      "  git diff --cached --name-only --diff-filter=ACM -z -- 'launches/*.md' | xargs -0 -r sitrep launch check\n"
      "\n"
      "In a workflow of GitHub, findings stand beside the lines with '--format github', or go to code scanning with\n"
      "'--format sarif -o launches.sarif'.");
  command.exits(1, "a review has an error");
  command.example("sitrep launch check launches/checkout-wallets.md", "What is missing before it can be filed");
  command.example("sitrep launch check launches/*.md --format github", "The same as annotations of a GitHub workflow");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
