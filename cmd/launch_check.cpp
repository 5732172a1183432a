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
  const auto facts = launch_facts(ctx);
  const auto policy = ctx.has_workspace() ? ctx.config().launch : config::LaunchPolicy{};
  std::vector<FoundInFile> all;
  for (const auto& file : options.files)
    for (auto& finding : policy::check_launch(to_review(read_review(ctx, file)), policy, facts))
      all.push_back({file, std::move(finding)});
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
      "Checks fields, sections, placeholders, approvers and the target date by the [launch] policy of sitrep.toml and "
      "the\n"
      "document type. Works in a fresh clone: a store adds freezes and holidays when there is one.");
  command.exits(1, "a review has an error");
  command.example("sitrep launch check launches/checkout-wallets.md", "What is missing before it can be filed");
  command.example("sitrep launch check launches/*.md --format github", "The same as annotations of a GitHub workflow");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
