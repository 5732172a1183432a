#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sitrep::templating {

/// What printf-style and brace formatting share: one number or text under a specification.
struct Format {
  char32_t fill = U' ';
  char align = 0;   ///< < > ^ = or 0 for the type's own
  char sign = '-';  ///< - + or space
  bool alternate = false;
  bool zero = false;
  char group = 0;  ///< , or _
  std::int64_t width = 0;
  std::optional<int> precision;
  char type = 0;
};

/// Digits of a finite or special number, without sign: types e E f F g G %, and Python's repr for 0.
std::string real_digits(double value, char type, std::optional<int> precision, bool alternate);
/// Digits without sign in base 2, 8, 10 or 16 (type b o d x X).
std::string integer_digits(std::int64_t value, char type);
/// Digits between the separators of decimal numbers.
inline constexpr std::size_t k_thousands = 3;
/// Puts group separators every `every` digits of the whole part.
std::string grouped(std::string digits, char separator, std::size_t every);
/// Fills to the width; `sign` goes in front of zeros.
std::string padded(const Format& format, std::string_view sign, std::string_view body, char default_align);

}  // namespace sitrep::templating
