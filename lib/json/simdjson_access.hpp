#pragma once

#include <simdjson.h>

#include <cstring>

#include "json/value.hpp"

// The one place where a Value's two words are a simdjson element. Not for other modules.
namespace sitrep::json {

struct ValueAccess {
  using Raw = Value::Raw;
  using Element = simdjson::dom::element;
  static_assert(sizeof(Element) == sizeof(Raw) && std::is_trivially_copyable_v<Element>);

  static Element element(Raw raw) {
    Element out;
    std::memcpy(static_cast<void*>(&out), raw.data(), sizeof out);
    return out;
  }
  static Element element(const Value& value) { return element(value.raw_); }
  static Raw raw(const Element& element) {
    Raw raw;
    std::memcpy(raw.data(), static_cast<const void*>(&element), sizeof raw);
    return raw;
  }
  static Value value(const Element& element) { return Value(raw(element)); }
};

/// a == b; of texts as short as keys mostly are, a call of memcmp takes longer than this.
inline bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const char *left = a.data(), *right = b.data();
  std::size_t count = a.size();
  for (; count >= sizeof(std::uint64_t); count -= sizeof(std::uint64_t)) {
    std::uint64_t x, y;
    std::memcpy(&x, left, sizeof x);
    std::memcpy(&y, right, sizeof y);
    if (x != y) return false;
    left += sizeof x;
    right += sizeof y;
  }
  for (; count > 0; --count)
    if (*left++ != *right++) return false;
  return true;
}

}  // namespace sitrep::json
