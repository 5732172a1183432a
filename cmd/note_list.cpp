#include "cli/context.hpp"
#include "commands.hpp"
#include "store/note.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> subject;
  bool all = false;
};

int run(const Options& options, cli::Context& ctx) {
  std::optional<Date> on;
  if (!options.all) on = ctx.calendar().zone.date_of(ctx.now());
  cli::Table table;
  table.columns = {{.name = "at", .as = cli::Table::Column::As::time},
                   {.name = "subject"},
                   {.name = "author"},
                   {.name = "text"},
                   {.name = "expires_date", .header = "until"},
                   {.name = "source", .shown = cli::Table::Shown::structured},
                   {.name = "id", .shown = cli::Table::Shown::structured}};
  for (const auto& note : store::notes(ctx.store(), options.subject, on)) {
    cli::Table::Cell at, until;
    if (note.at) at = unix_seconds(*note.at);
    if (note.expires_date) until = *note.expires_date;
    table.rows.push_back({at, note.subject, note.author, note.text, until, note.source, note.id});
  }
  if (table.rows.empty() && ctx.format() == "text")
    ctx.note("no notes; write one with 'sitrep note add SUBJECT TEXT'");
  else
    ctx.print(table, "note.list");
  return 0;
}

}  // namespace

void add_note_list(cli::Command& note) {
  auto options = std::make_shared<Options>();
  auto& command = note.add("list", "Notes, newest first");
  command.positional("SUBJECT", options->subject, "Only notes on this program, rule or record").completes("program");
  command.option("--all", options->all, "Expired ones too");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.example("sitrep note list", "Notes that reports show now");
  command.example("sitrep note list 'Ledger migration' --all --json", "All on one program, for a script");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
