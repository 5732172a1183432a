#include "base/utf8.hpp"

#include "base/text.hpp"

namespace sitrep {

Utf8Step next_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  // Table 3-7 of the Unicode standard: well-formed byte sequences.
  std::size_t length = 0;
  unsigned char low = 0x80, high = 0xBF;
  char32_t code = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    code = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    code = lead & 0x0Fu;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    code = lead & 0x07u;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {k_invalid_utf8, 1};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {k_invalid_utf8, i};
    code = (code << 6) | (byte(i) & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return {code, length};
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto step = next_utf8(text);
    if (step.code == k_invalid_utf8) return false;
    text.remove_prefix(step.length);
  }
  return true;
}

std::string repair_utf8(std::string_view text, std::size_t* replaced) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto step = next_utf8(text);
    if (step.code == k_invalid_utf8) {
      result += "\xEF\xBF\xBD";
      if (replaced) ++*replaced;
    } else {
      result += text.substr(0, step.length);
    }
    text.remove_prefix(step.length);
  }
  return result;
}

}  // namespace sitrep
