#include "store/gc.hpp"

#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::vector<std::string> keep;
  bool dry_run = false;
};

store::Retention retention_of(const Options& options, cli::Context& ctx, std::span<const model::Entity> entities) {
  store::Retention retention;
  if (ctx.has_workspace()) retention = ctx.config().retention;
  store::check_retention(retention, entities, "[retention]");
  store::Retention given;
  for (const auto& text : options.keep) {
    const auto at = text.find('=');
    const auto age = at == std::string::npos ? std::nullopt : parse_duration(std::string_view(text).substr(at + 1));
    if (!age) fail(ErrorKind::usage, "--keep: write '{}' as ENTITY=AGE, such as incident=400d", visible(text));
    given[text.substr(0, at)] = *age;
  }
  store::check_retention(given, entities, "--keep");
  for (const auto& [what, age] : given) retention[what] = age;
  return retention;
}

int run(const Options& options, cli::Context& ctx) {
  cli::Table table;
  constexpr auto k_right = cli::Table::Column::Align::right;
  table.columns = {{.name = "what"},
                   {.name = "before", .as = cli::Table::Column::As::time},
                   {.name = "removed", .align = k_right},
                   {.name = "kept_dates", .header = "old, kept for their dates", .align = k_right}};
  ctx.check_fields(table);
  auto store = ctx.open_to_change();
  const auto retention = retention_of(options, ctx, store.entities());
  if (retention.empty())
    ctx.note("everything is kept: [retention] of sitrep.toml and --keep name nothing, such as incident = \"400d\"");
  const auto removals =
      store::collect_garbage(store, retention, options.dry_run ? store::DryRun::yes : store::DryRun::no);
  for (const auto& removal : removals)
    table.rows.push_back({removal.what, unix_seconds(removal.before), removal.rows, removal.dated_rows});
  if (!table.rows.empty() || ctx.format() != "text") ctx.print(table, "store.gc");
  if (options.dry_run) {
    ctx.note("nothing was removed: this is a dry run");
    return 0;
  }
  if (const auto bytes = store::give_back_space(store); bytes > 0)
    ctx.note(fmt::format("the file is {:.1f} MB smaller", static_cast<double>(bytes) / 1e6));
  return 0;
}

}  // namespace

void add_store_gc(cli::Command& store) {
  auto options = std::make_shared<Options>();
  auto& command = store.add("gc", "Remove what is past its retention");
  command.option("--keep", options->keep, "ENTITY=AGE", "Keep the past of an entity this long; may repeat");
  command.option("--dry-run", options->dry_run, "Say what would go, and remove nothing");
  command.description(
      "Removes past states that ended longer ago than the age that [retention] of sitrep.toml or --keep gives their\n"
      "entity, samples and corrections as old, and with the names sync_run and reject old runs and rejects. What is "
      "not\n"
      "named is kept for good; 270 days are the least, since reports look back that far, and 1365 days of capacity\n"
      "samples, since forecasts read three years.\n"
      "\n"
      "Never removed: present records, the newest sample of a series, the last good run of a stream, and states whose "
      "due\n"
      "or target date the next one changed. As of a moment before the cut the store then refuses to answer.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.example("sitrep store gc --keep incident=400d --keep capacity_sample=1500d --dry-run",
                  "What would go, and how much");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
