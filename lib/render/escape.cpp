#include "render/escape.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::render {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// U+E000..U+F8FF is EE 80 80 .. EF A3 BF in UTF-8.
bool is_private_use(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return false;
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return first == 0xEE || (first == 0xEF && second <= 0xA3);
}

/// Runs of white space as one blank.
std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      if (line.empty() || line.back() != ' ') line.push_back(' ');
    } else if (is_private_use(text, i)) {
      line += "\xEF\xBF\xBD";
      i += 2;
    } else {
      line.push_back(c);
    }
  }
  return visible(line);
}

/// What begins a block when it stands first in a line: headings, lists, quotes, rules, setext underlines, fences.
bool opens_block(std::string_view text) {
  const char c = text.front();
  if (c == '#' || c == '=' || c == '>') return true;
  if (c == '+' || c == '-') return text.size() == 1 || text[1] == ' ' || text[1] == c;
  return c == ':' && text.size() > 1 && text[1] == '-';
}

/// "12." and "12)" begin an ordered list; the position of that mark, or npos.
std::size_t ordered_mark(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 9) return std::string_view::npos;
  const bool mark = text[digits] == '.' || text[digits] == ')';
  const bool ends = digits + 1 == text.size() || text[digits + 1] == ' ';
  return mark && ends ? digits : std::string_view::npos;
}

bool acts(std::string_view text, std::size_t i) {
  switch (text[i]) {
    case '\\':
    case '`':
    case '*':
    case '$':  // two of them are mathematics on GitHub
    case '[':
    case ']':
    case '<':
    case '|':
    case '~':
      return true;
    case '_':
      return i == 0 || i + 1 == text.size() || !is_word(text[i - 1]) || !is_word(text[i + 1]);
    case '&':
      return i + 1 < text.size() && (is_word(text[i + 1]) || text[i + 1] == '#');
    default:
      return false;
  }
}

}  // namespace

std::string escape_markdown(std::string_view text) {
  const auto line = one_line(text);
  // A blank at either end is kept, for texts that a template puts together; what follows it may still begin a block.
  const std::size_t first = line.starts_with(' ') ? 1 : 0;
  if (first == line.size()) return line;
  const auto rest = std::string_view(line).substr(first);
  const auto mark = ordered_mark(rest);
  std::string escaped(first, ' ');
  escaped.reserve(line.size() + 8);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (acts(rest, i) || i == mark || (i == 0 && opens_block(rest))) escaped.push_back('\\');
    escaped.push_back(rest[i]);
  }
  return escaped;
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  std::size_t start = 0;
  const auto flush = [&](std::size_t end) {
    // visible() would also show the line ends that lay out code blocks, so it is given the text between them.
    if (end > start) escaped += visible(text.substr(start, end - start));
    start = end + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char* entity = nullptr;
    switch (text[i]) {
      case '&':
        entity = "&amp;";
        break;
      case '<':
        entity = "&lt;";
        break;
      case '>':
        entity = "&gt;";
        break;
      case '"':
        entity = "&quot;";
        break;
      case '\'':
        entity = "&#39;";
        break;
      case '\n':
        entity = "\n";
        break;
      case '\t':
        entity = "\t";
        break;
      default:
        continue;
    }
    flush(i);
    escaped += entity;
  }
  flush(text.size());
  return escaped;
}

std::optional<std::string> safe_url(std::string_view url) {
  url = trim_view(url);
  if (url.empty() || !is_valid_utf8(url)) return std::nullopt;
  for (const char c : url)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
  // A browser reads "\\host" as "//host".
  if (url.size() > 1 && (url[0] == '/' || url[0] == '\\') && (url[1] == '/' || url[1] == '\\')) return std::nullopt;
  const auto end = url.find_first_of(":/?#\\");
  if (end != std::string_view::npos && url[end] == ':') {
    const auto scheme = lower_ascii(url.substr(0, end));
    if (scheme != "http" && scheme != "https" && scheme != "mailto") return std::nullopt;
  }
  std::string safe;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    const bool trips = byte >= 0x80 || std::string_view(" \"'<>()[]\\^`{|}*_~").find(c) != std::string_view::npos;
    if (trips && c != '_' && c != '~')
      safe += fmt::format("%{:02X}", byte);
    else
      safe.push_back(c);
  }
  return safe;
}

std::string markdown_link(std::string_view text, std::string_view url) {
  const auto safe = safe_url(url);
  const auto label = escape_markdown(trim_view(text));
  // A viewer decodes entities in a link's target: "javascript&colon;" would become a scheme, "&copy;=2" a sign.
  return safe && !label.empty() ? fmt::format("[{}]({})", label, replace_all(*safe, "&", "&amp;")) : label;
}

std::string csv_field(std::string_view text) {
  std::string field(text);
  const bool runs = !field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos;
  const bool number = runs && (is_digit(field.back()) || field.back() == '.') && parse_real(field);
  const bool guard = runs && !number;
  if (guard) field.insert(field.begin(), '\'');
  if (!guard && field.find_first_of(",\"\r\n") == std::string::npos) return field;
  return '"' + replace_all(field, "\"", "\"\"") + '"';
}

}  // namespace sitrep::render
