#include "base/hash.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "store/stream_writer.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string subject, text;
  std::optional<std::string> author, at, expires;
};

std::string author_of(const Options& options, cli::Context& ctx) {
  if (options.author) return *options.author;
  for (const char* variable : {"USER", "LOGNAME"})
    if (const auto& environment = ctx.world().environment)
      if (const auto name = environment(variable); name && !name->empty()) return *name;
  fail(ErrorKind::usage, "who writes this note? add --author NAME");
}

int run(const Options& options, cli::Context& ctx) {
  const auto text = std::string(trim_view(options.text));
  if (text.empty()) fail(ErrorKind::usage, "TEXT: a note needs words");
  if (!is_valid_utf8(text) || !is_valid_utf8(options.subject)) fail(ErrorKind::usage, "a note is text in UTF-8");
  if (options.expires && !parse_date(*options.expires))
    fail(ErrorKind::usage, "--expires: '{}' is not a day; write it as 2026-12-15", visible(*options.expires));
  const auto author = author_of(options, ctx);
  const auto at = options.at ? ctx.time("--at", *options.at) : ctx.now();

  auto store = ctx.open_for_writing();
  const auto& note = *store.find_entity("note");
  const auto column = [&](std::string_view name) { return static_cast<std::size_t>(note.index_of(name)); };
  // The same words again, at the same moment, are the same note.
  const auto id =
      sha256_hex(fmt::format("{}\n{}\n{}\n{}", unix_seconds(at), author, options.subject, text)).substr(0, 12);
  model::RowBatch row(note.columns.size());
  row.begin_row(id);
  row.set(column("at"), unix_seconds(at));
  row.set(column("author"), std::string_view(author));
  row.set(column("subject"), std::string_view(options.subject));
  row.set(column("text"), std::string_view(text));
  if (options.expires) row.set(column("expires_date"), std::string_view(*options.expires));
  store::StreamWriter writer(store, "local", "note", note, store::Pass::partial, ctx.now(), store::Moment::exact);
  writer.put(row);
  writer.finish("", store::Shrink::refuse);
  ctx.note(fmt::format("noted on {}", options.subject));
  return 0;
}

}  // namespace

void add_note_add(cli::Command& note) {
  auto options = std::make_shared<Options>();
  auto& command = note.add("add", "Put a person's words beside a number");
  command.positional("SUBJECT", options->subject, "The program, rule or record it is about").completes("program");
  command.positional("TEXT", options->text, "The words");
  command.option("--author", options->author, "NAME", "Who says it; default: the user's name");
  command.option("--at", options->at, "TIME", "When it was said; default: now");
  command.option("--expires", options->expires, "DATE", "The last day reports show it");
  command.description("Reports and 'sitrep health' show the note beside its subject until it expires.");
  command.example("sitrep note add 'Ledger migration' 'Vendor confirmed the disks for Dec 2' --author dana",
                  "A note on a program");
  command.example(
      "sitrep note add incident_mitigate_median 'Two game days this week' --author ravi --expires 2027-01-31",
      "A note on a metric, for some weeks");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
