#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templating/function.hpp"
#include "templating/value.hpp"

// What the tables of filters, tests and methods share.

namespace sitrep::templating {

/// Text of the same kind as `model`: marked safe when that was.
inline Value like(const Value& model, std::string text) {
  return model.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
}

/// "a.b.0" or a number, as `attribute=` of filters takes it, applied to values.
class AttributePath {
 public:
  enum class Case { keep, ignore };
  AttributePath(const Value& path, Engine& engine, Case letters = Case::keep);
  Value operator()(const Value& item) const;
  void set_default(Value value) { default_ = std::move(value); }

 private:
  std::vector<Value> parts_;
  Engine& engine_;
  Case case_;
  Value default_ = Value::none();
};

/// A text in lower case, other values as they are: how sorting ignores case.
Value ignore_case(const Value& value);

void add_text_filters(std::vector<Function>& table);
void add_number_filters(std::vector<Function>& table);
void add_list_filters(std::vector<Function>& table);
void add_choice_filters(std::vector<Function>& table);
void add_markup_filters(std::vector<Function>& table);

/// JSON as Python's json.dumps(sort_keys=True) prints it.
std::string to_json(const Value& value, std::optional<std::int64_t> indent);

std::string escape_html(std::string_view text);

}  // namespace sitrep::templating
