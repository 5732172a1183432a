#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Text by characters (code points) with Python's meaning; invalid bytes count as one character each part.

namespace sitrep::templating {

std::size_t count_characters(std::string_view text);
/// The code points; invalid parts as U+FFFD.
std::vector<char32_t> decode(std::string_view text);
void append_utf8(std::string& out, char32_t code);
/// The byte offset of each character and, last, the size of the text.
std::vector<std::size_t> offsets(std::string_view text);

/// Most texts are: their case needs no tables.
bool is_ascii(std::string_view text);
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
std::string fold_case(std::string_view text);
std::string capitalize(std::string_view text);
std::string title_case(std::string_view text);  ///< str.title(): a capital after everything that isn't a letter
std::string swap_case(std::string_view text);

/// Decimal digits of every script as 0 to 9; the rest unchanged.
std::string with_ascii_digits(std::string_view text);

bool is_space(char32_t code);
bool is_alphabetic(char32_t code);
bool is_decimal(char32_t code);
bool is_any_digit(char32_t code);  ///< also superscripts and circled digits
bool is_numeric(char32_t code);
bool is_upper(char32_t code);
bool is_lower(char32_t code);
bool is_cased(char32_t code);
bool is_printable(char32_t code);

/// Python's strip family; `characters` null = white space.
enum class Ends { both, left, right };
std::string_view strip_view(std::string_view text, Ends ends, const std::string* characters = nullptr);

}  // namespace sitrep::templating
