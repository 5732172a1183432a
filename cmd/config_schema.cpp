#include "base/embedded_file.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

#include <ostream>

namespace sitrep::cmd {

std::span<const EmbeddedFile> config_schema();  // sitrep.schema.json, embedded

namespace {

int run(cli::Context& ctx) {
  for (const auto& file : config_schema()) ctx.out() << file.text;
  return 0;
}

}  // namespace

void add_config_schema(cli::Command& noun) {
  auto& command = noun.add("schema", "Print a JSON Schema of sitrep.toml, for editors");
  command.formats({"json"});
  command.description(
      "Editors with a TOML language server (taplo, Even Better TOML) complete and check sitrep.toml by it. Name the\n"
      "file in the first line of sitrep.toml:\n"
      "\n"
      "  #:schema ./.sitrep/sitrep.schema.json");
  command.example("sitrep config schema -o sitrep.schema.json", "Write it where an editor finds it");
  command.run(run);
}

}  // namespace sitrep::cmd
