#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "base/utf8.hpp"
#include "templating/function.hpp"
#include "templating/unicode.hpp"
#include "templating/value.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

// long double holds every int64 and every double exactly on x86-64 and arm64.
int compare_numbers(const Value& a, const Value& b) {
  if (a.is_integral() && b.is_integral()) {
    const auto x = a.integer();
    const auto y = b.integer();
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (std::isnan(a.real()) || std::isnan(b.real())) return 2;
  const auto exact = [](const Value& v) {
    return v.is_real() ? static_cast<long double>(v.real()) : static_cast<long double>(v.integer());
  };
  const auto x = exact(a);
  const auto y = exact(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

bool ordered_forms(const Value& a, const Value& b) {
  const auto ordered = [](const Value& v) {
    return v.list_form() == ListForm::list || v.list_form() == ListForm::tuple;
  };
  return a.list_form() == b.list_form() && ordered(a);
}

bool equal_dicts(const Dict& a, const Dict& b) {
  if (a.size() != b.size()) return false;
  charge_walk(a.size());
  for (const auto& [key, value] : a) {
    const auto* other = b.find(key);
    if (other == nullptr || !(value.same_as(*other) || equal(value, *other))) return false;
  }
  return true;
}

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33U;
  return x;
}

}  // namespace

bool truth(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::undefined:
      check_use(value);
      return false;
    case Value::Kind::none:
      return false;
    case Value::Kind::boolean:
      return value.boolean();
    case Value::Kind::integer:
      return value.integer() != 0;
    case Value::Kind::real:
      return value.real() != 0.0;
    case Value::Kind::string:
      return !value.string().empty();
    case Value::Kind::list:
      return !value.list().empty();
    case Value::Kind::dict:
      return !value.dict().empty();
    case Value::Kind::callable:
      return true;
    case Value::Kind::object:
      return value.object().truth();
  }
  return false;
}

bool equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
  check_use(a);
  check_use(b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::undefined:
    case Value::Kind::none:
      return true;
    case Value::Kind::string:
      return a.string() == b.string();
    case Value::Kind::list: {
      const bool a_tuple = a.list_form() == ListForm::tuple;
      const bool b_tuple = b.list_form() == ListForm::tuple;
      if (a_tuple != b_tuple || a.list().size() != b.list().size()) return false;
      charge_walk(a.list().size());
      for (std::size_t i = 0; i < a.list().size(); ++i) {
        if (!a.list()[i].same_as(b.list()[i]) && !equal(a.list()[i], b.list()[i])) return false;
      }
      return true;
    }
    case Value::Kind::dict:
      return equal_dicts(a.dict(), b.dict());
    default:
      return a.same_as(b);
  }
}

int compare(const Value& a, const Value& b, std::string_view operation) {
  if (a.is_undefined()) throw UndefinedUse(a);
  if (b.is_undefined()) throw UndefinedUse(b);
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.is_string() && b.is_string()) {
    const int order = a.string().compare(b.string());  // UTF-8 bytes sort as code points
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (a.is_list() && b.is_list() && ordered_forms(a, b)) {
    const auto common = std::min(a.list().size(), b.list().size());
    charge_walk(common);
    for (std::size_t i = 0; i < common; ++i) {
      const auto& x = a.list()[i];
      const auto& y = b.list()[i];
      if (!x.same_as(y) && !equal(x, y)) return compare(x, y, operation);
    }
    return compare_numbers(static_cast<std::int64_t>(a.list().size()), static_cast<std::int64_t>(b.list().size()));
  }
  fail_user("'{}' not supported between instances of '{}' and '{}'", operation, a.type_name(), b.type_name());
}

std::uint64_t hash(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::undefined:
      check_use(value);
      return mix(2);
    case Value::Kind::none:
      return mix(1);
    case Value::Kind::boolean:
    case Value::Kind::integer:
      return mix(static_cast<std::uint64_t>(value.integer()));
    case Value::Kind::real: {
      const double real = value.real();
      if (std::trunc(real) == real && std::abs(real) < 9.2e18) {
        return mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(real)));
      }
      return mix(std::hash<double>{}(real));
    }
    case Value::Kind::string:
      return std::hash<std::string_view>{}(value.string());
    case Value::Kind::list: {
      if (value.list_form() != ListForm::tuple) fail_user("unhashable type: '{}'", value.type_name());
      charge_walk(value.list().size());
      std::uint64_t sum = 7;
      for (const auto& item : value.list()) sum = mix(sum * 31 + hash(item));
      return sum;
    }
    case Value::Kind::dict:
      fail_user("unhashable type: 'dict'");
    default:
      return mix(std::hash<const void*>{}(value.shared()));
  }
}

bool contains(const Value& container, const Value& item) {
  switch (container.kind()) {
    case Value::Kind::undefined:
      check_use(container);
      return false;
    case Value::Kind::string:
      if (item.is_undefined()) throw UndefinedUse(item);
      if (!item.is_string()) {
        fail_user("'in <string>' requires string as left operand, not {}", item.type_name());
      }
      return container.string().find(item.string()) != std::string::npos;
    case Value::Kind::dict:
      return container.dict().find(item) != nullptr;
    case Value::Kind::list:
      for (const auto& member : container.list()) {
        if (member.same_as(item) || equal(member, item)) return true;
      }
      return false;
    case Value::Kind::object:
      if (const auto* items = container.object().items()) {
        for (const auto& member : *items) {
          if (member.same_as(item) || equal(member, item)) return true;
        }
        return false;
      }
      [[fallthrough]];
    default:
      fail_user("argument of type '{}' is not iterable", container.type_name());
  }
}

std::int64_t length(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::undefined:
      check_use(value);
      return 0;
    case Value::Kind::string:
      return static_cast<std::int64_t>(count_characters(value.string()));
    case Value::Kind::list:
      return static_cast<std::int64_t>(value.list().size());
    case Value::Kind::dict:
      return static_cast<std::int64_t>(value.dict().size());
    case Value::Kind::object:
      if (const auto* items = value.object().items()) return static_cast<std::int64_t>(items->size());
      [[fallthrough]];
    default:
      fail_user("object of type '{}' has no len()", value.type_name());
  }
}

List iterate(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::undefined:
      check_use(value);
      return {};
    case Value::Kind::list:
      return value.list();
    case Value::Kind::dict: {
      List keys;
      keys.reserve(value.dict().size());
      for (const auto& [key, member] : value.dict()) keys.push_back(key);
      return keys;
    }
    case Value::Kind::string: {
      List characters;
      std::string_view rest = value.string();
      while (!rest.empty()) {
        const auto step = next_utf8(rest).length;
        characters.emplace_back(rest.substr(0, step));
        rest.remove_prefix(step);
      }
      return characters;
    }
    case Value::Kind::object:
      if (const auto* items = value.object().items()) return *items;
      [[fallthrough]];
    default:
      fail_user("'{}' object is not iterable", value.type_name());
  }
}

}  // namespace sitrep::templating
