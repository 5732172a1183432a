#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "model/rows.hpp"

namespace sitrep::store {

/// A stored value that owns its text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

inline Value to_value(const model::Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&cell)) return std::string(*text);
  return std::monostate{};
}

}  // namespace sitrep::store
