#include "templating/unicode.hpp"

#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/utf8.hpp"

namespace sitrep::templating {

namespace {

/// Characters below 128 need no tables.
bool is_plain(char32_t code) { return code < 0x80; }

/// A mapping of one character to one or more (Unicode's SpecialCasing.txt and CaseFolding.txt), without a language.
using CaseMapping = decltype(u32_toupper);

void append_mapped(std::string& out, char32_t code, CaseMapping& mapping) {
  const ucs4_t from = code;
  std::array<std::uint32_t, 4> to{};  // no mapping makes more than three
  std::size_t count = to.size();
  mapping(&from, 1, nullptr, nullptr, to.data(), &count);
  for (std::size_t i = 0; i < count; ++i) append_utf8(out, to.at(i));
}

void append_lower(std::string& out, char32_t code) {
  if (is_plain(code)) {
    out += static_cast<char>(code >= U'A' && code <= U'Z' ? code + 32 : code);
  } else {
    append_mapped(out, code, u32_tolower);
  }
}

void append_upper(std::string& out, char32_t code) {
  if (is_plain(code)) {
    out += static_cast<char>(code >= U'a' && code <= U'z' ? code - 32 : code);
  } else {
    append_mapped(out, code, u32_toupper);
  }
}

bool starts_cased(std::string_view text) {
  while (!text.empty()) {
    const auto step = next_utf8(text);
    if (step.code == k_invalid_utf8 || !uc_is_property_case_ignorable(step.code))
      return step.code != k_invalid_utf8 && is_cased(step.code);
    text.remove_prefix(step.length);
  }
  return false;
}

/// Lower case of the characters of one text in turn: a capital sigma at the end of a word has a form of its own.
class Lowering {
 public:
  /// The next character stays out of it, but a letter after it may look back at it.
  void pass(char32_t code) {
    if (!uc_is_property_case_ignorable(code)) after_letter_ = is_cased(code);
  }
  void append(std::string& out, char32_t code, std::string_view rest) {
    if (code == U'Σ' && after_letter_ && !starts_cased(rest)) {
      out += "ς";
    } else {
      append_lower(out, code);
    }
    pass(code);
  }

 private:
  bool after_letter_ = false;
};

/// `each` gets the text so far, a character and the rest after it.
template <class Each>
std::string map_characters(std::string_view text, Each each) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto step = next_utf8(text);
    const auto bytes = text.substr(0, step.length);
    text.remove_prefix(step.length);
    if (step.code == k_invalid_utf8) {
      out += bytes;
    } else {
      each(out, step.code, text);
    }
  }
  return out;
}

bool in_set(std::string_view character, const std::string* set) {
  if (set == nullptr) return is_space(next_utf8(character).code);
  return set->find(character) != std::string::npos;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return text.size();
  }
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(next_utf8(text).length);
    ++count;
  }
  return count;
}

std::vector<char32_t> decode(std::string_view text) {
  std::vector<char32_t> codes;
  codes.reserve(text.size());
  while (!text.empty()) {
    const auto step = next_utf8(text);
    codes.push_back(step.code == k_invalid_utf8 ? U'\uFFFD' : step.code);
    text.remove_prefix(step.length);
  }
  return codes;
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  std::array<std::uint8_t, 4> bytes{};
  const int count = u8_uctomb(bytes.data(), code, bytes.size());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(std::max(count, 0)));
}

std::vector<std::size_t> offsets(std::string_view text) {
  std::vector<std::size_t> starts;
  starts.reserve(text.size() + 1);
  std::size_t at = 0;
  while (at < text.size()) {
    starts.push_back(at);
    at += static_cast<unsigned char>(text[at]) < 0x80 ? 1 : next_utf8(text.substr(at)).length;
  }
  starts.push_back(at);
  return starts;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

namespace {

/// The letters from `first` to `last` in the other case.
std::string changed_ascii(std::string_view text, char first, char last) {
  std::string changed(text);
  for (char& c : changed) c = static_cast<char>(c ^ (c >= first && c <= last ? 0x20 : 0));  // no branch
  return changed;
}

}  // namespace

std::string to_upper(std::string_view text) {
  if (is_ascii(text)) return changed_ascii(text, 'a', 'z');
  return map_characters(text, [](std::string& out, char32_t code, std::string_view) { append_upper(out, code); });
}

std::string to_lower(std::string_view text) {
  if (is_ascii(text)) return changed_ascii(text, 'A', 'Z');
  Lowering lower;
  return map_characters(text,
                        [&](std::string& out, char32_t code, std::string_view rest) { lower.append(out, code, rest); });
}

std::string fold_case(std::string_view text) {
  return map_characters(
      text, [](std::string& out, char32_t code, std::string_view) { append_mapped(out, code, u32_casefold); });
}

std::string capitalize(std::string_view text) {
  bool first = true;
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (!std::exchange(first, false)) return lower.append(out, code, rest);
    append_mapped(out, code, u32_totitle);
    lower.pass(code);
  });
}

std::string title_case(std::string_view text) {
  bool inside = false;
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (std::exchange(inside, is_cased(code))) return lower.append(out, code, rest);
    append_mapped(out, code, u32_totitle);
    lower.pass(code);
  });
}

std::string swap_case(std::string_view text) {
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (is_upper(code)) return lower.append(out, code, rest);
    is_lower(code) ? append_upper(out, code) : append_utf8(out, code);
    lower.pass(code);
  });
}

bool is_space(char32_t code) {
  if (is_plain(code)) return (code >= 9 && code <= 13) || (code >= 28 && code <= 32);
  return code == 0x85 || uc_is_general_category(code, UC_SEPARATOR);
}

bool is_alphabetic(char32_t code) { return uc_is_general_category(code, UC_LETTER); }
bool is_decimal(char32_t code) { return uc_decimal_value(code) >= 0; }
bool is_any_digit(char32_t code) { return uc_digit_value(code) >= 0; }
bool is_numeric(char32_t code) { return uc_numeric_value(code).denominator != 0; }
bool is_upper(char32_t code) { return uc_is_property_uppercase(code); }
bool is_lower(char32_t code) { return uc_is_property_lowercase(code); }
bool is_cased(char32_t code) { return uc_is_property_cased(code); }

bool is_printable(char32_t code) {
  return code == U' ' || !uc_is_general_category(code, uc_general_category_or(UC_OTHER, UC_SEPARATOR));
}

std::string with_ascii_digits(std::string_view text) {
  return map_characters(text, [](std::string& out, char32_t code, std::string_view) {
    const int digit = is_plain(code) ? -1 : uc_decimal_value(code);
    append_utf8(out, digit < 0 ? code : U'0' + static_cast<char32_t>(digit));
  });
}

std::string_view strip_view(std::string_view text, Ends ends, const std::string* characters) {
  if (ends != Ends::right) {
    while (!text.empty()) {
      const auto step = next_utf8(text).length;
      if (!in_set(text.substr(0, step), characters)) break;
      text.remove_prefix(step);
    }
  }
  if (ends != Ends::left) {
    while (!text.empty()) {
      auto start = text.size() - 1;
      while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
      if (!in_set(text.substr(start), characters)) break;
      text.remove_suffix(text.size() - start);
    }
  }
  return text;
}

}  // namespace sitrep::templating
