#include "render/wrap.hpp"

#include "base/text.hpp"

namespace sitrep::render {
namespace {

/// Bytes of the character that starts at `at`, with what combines with it.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  const auto next = [&](std::size_t from) {
    std::size_t end = from + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end;
  };
  auto end = next(at);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0x80) != 0 &&
         display_width(text.substr(end, next(end) - end)) == 0)
    end = next(end);
  return end - at;
}

void break_word(std::string_view word, std::size_t width, std::vector<std::string>& lines) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < word.size();) {
    const auto bytes = character_bytes(word, at);
    const auto character = word.substr(at, bytes);
    const auto columns = display_width(character);
    if (used > 0 && used + columns > width) {
      lines.emplace_back();
      used = 0;
    }
    lines.back() += character;
    used += columns;
    at += bytes;
  }
}

void wrap_line(std::string_view line, std::size_t width, std::vector<std::string>& lines) {
  lines.emplace_back();
  std::size_t used = 0;
  for (const auto word : split_views(line, ' ')) {
    if (word.empty()) continue;
    const auto columns = display_width(word);
    if (used > 0 && used + 1 + columns <= width) {
      lines.back() += ' ';
      lines.back() += word;
      used += 1 + columns;
      continue;
    }
    if (used > 0) lines.emplace_back();
    if (columns <= width)
      lines.back() += word;
    else
      break_word(word, width, lines);
    used = display_width(lines.back());
  }
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto line : split_views(text, '\n')) wrap_line(line, width == 0 ? 1 : width, lines);
  return lines;
}

std::string pad_right(std::string_view text, std::size_t width) {
  const auto columns = display_width(text);
  return std::string(text) + std::string(columns < width ? width - columns : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  const auto columns = display_width(text);
  return std::string(columns < width ? width - columns : 0, ' ') + std::string(text);
}

}  // namespace sitrep::render
