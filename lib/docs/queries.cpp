#include "docs/queries.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/queries_ahead.hpp"
#include "docs/sql.hpp"

namespace sitrep::docs {

using templating::CallArguments;
using templating::CallSite;
using templating::Dict;
using templating::Value;

namespace {

/// A query of the template's header or one of sitrep.toml.
std::optional<NamedQuery> find_named(const Run& run, std::string_view wanted) {
  for (const auto& [name, sql] : run.header().queries)
    if (name == wanted) return NamedQuery{name, sql};
  if (const auto* config = run.inputs().config)
    for (const auto& [name, sql] : config->queries)
      if (name == wanted) return NamedQuery{name, sql};
  return std::nullopt;
}

/// The same, or SQL itself.
NamedQuery find_query(const Run& run, const std::string& name_or_sql) {
  if (auto named = find_named(run, name_or_sql)) return *std::move(named);
  if (looks_like_sql(name_or_sql)) return {"SQL", name_or_sql};
  std::vector<std::string_view> known;
  for (const auto& [name, sql] : run.header().queries) known.push_back(name);
  if (const auto* config = run.inputs().config)
    for (const auto& [name, sql] : config->queries) known.push_back(name);
  fail(ErrorKind::user_code, "query: '{}' is neither a query of [queries] nor SQL{}", visible(name_or_sql),
       did_you_mean(name_or_sql, known));
}

std::map<std::string, Value> standard_parameters(const Run& run) {
  auto parameters = sql_parameters(run.inputs(), run.period(), run.program());
  if (!run.program()) parameters.erase("program");  // a document may have a parameter of that name
  parameters.insert(run.parameters.begin(), run.parameters.end());
  parameters.emplace("program", Value::none());
  return parameters;
}

Value rows_of(Run& run, const NamedQuery& query, const Dict& given) {
  if (given.empty() && run.ahead())
    if (auto rows = run.ahead()->take(query.name)) return *std::move(rows);
  auto parameters = standard_parameters(run);
  for (const auto& [name, value] : given) parameters[name.string()] = value;
  return run_sql(run.box(), query.sql, query.name, parameters);
}

}  // namespace

std::map<std::string, Value> sql_parameters(const Inputs& inputs, const ReportPeriod& period,
                                            const std::optional<std::string>& program) {
  const auto& window = period.window;
  const auto date = [&](UnixTime at) { return Value(format_date(inputs.calendar.zone.date_of(at))); };
  return {{"from", unix_seconds(window.period.from)},
          {"to", unix_seconds(window.period.to)},
          {"previous_from", unix_seconds(window.previous.from)},
          {"previous_to", unix_seconds(window.previous.to)},
          {"from_date", date(window.period.from)},
          {"to_date", date(window.period.to)},
          {"now", unix_seconds(inputs.now)},
          {"today", date(inputs.now)},
          {"program", program ? Value(*program) : Value::none()}};
}

void begin_queries(Run& run, std::span<const CallSite> calls) {
  std::vector<NamedQuery> queries;
  for (const auto& call : calls) {
    if (call.name != "query" || !call.text || !call.keywords.empty()) continue;
    if (std::ranges::find(queries, *call.text, &NamedQuery::name) != queries.end()) continue;
    if (auto named = find_named(run, *call.text)) queries.push_back(*std::move(named));
  }
  run.run_ahead(std::make_unique<QueriesAhead>(*run.inputs().store, std::move(queries), standard_parameters(run)));
}

Value query(Run& run, CallArguments& arguments) {
  const auto found = find_query(run, arguments.text(0));
  Dict given;
  for (const auto& [name, value] : arguments.named_rest()) given.set(name, value);
  auto rows = rows_of(run, found, given);
  arguments.engine().charge(rows.list().size());
  return run.record("query", Dict{{"name", found.name == "SQL" ? found.sql : found.name}, {"parameters", given}},
                    std::move(rows));
}

}  // namespace sitrep::docs
