#include "cli/context.hpp"
#include "commands.hpp"
#include "new_document.hpp"

#include <map>
#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string title;
  std::optional<std::string> service, owner, program, tier, phase, target;
};

int run(const Options& options, cli::Context& ctx) {
  std::map<std::string, std::string> parameters{{"title", options.title}};
  const auto give = [&](const char* name, const std::optional<std::string>& value) {
    if (value) parameters[name] = *value;
  };
  give("service", options.service);
  give("owner", options.owner);
  give("program", options.program);
  give("tier", options.tier);
  give("phase", options.phase);
  give("target_date", options.target);
  return write_new_document(ctx, "launch.new", "launch-review", parameters);
}

}  // namespace

void add_launch_new(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("new", "Write a launch review, filled from the store");
  command.positional("TITLE", options->title, "What launches");
  command.option("--service", options->service, "NAME", "Service it runs on").completes("service");
  command.option("--owner", options->owner, "NAME", "Who answers for the launch");
  command.option("--program", options->program, "NAME", "Program it belongs to; default: the service's")
      .completes("program");
  command.option("--tier", options->tier, "N", "1 (most critical) to 4; default: the service's")
      .choices({"1", "2", "3", "4"});
  command.option("--phase", options->phase, "PHASE", "How far it goes").choices({"alpha", "beta", "ga"});
  command.option("--target", options->target, "DATE", "Day it shall launch, YYYY-MM-DD");
  command.formats({"text", "json"}).writes_outputs();
  command.description(
      "Writes launches/TITLE.md (or the -o file) and prints its path; an existing file is never replaced.");
  command.example(
      "sitrep launch new 'Checkout wallets' --service checkout-api --tier 2 --phase beta --target 2026-12-10",
      "A review with what the store knows of the service");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
