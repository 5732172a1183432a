#include "json/value.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <vector>

#include "base/numbers.hpp"
#include "json/simdjson_access.hpp"
#include "json/writer.hpp"

namespace sitrep::json {
namespace {

using simdjson::dom::element_type;

// dom::array::iterator and dom::object::iterator are tape references too; two words, stepped by the library.
template <class Iterator>
Iterator iterator_of(const std::array<std::uint64_t, 2>& raw) {
  static_assert(sizeof(Iterator) == sizeof raw && std::is_trivially_copyable_v<Iterator>);
  Iterator out;
  std::memcpy(static_cast<void*>(&out), raw.data(), sizeof out);
  return out;
}

template <class Iterator>
std::array<std::uint64_t, 2> raw_of(const Iterator& iterator) {
  std::array<std::uint64_t, 2> raw;
  std::memcpy(raw.data(), static_cast<const void*>(&iterator), sizeof raw);
  return raw;
}

using ArrayIterator = simdjson::dom::array::iterator;
using ObjectIterator = simdjson::dom::object::iterator;

// Room for any int64 or uint64.
struct Digits {
  char text[24];
  std::size_t length;
  std::string_view view() const { return {text, length}; }
};

template <class Integer>
Digits digits_of(Integer number) {
  Digits out{};
  out.length = static_cast<std::size_t>(std::to_chars(out.text, out.text + sizeof out.text, number).ptr - out.text);
  return out;
}

void append_scalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += *value.boolean() ? "true" : "false";
      break;
    case Kind::integer:
      out += digits_of(*value.integer()).view();
      break;
    case Kind::unsigned_integer:
      out += digits_of(*value.unsigned_integer()).view();
      break;
    case Kind::real:
      out += format_real(*value.real());
      break;
    case Kind::string:
      append_quoted(out, *value.string());
      break;
    case Kind::array:
    case Kind::object:
      break;
  }
}

}  // namespace

Kind Value::kind() const {
  switch (ValueAccess::element(raw_).type()) {
    case element_type::ARRAY:
      return Kind::array;
    case element_type::OBJECT:
      return Kind::object;
    case element_type::INT64:
      return Kind::integer;
    case element_type::UINT64:
      return Kind::unsigned_integer;
    case element_type::DOUBLE:
      return Kind::real;
    case element_type::STRING:
      return Kind::string;
    case element_type::BOOL:
      return Kind::boolean;
    case element_type::NULL_VALUE:
      return Kind::null;
  }
  return Kind::null;
}

std::optional<bool> Value::boolean() const {
  if (kind() != Kind::boolean) return std::nullopt;
  return ValueAccess::element(raw_).get_bool().value_unsafe();
}

std::optional<std::int64_t> Value::integer() const {
  if (kind() != Kind::integer) return std::nullopt;
  return ValueAccess::element(raw_).get_int64().value_unsafe();
}

std::optional<std::uint64_t> Value::unsigned_integer() const {
  const Kind mine = kind();
  if (mine == Kind::integer && *integer() < 0) return std::nullopt;
  if (mine != Kind::integer && mine != Kind::unsigned_integer) return std::nullopt;
  return ValueAccess::element(raw_).get_uint64().value_unsafe();
}

std::optional<double> Value::real() const {
  double out = 0;
  if (ValueAccess::element(raw_).get_double().get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<std::string_view> Value::string() const {
  std::string_view out;
  if (ValueAccess::element(raw_).get_string().get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::size_t Value::size() const {
  // The tape's own count stops at 2^24 - 1, so longer containers are counted.
  constexpr std::size_t k_saturated = 0xFFFFFF;
  const auto element = ValueAccess::element(raw_);
  std::size_t size = 0;
  simdjson::dom::array array;
  simdjson::dom::object object;
  if (element.get_array().get(array) == simdjson::SUCCESS)
    size = array.size();
  else if (element.get_object().get(object) == simdjson::SUCCESS)
    size = object.size();
  if (size < k_saturated) return size;
  size = 0;
  for (auto i = members().begin(), end = members().end(); i != end; ++i) ++size;
  return size;
}

std::optional<Value> Value::get(std::string_view key) const {
  simdjson::dom::object object;
  if (ValueAccess::element(raw_).get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  for (auto i = object.begin(), end = object.end(); i != end; ++i) {
    if (i.key_equals(key)) return ValueAccess::value(i.value());
  }
  return std::nullopt;
}

std::optional<Value> Value::at(std::size_t index) const {
  simdjson::dom::array array;
  if (ValueAccess::element(raw_).get_array().get(array) != simdjson::SUCCESS) return std::nullopt;
  for (const auto element : array) {
    if (index-- == 0) return ValueAccess::value(element);
  }
  return std::nullopt;
}

Value::Members Value::members() const { return Members(raw_); }

Value::Members::Iterator Value::Members::begin() const {
  Iterator out;
  simdjson::dom::array array;
  simdjson::dom::object object;
  const auto element = ValueAccess::element(raw_);
  out.keyed_ = element.get_object().get(object) == simdjson::SUCCESS;
  if (out.keyed_)
    out.position_ = raw_of(object.begin());
  else if (element.get_array().get(array) == simdjson::SUCCESS)
    out.position_ = raw_of(array.begin());
  return out;
}

Value::Members::Iterator Value::Members::end() const {
  Iterator out;
  simdjson::dom::array array;
  simdjson::dom::object object;
  const auto element = ValueAccess::element(raw_);
  out.keyed_ = element.get_object().get(object) == simdjson::SUCCESS;
  if (out.keyed_)
    out.position_ = raw_of(object.end());
  else if (element.get_array().get(array) == simdjson::SUCCESS)
    out.position_ = raw_of(array.end());
  return out;
}

Member Value::Members::Iterator::operator*() const {
  if (!keyed_) return {{}, ValueAccess::value(*iterator_of<ArrayIterator>(position_))};
  const auto iterator = iterator_of<ObjectIterator>(position_);
  return {iterator.key(), ValueAccess::value(iterator.value())};
}

Value::Members::Iterator& Value::Members::Iterator::operator++() {
  if (keyed_) {
    auto iterator = iterator_of<ObjectIterator>(position_);
    position_ = raw_of(++iterator);
  } else {
    auto iterator = iterator_of<ArrayIterator>(position_);
    position_ = raw_of(++iterator);
  }
  return *this;
}

std::string Value::to_json() const {
  std::string out;
  append_json(out);
  return out;
}

// Iterative, so that the depth of a document is never the depth of our stack.
void Value::append_json(std::string& out, KeyOrder order) const {
  struct Level {
    Members::Iterator at, end;
    bool object;
    std::vector<Member> sorted;  // the members from last to first; unused in document order
  };
  std::vector<Level> open;
  const auto begin = [&](const Value& value) {
    if (!value.is_array() && !value.is_object()) return append_scalar(out, value);
    Level& level = open.emplace_back(Level{value.members().begin(), value.members().end(), value.is_object(), {}});
    out += level.object ? '{' : '[';
    if (!level.object || order == KeyOrder::document) return;
    for (const Member member : value.members()) level.sorted.push_back(member);
    std::ranges::sort(level.sorted, std::greater{}, &Member::key);
    level.at = level.end;
  };
  const auto next = [](Level& level) -> std::optional<Member> {
    if (!level.sorted.empty()) {
      const Member member = level.sorted.back();
      level.sorted.pop_back();
      return member;
    }
    if (!(level.at != level.end)) return std::nullopt;
    const Member member = *level.at;
    ++level.at;
    return member;
  };
  begin(*this);
  while (!open.empty()) {
    const bool object = open.back().object;
    const auto member = next(open.back());
    if (!member) {
      out += object ? '}' : ']';
      open.pop_back();
      continue;
    }
    if (out.back() != '{' && out.back() != '[') out += ',';
    if (object) {
      append_quoted(out, member->key);
      out += ':';
    }
    begin(member->value);
  }
}

std::string Value::to_text() const {
  const Kind mine = kind();
  if (mine == Kind::string) return std::string(*string());
  if (mine == Kind::null) return {};
  return to_json();
}

bool Value::reads_as(std::string_view text) const {
  switch (kind()) {
    case Kind::string:
      return *string() == text;
    case Kind::null:
      return text.empty();
    case Kind::boolean:
      return text == (*boolean() ? "true" : "false");
    case Kind::integer:
      return digits_of(*integer()).view() == text;
    case Kind::unsigned_integer:
      return digits_of(*unsigned_integer()).view() == text;
    case Kind::real:
    case Kind::array:
    case Kind::object:
      return to_json() == text;
  }
  return false;
}

}  // namespace sitrep::json
