#include "records.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "known_names.hpp"
#include "model/entity.hpp"
#include "notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace sitrep::cmd {
namespace {

using Column = cli::Table::Column;

constexpr std::int64_t k_rows_for_people = 50;

struct Options {
  std::vector<std::string> services, teams, programs, severities, statuses;
  std::optional<std::string> since, until, sort;
  std::optional<std::int64_t> limit;
};

Column make_column(const model::Entity& entity, const std::string& name) {
  Column column;
  column.name = name;
  const auto* definition = entity.find(name);
  const auto type = definition              ? definition->type
                    : name == "extra"       ? model::ColumnType::json
                    : name == "observed_at" ? model::ColumnType::timestamp
                                            : model::ColumnType::text;
  if (type == model::ColumnType::timestamp) column.as = Column::As::time;
  if (type == model::ColumnType::date) column.as = Column::As::date;
  if (type == model::ColumnType::json) column.as = Column::As::json;
  if (type == model::ColumnType::integer || type == model::ColumnType::real) column.align = Column::Align::right;
  // "started_at" reads "started" over a time.
  if (name.ends_with("_at") || name.ends_with("_date")) column.header = name.substr(0, name.rfind('_'));
  return column;
}

cli::Table::Cell make_cell(const model::Entity& entity, const std::string& name, const store::OwnedCell& cell) {
  const auto* definition = entity.find(name);
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (definition && definition->type == model::ColumnType::boolean) return *number != 0;
    return *number;
  }
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return {};
}

/// The shown columns first, the others behind them for json and csv.
cli::Table make_table(const model::Entity& entity, const store::Listed& listed, const std::vector<std::string>& shown) {
  auto order = shown;
  for (const auto& column : listed.columns) {
    if (std::ranges::find(order, column) == order.end()) order.push_back(column);
  }
  cli::Table table;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < order.size(); ++i) {
    table.columns.push_back(make_column(entity, order[i]));
    if (i >= shown.size()) table.columns.back().shown = cli::Table::Shown::structured;
    positions.push_back(static_cast<std::size_t>(listed.index_of(order[i])));
  }
  for (const auto& row : listed.rows) {
    auto& cells = table.rows.emplace_back();
    for (std::size_t i = 0; i < order.size(); ++i) cells.push_back(make_cell(entity, order[i], row[positions[i]]));
  }
  return table;
}

void sort_by(store::Listing& listing, const std::string& sort) {
  listing.descending = sort.starts_with('-');
  listing.sort = listing.descending ? sort.substr(1) : sort;
}

int run_list(const RecordList& list, const Options& options, cli::Context& ctx) {
  if (options.limit.value_or(0) < 0) fail(ErrorKind::usage, "--limit: {} is negative", *options.limit);
  using Through = store::Listing::Filter::Through;
  store::Listing listing;
  listing.entity = list.entity;
  listing.filters = {{"service", options.services, Through::service},
                     {"team", options.teams, Through::service},
                     {"program", options.programs, Through::service},
                     {"severity", options.severities},
                     {"status", options.statuses}};
  std::erase_if(listing.filters, [](const auto& filter) { return filter.any_of.empty(); });
  listing.time_column = list.time_column;
  listing.since = ctx.time_if_given("--since", options.since);
  listing.until = ctx.time_if_given("--until", options.until);
  sort_by(listing, options.sort.value_or(list.sort));
  // People get a screen or two unless they ask for more; what programs read is whole.
  const bool for_people = ctx.format() == "text";
  const auto limit = options.limit.value_or(for_people ? k_rows_for_people : 0);
  if (limit > 0) listing.limit = limit;
  const auto listed = store::list(ctx.store(), listing);
  if (listed.rows.empty()) {
    refuse_unknown_names(ctx, "service", options.services);
    refuse_unknown_names(ctx, "program", options.programs);
  }
  ctx.print(make_table(*ctx.store().find_entity(list.entity), listed, list.shown), list.schema);
  const auto shown = static_cast<std::int64_t>(listed.rows.size());
  if (shown < listed.total) {
    ctx.note(fmt::format("{} of {} shown; --limit 0 shows all", group_thousands(shown), group_thousands(listed.total)));
  }
  return 0;
}

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

store::Listed find_record(cli::Context& ctx, const model::Entity& entity, const std::string& asked) {
  store::Listing listing;
  listing.entity = entity.name;
  listing.filters = {{"id", {asked}}};
  auto found = store::list(ctx.store(), listing);
  if (found.rows.empty() && entity.find("name")) {
    listing.filters = {{"name", {asked}}};
    found = store::list(ctx.store(), listing);
  }
  if (found.rows.empty()) {
    const auto known = store::names(ctx.store(), entity.name);
    const std::vector<std::string_view> views(known.begin(), known.end());
    const auto guess = did_you_mean(asked, views);
    fail(ErrorKind::usage, "there is no {} '{}' in the store{}", entity.name, visible(asked),
         guess.empty() ? fmt::format("; 'sitrep {} list' shows what there is", entity.name) : guess);
  }
  return found;
}

std::string text_of(const store::Listed& listed, std::size_t row, std::string_view column) {
  const auto index = listed.index_of(column);
  if (index < 0) return {};
  const auto* text = std::get_if<std::string>(&listed.rows[row][static_cast<std::size_t>(index)]);
  return text ? *text : std::string();
}

cli::Table related_table(cli::Context& ctx, const Related& related, const store::Listed& record, std::size_t row) {
  store::Listing listing;
  listing.entity = related.entity;
  std::vector<std::string> keys{text_of(record, row, "id")};
  if (related.key == Related::Key::id_or_name) {
    if (auto name = text_of(record, row, "name"); !name.empty()) keys.push_back(std::move(name));
    listing.filters = {{related.column, keys}};
  } else {
    listing.filters = {{related.column, keys}, {"source", {text_of(record, row, "source")}}};
  }
  sort_by(listing, related.sort);
  return make_table(*ctx.store().find_entity(related.entity), store::list(ctx.store(), listing), related.shown);
}

}  // namespace

void add_record_list(cli::Command& command, RecordList list) {
  auto options = std::make_shared<Options>();
  if (has(list.filters, "service")) {
    command.option("--service", options->services, "NAME", "Of this service, by any of its names").completes("service");
  }
  if (has(list.filters, "team")) command.option("--team", options->teams, "NAME", "Of this team").completes("team");
  if (has(list.filters, "program")) {
    command.option("--program", options->programs, "NAME", "Of this program").completes("program");
  }
  if (has(list.filters, "severity")) {
    command.option("--severity", options->severities, "SEV", "Of this severity, such as SEV1");
  }
  if (has(list.filters, "status")) command.option("--status", options->statuses, "STATUS", "In this status");
  if (!list.time_column.empty()) {
    command.option("--since", options->since, "TIME", fmt::format("With {} at TIME or later", list.time_column));
    command.option("--until", options->until, "TIME", fmt::format("With {} before TIME", list.time_column));
  }
  command.option("--sort", options->sort, "COLUMN",
                 fmt::format("Order; -COLUMN turns it round (default: {})", list.sort));
  command.option("--limit", options->limit, "N", "At most N rows, 0 for all (default: 50 as text, else all)");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.run([options, list = std::move(list)](cli::Context& ctx) { return run_list(list, *options, ctx); });
}

int show_record(cli::Context& ctx, const std::string& entity, const std::string& schema, const std::string& asked,
                const std::vector<Related>& related) {
  const auto* definition = ctx.store().find_entity(entity);
  const auto found = find_record(ctx, *definition, asked);
  auto table = make_table(*definition, found, {});
  for (auto& column : table.columns) {
    column.shown = column.name == "extra" ? cli::Table::Shown::structured : cli::Table::Shown::always;
  }
  table.layout = cli::Table::Layout::record;
  for (const auto& part : related) {
    table.columns.push_back({part.title, "", Column::Align::left, Column::As::json, cli::Table::Shown::structured});
    for (std::size_t row = 0; row < found.rows.size(); ++row) {
      table.rows[row].push_back(cli::to_json_rows(related_table(ctx, part, found, row)));
    }
  }
  table.columns.push_back({"notes", "", Column::Align::left, Column::As::json, cli::Table::Shown::structured});
  std::vector<policy::Note> notes;
  for (std::size_t row = 0; row < found.rows.size(); ++row) {
    notes = notes_on(ctx, {text_of(found, row, "id"), text_of(found, row, "name")});
    table.rows[row].push_back(notes_json(notes));
  }
  ctx.print(table, schema);
  if (ctx.wants_rows()) return 0;
  print_notes(ctx, notes, "note  ");
  for (std::size_t row = 0; row < found.rows.size(); ++row) {
    for (const auto& part : related) {
      const auto rows = related_table(ctx, part, found, row);
      if (rows.rows.empty()) continue;
      ctx.out() << '\n' << part.title << '\n';
      ctx.print(rows, schema);
    }
  }
  return 0;
}

}  // namespace sitrep::cmd
