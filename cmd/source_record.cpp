#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "replay.hpp"
#include "source_world.hpp"
#include "sources/sync.hpp"

#include <fmt/format.h>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name, folder;
  std::optional<std::string> since;
};

/// Answers go to files as the sync of an empty store that nobody keeps asks for them: what is recorded is what a sync
/// needs.
int run(const Options& options, cli::Context& ctx) {
  cli::Table table;
  for (const auto* column : {"stream", "requests", "records", "error"}) table.columns.push_back({column});
  ctx.check_fields(table);
  const auto& config = ctx.config();
  const auto& source = find_source(ctx, options.name.substr(0, options.name.find('.')));
  const std::filesystem::path folder = options.folder;
  const auto moment = recorded_at(folder).value_or(ctx.now());
  const FixedClock clock(moment);
  store::Options store_options;
  store_options.access = store::Access::read_write;
  store_options.now = moment;
  store_options.own_entities = config.entities;
  auto store = store::Store::memory(std::move(store_options));
  sources::SyncOptions wanted;
  wanted.only = {options.name};
  wanted.since = ctx.time_if_given("--since", options.since);
  wanted.full = !wanted.since;
  wanted.shrink = store::Shrink::allow;
  wanted.deadline = ctx.deadline();
  write_recorded_at(folder, moment);
  const auto transport = [folder, made = transports(ctx)](const config::Source& of) {
    return recording_of(folder, of, made(of));
  };
  const auto report = sources::sync(config, wanted, {store, clock, secret_context(ctx), transport, nullptr, nullptr});
  for (const auto& stream : report.streams) {
    if (stream.child) continue;
    table.rows.push_back({stream.source + "." + stream.stream, static_cast<std::int64_t>(stream.requests),
                          stream.records, stream.error.empty() ? cli::Table::Cell{} : stream.error});
  }
  ctx.print(table, "source.record");
  ctx.note(fmt::format("answers are in {}; secrets are masked, what records say about people is not",
                       display(folder / source.name)));
  ctx.finish();
  if (report.first_failure) fail(*report.first_failure, "{}: not everything could be recorded", visible(options.name));
  return 0;
}

}  // namespace

void add_source_record(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("record", "Save a source's answers, without its secrets, for a sync without network");
  command.positional("SOURCE[.STREAM]", options->name, "What to ask").completes("source");
  command.positional("DIR", options->folder, "Where the answers go: DIR/SOURCE/0001.http and so on")
      .completes("folder");
  command.option("--since", options->since, "TIME", "Ask only for what changed since then");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "Asks for everything, as the first sync does, and stores nothing but the answers. Tokens and passwords are\n"
      "masked wherever they stand; cookies are left out. Further recordings into the same DIR share its moment.");
  command.exits(4, "the source could not be read; what came is kept");
  command.exits(9, "the source refused its credentials");
  command.example("sitrep source record pager recordings", "Answers to try a mapping on, or to file a bug with");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
