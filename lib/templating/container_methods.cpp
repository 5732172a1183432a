#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "templating/environment_state.hpp"
#include "templating/method_tables.hpp"
#include "templating/methods.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

List pairs(const Dict& dict) {
  List items;
  items.reserve(dict.size());
  for (const auto& [key, value] : dict) items.push_back(Value::tuple({key, value}));
  return items;
}

List values(const Dict& dict) {
  List items;
  items.reserve(dict.size());
  for (const auto& [key, value] : dict) items.push_back(value);
  return items;
}

/// Python has these; templates here have no way to change a list or dict.
Function changing(const char* name, const char* instead) {
  return {name, "value, *arguments, **named", "not available: lists and dicts can't be changed",
          [name, instead](Call&) -> Value {
            fail_user("lists and dicts can't be changed in a template, so '{}' is not available; {}", name, instead);
          }};
}

TextMap<Function> table_of(std::vector<Function> functions) {
  TextMap<Function> table;
  for (auto& function : functions) table.emplace(function.name, std::move(function));
  return table;
}

const TextMap<Function>* methods_of(Value::Kind kind) {
  static const auto text = table_of(text_methods());
  static const auto list = table_of(list_methods());
  static const auto dict = table_of(dict_methods());
  static const auto number = table_of(number_methods());
  switch (kind) {
    case Value::Kind::string:
      return &text;
    case Value::Kind::list:
      return &list;
    case Value::Kind::dict:
      return &dict;
    case Value::Kind::integer:
    case Value::Kind::real:
      return &number;
    default:
      return nullptr;
  }
}

}  // namespace

std::vector<Function> dict_methods() {
  return {
      {"items", "dict", "pairs of key and value",
       [](Call& call) -> Value { return {pairs(call[0].dict()), ListForm::dict_items}; }},
      {"keys", "dict", "the keys", [](Call& call) -> Value { return {iterate(call[0]), ListForm::dict_keys}; }},
      {"values", "dict", "the values",
       [](Call& call) -> Value { return {values(call[0].dict()), ListForm::dict_values}; }},
      {"get", "dict, key, default=none", "the member of that key, or the default",
       [](Call& call) {
         const auto* found = call[0].dict().find(call[1]);
         return found == nullptr ? call[2] : *found;
       }},
      {"copy", "dict", "the same dict", [](Call& call) { return call[0]; }},
  };
}

std::vector<Function> list_methods() {
  constexpr const char* instead = "use `set list = list + [item]`, with a namespace inside loops";
  return {
      {"index", "list, item", "the place of an equal item; an error when there is none",
       [](Call& call) -> Value {
         const auto& items = call[0].list();
         for (std::size_t i = 0; i < items.size(); ++i) {
           if (equal(items[i], call[1])) return static_cast<std::int64_t>(i);
         }
         fail_user("{} is not in list", repr(call[1]));
       }},
      {"count", "list, item", "how many items are equal to it",
       [](Call& call) -> Value {
         const auto& items = call[0].list();
         return static_cast<std::int64_t>(
             std::count_if(items.begin(), items.end(), [&](const Value& item) { return equal(item, call[1]); }));
       }},
      {"copy", "list", "the same list", [](Call& call) { return call[0]; }},
      changing("append", instead),
      changing("extend", instead),
      changing("insert", instead),
      changing("pop", instead),
      changing("remove", instead),
      changing("sort", "use the filter `sort`"),
      changing("reverse", "use the filter `reverse`"),
      changing("clear", instead),
  };
}

std::vector<Function> number_methods() {
  return {
      {"is_integer", "number", "whether it has no fraction",
       [](Call& call) -> Value { return call[0].is_integer() || call[0].real() == std::trunc(call[0].real()); }},
      {"bit_length", "number", "the bits it takes",
       [](Call& call) -> Value {
         auto rest = static_cast<std::uint64_t>(call.integer(0));
         if (call.integer(0) < 0) rest = 0 - rest;
         std::int64_t bits = 0;
         for (; rest > 0; rest >>= 1U) ++bits;
         return bits;
       }},
  };
}

std::vector<std::string_view> method_names(Value::Kind kind) {
  std::vector<std::string_view> names;
  if (const auto* table = methods_of(kind))
    for (const auto& [name, function] : *table) names.emplace_back(name);
  return names;
}

const Function* method_of(Value::Kind kind, std::string_view name) {
  const auto* table = methods_of(kind);
  if (table == nullptr) return nullptr;
  const auto found = table->find(name);
  return found == table->end() ? nullptr : &found->second;
}

}  // namespace sitrep::templating
