#pragma once

#include <optional>

#include "templating/function.hpp"
#include "templating/tree.hpp"
#include "templating/value.hpp"

namespace sitrep::templating {

// Python's operators on values. Errors: Error{user_code} in Python's words, also for what doesn't fit 64 bits.

/// + - * / // % **
Value binary(Operator op, const Value& left, const Value& right, Engine& engine);
/// Whether + joins two lists.
bool joins_lists(const Value& left, const Value& right);
Value negate(const Value& value);
Value positive(const Value& value);

/// value[start:stop:step]; none = left out.
Value slice(const Value& value, const Value& start, const Value& stop, const Value& step);

/// text % value, and the filter `format`.
Value format_percent(const Value& text, std::span<const Value> positional, const Named& named, Engine& engine);
/// text.format(…)
Value format_braces(const Value& text, std::span<const Value> positional, const Named& named, Engine& engine);
/// One value under a format specification (format(value, ">10.2f")).
std::string format_value(const Value& value, std::string_view specification);

/// Escaped text as Markup: what autoescape makes of a value.
std::string escaped_text(const Value& value, Engine& engine);

}  // namespace sitrep::templating
