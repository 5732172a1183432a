#include <algorithm>

#include "templating/builtins.hpp"
#include "templating/operators.hpp"
#include "templating/text_split.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

/// The piped value as text; numbers and lists as they print.
std::string text_of(const Call& call) { return to_text(call[0]); }

template <class Change>
Function change(const char* name, const char* doc, Change apply) {
  return {name, "value", doc, [apply](Call& call) { return like(call[0], apply(text_of(call))); }};
}

/// Jinja's title: a capital after white space, hyphens and opening brackets.
std::string title(std::string_view text) {
  const auto separates = [](char c) {
    return std::string_view("-({[<").find(c) != std::string_view::npos || is_space(static_cast<unsigned char>(c));
  };
  std::string out;
  bool starts = true;
  if (is_ascii(text)) {
    out = to_lower(text);
    for (char& c : out) {
      if (starts && c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
      starts = separates(c);
    }
    return out;
  }
  const auto starts_at = offsets(text);
  for (std::size_t i = 0; i + 1 < starts_at.size(); ++i) {
    const auto character = text.substr(starts_at[i], starts_at[i + 1] - starts_at[i]);
    const bool separator = character.size() == 1 ? separates(character[0]) : is_space(decode(character)[0]);
    out += separator ? std::string(character) : starts ? to_upper(character) : to_lower(character);
    starts = separator;
  }
  return out;
}

std::string spaces(Call& call, std::int64_t count) {
  if (count <= 0) return {};
  call.engine().charge_text(static_cast<std::uint64_t>(count));
  call.engine().charge(static_cast<std::uint64_t>(count) / 16);
  return std::string(static_cast<std::size_t>(count), ' ');
}

Value center(Call& call) {
  const auto text = text_of(call);
  const auto width = call.integer(1);
  const auto missing = width - static_cast<std::int64_t>(count_characters(text));
  if (missing <= 0) return call[0].is_string() ? call[0] : Value(text);
  const auto left = missing / 2 + (missing & width & 1);
  return like(call[0], spaces(call, left) + text + spaces(call, missing - left));
}

Value indent(Call& call) {
  const auto indention = call[1].is_string() ? call[1].string() : spaces(call, call.integer(1));
  const bool first = call.flag(2);
  const bool blank = call.flag(3);
  const auto source = call.text(0) + "\n";
  std::string out;
  bool at_first = true;
  for (const auto line : split_line_views(source, false)) {
    if (!at_first) out += '\n';
    if (at_first ? first : blank || !line.empty()) out += indention;
    out += line;
    at_first = false;
    call.engine().charge_text(out.size());
  }
  call.engine().charge(out.size() / 16);
  return like(call[0], std::move(out));
}

Value truncate(Call& call) {
  const auto text = call.text(0);
  const auto length = call.integer(1);
  const auto end = call.text(3);
  const auto leeway = call.optional_integer(4).value_or(5);
  const auto end_length = static_cast<std::int64_t>(count_characters(end));
  if (length < end_length) fail_user("expected length >= {}, got {}", end_length, length);
  if (leeway < 0) fail_user("expected leeway >= 0, got {}", leeway);
  const auto starts = offsets(text);
  const auto size = static_cast<std::int64_t>(starts.size()) - 1;
  if (size - leeway <= length) return call[0];
  auto kept = text.substr(0, starts[static_cast<std::size_t>(length - end_length)]);
  if (!call.flag(2)) {
    if (const auto space = kept.rfind(' '); space != std::string::npos) kept.resize(space);
  }
  if (!call[0].is_markup()) return kept + end;
  return Value::markup(kept + escaped_text(call[3], call.engine()));
}

Value wordwrap(Call& call) {
  const auto width = call.integer(1);
  if (width <= 0) fail_user("invalid width {} (must be > 0)", width);
  const auto separator = call.optional_text(3).value_or("\n");
  const auto text = call.text(0);
  call.engine().charge(text.size() / 4);
  std::string out;
  bool first = true;
  for (const auto paragraph : split_line_views(text, false)) {
    const auto lines = wrap_text(paragraph, width, call.flag(2), call.flag(4));
    if (!first) out += separator;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) out += separator;
      out += lines[i];
      call.engine().charge_text(out.size());
    }
    first = false;
  }
  return out;
}

std::int64_t count_words(std::string_view text) {
  std::int64_t words = 0;
  bool inside = false;
  for (const auto code : decode(text)) {
    const bool word = is_alphabetic(code) || is_numeric(code) || code == U'_';
    if (word && !inside) ++words;
    inside = word;
  }
  return words;
}

Value replace(Call& call) {
  const auto limit = call.optional_integer(3).value_or(-1);
  const bool escapes = call.engine().autoescape();
  const bool markup = escapes && (call[0].is_markup() || call[1].is_markup() || call[2].is_markup());
  const auto source = [&] {
    if (!escapes) return to_text(call[0]);
    if (call[1].is_markup() || (call[2].is_markup() && !call[0].is_markup()))
      return escaped_text(call[0], call.engine());
    return to_text(call[0]);
  }();
  const auto part = [&](std::size_t i) { return markup ? escaped_text(call[i], call.engine()) : to_text(call[i]); };
  const auto from = part(1);
  const auto to = part(2);
  call.engine().charge(source.size() / 16);
  call.engine().charge_text(
      to.size() > 0 && from.size() < to.size() ? source.size() / std::max<std::size_t>(from.size(), 1) * to.size() : 0);
  auto text = replace_text(source, from, to, limit);
  call.engine().charge_text(text.size());
  call.engine().charge(text.size() / 16);
  return markup ? Value::markup(std::move(text)) : Value(std::move(text));
}

Value trim(Call& call) {
  const auto characters = call.optional_text(1);
  return like(call[0], std::string(strip_view(text_of(call), Ends::both, characters ? &*characters : nullptr)));
}

Value format(Call& call) { return format_percent(Value(call[0]), call.rest(), call.named_rest(), call.engine()); }

}  // namespace

void add_text_filters(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add(change("upper", "in upper case", to_upper));
  add(change("lower", "in lower case", to_lower));
  add(change("capitalize", "the first character in upper case, the rest in lower", capitalize));
  add({"title", "value", "words with a capital first", [](Call& call) -> Value { return title(text_of(call)); }});
  add({"center", "value, width=80", "centred in that many columns", center});
  add({"indent", "value, width=4, first=false, blank=false",
       "lines indented by a number of spaces or a text; not the first and blank ones unless asked", indent});
  add({"truncate", "value, length=255, killwords=false, end='...', leeway=none",
       "cut to a length at a word; up to `leeway` (5) more is left", truncate});
  add({"wordwrap", "value, width=79, break_long_words=true, wrapstring=none, break_on_hyphens=true",
       "lines of at most that width", wordwrap});
  add({"wordcount", "value", "number of words", [](Call& call) -> Value { return count_words(text_of(call)); }});
  add({"replace", "value, old, new, count=none", "every `old`, or the first `count`, by `new`", replace});
  add({"trim", "value, chars=none", "without white space, or these characters, at both ends", trim});
  add({"format", "value, *arguments, **named", "printf-style: \"%s: %.1f\"|format(a, b)", format});
  add({"string", "value", "as text", [](Call& call) { return call[0].is_string() ? call[0] : Value(text_of(call)); }});
}

}  // namespace sitrep::templating
