#include "cli/context.hpp"
#include "commands.hpp"
#include "store/care.hpp"

namespace sitrep::cmd {
namespace {

int run(cli::Context& ctx) {
  const auto stats = store::stats(ctx.whole_store());
  constexpr auto k_right = cli::Table::Column::Align::right;
  cli::Table table;
  table.columns = {{.name = "entity"},
                   {.name = "rows", .align = k_right},
                   {.name = "past_rows", .header = "past", .align = k_right},
                   {.name = "bytes", .align = k_right}};
  for (const auto& entity : stats.entities)
    table.rows.push_back({entity.entity, entity.rows, entity.past_rows, entity.bytes});
  ctx.note(fmt::format("{}: {:.1f} MB, {:.1f} MB of it free; {} streams, {} runs, {} rejects",
                       ctx.store_file().native(), static_cast<double>(stats.file_bytes) / 1e6,
                       static_cast<double>(stats.free_bytes) / 1e6, stats.streams, stats.runs, stats.rejects));
  ctx.print(table, "store.stats");
  return 0;
}

}  // namespace

void add_store_stats(cli::Command& store) {
  auto& command = store.add("stats", "Rows, past states and bytes by entity");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.example("sitrep store stats", "What takes the space");
  command.run(run);
}

}  // namespace sitrep::cmd
