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

/// What SQL may name without the template passing it.
std::map<std::string, Value> standard_parameters(const Run& run) {
  const auto& window = run.period().window;
  const auto& calendar = run.inputs().calendar;
  const auto date = [&](UnixTime at) { return Value(format_date(calendar.zone.date_of(at))); };
  std::map<std::string, Value> parameters = run.parameters;
  parameters["from"] = unix_seconds(window.period.from);
  parameters["to"] = unix_seconds(window.period.to);
  parameters["previous_from"] = unix_seconds(window.previous.from);
  parameters["previous_to"] = unix_seconds(window.previous.to);
  parameters["from_date"] = date(window.period.from);
  parameters["to_date"] = date(window.period.to);
  parameters["now"] = unix_seconds(run.inputs().now);
  parameters["today"] = date(run.inputs().now);
  if (run.program() || !parameters.contains("program"))
    parameters["program"] = run.program() ? Value(*run.program()) : Value::none();
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
