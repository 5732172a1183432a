#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "http/waiter.hpp"
#include "source_world.hpp"
#include "sources/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string name;
  std::optional<std::int64_t> limit;
};

cli::Table::Cell shown(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
  return {};
}

cli::Table::Column::As as_of(const model::Column& column) {
  if (column.type == model::ColumnType::timestamp) return cli::Table::Column::As::time;
  if (column.type == model::ColumnType::json) return cli::Table::Column::As::json;
  return cli::Table::Column::As::plain;
}

/// The first rows as they would be stored; columns that are empty in all of them only in json and csv.
cli::Table to_table(const model::RowBatch& rows, const model::Entity& entity, std::size_t limit) {
  const std::size_t count = std::min(rows.size(), limit);
  cli::Table table;
  table.columns.push_back({"id"});
  for (std::size_t c = 0; c < entity.columns.size(); ++c) {
    cli::Table::Column column{entity.columns[c].name};
    column.as = as_of(entity.columns[c]);
    const auto filled = [&] {
      for (std::size_t r = 0; r < count; ++r) {
        if (!model::is_null(rows.row(r).cells[c])) return true;
      }
      return false;
    };
    if (!filled()) column.shown = cli::Table::Shown::structured;
    table.columns.push_back(std::move(column));
  }
  table.columns.push_back({"extra"});
  table.columns.back().as = cli::Table::Column::As::json;
  for (std::size_t r = 0; r < count; ++r) {
    const auto row = rows.row(r);
    std::vector<cli::Table::Cell> cells{std::string(row.id)};
    for (const auto& cell : row.cells) cells.push_back(shown(cell));
    cells.push_back(row.extra.empty() ? cli::Table::Cell{} : cli::Table::Cell(std::string(row.extra)));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

void note_findings(cli::Context& ctx, const sources::WalkedPage& page, const sources::Mapping& mapping) {
  const auto& read = page.extraction;
  ctx.note(fmt::format("{} on the first page, {}", count_of(read.records, "record"),
                       count_of(static_cast<std::int64_t>(read.rows.size()), "row")));
  for (std::size_t i = 0; i < read.children.size(); ++i) {
    ctx.note(fmt::format("{} of {}", count_of(static_cast<std::int64_t>(read.children[i].size()), "row"),
                         mapping.children[i]->entity->name));
  }
  for (const auto& [what, count] : read.odd) {
    ctx.note(fmt::format("{} in {}: {}", count_of(count, "odd value"), what.first, what.second));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(read.rejects.size(), 5); ++i) {
    ctx.note(fmt::format("rejected: {}: {}: {}", read.rejects[i].where, read.rejects[i].reason,
                         truncate_display(visible(read.rejects[i].raw), 120)));
  }
  if (read.rejects.size() > 5) ctx.note(fmt::format("and {} more rejected", read.rejects.size() - 5));
}

int run(const Options& options, cli::Context& ctx) {
  const auto [source, stream] = find_stream(ctx, options.name);
  if (!source->unset_environment.empty()) {
    const auto& [name, where] = source->unset_environment.front();
    fail(ErrorKind::config, "{}: the environment variable {} is not set", where.text(), name);
  }
  const auto entities = [&ctx](std::string_view name) -> const model::Entity* {
    for (const auto& own : ctx.config().entities) {
      if (own.name == name) return &own;
    }
    return model::find_built_in(name);
  };
  const auto mapping = sources::make_mapping(*stream, entities);
  auto credentials = sources::read_credentials(*source, secret_context(ctx));
  const auto transport = transport_of(ctx, *source);
  const FixedClock clock(ctx.now());
  http::SystemWaiter waiter;
  http::ClientOptions client_options;
  client_options.retries = 0;  // a test shows what is, at once
  client_options.limits.body_bytes = source->max_bytes;
  client_options.deadline = ctx.deadline();
  client_options.log = [&ctx](std::string_view line) { ctx.detail(line); };
  http::Client client(*transport, clock, waiter, client_options);
  sources::authorize(*source, credentials, client);
  sources::PageState first;
  first.plan = sources::make_plan(*stream, {}, {}, ctx.now());
  first.slice = sources::first_slice(first.plan).value_or(sources::Bounds{});
  first.position = sources::first_position(stream->paginator);
  const auto page = sources::Walk(*source, *stream, mapping, credentials, client, clock).first_page(first);
  ctx.print(to_table(page.extraction.rows, *mapping.entity,
                     static_cast<std::size_t>(std::max<std::int64_t>(options.limit.value_or(5), 0))),
            "source.test");
  note_findings(ctx, page, mapping);
  return 0;
}

}  // namespace

void add_source_test(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("test", "Fetch one page of a stream and show how it maps; nothing is stored");
  command.positional("SOURCE[.STREAM]", options->name, "The stream; a source's first one when only the source is given")
      .completes("source");
  command.option("--limit", options->limit, "N", "Show that many rows (default 5)");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.exits(9, "the source refused the credentials");
  command.example("sitrep source test pager.incidents", "Does the token work, and do the columns fill?");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
