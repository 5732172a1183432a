#include "templating/entities.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

constexpr std::array<std::pair<std::string_view, char32_t>, 32> k_named{
    {{"amp", U'&'},    {"lt", U'<'},     {"gt", U'>'},     {"quot", U'"'},   {"apos", U'\''}, {"nbsp", 0xA0},
     {"copy", U'©'},   {"reg", U'®'},    {"trade", U'™'},  {"hellip", U'…'}, {"mdash", U'—'}, {"ndash", U'–'},
     {"laquo", U'«'},  {"raquo", U'»'},  {"lsquo", U'‘'},  {"rsquo", U'’'},  {"ldquo", U'“'}, {"rdquo", U'”'},
     {"bull", U'•'},   {"middot", U'·'}, {"times", U'×'},  {"deg", U'°'},    {"euro", U'€'},  {"pound", U'£'},
     {"sect", U'§'},   {"para", U'¶'},   {"plusmn", U'±'}, {"larr", U'←'},   {"rarr", U'→'},  {"szlig", U'ß'},
     {"eacute", U'é'}, {"uuml", U'ü'}}};

std::optional<char32_t> code_of(std::string_view name) {
  if (name.starts_with('#')) {
    name.remove_prefix(1);
    int base = 10;
    if (name.starts_with('x') || name.starts_with('X')) {
      name.remove_prefix(1);
      base = 16;
    }
    std::uint32_t code = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), code, base);
    if (status != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    const bool character = code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return character ? code : U'\uFFFD';
  }
  for (const auto& [known, code] : k_named) {
    if (known == name) return code;
  }
  return std::nullopt;
}

}  // namespace

std::string unescape_html(std::string_view text) {
  constexpr std::size_t k_longest_name = 12;
  std::string out;
  while (!text.empty()) {
    const auto end = text.front() == '&' ? text.substr(0, k_longest_name).find(';') : std::string_view::npos;
    const auto code = end == std::string_view::npos ? std::nullopt : code_of(text.substr(1, end - 1));
    if (code) {
      append_utf8(out, *code);
      text.remove_prefix(end + 1);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace sitrep::templating
