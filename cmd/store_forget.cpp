#include "store/forget.hpp"

#include <optional>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string person;
  bool dry_run = false;
};

int run(const Options& options, cli::Context& ctx) {
  using Column = cli::Table::Column;
  cli::Table table;
  table.columns = {{.name = "where"},
                   {.name = "column"},
                   {.name = "values", .align = Column::Align::right},
                   {.name = "state", .header = "what"}};
  ctx.check_fields(table);
  std::vector<store::Forgotten> found;
  std::optional<store::Store> store;
  if (options.dry_run) {
    found = store::forget(ctx.whole_store(), options.person, false);
  } else {
    store.emplace(ctx.open_to_change());
    found = store::forget(*store, options.person, true);
  }
  std::int64_t touched = 0;
  for (const auto& f : found) {
    table.rows.push_back({f.where, f.column, f.values,
                          std::string(f.left            ? "left: it names the record"
                                      : options.dry_run ? "would be removed"
                                                        : "removed")});
    if (!f.left) touched += f.values;
  }
  if (!table.rows.empty() || ctx.format() != "text") ctx.print(table, "store.forget");
  if (store) store::leave_no_trace(*store);  // last: what it touched is told whatever becomes of the file
  const auto person = visible(options.person);
  if (table.rows.empty())
    ctx.note(fmt::format("'{}' is nowhere in the store", person));
  else if (options.dry_run)
    ctx.note("dry run: nothing was written");
  else
    ctx.note(fmt::format("{} without '{}' now; backups, exports, reports and the sources themselves still have it",
                         count_of(touched, "value"), person));
  return 0;
}

}  // namespace

void add_store_forget(cli::Command& store) {
  auto options = std::make_shared<Options>();
  auto& command = store.add("forget", "Remove a person from every version of every record");
  command.positional("PERSON", options->person, "The name or address as records have it");
  command.option("--dry-run", options->dry_run, "Say what would be touched, write nothing");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.description(
      "The name becomes \"[forgotten]\" wherever it stands as a word of its own: owners, authors, approvers, free "
      "text,\n"
      "extra, rejects, filings. Notes and updates that the person wrote lose their text. Case does not matter; call "
      "it\n"
      "again for other spellings. Ids and keys of series stay, and are listed.\n"
      "\n"
      "A record that the source sends as before stays as it is now; the name comes back with a changed record, so ask\n"
      "the source to forget first. The file is rewritten, so that nothing is left in its free space.");
  command.example("sitrep store forget 'Dana Reyes' --dry-run", "Where is this person?");
  command.example("sitrep store forget dana@example.com", "Remove an address");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
