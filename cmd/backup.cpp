#include "store/backup.hpp"

#include "base/file.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

namespace sitrep::cmd {
namespace {

int run(const std::string& file, cli::Context& ctx) {
  store::back_up(ctx.whole_store(), file);
  ctx.note(fmt::format("backed up to {}", display(file)));
  return 0;
}

}  // namespace

void add_backup(cli::Command& root) {
  auto file = std::make_shared<std::string>();
  auto& command = root.add("backup", "Copy the store to a file");
  command.positional("FILE", *file, "The copy; must not exist yet").completes("file");
  command.description("A whole and checked copy, also while a sync writes. 'sitrep restore' takes it back.");
  command.example("sitrep backup before-upgrade.db", "A copy before something risky");
  command.run([file](cli::Context& ctx) { return run(*file, ctx); });
}

}  // namespace sitrep::cmd
