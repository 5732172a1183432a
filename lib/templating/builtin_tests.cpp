#include <algorithm>

#include "templating/builtins.hpp"
#include "templating/environment_state.hpp"
#include "templating/methods.hpp"
#include "templating/operators.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

const Value& defined(const Call& call) {
  if (call[0].is_undefined()) throw UndefinedUse(call[0]);
  return call[0];
}

bool is_remainder(Call& call, std::int64_t by, std::int64_t rest) {
  const auto value = binary(Operator::modulo, defined(call), by, call.engine());
  return equal(value, rest);
}

bool divides(Call& call) { return equal(binary(Operator::modulo, defined(call), call[1], call.engine()), 0); }

/// str.islower / str.isupper: at least one cased character and none of the other case.
bool all_cased(const Value& value, bool (*wrong)(char32_t), bool (*right)(char32_t)) {
  const auto codes = decode(to_text(value));
  return std::any_of(codes.begin(), codes.end(), right) && std::none_of(codes.begin(), codes.end(), wrong);
}

bool is_iterable(const Value& value) {
  if (value.is_undefined() && !is_lenient(value)) throw UndefinedUse(value);
  return is_lenient(value) || value.is_list() || value.is_dict() || value.is_string() ||
         (value.is_object() && value.object().items() != nullptr);
}

bool is_callable(const Value& value) {
  if (value.is_undefined() || value.is_callable()) return true;  // Undefined can be called, and fails then
  return value.is_object() && (value.object().raw_callable() != nullptr || value.object().signature() != nullptr);
}

bool is_sequence(const Value& value) {
  if (value.is_list()) return value.list_form() == ListForm::list || value.list_form() == ListForm::tuple;
  return value.is_dict() || value.is_string() || is_lenient(value);
}

template <class Decide>
Function test(const char* name, const char* doc, Decide decide) {
  return {name, "value", doc, [decide](Call& call) -> Value { return decide(call[0]); }};
}

template <class Decide>
Function relation(const char* name, const char* doc, Decide decide) {
  return {name, "value, other", doc, [decide](Call& call) -> Value { return decide(call[0], call[1]); }};
}

void add_relations(std::vector<Function>& table) {
  const auto same = [](const Value& a, const Value& b) { return equal(a, b); };
  const auto other = [](const Value& a, const Value& b) { return !equal(a, b); };
  const auto greater = [](const Value& a, const Value& b) { return compare(a, b, ">") == 1; };
  const auto less = [](const Value& a, const Value& b) { return compare(a, b, "<") == -1; };
  const auto at_least = [](const Value& a, const Value& b) {
    const int order = compare(a, b, ">=");
    return order == 0 || order == 1;
  };
  const auto at_most = [](const Value& a, const Value& b) {
    const int order = compare(a, b, "<=");
    return order == 0 || order == -1;
  };
  for (const auto* name : {"eq", "equalto", "=="}) table.push_back(relation(name, "equal to the other value", same));
  for (const auto* name : {"ne", "!="}) table.push_back(relation(name, "not equal to the other value", other));
  for (const auto* name : {"gt", "greaterthan", ">"})
    table.push_back(relation(name, "greater than the other", greater));
  for (const auto* name : {"lt", "lessthan", "<"}) table.push_back(relation(name, "less than the other", less));
  for (const auto* name : {"ge", ">="}) table.push_back(relation(name, "greater than or equal to the other", at_least));
  for (const auto* name : {"le", "<="}) table.push_back(relation(name, "less than or equal to the other", at_most));
  table.push_back(
      relation("in", "a member of the other value", [](const Value& a, const Value& b) { return contains(b, a); }));
  table.push_back(relation("sameas", "the same value, as Python's `is`",
                           [](const Value& a, const Value& b) { return a.same_as(b); }));
}

}  // namespace

std::vector<Function> builtin_tests() {
  std::vector<Function> table = {
      test("defined", "there is such a variable or member", [](const Value& v) { return !v.is_undefined(); }),
      test("undefined", "there is no such variable or member", [](const Value& v) { return v.is_undefined(); }),
      test("none", "none", [](const Value& v) { return v.is_none(); }),
      test("boolean", "true or false", [](const Value& v) { return v.is_boolean(); }),
      test("true", "true itself", [](const Value& v) { return v.is_boolean() && v.boolean(); }),
      test("false", "false itself", [](const Value& v) { return v.is_boolean() && !v.boolean(); }),
      test("integer", "an integer", [](const Value& v) { return v.is_integer(); }),
      test("float", "a number with a fraction part", [](const Value& v) { return v.is_real(); }),
      test("number", "a number; booleans count", [](const Value& v) { return v.is_number(); }),
      test("string", "a text", [](const Value& v) { return v.is_string(); }),
      test("mapping", "a dict", [](const Value& v) { return v.is_dict(); }),
      test("sequence", "has a length and items: list, text, dict", is_sequence),
      test("iterable", "can be looped over", is_iterable),
      test("callable", "can be called", is_callable),
      test("escaped", "marked as safe", [](const Value& v) { return v.is_markup(); }),
      test("lower", "a text in lower case", [](const Value& v) { return all_cased(v, is_upper, is_lower); }),
      test("upper", "a text in upper case", [](const Value& v) { return all_cased(v, is_lower, is_upper); }),
      {"odd", "value", "an odd number", [](Call& call) -> Value { return is_remainder(call, 2, 1); }},
      {"even", "value", "an even number", [](Call& call) -> Value { return is_remainder(call, 2, 0); }},
      {"divisibleby", "value, number", "divisible by the number", [](Call& call) -> Value { return divides(call); }},
      {"filter", "value", "the name of a filter",
       [](Call& call) -> Value { return defined(call).is_string() && call.engine().knows_filter(call[0].string()); }},
      {"test", "value", "the name of a test",
       [](Call& call) -> Value { return defined(call).is_string() && call.engine().knows_test(call[0].string()); }},
  };
  add_relations(table);
  return table;
}

}  // namespace sitrep::templating
