#include "templating/entities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "templating/unicode.hpp"

namespace sitrep::templating {

namespace {

struct Named {
  std::string_view name;
  char32_t code;
};

/// Those that HTML knows without a semicolon too, and so in the middle of a word ("&copyright"): U+00A0 to U+00FF by
/// code, then the marks of HTML itself.
constexpr std::array<std::string_view, 96> k_latin{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",
    "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",
    "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",
    "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",
    "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute",
    "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
    "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
    "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};
constexpr std::array<Named, 10> k_marks{{{"amp", U'&'},
                                         {"lt", U'<'},
                                         {"gt", U'>'},
                                         {"quot", U'"'},
                                         {"AMP", U'&'},
                                         {"LT", U'<'},
                                         {"GT", U'>'},
                                         {"QUOT", U'"'},
                                         {"COPY", U'©'},
                                         {"REG", U'®'}}};
/// In common use, and with a semicolon only.
constexpr std::array<Named, 25> k_closed{
    {{"apos", U'\''}, {"trade", U'™'}, {"hellip", U'…'}, {"mdash", U'—'},  {"ndash", U'–'},
     {"lsquo", U'‘'}, {"rsquo", U'’'}, {"sbquo", U'‚'},  {"ldquo", U'“'},  {"rdquo", U'”'},
     {"bdquo", U'„'}, {"bull", U'•'},  {"euro", U'€'},   {"larr", U'←'},   {"rarr", U'→'},
     {"uarr", U'↑'},  {"darr", U'↓'},  {"le", U'≤'},     {"ge", U'≥'},     {"ne", U'≠'},
     {"minus", U'−'}, {"infin", U'∞'}, {"asymp", U'≈'},  {"dagger", U'†'}, {"permil", U'‰'}}};

template <std::size_t N>
std::optional<char32_t> find(const std::array<Named, N>& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Named& known) { return known.name == name; });
  return found == table.end() ? std::nullopt : std::optional(found->code);
}

std::optional<char32_t> open_name(std::string_view name) {
  const auto latin = std::find(k_latin.begin(), k_latin.end(), name);
  if (latin != k_latin.end()) return 0xA0 + static_cast<char32_t>(latin - k_latin.begin());
  return find(k_marks, name);
}

struct Reference {
  std::string text;
  std::size_t size;  ///< bytes after the '&'
};

std::optional<Reference> named(std::string_view text) {
  constexpr std::size_t k_longest = 8;
  const auto end =
      std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), text.size());
  const auto made = [](char32_t code, std::size_t size) {
    Reference reference{{}, size};
    append_utf8(reference.text, code);
    return reference;
  };
  if (end < text.size() && text[end] == ';') {
    const auto name = text.substr(0, end);
    auto code = open_name(name);
    if (!code) code = find(k_closed, name);
    if (code) return made(*code, end + 1);
  }
  for (auto size = std::min(end, k_longest); size > 1; --size) {
    if (const auto code = open_name(text.substr(0, size))) return made(*code, size);
  }
  return std::nullopt;
}

/// What HTML reads numbers as: those of Windows-1252's marks mean the marks, controls nothing.
std::string meant(std::uint64_t code) {
  constexpr std::u32string_view k_windows = U"€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ";
  std::string text;
  if (code >= 0x80 && code <= 0x9F) {
    append_utf8(text, k_windows[code - 0x80]);
  } else if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    append_utf8(text, U'\uFFFD');
  } else {
    const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\f' && code != '\r';
    const bool never_a_character = code == 0x7F || (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFEU) == 0xFFFE;
    if (!control && code != 0x0B && !never_a_character) append_utf8(text, static_cast<char32_t>(code));
  }
  return text;
}

/// "#38;", "#x26"
std::optional<Reference> numeric(std::string_view text) {
  const bool hex = text.size() > 1 && (text[1] | 0x20) == 'x';
  const auto digits = text.substr(hex ? 2 : 1);
  std::uint64_t code = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (end == digits.data()) return std::nullopt;
  auto size = static_cast<std::size_t>(end - text.data());
  if (size < text.size() && text[size] == ';') ++size;
  return Reference{meant(status == std::errc{} ? code : UINT64_MAX), size};
}

}  // namespace

std::string unescape_html(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto mark = std::min(text.find('&'), text.size());
    out += text.substr(0, mark);
    text.remove_prefix(mark);
    if (text.empty()) break;
    text.remove_prefix(1);
    const auto reference = text.starts_with('#') ? numeric(text) : named(text);
    out += reference ? reference->text : "&";
    if (reference) text.remove_prefix(reference->size);
  }
  return out;
}

}  // namespace sitrep::templating
