#include "store/diff.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "cli/row_printer.hpp"
#include "commands.hpp"
#include "entity_argument.hpp"
#include "field_cell.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> entity, since, until;
  bool exit_code = false, all = false;
};

/// A row for each field that changed, or one for the record. `raw`: values as JSON, for programs; else as people read
/// them.
void add_rows(cli::RowPrinter& printer, const model::Entity& entity, const store::Change& change, bool raw) {
  const auto shown = [&](const store::FieldChange& field, const store::Value& value) -> cli::Table::Cell {
    if (raw) return field_json(entity, field.column, value);
    return field_cell(entity, field.column, value);
  };
  std::vector<cli::Table::Cell> row = {std::string(name(change.kind)),
                                       change.entity,
                                       change.source,
                                       change.id,
                                       change.title,
                                       unix_seconds(change.at),
                                       {},
                                       {},
                                       {},
                                       {}};
  if (change.fields.empty()) printer.add(row);
  for (const auto& field : change.fields) {
    row[6] = field.column;
    row[7] = shown(field, field.before);
    row[8] = shown(field, field.after);
    row[9] = field.days ? cli::Table::Cell(*field.days) : cli::Table::Cell();
    printer.add(row);
  }
}

/// Whether records of one entity come from more than one source: then an id alone may be that of two.
bool has_several_sources(store::Store& store, std::span<const model::Entity* const> entities) {
  store::Statement sources(store.db(), "SELECT count(DISTINCT source) FROM stream WHERE entity = ?1");
  return std::ranges::any_of(entities, [&](const model::Entity* entity) {
    return sources.bind(entity->name).step() && sources.integer(0) > 1;
  });
}

int run(const Options& options, cli::Context& ctx) {
  auto& store = ctx.store();
  const auto to = options.until ? ctx.time("--until", *options.until) : store.known_at();
  const auto from = options.since ? ctx.time("--since", *options.since) : to - std::chrono::days(7);
  if (to < from) fail(ErrorKind::usage, "--until {} is before --since {}", format_utc(to), format_utc(from));
  const store::Exclusions exclusions =
      options.all || !ctx.has_workspace() ? store::Exclusions() : store::Exclusions(store, ctx.config().diff_exclude);
  std::vector<const model::Entity*> entities;
  if (options.entity)
    entities.push_back(&entity_argument(store, *options.entity));
  else
    for (const auto& entity : store.entities())
      if (entity.keeping == model::Keeping::versions) entities.push_back(&entity);
  const bool raw = ctx.format() == "json" || ctx.format() == "ndjson";
  using Column = cli::Table::Column;
  const auto as = raw ? Column::As::json : Column::As::plain;
  cli::Table table;
  table.columns = {
      {.name = "kind", .header = "what"},
      {.name = "entity"},
      {.name = "source",
       .shown = has_several_sources(store, entities) ? cli::Table::Shown::always : cli::Table::Shown::structured},
      {.name = "id"},
      {.name = "title"},
      {.name = "at", .header = "seen", .as = Column::As::time, .shown = cli::Table::Shown::structured},
      {.name = "column"},
      {.name = "before", .as = as},
      {.name = "after", .as = as},
      {.name = "days", .header = "days", .align = Column::Align::right}};
  cli::RowPrinter printer(ctx, std::move(table), "diff");
  for (const auto* entity : entities)
    store::each_change(store, *entity, from, to, exclusions,
                       [&](const store::Change& change) { add_rows(printer, *entity, change, raw); });
  if (printer.empty() && ctx.format() == "text")
    ctx.note(fmt::format("nothing changed from {} to {}", format_utc(from), format_utc(to)));
  else
    printer.finish();
  return options.exit_code && !printer.empty() ? 1 : 0;
}

}  // namespace

void add_diff(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("diff", "What changed between two moments");
  command.positional("ENTITY", options->entity, "Only this entity; all versioned ones when omitted")
      .completes("entity");
  command.option("--since", options->since, "TIME", "The first moment; default: 7 days before the second");
  command.option("--until", options->until, "TIME", "The second moment; default: now, or --as-of");
  command.option("--exit-code", options->exit_code, "Exit with 1 when something changed");
  command.option("--all-columns", options->all, "Also columns that [diff] exclude in sitrep.toml leaves out");
  command.description(
      "Compares what was known at the two moments: a record that changed and changed back in between is no change. "
      "One\n"
      "line per field; for dates of the same stage also by how many days they moved: a positive number is a slip.\n"
      "\"restored\" is a record that had been removed. Columns that change all the time can be left out: exclude =\n"
      "[\"incident.extra.views\"] in [diff] of sitrep.toml.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.exits(1, "with --exit-code: something changed");
  command.example("sitrep diff --since -7d", "What changed this week");
  command.example("sitrep diff milestone --since 2026-10-01 --until 2026-11-01 --json",
                  "What moved in October, for a script");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
