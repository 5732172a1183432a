#include "store/history.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "entity_argument.hpp"
#include "field_cell.hpp"
#include "json/writer.hpp"
#include "store/gc.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::string entity, id;
  std::optional<std::string> source;
};

std::string_view column_of(const model::Entity& entity, std::size_t index) {
  if (index < entity.columns.size()) return entity.columns[index].name;
  return index == entity.columns.size() ? "url" : "extra";
}

std::string shown(const model::Entity& entity, std::string_view column, const store::Value& value) {
  return cli::cell_text(field_cell(entity, column, value), cli::Table::Column::As::plain, Zone());
}

/// A first state tells its columns, a later one what is different.
std::string what_changed(const model::Entity& entity, const store::Version& version, bool first) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (first) {
    for (std::size_t i = 0; i < version.values.size(); ++i)
      if (!std::holds_alternative<std::monostate>(version.values[i]))
        add(fmt::format("{} {}", column_of(entity, i), shown(entity, column_of(entity, i), version.values[i])));
    return text;
  }
  for (const auto& change : version.changes) {
    auto part = fmt::format("{} {} → {}", change.column, shown(entity, change.column, change.before),
                            shown(entity, change.column, change.after));
    if (change.days) part += fmt::format(" ({:+} days)", *change.days);
    add(part);
  }
  return text;
}

std::string record_json(const model::Entity& entity, const store::Version& version) {
  json::Writer writer;
  writer.begin_object();
  for (std::size_t i = 0; i < version.values.size(); ++i) {
    const auto column = column_of(entity, i);
    writer.key(column).raw(field_json(entity, column, version.values[i]));
  }
  writer.end_object();
  return writer.take();
}

std::string changes_json(const model::Entity& entity, const store::Version& version) {
  json::Writer writer;
  writer.begin_array();
  for (const auto& change : version.changes) {
    writer.begin_object().member("column", change.column);
    writer.key("before").raw(field_json(entity, change.column, change.before));
    writer.key("after").raw(field_json(entity, change.column, change.after));
    if (change.days) writer.member("days", *change.days);
    writer.end_object();
  }
  writer.end_array();
  return writer.take();
}

int run(const Options& options, cli::Context& ctx) {
  auto& store = ctx.store();
  const auto& entity = entity_argument(store, options.entity);
  const auto versions = store::history(store, entity, options.id, options.source);
  const auto of_first = [&](const store::Version& v) { return v.source == versions.front().source; };
  using Column = cli::Table::Column;
  using Shown = cli::Table::Shown;
  cli::Table table;
  table.columns = {
      {.name = "observed_at", .header = "seen", .as = Column::As::time},
      {.name = "event"},
      {.name = "what", .header = "what"},
      {.name = "source", .shown = std::ranges::all_of(versions, of_first) ? Shown::structured : Shown::always},
      {.name = "id", .shown = Shown::structured},
      {.name = "superseded_at", .as = Column::As::time, .shown = Shown::structured},
      {.name = "deleted_at", .as = Column::As::time, .shown = Shown::structured},
      {.name = "changes", .as = Column::As::json, .shown = Shown::structured},
      {.name = "record", .as = Column::As::json, .shown = Shown::structured}};
  const auto moment = [](const std::optional<UnixTime>& t) -> cli::Table::Cell {
    if (!t) return std::monostate{};
    return unix_seconds(*t);
  };
  // A person wants to see the removal as a line of the story; a program has deleted_at.
  const bool story = ctx.format() == "text" || ctx.format() == "markdown";
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const auto& v = versions[i];
    const bool first = i == 0 || versions[i - 1].source != v.source;
    const bool again = !first && versions[i - 1].deleted_at;
    table.rows.push_back({unix_seconds(v.observed_at),
                          std::string(first   ? "added"
                                      : again ? "restored"
                                              : "changed"),
                          what_changed(entity, v, first || again), v.source, v.id, moment(v.superseded_at),
                          moment(v.deleted_at), changes_json(entity, v), record_json(entity, v)});
    if (v.deleted_at && story)
      table.rows.push_back({unix_seconds(*v.deleted_at), std::string("removed"), {}, v.source, v.id, {}, {}, {}, {}});
  }
  const auto whole_since = store::whole_since(store.db(), entity.name);
  if (versions.empty() && story)
    ctx.note(fmt::format("the store {} {} '{}'", whole_since ? "has no" : "has never seen", entity.name, options.id));
  else
    ctx.print(table, "history");
  if (whole_since)
    ctx.note(fmt::format("'sitrep store gc' removed the past of {} before {}: what was known until then is not here",
                         entity.name, format_utc(*whole_since)));
  return versions.empty() ? 1 : 0;
}

}  // namespace

void add_history(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("history", "Every state of one record");
  command.positional("ENTITY", options->entity, "The kind of record: incident, milestone, …").completes("entity");
  command.positional("ID", options->id, "Its id");
  command.option("--source", options->source, "NAME", "Only from this source").completes("source");
  command.description(
      "When the store first saw the record, what changed since, when it vanished. Times are those of the syncs that "
      "saw\n"
      "it. JSON has the whole record at each state.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.exits(1, "the store has never seen the record");
  command.example("sitrep history incident INC-1881", "The story of an incident");
  command.example("sitrep history milestone 14 --json", "Every state, for a script");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
