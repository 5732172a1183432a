#include "store/query.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <iterator>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/named_values.hpp"
#include "cli/row_printer.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "query_prompt.hpp"
#include "query_table.hpp"

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> sql, file, name;
  bool list = false;
  std::vector<std::string> parameters;
};

void require_one(const Options& options) {
  const int given = (options.sql ? 1 : 0) + (options.file ? 1 : 0) + (options.name ? 1 : 0) + (options.list ? 1 : 0);
  if (given != 1) fail(ErrorKind::usage, "give one of SQL, '-' for standard input, --file FILE, --name NAME or --list");
}

std::string text_of(const Options& options, cli::Context& ctx) {
  if (options.file) return read_input(*options.file, std::size_t{1} << 20);
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
  for (auto& [name, value] : cli::named_values("--param", options.parameters)) parameters.push_back({name, value, {}});
  return parameters;
}

std::string_view stuck_message;  // for the signal handler, which may not allocate

extern "C" void stop_stuck(int) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, stuck_message.data(), stuck_message.size());
  ::_exit(7);
}

/// SQLite looks at the clock between its steps, and a function over long texts is one step: the process ends a little
/// after the query's own limit. In processors' time, so that whoever reads the rows may take as long as they like.
class LastResort {
 public:
  explicit LastResort(bool as_json) {
    stuck_message =
        as_json ? "{\"error\":{\"kind\":\"user_code\",\"message\":\"query: stopped inside of one function; give "
                  "it smaller texts\",\"exit\":7}}\n"
                : "sitrep: error: query: stopped inside of one function; give it smaller texts\n";
    std::signal(SIGPROF, stop_stuck);
    arm();
  }
  ~LastResort() { set(Seconds(0)); }
  LastResort(const LastResort&) = delete;
  LastResort& operator=(const LastResort&) = delete;

  /// From now on.
  void arm() const { set(std::chrono::ceil<Seconds>(store::QueryLimits{}.time) + Seconds(5)); }

 private:
  static void set(Seconds left) {
    const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = left.count(), .tv_usec = 0}};
    ::setitimer(ITIMER_PROF, &timer, nullptr);
  }
};

/// Row by row, so that any number of rows needs the memory of one.
void stream(store::Query& query, const LastResort& last_resort, cli::Context& ctx) {
  constexpr int k_between = 4096;
  cli::RowPrinter printer(ctx, table_of(query), "query");
  for (std::int64_t rows = 1; query.step(); ++rows) {
    printer.add(row_of(query));
    if (rows % k_between == 0) last_resort.arm();
  }
  printer.finish();
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

bool wants_prompt(const Options& options, cli::Context& ctx) {
  const auto& world = ctx.world();
  return !options.sql && !options.file && !options.name && !options.list && options.parameters.empty() &&
         world.in_is_terminal && world.out_is_terminal && ctx.globals().outputs.empty() && ctx.format() == "text";
}

int run(const Options& options, cli::Context& ctx) {
  if (wants_prompt(options, ctx)) return query_prompt(ctx);
  require_one(options);
  if (options.list) return list(ctx);
  const auto sql = text_of(options, ctx);
  const auto parameters = parameters_of(options);
  store::QueryBox box(ctx.store());
  const LastResort last_resort(ctx.format() == "json");
  auto query = box.prepare(sql, parameters);
  if (ctx.format() == "ndjson" || ctx.format() == "csv")
    stream(query, last_resort, ctx);
  else
    ctx.print(collect_rows(query), "query");
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
      "stopped after 30 s of SQL's own time or 1 GB of memory; text, json and markdown hold a million rows at most, "
      "ndjson and csv "
      "stream.\n"
      "On a terminal without SQL it prompts: Tab completes names, the arrows bring back earlier statements.\n"
      "\n"
      "Times are Unix seconds: ts('2026-11-01') and ts('-7d') make them, iso(x) and duration(x) print them. In the "
      "workspace's\n"
      "zone local(x) is the clock, which strftime() takes apart, and day(x), week(x) and month(x) group. median(x) and "
      "percentile(x, 0.9) are aggregates.\n"
      "FROM incident_counts(from, to) has the incidents that started between two times by week, program, service, "
      "severity\n"
      "and kind, with their number n: soon, however many they are. incident_counts(from, to, 'week severity') does by "
      "these alone.");
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
