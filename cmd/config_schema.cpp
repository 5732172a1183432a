#include "cli/config_schema.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

#include <ostream>

namespace sitrep::cmd {
namespace {

int run(cli::Context& ctx) {
  ctx.out() << cli::config_schema();
  return 0;
}

}  // namespace

void add_config_schema(cli::Command& noun) {
  auto& command = noun.add("schema", "Print a JSON Schema of sitrep.toml, for editors");
  command.formats({"json"}).document();
  command.description(
      "Editors with a TOML language server (taplo, Even Better TOML) complete and check sitrep.toml by it. Name the\n"
      "file in the first line of sitrep.toml:\n"
      "\n"
      "  #:schema ./.sitrep/sitrep.schema.json");
  command.example("sitrep config schema -o sitrep.schema.json", "Write it where an editor finds it");
  command.run(run);
}

}  // namespace sitrep::cmd
