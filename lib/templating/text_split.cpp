#include "templating/text_split.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/utf8.hpp"
#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

/// Bytes of the line end that `text` starts with; 0 when there is none.
std::size_t line_end(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  const auto [code, size] = next_utf8(text);
  switch (code) {
    case U'\n':
    case U'\r':
    case 0x0B:
    case 0x0C:
    case 0x1C:
    case 0x1D:
    case 0x1E:
    case 0x85:
    case 0x2028:
    case 0x2029:
      return size;
    default:
      return 0;
  }
}

/// Bytes of the text before the first white space.
std::size_t word_size(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto [code, size] = next_utf8(text.substr(at));
    if (is_space(code)) break;
    at += size;
  }
  return at;
}

std::size_t last_word_start(std::string_view text) {
  auto start = text.size();
  while (start > 0) {
    auto before = start - 1;
    while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0U) == 0x80U) --before;
    if (is_space(next_utf8(text.substr(before)).code)) break;
    start = before;
  }
  return start;
}

}  // namespace

std::vector<std::string_view> split_space_views(std::string_view text, std::int64_t limit, bool from_right) {
  std::vector<std::string_view> parts;
  text = strip_view(text, from_right ? Ends::right : Ends::left);
  while (!text.empty()) {
    if (limit >= 0 && static_cast<std::int64_t>(parts.size()) == limit) {
      parts.push_back(text);
      break;
    }
    if (from_right) {
      const auto start = last_word_start(text);
      parts.push_back(text.substr(start));
      text = strip_view(text.substr(0, start), Ends::right);
    } else {
      const auto size = word_size(text);
      parts.push_back(text.substr(0, size));
      text = strip_view(text.substr(size), Ends::left);
    }
  }
  if (from_right) std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string_view> split_on_views(std::string_view text, std::string_view separator, std::int64_t limit,
                                             bool from_right) {
  std::vector<std::string_view> parts;
  while (limit < 0 || static_cast<std::int64_t>(parts.size()) < limit) {
    const auto found = from_right ? text.rfind(separator) : text.find(separator);
    if (found == std::string_view::npos) break;
    parts.push_back(from_right ? text.substr(found + separator.size()) : text.substr(0, found));
    text = from_right ? text.substr(0, found) : text.substr(found + separator.size());
  }
  parts.push_back(text);
  if (from_right) std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string_view> split_line_views(std::string_view text, bool keep_ends) {
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = line_end(text.substr(at));
    if (end == 0) {
      at += next_utf8(text.substr(at)).length;
      continue;
    }
    lines.push_back(text.substr(start, at - start + (keep_ends ? end : 0)));
    at += end;
    start = at;
  }
  if (start < text.size()) lines.push_back(text.substr(start));
  return lines;
}

std::size_t find_text(std::string_view text, std::string_view what, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const auto* found = ::memmem(text.data() + from, text.size() - from, what.data(), what.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::string replace_text(std::string_view text, std::string_view from, std::string_view to, std::int64_t limit) {
  std::string out;
  std::int64_t done = 0;
  if (from.empty()) {  // between all characters, as Python does
    for (const auto start : offsets(text)) {
      if (limit >= 0 && done == limit) return out += text.substr(start);
      out += to;
      ++done;
      if (start < text.size()) out += text.substr(start, next_utf8(text.substr(start)).length);
    }
    return out;
  }
  while (limit < 0 || done < limit) {
    const auto found = find_text(text, from, 0);
    if (found == std::string_view::npos) break;
    out += text.substr(0, found);
    out += to;
    text.remove_prefix(found + from.size());
    ++done;
  }
  return out += text;
}

namespace {

bool is_wrap_space(char32_t code) { return (code >= 9 && code <= 13) || code == U' '; }

bool is_word(char32_t code) { return is_alphabetic(code) || is_numeric(code) || code == U'_'; }

using Codes = std::span<const char32_t>;

/// The size of the first chunk. A line may break between chunks: white space, words, and behind hyphens inside words.
std::size_t chunk_size(Codes codes, bool break_on_hyphens) {
  if (codes.empty()) return 0;
  std::size_t end = 0;
  const bool space = is_wrap_space(codes[0]);
  while (end < codes.size() && is_wrap_space(codes[end]) == space) {
    ++end;
    if (space || !break_on_hyphens || end < 2 || codes[end - 1] != U'-') continue;
    // letters-letters breaks behind the hyphen; "--" and numbers do not
    const auto letter = [&](std::size_t i) { return i < codes.size() && is_alphabetic(codes[i]); };
    const bool letters_before = end >= 3 && letter(end - 2) && is_word(codes[end - 3]);
    const bool letters_after =
        letter(end) && (letter(end + 1) || (end + 2 < codes.size() && codes[end + 1] == U'-' && letter(end + 2)));
    if (letters_before && letters_after) break;
  }
  return end;
}

bool is_blank(Codes chunk) { return std::all_of(chunk.begin(), chunk.end(), is_space); }

/// How much of a word that is longer than a line stays on this one, where `room` is left: up to a hyphen if it can.
std::size_t kept_of_long_word(Codes word, std::size_t room, bool break_on_hyphens) {
  if (!break_on_hyphens || word.size() <= room) return room;
  const auto hyphen = std::find(word.rend() - static_cast<std::ptrdiff_t>(room), word.rend(), U'-');
  const auto at = static_cast<std::size_t>(word.rend() - hyphen);
  const auto before = word.first(at > 0 ? at - 1 : 0);
  const bool after_a_word = std::any_of(before.begin(), before.end(), [](char32_t c) { return c != U'-'; });
  return after_a_word ? at : room;
}

std::string encode(Codes codes) {
  std::string text;
  for (const auto code : codes) append_utf8(text, code);
  return text;
}

}  // namespace

std::vector<std::string> wrap_text(std::string_view text, std::int64_t width, bool break_long_words,
                                   bool break_on_hyphens) {
  const auto codes = decode(text);
  const auto limit = static_cast<std::size_t>(width);
  Codes rest(codes), chunk;  // what is left: its first chunk, or a part of that, and all behind it
  const auto next = [&] {
    chunk = rest.first(chunk_size(rest, break_on_hyphens));
    rest = rest.subspan(chunk.size());
  };
  std::vector<std::string> lines;
  next();
  while (!chunk.empty()) {
    if (!lines.empty() && is_blank(chunk)) next();
    const auto* const begin = chunk.data();
    std::size_t size = 0;
    Codes last;
    while (!chunk.empty() && size + chunk.size() <= limit) {
      size += chunk.size();
      last = chunk;
      next();
    }
    if (chunk.size() > limit && (break_long_words || size == 0)) {
      last = chunk.first(break_long_words ? kept_of_long_word(chunk, limit - size, break_on_hyphens) : chunk.size());
      size += last.size();
      chunk = chunk.subspan(last.size());
      if (chunk.empty()) next();
    }
    if (is_blank(last)) size -= last.size();
    if (size > 0) lines.push_back(encode({begin, size}));
  }
  return lines;
}

}  // namespace sitrep::templating
