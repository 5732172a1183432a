#include "templating/number_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "templating/unicode.hpp"
#include "templating/value.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr int k_largest_precision = 1000;

std::string upper_ascii(std::string text) {
  for (auto& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

std::string printed(const char* pattern, int precision, double value) {
  std::string text(static_cast<std::size_t>(std::snprintf(nullptr, 0, pattern, precision, value)), '\0');
  std::snprintf(text.data(), text.size() + 1, pattern, precision, value);
  return text;
}

}  // namespace

std::string real_digits(double value, char type, std::optional<int> precision, bool alternate) {
  value = std::abs(value);
  const bool upper = type == 'E' || type == 'F' || type == 'G';
  if (!std::isfinite(value)) {
    std::string word = std::isnan(value) ? "nan" : "inf";
    if (type == '%') word += '%';
    return upper ? upper_ascii(std::move(word)) : word;
  }
  if (precision && *precision > k_largest_precision) fail_user("precision too big: {}", *precision);
  const int digits = precision.value_or(6);
  std::string text;
  switch (type) {
    case 'e':
    case 'E':
      text = printed(alternate ? "%#.*e" : "%.*e", digits, value);
      break;
    case 'g':
    case 'G':
      text = printed(alternate ? "%#.*g" : "%.*g", std::max(digits, 1), value);
      break;
    case '%':
      text = printed(alternate ? "%#.*f" : "%.*f", digits, value * 100) + '%';
      break;
    case 'f':
    case 'F':
      text = printed(alternate ? "%#.*f" : "%.*f", digits, value);
      break;
    default:
      if (!precision) return real_text(value);
      // Python's "no type": like g, but with a digit after the point, and an exponent one place earlier.
      text = printed("%.*g", std::max(digits, 1), value);
      if (text.find('e') == std::string::npos && text.find('.') == std::string::npos) {
        const bool fits = static_cast<int>(text.size()) < std::max(digits, 1);
        text = fits ? text + ".0" : printed("%.*e", std::max(digits, 1) - 1, value);
      }
  }
  return upper ? upper_ascii(std::move(text)) : text;
}

std::string integer_digits(std::int64_t value, char type) {
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) rest = 0 - rest;
  char buffer[72];
  const int base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, rest, base).ptr;
  std::string text(buffer, end);
  return type == 'X' ? upper_ascii(std::move(text)) : text;
}

std::string grouped(std::string digits, char separator, std::size_t every) {
  // Of a real the part before point, exponent or percent sign; an e of hexadecimal is a digit.
  auto whole = every == k_thousands ? digits.find_first_of(".eE%") : digits.size();
  if (whole == std::string::npos) whole = digits.size();
  for (auto at = whole; at > every; at -= every) digits.insert(at - every, 1, separator);
  return digits;
}

std::string padded(const Format& format, std::string_view sign, std::string_view body, char default_align) {
  const auto size = static_cast<std::int64_t>(count_characters(sign) + count_characters(body));
  const auto missing = format.width - size;
  std::string out(sign);
  if (missing <= 0) return out += body;
  std::string fills;
  const auto fill = [&](std::int64_t count) {
    fills.clear();
    for (; count > 0; --count) append_utf8(fills, format.fill);
    return fills;
  };
  switch (format.align == 0 ? default_align : format.align) {
    case '<':
      return out + std::string(body) + fill(missing);
    case '^': {
      const auto left = missing / 2;
      return fill(left) + out + std::string(body) + fill(missing - left);
    }
    case '=':
      return out + fill(missing) + std::string(body);
    default:
      return fill(missing) + out + std::string(body);
  }
}

}  // namespace sitrep::templating
