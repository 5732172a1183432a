#include <algorithm>

#include "templating/builtins.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

/// What is false has no items, whether it could have some or not.
List items_if_any(const Value& value) { return truth(value) ? iterate(value) : List(); }

Value map(Call& call) {
  auto items = items_if_any(call[0]);
  auto named = call.named_rest();
  const auto take = [&named](std::string_view name) {
    Value value = Value::none();
    for (auto entry = named.begin(); entry != named.end(); ++entry) {
      if (entry->first != name) continue;
      value = entry->second;
      named.erase(entry);
      break;
    }
    return value;
  };
  const bool by_attribute = call.rest().empty() && std::any_of(named.begin(), named.end(), [](const auto& entry) {
                              return entry.first == "attribute";
                            });
  call.engine().charge(items.size());
  if (by_attribute) {
    AttributePath path(take("attribute"), call.engine());
    path.set_default(take("default"));
    if (!named.empty()) fail_user("map() has no argument '{}'", named.front().first);
    for (auto& item : items) item = path(item);
    return items;
  }
  if (call.rest().empty()) fail_user("map() needs the name of a filter, or attribute=");
  if (!call.rest()[0].is_string())
    fail_user("map(): the filter's name must be a text, not {}", call.rest()[0].type_name());
  List arguments(call.rest().begin(), call.rest().end());
  const auto name = arguments[0].string();
  for (auto& item : items) {
    arguments[0] = item;
    item = call.engine().filter(name, arguments, named);
  }
  return items;
}

enum class Keep { passing, failing };
enum class By { item, attribute };

Value choose(Call& call, Keep keep, By by) {
  const auto items = items_if_any(call[0]);
  const auto rest = call.rest();
  const std::size_t name_at = by == By::attribute ? 1 : 0;
  if (by == By::attribute && rest.empty()) fail_user("{}() needs the name of an attribute", call.function().name);
  const AttributePath path(by == By::attribute ? rest[0] : Value::none(), call.engine());
  List arguments;
  std::string test;
  if (rest.size() > name_at) {
    if (!rest[name_at].is_string()) {
      fail_user("{}(): the test's name must be a text, not {}", call.function().name, rest[name_at].type_name());
    }
    test = rest[name_at].string();
    arguments.assign(rest.begin() + static_cast<std::ptrdiff_t>(name_at), rest.end());
  }
  call.engine().charge(items.size());
  List kept;
  for (const auto& item : items) {
    auto value = path(item);
    bool passes = false;
    if (test.empty()) {
      passes = truth(value);
    } else {
      arguments[0] = std::move(value);
      passes = call.engine().test(test, arguments, call.named_rest());
    }
    if (passes == (keep == Keep::passing)) kept.push_back(item);
  }
  return kept;
}

Value default_value(Call& call) {
  if (call[0].is_undefined() || (call.flag(2) && !truth(call[0]))) return call[1];
  return call[0];
}

}  // namespace

void add_choice_filters(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add({"map", "value, *filter, **arguments", "each item through a filter, or its attribute= (with default=)", map});
  add({"select", "value, *test, **arguments", "the items that pass a test, or are true",
       [](Call& call) { return choose(call, Keep::passing, By::item); }});
  add({"reject", "value, *test, **arguments", "the items that fail a test, or are false",
       [](Call& call) { return choose(call, Keep::failing, By::item); }});
  add({"selectattr", "value, *attribute_and_test, **arguments", "the items whose attribute passes a test, or is true",
       [](Call& call) { return choose(call, Keep::passing, By::attribute); }});
  add({"rejectattr", "value, *attribute_and_test, **arguments", "the items whose attribute fails a test, or is false",
       [](Call& call) { return choose(call, Keep::failing, By::attribute); }});
  for (const auto* name : {"default", "d"}) {
    add({name, "value, default_value='', boolean=false",
         "another value for an undefined one; with boolean, for a false one", default_value});
  }
  add({"attr", "value, name", "the attribute of that name; not a dict's member", [](Call& call) -> Value {
         if (call[0].is_dict() && call[0].find(call.text(1)) != nullptr) {
           return undefined_attribute(call[0], call.text(1), {});
         }
         return call.engine().attribute(call[0], call.text(1));
       }});
}

}  // namespace sitrep::templating
