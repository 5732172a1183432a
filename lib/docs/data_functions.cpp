#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docs/capacity.hpp"
#include "docs/changes.hpp"
#include "docs/freshness.hpp"
#include "docs/history.hpp"
#include "docs/metric_value.hpp"
#include "docs/queries.hpp"
#include "docs/run.hpp"
#include "docs/workdays.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::List;
using templating::Value;

Value metric(Run& run, CallArguments& arguments) {
  auto name = arguments.text(0);
  for (const auto& [alias, metric_name] : run.header().metrics)
    if (alias == name) name = metric_name;
  auto program = arguments.optional_text(1);
  if (!program && !arguments.given(1)) program = run.program();
  if (program && !program->empty()) program = run.evaluator().program(*program);
  run.evaluator().find(name);  // for its error, which knows what was meant
  const auto& all = run.evaluator().compare(run.period().window, program.value_or(""));
  auto result = *all.find(name);
  if (arguments.flag(2) || run.keeps_records()) run.evaluator().name_items(result, program.value_or(""));
  Dict value = metric_value(result).dict();
  value.set("compared", static_cast<std::int64_t>(all.tested));
  return run.record("metric", Dict{{"name", name}, {"program", program ? Value(*program) : Value::none()}},
                    std::move(value));
}

Value health(Run& run, CallArguments& arguments) {
  auto program = arguments.optional_text(0);
  if (!program) program = run.program();
  if (program) program = run.evaluator().program(*program);
  List all;
  for (const auto& one : run.health())
    if (!program || one.program == *program) all.push_back(health_value(one));
  // Asked for by name it is that program's; otherwise always a list.
  Value result = arguments.given(0) && program ? (all.empty() ? Value::none() : all.front()) : Value(std::move(all));
  return run.record("health", Dict{{"program", program ? Value(*program) : Value::none()}}, std::move(result));
}

}  // namespace

void add_data_function(templating::Environment& environment, Run* run, const char* name, const char* parameters,
                       const char* doc, DataFunction call) {
  environment.add_function(
      Function(name, parameters, doc, [run, name, call = std::move(call)](CallArguments& arguments) -> Value {
        if (run == nullptr) fail(ErrorKind::user_code, "{} needs the store: it works in reports and documents", name);
        const auto began = std::chrono::steady_clock::now();
        try {
          auto value = call(*run, arguments);
          arguments.engine().give_time(std::chrono::steady_clock::now() - began);
          return value;
        } catch (const Error& error) {
          // A name that is misspelt in a template is the template's mistake, not the command line's.
          if (error.kind() != ErrorKind::usage) throw;
          fail(ErrorKind::user_code, "{}: {}", name, error.what());
        }
      }));
}

void add_data_functions(templating::Environment& environment, Run* run, const Calendar& calendar) {
  const auto add = [&](const char* name, const char* parameters, const char* doc, DataFunction call) {
    add_data_function(environment, run, name, parameters, doc, std::move(call));
  };
  add("query", "name_or_sql, **parameters", "rows of a query of [queries], of sitrep.toml, or of SQL itself", query);
  add("metric", "name, program=none, records=true",
      "a metric of the report's period: value, text, n, interval_text, previous_text, verdict_text, …; records=false: "
      "the records behind it are not looked for, which takes longest",
      metric);
  add("health", "program=none",
      "health of the programs, worst first: color, reasons, dimensions, notes; of one program by name", health);
  add("freshness", "max_age='24h'",
      "how old each stream's data is, of which entities there is any, and what was rejected", freshness);
  add("changes", "since=none, until=none, entities=none",
      "what changed in the store since a time (default: the period): entity, kind, id, title, at, fields", changes);
  add("forecast", "resource=none, source=none",
      "runway of a capacity resource by name or id, with points that were measured and forecast; of all of them, most "
      "urgent first",
      forecast_resources);
  environment.add_function(
      Function("business_days", "from, to, holidays=[]",
               "weekdays from a day up to another that are no holiday; holidays: rows of from_date and to_date",
               [calendar](CallArguments& arguments) { return business_days(arguments, calendar); }));
  add("history", "program, weeks=12", "a program's colors week by week, oldest first: at, color", history);
}

}  // namespace sitrep::docs
