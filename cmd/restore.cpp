#include "base/file.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "store/backup.hpp"

namespace sitrep::cmd {
namespace {

int run(const std::string& file, cli::Context& ctx) {
  store::restore(file, ctx.store_file());
  ctx.note(fmt::format("restored {} from {}", display(ctx.store_file()), display(file)));
  return 0;
}

}  // namespace

void add_restore(cli::Command& root) {
  auto file = std::make_shared<std::string>();
  auto& command = root.add("restore", "Make the store from a backup");
  command.positional("FILE", *file, "A file that 'sitrep backup' wrote").completes("file");
  command.description("Never replaces a store: move the old one away first.");
  command.example("sitrep restore before-upgrade.db --store restored.db",
                  "Into a store of another name, to look at it");
  command.run([file](cli::Context& ctx) { return run(*file, ctx); });
}

}  // namespace sitrep::cmd
