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
  if (code == U'ß') {
    out += "Ss";
    return;
  }
  append_utf8(out, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(code))));
}

char32_t lower_of(char32_t code) {
  if (code < 0x80) return code >= U'A' && code <= U'Z' ? code + 32 : code;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

template <class Each>
std::string map_characters(std::string_view text, Each each) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto step = next_utf8(text);
    if (step.code == k_invalid_utf8) {
      out += text.substr(0, step.length);
    } else {
      each(out, step.code);
    }
    text.remove_prefix(step.length);
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
    at += next_utf8(text.substr(at)).length;
  }
  starts.push_back(at);
  return starts;
}

std::string to_upper(std::string_view text) { return map_characters(text, append_upper); }

std::string to_lower(std::string_view text) {
  return map_characters(text, [](std::string& out, char32_t code) { append_utf8(out, lower_of(code)); });
}

std::string fold_case(std::string_view text) {
  return map_characters(text, [](std::string& out, char32_t code) {
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
  return map_characters(text, [&first](std::string& out, char32_t code) {
    if (first) {
      append_title(out, code);
    } else {
      append_utf8(out, lower_of(code));
    }
    first = false;
  });
}

std::string title_case(std::string_view text) {
  bool inside = false;
  return map_characters(text, [&inside](std::string& out, char32_t code) {
    if (inside) {
      append_utf8(out, lower_of(code));
    } else {
      append_title(out, code);
    }
    inside = is_cased(code);
  });
}

std::string swap_case(std::string_view text) {
  return map_characters(text, [](std::string& out, char32_t code) {
    if (is_upper(code)) {
      append_utf8(out, lower_of(code));
    } else {
      append_upper(out, code);
    }
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
