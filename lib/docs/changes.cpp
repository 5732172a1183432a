#include "docs/changes.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/diff.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::List;
using templating::Value;

Value to_value(const store::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return Value::none();
}

Value to_value(const store::Change& change) {
  List fields;
  for (const auto& field : change.fields)
    fields.push_back(Dict{{"column", field.column},
                          {"before", to_value(field.before)},
                          {"after", to_value(field.after)},
                          {"days", field.days ? Value(*field.days) : Value::none()}});
  return Dict{
      {"entity", change.entity}, {"kind", store::name(change.kind)}, {"source", change.source},    {"id", change.id},
      {"title", change.title},   {"at", unix_seconds(change.at)},    {"fields", std::move(fields)}};
}

/// The versioned entities asked for; all of them by default.
std::vector<const model::Entity*> entities_of(const Run& run, const Value& asked) {
  const auto all = run.inputs().store->entities();
  std::vector<const model::Entity*> entities;
  if (asked.is_none()) {
    for (const auto& entity : all)
      if (entity.keeping == model::Keeping::versions) entities.push_back(&entity);
    return entities;
  }
  std::vector<std::string_view> known;
  for (const auto& entity : all) known.push_back(entity.name);
  for (const auto& item : asked.is_string() ? List{asked} : templating::iterate(asked)) {
    const auto name = templating::to_text(item);
    const auto* entity = run.inputs().store->find_entity(name);
    if (entity == nullptr)
      fail(ErrorKind::user_code, "changes: no entity '{}'{}", visible(name), did_you_mean(name, known));
    entities.push_back(entity);
  }
  return entities;
}

}  // namespace

Value changes(Run& run, CallArguments& arguments) {
  const auto& period = run.period().window.period;
  auto from = period.from;
  if (arguments[0].is_integer())
    from = unix_time(arguments[0].integer());
  else if (arguments[0].is_string()) {
    const auto read = parse_time_expression(arguments[0].string(), run.inputs().now, run.inputs().calendar);
    if (!read) fail(ErrorKind::user_code, "changes: '{}' is not a time", visible(arguments[0].string()));
    from = *read;
  } else if (!arguments[0].is_none()) {
    fail(ErrorKind::user_code, "changes: since must be a time, not {}", arguments[0].type_name());
  }
  const auto& inputs = run.inputs();
  // What a calendar period changed is often seen by the sync after it.
  const auto usual_end = run.period().chosen ? std::min(period.to, inputs.now) : inputs.now;
  const auto to = arguments[1].is_integer() ? unix_time(arguments[1].integer()) : usual_end;
  const auto exclusions =
      inputs.config != nullptr ? store::Exclusions(*inputs.store, inputs.config->diff_exclude) : store::Exclusions();
  List rows;
  for (const auto* entity : entities_of(run, arguments[2]))
    for (const auto& change : store::diff(*inputs.store, *entity, from, std::max(from, to), exclusions))
      rows.push_back(to_value(change));
  arguments.engine().charge(rows.size());
  return run.record("changes",
                    Dict{{"since", unix_seconds(from)}, {"until", unix_seconds(to)}, {"entities", arguments[2]}},
                    std::move(rows));
}

}  // namespace sitrep::docs
