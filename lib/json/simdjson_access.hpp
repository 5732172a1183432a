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

}  // namespace sitrep::json
