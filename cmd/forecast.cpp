#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "forecast/regular.hpp"
#include "forecast_table.hpp"
#include "input_file.hpp"
#include "numbers.hpp"
#include "series_csv.hpp"
#include "store/query.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::optional<std::string> file, sql;
  std::optional<std::int64_t> horizon, season;
  std::optional<double> interval;
  bool best = false;
};

std::vector<model::Series> read_query(const std::string& sql, cli::Context& ctx) {
  store::QueryBox box(ctx.store());
  auto query = box.prepare(sql);
  int series = -1;
  int at = -1;
  int value = -1;
  for (int i = 0; i < query.columns(); ++i) {
    const auto name = query.column_name(i);
    if (equal_ignoring_case(name, "series")) series = i;
    if (equal_ignoring_case(name, "at")) at = i;
    if (equal_ignoring_case(name, "value")) value = i;
  }
  if (at < 0 || value < 0) fail(ErrorKind::user_code, "--sql: must give the columns 'at' (Unix seconds) and 'value'");
  std::vector<model::Series> result;
  std::map<std::string, std::size_t> known;
  while (query.step()) {
    std::string name;
    if (series >= 0) {
      const auto cell = query.cell(series);
      if (const auto* text = std::get_if<std::string_view>(&cell))
        name = *text;
      else if (const auto* number = std::get_if<std::int64_t>(&cell))
        name = std::to_string(*number);
    }
    const auto [where, fresh] = known.emplace(name, result.size());
    if (fresh) result.push_back({name, "", {}});
    const auto time = query.cell(at);
    const auto* seconds = std::get_if<std::int64_t>(&time);
    if (!seconds) fail(ErrorKind::user_code, "--sql: 'at' must be whole Unix seconds; use ts() for text");
    const auto cell = query.cell(value);
    double number = 0;
    if (const auto* real = std::get_if<double>(&cell))
      number = *real;
    else if (const auto* integer = std::get_if<std::int64_t>(&cell))
      number = static_cast<double>(*integer);
    else if (model::is_null(cell))
      continue;
    else
      fail(ErrorKind::user_code, "--sql: 'value' must be a number");
    result[where->second].samples.push_back({unix_time(*seconds), number});
  }
  if (result.empty()) fail(ErrorKind::data, "--sql: gave no rows");
  return result;
}

std::vector<model::Series> read_input(const Options& options, cli::Context& ctx) {
  if (options.file.has_value() == options.sql.has_value()) {
    fail(ErrorKind::usage, "name a CSV file or give --sql, one of them");
  }
  if (options.sql) return read_query(*options.sql, ctx);
  const auto zone = ctx.calendar().zone;
  if (*options.file == "-") {
    const std::string text{std::istreambuf_iterator<char>(*ctx.world().in), std::istreambuf_iterator<char>()};
    return read_series_csv(text, "standard input", zone);
  }
  return read_series_csv(cmd::read_input(*options.file), display(*options.file), zone);
}

/// One series; false when it has too little data, which is noted.
bool forecast_one(const model::Series& series, const Options& options, cli::Context& ctx, cli::Table& table) {
  const auto name = series.name.empty() ? std::string("series") : visible(series.name);
  const auto regular = forecast::regularise(series.samples);
  if (!regular || regular->values.size() < forecast::k_least_history) {
    ctx.note(fmt::format("{}: not forecast: {}, needs {} at even distances", name,
                         count_of(static_cast<std::int64_t>(series.samples.size()), "point"),
                         forecast::k_least_history));
    return false;
  }
  forecast::Options o;
  o.horizon = options.horizon ? static_cast<std::size_t>(*options.horizon)
                              : std::max<std::size_t>(1, regular->values.size() / 4);
  o.season_candidates = forecast::season_candidates(regular->step);
  if (options.season) o.season = static_cast<std::size_t>(*options.season);
  o.levels = {checked_level(options.interval)};
  o.choice = options.best ? forecast::Choice::best : forecast::Choice::weighted;
  const auto f = forecast::forecast(regular->values, o);
  if (!ctx.wants_rows()) {
    ctx.line(
        "", fmt::format("{}: {}, season {}", name, count_of(static_cast<std::int64_t>(regular->values.size()), "point"),
                        f.season > 1 ? std::to_string(f.season) : std::string("none")));
    print_recipe(f, ctx);
    for (const auto& note : regular->notes()) ctx.line("  note: ", note);
  }
  for (std::size_t h = 0; h < f.values.size(); ++h) {
    add_forecast_row(table, series.name, regular->time(regular->values.size() + h), f, h);
  }
  return true;
}

int run(const Options& options, cli::Context& ctx) {
  if (options.horizon && *options.horizon < 1) fail(ErrorKind::usage, "--horizon: must be at least 1");
  if (options.season && *options.season < 1) fail(ErrorKind::usage, "--season: must be at least 1; 1 is none");
  checked_level(options.interval);
  auto table = forecast_table();
  std::size_t done = 0;
  const auto all = read_input(options, ctx);
  for (const auto& series : all) done += forecast_one(series, options, ctx, table) ? 1 : 0;
  if (done == 0) fail(ErrorKind::data, "no series has the {} points that a forecast needs", forecast::k_least_history);
  ctx.print(table, "forecast");
  return 0;
}

}  // namespace

void add_forecast(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("forecast", "Forecast any series, with its error and the naive method's beside it");
  command.positional("FILE", options->file, "CSV of at,value or series,at,value; - for standard input");
  command.completes("file");
  command.option("--sql", options->sql, "SQL", "The same columns from the store");
  command.option("--horizon", options->horizon, "N", "Steps ahead; at most (and by default) a quarter of the history");
  command.option("--season", options->season, "M", "Steps of a season; tested for when omitted, 1 is none");
  command.option("--interval", options->interval, "SHARE", "Share of futures that the range shall hold (default: 0.8)");
  command.option("--best", options->best, "The best method alone, not the weighted mean of all");
  command.formats({"text", "json", "csv", "ndjson", "markdown"});
  command.description(
      "Naive, seasonal naive, SES, Holt, damped trend, Theta, Comb and Theil-Sen are tried from up to 52 past moments; "
      "the\n"
      "forecast is their mean, weighted by the inverse fourth power of their error there. Ranges come from the same "
      "errors\n"
      "(split conformal). Gaps, repeated and backward timestamps are mended and reported.");
  command.example("for m in {1..9}; do echo 2026-0$m-01,$((m * m)); done | sitrep forecast - --horizon 2",
                  "Nine months from a pipe, two ahead");
  command.example("sitrep forecast --sql \"select name as series, at, value from measure\" --json",
                  "Every measure of the store");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
