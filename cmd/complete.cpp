#include "cli/context.hpp"
#include "commands.hpp"
#include "model/entity.hpp"
#include "sources/presets.hpp"
#include "store/listing.hpp"

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string kind;
};

/// Names for completion scripts, one per line. Outside a workspace, or for a kind without names, there are none.
int run(const Options& options, cli::Context& ctx) {
  auto& out = ctx.out();
  if (options.kind == "entity") {
    for (const auto& entity : model::built_in_entities()) out << entity.name << '\n';
  }
  if (options.kind == "preset") {
    for (const auto name : sources::preset_names()) out << name << '\n';
  }
  if (!ctx.has_workspace()) return 0;
  if (options.kind == "entity") {
    for (const auto& entity : ctx.config().entities) out << entity.name << '\n';
  } else if (options.kind == "source") {
    for (const auto& source : ctx.config().sources) {
      out << source.name << '\n';
      for (const auto& stream : source.streams) out << source.name << '.' << stream.name << '\n';
    }
  } else if (options.kind == "metric") {
    for (const auto& metric : ctx.config().metrics) out << metric.name << '\n';
  } else if (options.kind == "program" || options.kind == "service") {
    for (const auto& name : store::names(ctx.store(), options.kind)) out << name << '\n';
  }
  return 0;
}

}  // namespace

void add_complete(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("complete", "Names for completion scripts").hidden();
  command.positional("KIND", options->kind, "entity, preset, source, metric, program, service");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
