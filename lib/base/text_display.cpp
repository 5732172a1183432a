#include <fmt/format.h>
#include <utf8proc.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace sitrep {
namespace {

/// What must not reach a terminal: C0, DEL, C1, bidi controls, line and paragraph separators, the byte order mark.
bool is_unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x200E || c == 0x200F || c == 0x061C || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

std::string escape(char32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return c < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(c))
                       : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  }
}

std::size_t width_of(char32_t c) {
  if (is_unsafe(c)) return escape(c).size();
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
  return width < 0 ? 0 : static_cast<std::size_t>(width);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto step = next_utf8(text);
    width += step.code == k_invalid_utf8 ? 4 * step.length : width_of(step.code);
    text.remove_prefix(step.length);
  }
  return width;
}

std::string truncate_display(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0, bytes = 0;
  for (auto rest = text; !rest.empty();) {
    const auto step = next_utf8(rest);
    const auto w = step.code == k_invalid_utf8 ? 4 * step.length : width_of(step.code);
    if (used + w > width - 1) break;
    used += w;
    bytes += step.length;
    rest.remove_prefix(step.length);
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto step = next_utf8(text);
    const auto bytes = text.substr(0, step.length);
    if (step.code == k_invalid_utf8) {
      for (const char c : bytes) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else if (is_unsafe(step.code)) {
      result += escape(step.code);
    } else {
      result += bytes;
    }
    text.remove_prefix(step.length);
  }
  return result;
}

}  // namespace sitrep
