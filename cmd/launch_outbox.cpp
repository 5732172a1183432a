#include "cli/context.hpp"
#include "commands.hpp"
#include "store/outbox_table.hpp"

#include <filesystem>
#include <memory>

namespace sitrep::cmd {
namespace {

struct Options {
  bool all = false;
};

int run(const Options& options, cli::Context& ctx) {
  using As = cli::Table::Column::As;
  constexpr auto structured = cli::Table::Shown::structured;
  cli::Table table;
  table.columns = {{"updated_at", "since", {}, As::time},
                   {"state"},
                   {"subject", "file"},
                   {"verb", "action"},
                   {"source"},
                   {.name = "tries"},
                   {.name = "status"},
                   {.name = "remote_id", .header = "id"},
                   {"error"},
                   {.name = "idempotency_key", .shown = structured}};
  const auto text = [](const std::string& s) { return s.empty() ? cli::Table::Cell() : cli::Table::Cell(s); };
  std::error_code none;
  if (std::filesystem::exists(ctx.store_file(), none)) {
    for (const auto& entry : store::OutboxTable(ctx.store()).list(options.all)) {
      table.rows.push_back({unix_seconds(entry.updated_at), std::string(store::name(entry.state)), entry.subject,
                            entry.verb, entry.source, entry.tries,
                            entry.status ? cli::Table::Cell(*entry.status) : cli::Table::Cell(), text(entry.remote_id),
                            text(entry.error), entry.idempotency_key});
    }
  }
  if (table.rows.empty() && ctx.format() == "text") {
    ctx.note(options.all ? "nothing was ever filed from here" : "nothing waits: every filing is settled");
    return 0;
  }
  ctx.print(table, "launch.outbox");
  return 0;
}

}  // namespace

void add_launch_outbox(cli::Command& noun) {
  auto options = std::make_shared<Options>();
  auto& command = noun.add("outbox", "Filings that are not settled");
  command.option("--all", options->all, "Also those that are done");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "A pending filing may have arrived: 'sitrep launch file FILE' finds out. A refused one was not accepted; the "
      "reason\n"
      "stands beside it.");
  command.example("sitrep launch outbox", "What still has to be found out");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
