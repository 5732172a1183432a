#include "sources/presets.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> name;
};

int run(const Options& options, cli::Context& ctx) {
  if (options.name) {
    const auto text = sources::preset_lookup(*options.name);
    if (!text) {
      fail(ErrorKind::usage, "no preset '{}'{}", visible(*options.name),
           did_you_mean(*options.name, sources::preset_names()));
    }
    ctx.out() << *text;
    return 0;
  }
  cli::Table table;
  for (const auto* column : {"preset", "state", "description"}) table.columns.push_back({column});
  for (const auto& preset : sources::preset_descriptions()) {
    table.rows.push_back({preset.name, preset.experimental ? "experimental" : "tested", preset.description});
  }
  ctx.print(table, "source.presets");
  return 0;
}

}  // namespace

void add_source_presets(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("presets", "List the built-in connectors, or print one");
  command.positional("NAME", options->name, "Print this preset as TOML: any of its keys can be overridden");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep source presets", "What `preset = \"…\"` may name");
  command.example("sitrep source presets pagerduty", "What it stands for");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
