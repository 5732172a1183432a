#include "store/query.hpp"

#include <iterator>
#include <ostream>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "commands.hpp"
#include "json/writer.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> sql, file, name;
  bool list = false;
  std::vector<std::string> parameters;
};

std::string text_of(const Options& options, cli::Context& ctx) {
  const int given = (options.sql ? 1 : 0) + (options.file ? 1 : 0) + (options.name ? 1 : 0);
  if (given != 1) fail(ErrorKind::usage, "give one of SQL, '-' for standard input, --file FILE, --name NAME or --list");
  if (options.file) return read_file(*options.file, std::size_t{1} << 20);
  if (options.name) {
    const auto& queries = ctx.config().queries;
    if (const auto found = queries.find(*options.name); found != queries.end()) return found->second;
    std::vector<std::string_view> names;
    for (const auto& [name, sql] : queries) names.push_back(name);
    fail(ErrorKind::usage, "there is no query '{}' in sitrep.toml{}", visible(*options.name),
         did_you_mean(*options.name, names));
  }
  if (*options.sql != "-") return *options.sql;
  return {std::istreambuf_iterator<char>(*ctx.world().in), {}};
}

std::vector<store::QueryParameter> parameters_of(const Options& options) {
  std::vector<store::QueryParameter> parameters;
  for (const auto& text : options.parameters) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0) fail(ErrorKind::usage, "--param: write '{}' as NAME=VALUE", visible(text));
    parameters.push_back({text.substr(0, at), text.substr(at + 1), {}});
  }
  return parameters;
}

cli::Table::Cell cell_of(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
  return std::monostate{};
}

/// Row by row, so that any number of rows needs the memory of one.
void stream_ndjson(store::Query& query, std::ostream& out) {
  std::vector<std::string> names;
  for (int i = 0; i < query.columns(); ++i) names.push_back(query.column_name(i));
  while (query.step()) {
    json::Writer row;
    row.begin_object();
    for (int i = 0; i < query.columns(); ++i) {
      row.key(names[static_cast<std::size_t>(i)]);
      const auto cell = query.cell(i);
      if (const auto* integer = std::get_if<std::int64_t>(&cell))
        row.value(*integer);
      else if (const auto* real = std::get_if<double>(&cell))
        row.value(*real);
      else if (const auto* text = std::get_if<std::string_view>(&cell))
        row.value(*text);
      else
        row.null();
    }
    row.end_object();
    out << row.text() << '\n';
  }
}

cli::Table collect(store::Query& query) {
  constexpr std::size_t k_most_rows = 1'000'000;  // a table is laid out as a whole; about a gigabyte
  cli::Table table;
  for (int i = 0; i < query.columns(); ++i) table.columns.push_back({.name = query.column_name(i)});
  std::vector<bool> numbers(table.columns.size(), true);
  while (query.step()) {
    if (table.rows.size() == k_most_rows)
      fail(ErrorKind::user_code, "query: more than {} rows; add a LIMIT, or use --format ndjson, which streams",
           group_thousands(k_most_rows));
    auto& row = table.rows.emplace_back();
    for (int i = 0; i < query.columns(); ++i) {
      row.push_back(cell_of(query.cell(i)));
      if (std::holds_alternative<std::string>(row.back())) numbers[static_cast<std::size_t>(i)] = false;
    }
  }
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i]) table.columns[i].align = cli::Table::Column::Align::right;
  return table;
}

int list(cli::Context& ctx) {
  cli::Table table;
  table.columns = {{.name = "name"}, {.name = "sql"}};
  for (const auto& [name, sql] : ctx.config().queries) table.rows.push_back({name, std::string(trim_view(sql))});
  if (table.rows.empty() && ctx.format() == "text")
    ctx.note("sitrep.toml has no [queries]; add one as [queries] NAME = \"select …\"");
  else
    ctx.print(table, "query.list");
  return 0;
}

int run(const Options& options, cli::Context& ctx) {
  if (options.list) return list(ctx);
  const auto sql = text_of(options, ctx);
  const auto parameters = parameters_of(options);
  store::QueryBox box(ctx.store());
  auto query = box.prepare(sql, parameters);
  if (ctx.format() == "ndjson" && !ctx.globals().fields)
    stream_ndjson(query, ctx.out());
  else
    ctx.print(collect(query), "query");
  return 0;
}

}  // namespace

void add_query(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("query", "Read the store with SQL");
  command.positional("SQL", options->sql, "One SELECT statement; '-' reads it from standard input");
  command.option("--file", options->file, "FILE", "Read the statement from a file").completes("file");
  command.option("--name", options->name, "NAME", "A query of sitrep.toml's [queries]");
  command.option("--list", options->list, "List the queries of sitrep.toml");
  command.option("--param", options->parameters, "NAME=VALUE", "The value of :NAME; may repeat");
  command.description(
      "The statement sees the documented views: one per entity, <entity>_history with every past state, sync_run, "
      "reject\n"
      "and stream; with --as-of they show what was known then. It can only read, on a connection of its own, and is\n"
      "stopped after 30 s or 1 GB of memory.\n"
      "\n"
      "Times are Unix seconds: ts('2026-11-01') and ts('-7d') make them, iso(x) and duration(x) print them, week(x) "
      "and\n"
      "month(x) group by them in the workspace's zone. median(x) and percentile(x, 0.9) are aggregates.");
  command.formats({"text", "json", "ndjson", "csv", "markdown"});
  command.exits(7, "the SQL is wrong, not allowed, or needs too much");
  command.example("sitrep query \"select severity, count(*) from incident group by 1 order by 1\"",
                  "Incidents by severity");
  command.example(
      "sitrep query \"select title from incident where team = :team\" --param team=payments --format ndjson",
      "With a parameter, one JSON object a line");
  command.example("echo \"select reason, count(*) from reject group by 1\" | sitrep query -", "From standard input");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
