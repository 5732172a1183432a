#include "templating/operators.hpp"

#include <fmt/format.h>

#include <cmath>

#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

std::string_view sign_of(Operator op) {
  switch (op) {
    case Operator::add:
      return "+";
    case Operator::subtract:
      return "-";
    case Operator::multiply:
      return "*";
    case Operator::divide:
      return "/";
    case Operator::floor_divide:
      return "//";
    case Operator::modulo:
      return "%";
    default:
      return "** or pow()";
  }
}

[[noreturn]] void unsupported(Operator op, const Value& left, const Value& right) {
  if (op == Operator::add && left.is_string()) {
    fail_user("can only concatenate str (not \"{}\") to str", right.type_name());
  }
  fail_user("unsupported operand type(s) for {}: '{}' and '{}'", sign_of(op), left.type_name(), right.type_name());
}

[[noreturn]] void overflow(Operator op) {
  fail_user("integer overflow: the result of '{}' does not fit 64 bits", sign_of(op));
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const auto quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

Value integer_power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) fail_user("0.0 cannot be raised to a negative power");
    return std::pow(static_cast<double>(base), static_cast<double>(exponent));
  }
  std::int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) overflow(Operator::power);
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) overflow(Operator::power);
  }
  return result;
}

Value integers(Operator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Operator::add:
      if (__builtin_add_overflow(a, b, &result)) overflow(op);
      return result;
    case Operator::subtract:
      if (__builtin_sub_overflow(a, b, &result)) overflow(op);
      return result;
    case Operator::multiply:
      if (__builtin_mul_overflow(a, b, &result)) overflow(op);
      return result;
    case Operator::divide:
      if (b == 0) fail_user("division by zero");
      // Rounded once: long double holds any 64-bit integer.
      return static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b));
    case Operator::floor_divide:
    case Operator::modulo:
      if (b == 0) fail_user("integer division or modulo by zero");
      if (b == -1) {  // the one division that can overflow
        if (op == Operator::modulo) return 0;
        return integers(Operator::subtract, 0, a);
      }
      if (op == Operator::floor_divide) return floor_div(a, b);
      return a - floor_div(a, b) * b;
    default:
      return integer_power(a, b);
  }
}

double real_modulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest != 0.0) {
    if ((b < 0) != (rest < 0)) rest += b;
    return rest;
  }
  return std::copysign(0.0, b);
}

Value real_power(double a, double b) {
  if (a == 0.0 && b < 0) fail_user("0.0 cannot be raised to a negative power");
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) {
    fail_user("a negative number can't be raised to the power {}: the result is not real", real_text(b));
  }
  const double result = std::pow(a, b);
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b)) fail_user("the result of '**' does not fit a float");
  return result;
}

Value reals(Operator op, double a, double b) {
  switch (op) {
    case Operator::add:
      return a + b;
    case Operator::subtract:
      return a - b;
    case Operator::multiply:
      return a * b;
    case Operator::divide:
      if (b == 0.0) fail_user("float division by zero");
      return a / b;
    case Operator::floor_divide: {
      if (b == 0.0) fail_user("float floor division by zero");
      // As Python: the quotient that goes with the modulo, so that a == (a // b) * b + a % b.
      const double quotient = (a - real_modulo(a, b)) / b;
      if (quotient == 0.0) return std::copysign(0.0, a / b);
      const double floored = std::floor(quotient);
      return quotient - floored > 0.5 ? floored + 1.0 : floored;
    }
    case Operator::modulo:
      if (b == 0.0) fail_user("float modulo");
      return real_modulo(a, b);
    default:
      return real_power(a, b);
  }
}

bool is_sequence(const Value& value) {
  return value.is_list() && (value.list_form() == ListForm::list || value.list_form() == ListForm::tuple);
}

Value join_texts(const Value& left, const Value& right, Engine& engine) {
  engine.charge_text(left.string().size() + right.string().size());
  engine.charge((left.string().size() + right.string().size()) / 16);
  if (!left.is_markup() && !right.is_markup()) return left.string() + right.string();
  return Value::markup(escaped_text(left, engine) + escaped_text(right, engine));
}

Value repeat(const Value& value, std::int64_t times, Engine& engine) {
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(times, 0));
  if (value.is_string()) {
    const auto size = value.string().size();
    if (size > 0 && count > UINT64_MAX / size) overflow(Operator::multiply);
    engine.charge_text(size * count);
    engine.charge(size * count / 16);
    std::string text;
    text.reserve(size * count);
    for (std::uint64_t i = 0; i < count && size > 0; ++i) text += value.string();
    return value.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
  }
  const auto size = value.list().size();
  if (size > 0 && count > UINT64_MAX / 64 / size) overflow(Operator::multiply);
  engine.charge_text(size * count * sizeof(Value));
  engine.charge(size * count);
  List items;
  items.reserve(size * count);
  for (std::uint64_t i = 0; i < count && size > 0; ++i) {
    items.insert(items.end(), value.list().begin(), value.list().end());
  }
  return {std::move(items), value.list_form()};
}

}  // namespace

std::string escaped_text(const Value& value, Engine& engine) {
  if (value.is_markup()) return value.string();
  return engine.escape(to_text(value));
}

bool joins_lists(const Value& left, const Value& right) {
  return is_sequence(left) && is_sequence(right) && left.list_form() == right.list_form();
}

Value binary(Operator op, const Value& left, const Value& right, Engine& engine) {
  if (left.is_integral() && right.is_integral()) return integers(op, left.integer(), right.integer());
  if (left.is_number() && right.is_number()) return reals(op, left.real(), right.real());
  if (left.is_undefined()) throw UndefinedUse(left);
  if (op == Operator::modulo && left.is_string()) {
    if (right.is_list() && right.list_form() == ListForm::tuple) return format_percent(left, right.list(), {}, engine);
    if (right.is_dict()) {
      Named named;
      for (const auto& [key, value] : right.dict()) {
        if (key.is_string()) named.emplace_back(key.string(), value);
      }
      return format_percent(left, {&right, 1}, named, engine);
    }
    return format_percent(left, {&right, 1}, {}, engine);
  }
  if (right.is_undefined()) throw UndefinedUse(right);
  if (op == Operator::add) {
    if (left.is_string() && right.is_string()) return join_texts(left, right, engine);
    if (joins_lists(left, right)) {
      engine.charge(left.list().size() + right.list().size());
      return Value::appended(left, right);
    }
  }
  if (op == Operator::multiply) {
    if ((left.is_string() || is_sequence(left)) && right.is_integral()) return repeat(left, right.integer(), engine);
    if ((right.is_string() || is_sequence(right)) && left.is_integral()) return repeat(right, left.integer(), engine);
  }
  unsupported(op, left, right);
}

Value negate(const Value& value) {
  if (value.is_integral()) return integers(Operator::subtract, 0, value.integer());
  if (value.is_real()) return -value.real();
  if (value.is_undefined()) throw UndefinedUse(value);
  fail_user("bad operand type for unary -: '{}'", value.type_name());
}

Value positive(const Value& value) {
  if (value.is_integral()) return value.integer();
  if (value.is_real()) return value;
  if (value.is_undefined()) throw UndefinedUse(value);
  fail_user("bad operand type for unary +: '{}'", value.type_name());
}

namespace {

/// The indexes that a slice takes of `size` items, as Python's slice.indices.
std::vector<std::size_t> slice_indexes(std::int64_t size, const Value& start, const Value& stop, const Value& step) {
  for (const auto* bound : {&start, &stop, &step}) {
    if (bound->is_undefined()) throw UndefinedUse(*bound);
    if (!bound->is_none() && !bound->is_integral())
      fail_user("slice indices must be integers or none, not {}", bound->type_name());
  }
  const auto by = step.is_none() ? 1 : step.integer();
  if (by == 0) fail_user("slice step cannot be zero");
  const auto lowest = by < 0 ? -1 : std::int64_t{0};
  const auto highest = by < 0 ? size - 1 : size;
  const auto place = [&](const Value& bound, std::int64_t otherwise) {
    if (bound.is_none()) return otherwise;
    auto index = bound.integer();
    if (index < 0) index = index < -size ? lowest : index + size;
    return std::min(std::max(index, lowest), highest);
  };
  const auto from = place(start, by < 0 ? highest : lowest);
  const auto to = place(stop, by < 0 ? lowest : highest);
  std::vector<std::size_t> indexes;
  for (auto i = from; by > 0 ? i < to : i > to;) {
    indexes.push_back(static_cast<std::size_t>(i));
    if (__builtin_add_overflow(i, by, &i)) break;
  }
  return indexes;
}

}  // namespace

Value slice(const Value& value, const Value& start, const Value& stop, const Value& step) {
  if (value.is_undefined()) throw UndefinedUse(value);
  if (value.is_string()) {
    const auto starts = offsets(value.string());
    std::string text;
    for (const auto i : slice_indexes(static_cast<std::int64_t>(starts.size()) - 1, start, stop, step)) {
      text.append(value.string(), starts[i], starts[i + 1] - starts[i]);
    }
    return value.is_markup() ? Value::markup(std::move(text)) : Value(std::move(text));
  }
  if (is_sequence(value)) {
    List items;
    for (const auto i : slice_indexes(static_cast<std::int64_t>(value.list().size()), start, stop, step)) {
      items.push_back(value.list()[i]);
    }
    return {std::move(items), value.list_form()};
  }
  fail_user("'{}' object can't be sliced", value.type_name());
}

}  // namespace sitrep::templating
