#include "store/export.hpp"

#include <ostream>

#include "cli/context.hpp"
#include "commands.hpp"

namespace sitrep::cmd {

void add_store_export(cli::Command& store) {
  auto& command = store.add("export", "Write everything that the store remembers as sorted NDJSON");
  command.formats({"ndjson"}).document();
  command.description(
      "All versions of all records, runs, rejects and filings, a line each, in an order that depends on nothing but\n"
      "them: fit for git and for the cache of a CI. 'sitrep store import' makes the same store of it; only a sync "
      "that\n"
      "was interrupted begins its pass again.");
  command.example("sitrep store export -o store.ndjson", "Into a file that git can diff");
  command.run([](cli::Context& ctx) {
    auto& out = ctx.out();
    store::export_store(ctx.whole_store(), [&](std::string_view line) { out << line; });
    return 0;
  });
}

}  // namespace sitrep::cmd
