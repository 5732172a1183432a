#include "sources/sync.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "replay.hpp"
#include "source_world.hpp"
#include "sync_view.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> only;
  std::optional<std::string> since, replay;
  bool full = false, dry_run = false, allow_shrink = false;
};

/// The clock of the run: it goes on, unless somebody said what time it is.
const Clock& clock_of(cli::Context& ctx, const FixedClock& told) {
  const bool fixed = ctx.globals().now || ctx.world().environment("SITREP_NOW");
  return fixed ? static_cast<const Clock&>(told) : *ctx.world().clock;
}

/// A sync from recordings: nothing is asked over the network, no secret is read.
sources::SyncReport replay(const std::filesystem::path& folder, sources::SyncOptions wanted, store::Store& store,
                           const Clock& clock, sources::SyncProgress& progress, cli::Context& ctx) {
  const auto config = replayable(ctx.config());
  if (wanted.only.empty()) wanted.only = recorded_sources(config, folder);
  wanted.full = !wanted.since;
  const auto waiter = hasty_waiter();
  const auto transport = [&](const config::Source& source) { return replay_of(folder, source); };
  return sources::sync(config, wanted, {store, clock, secret_context(ctx), transport, waiter.get(), &progress});
}

int run(const Options& options, cli::Context& ctx) {
  if (ctx.as_of()) fail(ErrorKind::usage, "--as-of looks at the past; sync asks for the present");
  if (options.full && options.since) fail(ErrorKind::usage, "--full asks for everything; --since for a part: take one");
  ctx.check_fields(sync_table({}));
  const auto& config = ctx.config();
  if (config.sources.empty())
    fail(ErrorKind::config, "{} has no [source.NAME]; see 'sitrep source presets'", display(config.file));
  sources::SyncOptions wanted;
  wanted.only = options.only;
  wanted.full = options.full;
  wanted.since = ctx.time_if_given("--since", options.since);
  wanted.dry_run = options.dry_run;
  wanted.shrink = options.allow_shrink ? store::Shrink::allow : store::Shrink::refuse;
  wanted.deadline = ctx.deadline();
  const auto recorded = options.replay ? recorded_at(*options.replay) : std::nullopt;
  const bool as_recorded = recorded && !ctx.globals().now;
  const FixedClock told(as_recorded ? *recorded : ctx.now());
  const auto& clock = options.replay ? static_cast<const Clock&>(told) : clock_of(ctx, told);
  auto store = ctx.open_for_writing();
  sources::SyncReport report;
  {
    SyncView view(ctx);
    if (options.replay) {
      report = replay(*options.replay, wanted, store, clock, view, ctx);
    } else {
      report = sources::sync(config, wanted, {store, clock, secret_context(ctx), transports(ctx), nullptr, &view});
    }
  }
  if (!ctx.wants_rows())
    ctx.out() << sync_text(report, clock.now());
  else
    ctx.print(sync_table(report), "sync");
  if (options.dry_run) ctx.note("dry run: nothing was written");
  ctx.finish();
  if (report.first_failure) {
    fail(*report.first_failure, "{} of {} failed (exit {})", report.failed_sources,
         count_of(static_cast<std::int64_t>(report.sources), "source"), exit_code(*report.first_failure));
  }
  return 0;
}

}  // namespace

void add_sync(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("sync", "Pull from the sources into the store");
  command.positional("SOURCE[.STREAM]", options->only, "What to pull; everything when omitted").completes("source");
  command.option("--full", options->full, "Ask for everything, not only for what changed since the last sync");
  command.option("--since", options->since, "TIME", "Ask for what changed since then");
  command.option("--dry-run", options->dry_run, "Fetch and compare, write nothing");
  command.option("--allow-shrink", options->allow_shrink,
                 "Believe a source that has lost more than a tenth of its records");
  command.option("--replay", options->replay, "DIR", "Read answers that 'source record' saved; no network")
      .completes("folder");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "Sources are pulled at the same time; a broken one stops no other. Records and the place to go on from are\n"
      "written together, so that a killed sync resumes where it stopped, and a second sync that finds nothing changed\n"
      "writes nothing. A stream with `incremental` asks for what changed; once in `full_every` it reads everything "
      "and\n"
      "marks what is gone as deleted.\n"
      "\n"
      "Records that cannot be stored are counted and kept with the reason: sitrep query 'select * from reject'. "
      "Values\n"
      "that do not fit their column are kept in the record's extra.");
  command.exits(4, "a source could not be read; the others were");
  command.exits(6, "a source would have lost too many records");
  command.exits(9, "a source refused its credentials");
  command.example("sitrep sync", "Everything");
  command.example("sitrep sync pager.incidents --dry-run", "What one stream would bring");
  command.example("sitrep sync pager --full --json", "One source from the start, its counts as JSON");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
