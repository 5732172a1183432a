#include "cli/context.hpp"
#include "commands.hpp"
#include "store/care.hpp"

namespace sitrep::cmd {
namespace {

int run(cli::Context& ctx) {
  const auto problems = store::check(ctx.whole_store());
  cli::Table table;
  table.columns = {{.name = "problem"}};
  for (const auto& problem : problems) table.rows.push_back({problem});
  if (problems.empty())
    for (const auto& orphan : store::orphans(ctx.whole_store())) ctx.note("orphans: " + orphan);
  if (problems.empty()) {
    ctx.note("the store is sound");
    if (ctx.format() == "text") return 0;
  }
  ctx.print(table, "store.check");
  return problems.empty() ? 0 : 1;
}

}  // namespace

void add_store_check(cli::Command& store) {
  auto& command = store.add("check", "Check the store's integrity");
  command.description(
      "SQLite's own check of the file, and what must hold between versions: none ends before it began, none overlaps\n"
      "another of its record, every row belongs to a stream, every state is what was written. Reads the whole file; a sync may run meanwhile. Records "
      "that name an incident, launch,\n"
      "resource or program that the store does not have are noted: they are no damage.\n"
      "\n"
      "store.db-wal and store.db-shm belong to store.db while they are there: copy a store with 'sitrep backup' alone. "
      "A\n"
      "deleted -wal costs what the killed sync wrote last, which the next one fetches again. The store belongs on a "
      "local\n"
      "disk: over NFS and other network file systems SQLite's log cannot be shared between machines.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.exits(1, "something is wrong with it");
  command.example("sitrep store check", "Is the store sound?");
  command.run(run);
}

}  // namespace sitrep::cmd
