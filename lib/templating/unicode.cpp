#include "templating/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace sitrep::templating {

namespace {

// Characters whose upper case is more than one (Unicode SpecialCasing.txt, the unconditional ones in use).
constexpr std::array<std::pair<char32_t, std::u32string_view>, 9> k_long_upper{{{U'ß', U"SS"},
                                                                                {U'ŉ', U"ʼN"},
                                                                                {U'ǰ', U"J̌"},
                                                                                {U'ﬀ', U"FF"},
                                                                                {U'ﬁ', U"FI"},
                                                                                {U'ﬂ', U"FL"},
                                                                                {U'ﬃ', U"FFI"},
                                                                                {U'ﬄ', U"FFL"},
                                                                                {U'ﬆ', U"ST"}}};

utf8proc_category_t category(char32_t code) { return utf8proc_category(static_cast<utf8proc_int32_t>(code)); }

char32_t lower_of(char32_t code) {
  if (code < 0x80) return code >= U'A' && code <= U'Z' ? code + 32 : code;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

void append_upper(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code >= U'a' && code <= U'z' ? code - 32 : code);
    return;
  }
  for (const auto& [small, large] : k_long_upper) {
    if (small == code) {
      for (const char32_t c : large) append_utf8(out, c);
      return;
    }
  }
  append_utf8(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(code))));
}

void append_title(std::string& out, char32_t code) {
  for (const auto& [small, large] : k_long_upper) {
    if (small != code) continue;
    append_utf8(out, large.front());
    for (const char32_t c : large.substr(1)) append_utf8(out, code == U'ŉ' ? c : lower_of(c));
    return;
  }
  append_utf8(out, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(code))));
}

/// Unicode's Case_Ignorable, as far as it matters between letters: marks, modifiers and the points of words.
bool is_ignorable(char32_t code) {
  switch (category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return code == U'\'' || code == U'.' || code == U':' || code == U'·' || code == U'‘' || code == U'’';
  }
}

bool starts_cased(std::string_view text) {
  while (!text.empty()) {
    const auto step = next_utf8(text);
    if (step.code == k_invalid_utf8 || !is_ignorable(step.code))
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
    if (!is_ignorable(code)) after_letter_ = is_cased(code);
  }
  void append(std::string& out, char32_t code, std::string_view rest) {
    if (code == U'Σ' && after_letter_ && !starts_cased(rest)) {
      out += "ς";
    } else if (code == U'İ') {
      out += "i\u0307";
    } else {
      append_utf8(out, lower_of(code));
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
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
  for (utf8proc_ssize_t i = 0; i < count; ++i) out += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
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
  return map_characters(text, [](std::string& out, char32_t code, std::string_view) {
    if (code == U'ß' || code == U'ẞ') {
      out += "ss";
    } else if (code == U'ς') {
      out += "σ";
    } else {
      append_utf8(out, lower_of(code));
    }
  });
}

std::string capitalize(std::string_view text) {
  bool first = true;
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (!std::exchange(first, false)) return lower.append(out, code, rest);
    append_title(out, code);
    lower.pass(code);
  });
}

std::string title_case(std::string_view text) {
  bool inside = false;
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (std::exchange(inside, is_cased(code))) return lower.append(out, code, rest);
    append_title(out, code);
    lower.pass(code);
  });
}

std::string swap_case(std::string_view text) {
  Lowering lower;
  return map_characters(text, [&](std::string& out, char32_t code, std::string_view rest) {
    if (is_upper(code)) return lower.append(out, code, rest);
    append_upper(out, code);
    lower.pass(code);
  });
}

bool is_space(char32_t code) {
  if (code < 0x80) return (code >= 9 && code <= 13) || (code >= 28 && code <= 32);
  return code == 0x85 || category(code) == UTF8PROC_CATEGORY_ZS || code == 0x2028 || code == 0x2029;
}

bool is_alphabetic(char32_t code) {
  switch (category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

bool is_decimal(char32_t code) { return category(code) == UTF8PROC_CATEGORY_ND; }

bool is_any_digit(char32_t code) {
  if (is_decimal(code)) return true;
  // Numeric_Type=Digit (Unicode 14, DerivedNumericType.txt): superscripts, circles, counting forms.
  constexpr std::array<std::pair<char32_t, char32_t>, 20> ranges{
      {{0xB2, 0xB3},     {0xB9, 0xB9},       {0x1369, 0x1371},   {0x19DA, 0x19DA},   {0x2070, 0x2070},
       {0x2074, 0x2079}, {0x2080, 0x2089},   {0x2460, 0x2468},   {0x2474, 0x247C},   {0x2488, 0x2490},
       {0x24EA, 0x24EA}, {0x24F5, 0x24FD},   {0x24FF, 0x24FF},   {0x2776, 0x277E},   {0x2780, 0x2788},
       {0x278A, 0x2792}, {0x10A40, 0x10A43}, {0x10E60, 0x10E68}, {0x11052, 0x1105A}, {0x1F100, 0x1F10A}}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const auto& range) { return code >= range.first && code <= range.second; });
}

std::string with_ascii_digits(std::string_view text) {
  return map_characters(text, [](std::string& out, char32_t code, std::string_view) {
    if (code < 0x80 || !is_decimal(code)) return append_utf8(out, code);
    // Ten digits follow each other from a code that ends in 0 or 6; the mathematical ones stand without gaps.
    const auto low = code & 15U;
    const bool from_zero = low <= 9 && is_decimal(code - low);
    const auto value = code >= 0x1D7CE && code <= 0x1D7FF ? (code - 0x1D7CE) % 10 : from_zero ? low : low - 6;
    out += static_cast<char>('0' + value);
  });
}

bool is_numeric(char32_t code) {
  const auto kind = category(code);
  return kind == UTF8PROC_CATEGORY_ND || kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_NO;
}

bool is_upper(char32_t code) { return category(code) == UTF8PROC_CATEGORY_LU; }
bool is_lower(char32_t code) { return category(code) == UTF8PROC_CATEGORY_LL; }
bool is_cased(char32_t code) { return is_upper(code) || is_lower(code) || category(code) == UTF8PROC_CATEGORY_LT; }

bool is_printable(char32_t code) {
  switch (category(code)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    case UTF8PROC_CATEGORY_ZS:
      return code == U' ';
    default:
      return true;
  }
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
