#include "templating/literals.hpp"

#include <fmt/format.h>
#include <uniname.h>

#include <charconv>

#include "base/numbers.hpp"
#include "templating/unicode.hpp"
#include "templating/value.hpp"

namespace sitrep::templating {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits with single underscores between them; returns the end, `from` when there are none.
template <class IsDigit>
std::size_t digits(std::string_view text, std::size_t from, IsDigit accepts) {
  auto at = from;
  while (at < text.size()) {
    if (accepts(text[at])) {
      ++at;
    } else if (text[at] == '_' && at > from && at + 1 < text.size() && accepts(text[at + 1])) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

std::string without_underscores(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '_') out += c;
  }
  return out;
}

void read_integer(NumberLiteral& number, std::string_view text, int base) {
  const auto clean = without_underscores(text);
  const auto [end, status] = std::from_chars(clean.data(), clean.data() + clean.size(), number.integer, base);
  if (status != std::errc{}) number.problem = fmt::format("the integer {} does not fit 64 bits", text);
}

bool read_prefixed(NumberLiteral& number, std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return false;
  const char letter = static_cast<char>(text[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  if (base == 0) return false;
  const auto accepts = [base](char c) {
    const char low = static_cast<char>(c | 0x20);
    const int digit = is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;
    return digit < base;
  };
  const auto start = text[2] == '_' ? std::size_t{3} : std::size_t{2};
  const auto end = digits(text, start, accepts);
  if (end == start) return false;
  number.size = end;
  read_integer(number, text.substr(start, end - start), base);
  return true;
}

/// The end of ".5", "e3" or ".5e3" after the whole part; `from` when there is neither.
std::size_t fraction_end(std::string_view text, std::size_t from) {
  auto end = from;
  if (from + 1 < text.size() && text[from] == '.' && is_digit(text[from + 1])) end = digits(text, from + 1, is_digit);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    auto exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    const auto exponent_end = digits(text, exponent, is_digit);
    if (exponent_end > exponent) end = exponent_end;
  }
  return end;
}

}  // namespace

NumberLiteral read_number(std::string_view text, bool after_dot) {
  NumberLiteral number;
  if (!after_dot && read_prefixed(number, text)) return number;
  const auto whole = digits(text, 0, is_digit);
  number.size = whole;
  if (!after_dot) {
    if (const auto end = fraction_end(text, whole); end > whole) {
      number.size = end;
      number.is_real = true;
      const auto real = parse_real(without_underscores(text.substr(0, end)));
      if (!real) {
        number.problem = fmt::format("the number {} does not fit a float", text.substr(0, end));
      } else {
        number.real = *real;
      }
      return number;
    }
  }
  const auto shown = text.substr(0, whole);
  if (shown.starts_with('0') && shown.find_first_not_of("0_") != std::string_view::npos) {
    number.problem =
        fmt::format("the integer {} starts with 0; write {}", shown, shown.substr(shown.find_first_not_of("0_")));
  } else {
    read_integer(number, shown, 10);
  }
  return number;
}

namespace {

constexpr std::size_t k_longest_name = UNINAME_MAX;

/// Reads up to `count` digits of a base; nullopt when fewer than `least` are there.
std::optional<char32_t> read_code(std::string_view text, std::size_t& at, std::size_t least, std::size_t count,
                                  int base) {
  std::uint32_t code = 0;
  const auto limit = std::min(text.size(), at + count);
  const auto end = std::from_chars(text.data() + at, text.data() + limit, code, base).ptr;
  const auto read = static_cast<std::size_t>(end - (text.data() + at));
  if (read < least) return std::nullopt;
  at += read;
  return code;
}

/// The character of "{EM DASH}" at `at`, which moves behind it.
std::optional<char32_t> read_name(std::string_view text, std::size_t& at) {
  const auto end = text.substr(0, at + k_longest_name).find('}', at);
  if (at >= text.size() || text[at] != '{' || end == std::string_view::npos) return std::nullopt;
  const auto code = unicode_name_character(std::string(text.substr(at + 1, end - at - 1)).c_str());
  if (code == UNINAME_INVALID) return std::nullopt;
  at = end + 1;
  return code;
}

}  // namespace

std::string decode_string(std::string_view text, std::string& problem) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '\\' || at + 1 >= text.size()) {
      out += text[at++];
      continue;
    }
    const char c = text[at + 1];
    at += 2;
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'a':
        out += '\a';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'v':
        out += '\v';
        break;
      case '\n':
        break;
      case '\\':
      case '\'':
      case '"':
        out += c;
        break;
      case 'x':
      case 'u':
      case 'U': {
        const std::size_t count = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        const auto code = read_code(text, at, count, count, 16);
        if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) {
          problem = fmt::format("\\{} needs {} hex digits of a character", c, count);
          return out;
        }
        append_utf8(out, *code);
        break;
      }
      case 'N': {
        const auto code = read_name(text, at);
        if (!code) {
          problem = "\\N needs the name of a character in braces, such as \\N{EM DASH}";
          return out;
        }
        append_utf8(out, *code);
        break;
      }
      default:
        if (c >= '0' && c <= '7') {
          --at;
          append_utf8(out, *read_code(text, at, 1, 3, 8));
        } else {
          out += '\\';
          out += c;
        }
    }
  }
  return out;
}

std::string repr_of_text(std::string_view text) { return repr(Value(text)); }

}  // namespace sitrep::templating
