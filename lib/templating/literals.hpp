#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sitrep::templating {

struct NumberLiteral {
  std::size_t size = 0;  ///< bytes read
  bool is_real = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string problem;  ///< "" or why it can't be used (beyond 64 bits)
};

/// The number that `text` starts with: 12, 1_000, 0xff, 0b1, 0o7, 1.5, 1e3. After a dot only plain digits are read
/// (`list.0.1`).
NumberLiteral read_number(std::string_view text, bool after_dot);

/// Resolves the escapes of a quoted text: \n \t \\ \' \" \xhh \uhhhh \Uhhhhhhhh \ooo; others stay as written.
std::string decode_string(std::string_view text, std::string& problem);

/// A text in quotes, for messages.
std::string repr_of_text(std::string_view text);

}  // namespace sitrep::templating
