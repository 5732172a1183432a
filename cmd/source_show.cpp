#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "http/http.hpp"
#include "source_world.hpp"
#include "sources/request.hpp"

#include <fmt/format.h>

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
};

std::string_view paginator_name(config::Paginator::Type type) {
  using Type = config::Paginator::Type;
  switch (type) {
    case Type::single_page:
      return "single_page";
    case Type::page_number:
      return "page_number";
    case Type::offset:
      return "offset";
    case Type::cursor:
      return "cursor";
    case Type::last_record:
      return "last_record";
    case Type::json_link:
      return "json_link";
    case Type::header_link:
      return "header_link";
    case Type::header_cursor:
      return "header_cursor";
  }
  return "";
}

std::string column_text(const config::ColumnMap& column) {
  std::string text = column.path.empty() ? fmt::format("\"{}\"", column.fallback.value_or("")) : column.path;
  if (!column.parts.empty()) text = join(column.parts, " + ");
  if (column.list == config::ColumnMap::List::rows) text += " → " + column.child_entity;
  if (!column.map.empty()) text += fmt::format(" ({} mapped)", column.map.size());
  return text;
}

int run(const Options& options, cli::Context& ctx) {
  const auto& source = find_source(ctx, options.name);
  if (ctx.format() == "toml") {
    const auto& file = ctx.config().file;
    ctx.out() << config::effective_source(read_file(file), file, source.name, ctx.world().presets);
    return 0;
  }
  cli::Table table;
  for (const auto* column : {"stream", "what", "value"}) table.columns.push_back({column});
  const auto add = [&](const std::string& stream, std::string what, std::string value) {
    if (!value.empty()) table.rows.push_back({stream, std::move(what), std::move(value)});
  };
  for (const auto& stream : source.streams) {
    add(stream.name, "url", http::redact(sources::join_url(source.base_url, stream.path), {}));
    add(stream.name, "entity", stream.entity);
    add(stream.name, "records at", stream.data_selector);
    add(stream.name, "pages", std::string(paginator_name(stream.paginator.type)));
    if (stream.incremental) {
      const auto& in = *stream.incremental;
      const bool response = in.source == config::Incremental::Source::response;
      const auto& from = response ? in.state_path : in.cursor_path;
      add(stream.name, "incremental", from.empty() ? "clock" : fmt::format("{} → {}", from, in.start_param));
    }
    for (const auto& column : stream.columns) add(stream.name, column.column, column_text(column));
  }
  if (source.auth.type != config::Auth::Type::none) add("", "auth", sources::describe_secret(source.auth));
  ctx.print(table, "source.show");
  return 0;
}

}  // namespace

void add_source_show(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("show", "Show a source as it is after its preset and sitrep.toml");
  command.positional("SOURCE", options->name, "A source of sitrep.toml").completes("source");
  command.formats({"text", "toml", "json", "csv", "ndjson", "markdown"});
  command.example("sitrep source show pager", "Where it asks, and what becomes of a record");
  command.example("sitrep source show pager --format toml", "The whole configuration, preset and own keys together");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
