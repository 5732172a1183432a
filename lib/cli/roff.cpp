#include "cli/man_reference.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

/// The code point at `at` of valid UTF-8, moving `at` to its last byte.
unsigned code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  unsigned value = lead & (0x3Fu >> more);
  for (unsigned i = 0; i < more; ++i) value = value << 6 | (byte(++at) & 0x3Fu);
  return value;
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x80) {
      out += fmt::format("\\[u{:04X}]", code_point(text, i));
      line_start = false;
      continue;
    }
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '^')
      out += "\\(ha";
    else if (c == '~')
      out += "\\(ti";
    else if (c == '`')
      out += "\\(ga";
    else if (c == '\'' && !line_start)
      out += "\\(aq";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

}  // namespace sitrep::cli
