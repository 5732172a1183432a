#include "store/status.hpp"

#include "cli/context.hpp"
#include "commands.hpp"

namespace sitrep::cmd {
namespace {

using Column = cli::Table::Column;
using Cell = cli::Table::Cell;

constexpr auto k_right = Column::Align::right;
constexpr auto k_structured = cli::Table::Shown::structured;

template <class T>
Cell optional_cell(const std::optional<T>& value) {
  if (!value) return std::monostate{};
  if constexpr (std::is_same_v<T, UnixTime>)
    return unix_seconds(*value);
  else
    return *value;
}

/// "ok", "failed", "interrupted": what became of the last run.
std::string outcome(const store::StreamStatus& status) {
  if (!status.last_run) return "never ran";
  if (status.last_run->error) return "failed";
  if (!status.last_run->finished_at) return "interrupted";
  return "ok";
}

cli::Table to_table(const std::vector<store::StreamStatus>& streams, UnixTime now) {
  cli::Table table;
  table.columns = {{.name = "source"},
                   {.name = "stream"},
                   {.name = "entity", .shown = k_structured},
                   {.name = "age_seconds", .header = "age", .align = k_right, .as = Column::As::duration},
                   {.name = "rows", .align = k_right},
                   {.name = "last_run"},
                   {.name = "rejected", .header = "rejects", .align = k_right},
                   {.name = "error", .header = "what happened"},
                   {.name = "next_page", .shown = k_structured},
                   {.name = "last_success_at", .as = Column::As::time, .shown = k_structured},
                   {.name = "last_full_at", .as = Column::As::time, .shown = k_structured},
                   {.name = "last_run_at", .as = Column::As::time, .shown = k_structured}};
  for (const char* name :
       {"added", "changed", "unchanged", "removed", "duplicates", "odd_values", "requests", "not_modified", "bytes"})
    table.columns.push_back({.name = name, .align = k_right, .shown = k_structured});
  for (const auto& s : streams) {
    Cell age, rejected, what;
    if (s.last_success_at) age = (now - *s.last_success_at).count();
    if (s.last_run) rejected = s.last_run->counts.rejected;
    if (s.last_run && s.last_run->error)
      what = *s.last_run->error;
    else if (s.interrupted_at)
      what = "resumes at " + *s.interrupted_at;
    std::vector<Cell> row = {s.source,
                             s.stream,
                             s.entity,
                             age,
                             optional_cell(s.rows),
                             outcome(s),
                             rejected,
                             what,
                             optional_cell(s.interrupted_at),
                             optional_cell(s.last_success_at),
                             optional_cell(s.last_full_at)};
    if (s.last_run) {
      const auto& run = *s.last_run;
      const auto& c = run.counts;
      row.insert(row.end(), {unix_seconds(run.started_at), c.added, c.changed, c.unchanged, c.removed, c.duplicates,
                             optional_cell(run.odd_values), optional_cell(run.requests),
                             optional_cell(run.not_modified), optional_cell(run.bytes)});
    }
    row.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  return table;
}

int run(cli::Context& ctx) {
  const auto streams = store::stream_status(ctx.store());
  if (streams.empty() && ctx.format() == "text") {
    ctx.note("nothing has been synced yet; run 'sitrep sync'");
    return 0;
  }
  ctx.print(to_table(streams, ctx.now()), "status");
  return 0;
}

}  // namespace

void add_status(cli::Command& root) {
  auto& command = root.add("status", "Freshness, rows and the last run of every stream");
  command.description(
      "One line per stream: how old its last good data is, how many rows the store holds of it, what became of the "
      "last\n"
      "run and how many records that run rejected. An interrupted run goes on at the next sync where it stopped.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.example("sitrep status", "Every stream");
  command.example("sitrep status --json --fields source,stream,age_seconds", "The age of the data, for a script");
  command.run(run);
}

}  // namespace sitrep::cmd
