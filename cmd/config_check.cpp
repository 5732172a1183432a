#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

using Column = cli::Table::Column;

cli::Table::Cell count(std::size_t n) { return static_cast<std::int64_t>(n); }

int run(cli::Context& ctx) {
  const auto& config = ctx.config();  // throws with file:line:column for the first mistake
  std::size_t streams = 0;
  for (const auto& source : config.sources) {
    streams += source.streams.size();
    for (const auto& [name, where] : source.unset_environment) {
      ctx.note(fmt::format("{}: ${{{}}} is not set", where.text(), name));
    }
    for (const auto& stream : source.streams) {
      const auto& incremental = stream.incremental;
      if (!incremental || incremental->filter_field.empty() || incremental->filter_field == incremental->cursor_path)
        continue;
      ctx.note(fmt::format(
          "{}: {}.{}: start_param compares '{}', not '{}': what changed in records below it is found by the "
          "full pass alone (full_every = {})",
          incremental->where.text(), source.name, stream.name, visible(incremental->filter_field),
          visible(incremental->cursor_path), format_duration(stream.full_every)));
    }
  }
  cli::Table table;
  table.layout = cli::Table::Layout::record;
  for (const auto* name : {"file", "workspace", "timezone"}) table.columns.push_back({name});
  for (const auto* name : {"sources", "streams", "metrics", "rules", "exemptions", "entities", "queries"}) {
    table.columns.push_back({name, "", Column::Align::right});
  }
  table.rows = {{display(config.file), config.name, config.timezone, count(config.sources.size()), count(streams),
                 count(config.metrics.size()), count(config.rules.size()), count(config.exemptions.size()),
                 count(config.entities.size()), count(config.queries.size())}};
  ctx.print(table, "config.check");
  return 0;
}

}  // namespace

void add_config_check(cli::Command& noun) {
  auto& command = noun.add("check", "Validate sitrep.toml without network");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.exits(3, "sitrep.toml has a mistake; the message says where");
  command.example("sitrep config check", "Is it valid, and what is in it?");
  command.run(run);
}

}  // namespace sitrep::cmd
