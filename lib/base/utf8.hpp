#pragma once

#include <cstddef>
#include <string_view>

namespace sitrep {

inline constexpr char32_t k_invalid_utf8 = 0xFFFFFFFF;

/// The first code point of a text and the bytes it takes. Invalid input: k_invalid_utf8 and the length of its maximal
/// invalid part (Unicode standard, 3.9: the part that one U+FFFD stands for).
struct Utf8Step {
  char32_t code;
  std::size_t length;
};

/// `text` must not be empty.
Utf8Step next_utf8(std::string_view text);

}  // namespace sitrep
