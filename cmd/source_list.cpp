#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "http/http.hpp"

namespace sitrep::cmd {
namespace {

int run(cli::Context& ctx) {
  cli::Table table;
  for (const auto* column : {"source", "stream", "entity", "preset", "url"}) table.columns.push_back({column});
  for (const auto& source : ctx.config().sources) {
    cli::Table::Cell preset;
    if (!source.preset.empty()) preset = source.preset;
    const auto url = source.command ? join(source.command->argv, " ") : http::redact(source.base_url, {});
    if (source.streams.empty()) table.rows.push_back({source.name, {}, {}, preset, url});
    for (const auto& stream : source.streams) {
      table.rows.push_back({source.name, stream.name, stream.entity, preset, url});
    }
  }
  ctx.print(table, "source.list");
  return 0;
}

}  // namespace

void add_source_list(cli::Command& noun) {
  auto& command = noun.add("list", "List the sources of sitrep.toml and their streams");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep source list", "What sync pulls");
  command.run([](cli::Context& ctx) { return run(ctx); });
}

}  // namespace sitrep::cmd
