#include "docs/parameters.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "store/listing.hpp"

namespace sitrep::docs {
namespace {

using config::TemplateHeader;
using config::TemplateParameter;
using templating::Value;
using Type = TemplateParameter::Type;

[[noreturn]] void refuse(const TemplateParameter& parameter, const std::string& text, std::string_view wanted) {
  fail(ErrorKind::usage, "parameter '{}': '{}' is not {}", parameter.name, visible(text), wanted);
}

void check_choice(const TemplateParameter& parameter, const std::string& text) {
  const auto& choices = parameter.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
    refuse(parameter, text, "one of " + join(choices, ", "));
}

Value list_of(const TemplateParameter& parameter, const std::vector<std::string>& texts) {
  templating::List items;
  for (const auto& text : texts) {
    check_choice(parameter, text);
    items.emplace_back(text);
  }
  return items;
}

Value read(const TemplateParameter& parameter, const std::string& text, UnixTime now, const Calendar& calendar) {
  if (parameter.type != Type::list) check_choice(parameter, text);
  switch (parameter.type) {
    case Type::text:
      return text;
    case Type::integer:
      if (const auto number = parse_integer(text)) return *number;
      refuse(parameter, text, "a whole number");
    case Type::real:
      if (const auto number = parse_real(text)) return *number;
      refuse(parameter, text, "a number");
    case Type::boolean:
      if (text == "true" || text == "yes") return true;
      if (text == "false" || text == "no") return false;
      refuse(parameter, text, "true or false");
    case Type::date:
      if (const auto day = parse_date(text)) return format_date(*day);
      if (const auto at = parse_time_expression(text, now, calendar)) return format_date(calendar.zone.date_of(*at));
      refuse(parameter, text, "a day such as 2026-11-16, -7d or last-monday");
    case Type::list: {
      std::vector<std::string> items;
      for (const auto item : split_views(text, ','))
        if (!trim_view(item).empty()) items.emplace_back(trim_view(item));
      return list_of(parameter, items);
    }
  }
  return Value::none();
}

}  // namespace

std::map<std::string, Value> read_parameters(const TemplateHeader& header,
                                             const std::map<std::string, std::string>& given, UnixTime now,
                                             const Calendar& calendar) {
  std::vector<std::string_view> known;
  for (const auto& parameter : header.parameters) known.push_back(parameter.name);
  for (const auto& [name, text] : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      fail(ErrorKind::usage, "the template has no parameter '{}'{}", visible(name), did_you_mean(name, known));
  std::map<std::string, Value> values;
  for (const auto& parameter : header.parameters) {
    const auto found = given.find(parameter.name);
    if (found != given.end())
      values[parameter.name] = read(parameter, found->second, now, calendar);
    else if (parameter.fallback_items)
      values[parameter.name] = list_of(parameter, *parameter.fallback_items);
    else if (parameter.fallback && parameter.fallback->empty() && parameter.type != Type::text)
      values[parameter.name] = Value::none();
    else if (parameter.fallback)
      values[parameter.name] = read(parameter, *parameter.fallback, now, calendar);
    else
      fail(ErrorKind::usage, "parameter '{0}' is missing{1}; give it as --param {0}=…", parameter.name,
           parameter.doc.empty() ? "" : " (" + parameter.doc + ")");
  }
  return values;
}

void check_records(const TemplateHeader& header, const std::map<std::string, std::string>& given, store::Store& store) {
  for (const auto& parameter : header.parameters) {
    const auto found = given.find(parameter.name);
    if (parameter.entity.empty() || found == given.end() || found->second.empty()) continue;
    if (store::has_record(store, parameter.entity, found->second)) continue;
    fail(ErrorKind::usage, "parameter '{}': the store has no {} '{}'; see 'sitrep query \"select id from {}\"'",
         parameter.name, parameter.entity, visible(found->second), parameter.entity);
  }
}

}  // namespace sitrep::docs
