#include "templating/function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

Value literal(std::string_view text) {
  if (text == "none") return Value::none();
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "[]") return List{};
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    return replace_all(text.substr(1, text.size() - 2), "\\n", "\n");
  }
  if (const auto integer = parse_integer(text)) return *integer;
  if (const auto real = parse_real(text)) return *real;
  fail(ErrorKind::bug, "'{}' is not a literal of a parameter list", text);
}

std::vector<std::string_view> split_outside_quotes(std::string_view text) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (text[i] != ',' || quoted) continue;
    parts.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  parts.push_back(text.substr(start));
  return parts;
}

}  // namespace

Function::Function(std::string n, std::string p, std::string d, Implementation r)
    : name(std::move(n)), parameters(std::move(p)), doc(std::move(d)), run(std::move(r)) {
  if (trim_view(parameters).empty()) return;
  bool only_options = false;
  for (auto part : split_outside_quotes(parameters)) {
    part = trim_view(part);
    if (part == "*") {
      only_options = true;
    } else if (only_options) {
      options.emplace_back(part);
    } else if (part.starts_with("**")) {
      takes_named = true;
    } else if (part.starts_with('*')) {
      takes_rest = true;
    } else if (const auto equals = part.find('='); equals != std::string_view::npos) {
      list.push_back({std::string(part.substr(0, equals)), literal(part.substr(equals + 1))});
    } else {
      list.push_back({std::string(part), std::nullopt});
    }
  }
  if (list.size() > CallArguments::k_max_parameters) {
    fail(ErrorKind::bug, "{} has more than {} parameters", name, CallArguments::k_max_parameters);
  }
}

std::vector<std::string_view> Function::names() const {
  std::vector<std::string_view> names;
  for (const auto& parameter : list) names.emplace_back(parameter.name);
  names.insert(names.end(), options.begin(), options.end());
  return names;
}

CallArguments::CallArguments(const Function& function, Engine& engine, std::span<const Value> positional,
                             const Named& named)
    : function_(function), engine_(engine) {
  const auto& list = function.list;
  const auto taken = std::min(positional.size(), list.size());
  for (std::size_t i = 0; i < taken; ++i) set(i, positional[i]);
  if (positional.size() > list.size()) {
    if (!function.takes_rest) {
      fail_user("{}() takes {} but {} were given", function.name,
                count_of(static_cast<std::int64_t>(list.size()), "argument"), positional.size());
    }
    rest_ = positional.subspan(list.size());
  }
  for (const auto& [name, value] : named) take_named(name, value);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (given(i)) continue;
    if (!list[i].fallback) fail_user("{}() needs the argument '{}'", function.name, list[i].name);
    values_[i] = *list[i].fallback;
  }
}

void CallArguments::take_named(const std::string& name, const Value& value) {
  const auto& list = function_.list;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name != name) continue;
    if (given(i)) fail_user("{}() got the argument '{}' twice", function_.name, name);
    set(i, value);
    return;
  }
  const auto& options = function_.options;
  if (function_.takes_named || std::find(options.begin(), options.end(), name) != options.end()) {
    named_rest_.emplace_back(name, value);
    return;
  }
  const auto names = function_.names();
  fail_user("{}() has no argument '{}'{}", function_.name, name, did_you_mean(name, names));
}

void CallArguments::set(std::size_t parameter, const Value& value) {
  values_[parameter] = value;
  given_ |= 1U << parameter;
}

void CallArguments::wrong_type(std::size_t parameter, std::string_view wanted) const {
  const auto& value = values_[parameter];
  if (value.is_undefined()) throw UndefinedUse(value);
  fail_user("{}(): '{}' must be {}, not {}", function_.name, function_.list[parameter].name, wanted, value.type_name());
}

std::string CallArguments::text(std::size_t parameter) const {
  if (!values_[parameter].is_string()) wrong_type(parameter, "a text");
  return values_[parameter].string();
}

std::int64_t CallArguments::integer(std::size_t parameter) const {
  if (!values_[parameter].is_integral()) wrong_type(parameter, "an integer");
  return values_[parameter].integer();
}

double CallArguments::real(std::size_t parameter) const {
  if (!values_[parameter].is_number()) wrong_type(parameter, "a number");
  return values_[parameter].real();
}

const List& CallArguments::list(std::size_t parameter) const {
  if (!values_[parameter].is_list()) wrong_type(parameter, "a list");
  return values_[parameter].list();
}

const Dict& CallArguments::dict(std::size_t parameter) const {
  if (!values_[parameter].is_dict()) wrong_type(parameter, "a dict");
  return values_[parameter].dict();
}

std::optional<std::string> CallArguments::optional_text(std::size_t parameter) const {
  if (values_[parameter].is_none()) return std::nullopt;
  return text(parameter);
}

std::optional<std::int64_t> CallArguments::optional_integer(std::size_t parameter) const {
  if (values_[parameter].is_none()) return std::nullopt;
  return integer(parameter);
}

}  // namespace sitrep::templating
