#include <algorithm>
#include <vector>

#include "templating/builtins.hpp"
#include "templating/method_tables.hpp"
#include "templating/operators.hpp"
#include "templating/text_split.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

const std::string& self(const Call& call) { return call[0].string(); }

/// An argument as text of the receiver's kind: escaped when the receiver is marked safe.
constexpr std::size_t k_bytes_a_step = 256;  // of a search

std::string argument(const Call& call, std::size_t i) {
  const auto text = call.text(i);
  return call[0].is_markup() ? escaped_text(call[i], call.engine()) : text;
}

List texts(const Call& call, const std::vector<std::string_view>& views) {
  List list;
  list.reserve(views.size());
  for (const auto view : views) list.push_back(like(call[0], std::string(view)));
  return list;
}

template <class Change>
Function change(const char* name, const char* doc, Change apply) {
  return {name, "text", doc, [apply](Call& call) { return like(call[0], apply(self(call))); }};
}

/// Whether all characters pass; false for an empty text.
template <class Decide>
Function all(const char* name, const char* doc, Decide decide) {
  return {name, "text", doc, [decide](Call& call) -> Value {
            const auto codes = decode(self(call));
            return !codes.empty() && std::all_of(codes.begin(), codes.end(), decide);
          }};
}

Function strip(const char* name, const char* doc, Ends ends) {
  return {name, "text, characters=none", doc, [ends](Call& call) {
            const auto characters = call.optional_text(1);
            return like(call[0], std::string(strip_view(self(call), ends, characters ? &*characters : nullptr)));
          }};
}

Value split(Call& call, bool from_right) {
  const auto separator = call.optional_text(1);
  call.engine().charge(self(call).size() / 4);
  if (!separator) return texts(call, split_space_views(self(call), call.integer(2), from_right));
  if (separator->empty()) fail_user("empty separator");
  return texts(call, split_on_views(self(call), *separator, call.integer(2), from_right));
}

Value join(Call& call) {
  std::string text;
  bool first = true;
  for (const auto& item : iterate(call[1])) {
    if (item.is_undefined()) throw UndefinedUse(item);
    const bool markup = call[0].is_markup();
    if (!markup && !item.is_string()) fail_user("join() needs texts; one is a {}", item.type_name());
    if (!first) text += self(call);
    text += markup ? escaped_text(item, call.engine()) : item.string();
    first = false;
    call.engine().charge_text(text.size());
  }
  call.engine().charge(text.size() / 16);
  return like(call[0], std::move(text));
}

/// The part of the text that start and end name, as slices do.
std::string_view window(const Call& call, std::size_t start_at) {
  const auto starts = offsets(self(call));
  const auto size = static_cast<std::int64_t>(starts.size()) - 1;
  const auto place = [&](std::size_t i, std::int64_t otherwise) {
    auto index = call.optional_integer(i).value_or(otherwise);
    if (index < 0) index = std::max<std::int64_t>(index + size, 0);
    return std::min(index, size);
  };
  const auto from = starts[static_cast<std::size_t>(place(start_at, 0))];
  const auto to = starts[static_cast<std::size_t>(place(start_at + 1, size))];
  return from <= to ? std::string_view(self(call)).substr(from, to - from) : std::string_view();
}

bool starts_or_ends(Call& call, bool at_start) {
  const auto part = window(call, 2);
  const auto matches = [&](const Value& affix) {
    if (!affix.is_string()) fail_user("{}() needs a text or a tuple of texts", call.function().name);
    return at_start ? part.starts_with(affix.string()) : part.ends_with(affix.string());
  };
  if (call[1].is_list() && call[1].list_form() == ListForm::tuple) {
    return std::any_of(call[1].list().begin(), call[1].list().end(), matches);
  }
  return matches(call[1]);
}

Value find(Call& call, bool from_right, bool required) {
  const auto part = window(call, 2);
  call.engine().charge(part.size() / k_bytes_a_step);
  const auto found = from_right ? part.rfind(call.text(1)) : find_text(part, call.text(1), 0);
  if (found == std::string_view::npos) {
    if (required) fail_user("substring not found");
    return -1;
  }
  const auto before = static_cast<std::size_t>(part.data() - self(call).data()) + found;
  return static_cast<std::int64_t>(count_characters(std::string_view(self(call)).substr(0, before)));
}

Value count(Call& call) {
  const auto part = window(call, 2);
  const auto wanted = call.text(1);
  call.engine().charge(part.size() / k_bytes_a_step);
  if (wanted.empty()) return static_cast<std::int64_t>(count_characters(part)) + 1;
  std::int64_t found = 0;
  for (auto at = find_text(part, wanted, 0); at != std::string_view::npos;
       at = find_text(part, wanted, at + wanted.size()))
    ++found;
  return found;
}

Value replace(Call& call) {
  const auto from = argument(call, 1);
  const auto to = argument(call, 2);
  const auto& text = self(call);
  call.engine().charge(text.size() / k_bytes_a_step);
  call.engine().charge_text(to.size() > from.size() ? text.size() / std::max<std::size_t>(from.size(), 1) * to.size()
                                                    : 0);
  auto result = replace_text(text, from, to, call.integer(3));
  call.engine().charge_text(result.size());
  call.engine().charge(result.size() / 16);
  return like(call[0], std::move(result));
}

enum class Side { left, right, both };

Value pad(Call& call, Side text_side) {
  const auto width = call.integer(1);
  const auto fill = call.text(2);
  if (count_characters(fill) != 1) fail_user("the fill character must be exactly one character long");
  const auto missing = width - static_cast<std::int64_t>(count_characters(self(call)));
  if (missing <= 0) return call[0];
  call.engine().charge_text(static_cast<std::uint64_t>(missing) * fill.size());
  call.engine().charge(static_cast<std::uint64_t>(missing) / 16);
  const auto fills = [&fill](std::int64_t n) {
    std::string out;
    for (; n > 0; --n) out += fill;
    return out;
  };
  const auto left = text_side == Side::left    ? 0
                    : text_side == Side::right ? missing
                                               : missing / 2 + (missing & width & 1);
  return like(call[0], fills(left) + self(call) + fills(missing - left));
}

Value zfill(Call& call) {
  const auto width = call.integer(1);
  const auto missing = width - static_cast<std::int64_t>(count_characters(self(call)));
  if (missing <= 0) return call[0];
  call.engine().charge_text(static_cast<std::uint64_t>(missing));
  const bool sign = self(call).starts_with('-') || self(call).starts_with('+');
  return like(call[0], self(call).substr(0, sign ? 1 : 0) + std::string(static_cast<std::size_t>(missing), '0') +
                           self(call).substr(sign ? 1 : 0));
}

Value partition(Call& call, bool from_right) {
  const auto separator = argument(call, 1);
  if (separator.empty()) fail_user("empty separator");
  const auto& text = self(call);
  const auto found = from_right ? text.rfind(separator) : text.find(separator);
  const auto part = [&](std::string s) { return like(call[0], std::move(s)); };
  if (found == std::string::npos) {
    if (from_right) return Value::tuple({part(""), part(""), part(text)});
    return Value::tuple({part(text), part(""), part("")});
  }
  return Value::tuple({part(text.substr(0, found)), part(separator), part(text.substr(found + separator.size()))});
}

/// str.istitle: every word starts with a capital and goes on without one.
bool is_title(const std::string& text) {
  bool inside = false;
  bool any = false;
  for (const auto code : decode(text)) {
    if (is_upper(code) ? inside : is_lower(code) ? !inside : false) return false;
    inside = is_cased(code);
    any = any || inside;
  }
  return any;
}

bool cased_as(const std::string& text, bool (*wrong)(char32_t), bool (*right)(char32_t)) {
  const auto codes = decode(text);
  return std::any_of(codes.begin(), codes.end(), right) && std::none_of(codes.begin(), codes.end(), wrong);
}

Value expand_tabs(Call& call) {
  const auto size = call.integer(1);
  std::string out;
  std::int64_t column = 0;
  for (const auto code : decode(self(call))) {
    if (code == U'\t') {
      const auto blanks = size > 0 ? size - column % size : 0;
      call.engine().charge_text(out.size() + static_cast<std::uint64_t>(blanks));
      call.engine().charge(static_cast<std::uint64_t>(blanks) / 16);
      out.append(static_cast<std::size_t>(blanks), ' ');
      column += blanks;
    } else {
      append_utf8(out, code);
      column = code == U'\n' || code == U'\r' ? 0 : column + 1;
    }
  }
  return like(call[0], std::move(out));
}

void add_cuts(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add(strip("strip", "without white space, or these characters, at both ends", Ends::both));
  add(strip("lstrip", "without them at the start", Ends::left));
  add(strip("rstrip", "without them at the end", Ends::right));
  add({"split", "text, sep=none, maxsplit=-1", "a list of the parts between separators",
       [](Call& call) { return split(call, false); }});
  add({"rsplit", "text, sep=none, maxsplit=-1", "the same, cut from the end",
       [](Call& call) { return split(call, true); }});
  add({"splitlines", "text, keepends=false", "a list of the lines",
       [](Call& call) -> Value { return texts(call, split_line_views(self(call), call.flag(1))); }});
  add({"partition", "text, sep", "before, separator, after", [](Call& call) { return partition(call, false); }});
  add({"rpartition", "text, sep", "the same at the last separator", [](Call& call) { return partition(call, true); }});
  add({"removeprefix", "text, prefix", "without that start", [](Call& call) {
         const auto prefix = call.text(1);
         return self(call).starts_with(prefix) ? like(call[0], self(call).substr(prefix.size())) : call[0];
       }});
  add({"removesuffix", "text, suffix", "without that end", [](Call& call) {
         const auto suffix = call.text(1);
         if (!self(call).ends_with(suffix)) return call[0];
         return like(call[0], self(call).substr(0, self(call).size() - suffix.size()));
       }});
}

void add_changes(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add(change("upper", "in upper case", to_upper));
  add(change("lower", "in lower case", to_lower));
  add(change("title", "words with a capital first", title_case));
  add(change("capitalize", "the first character in upper case, the rest in lower", capitalize));
  add(change("swapcase", "cases exchanged", swap_case));
  add(change("casefold", "for comparing without case", fold_case));
  add({"join", "text, items", "the items with this text between them", join});
  add({"replace", "text, old, new, count=-1", "every `old` by `new`", replace});
  add({"center", "text, width, fill=' '", "centred", [](Call& call) { return pad(call, Side::both); }});
  add({"ljust", "text, width, fill=' '", "filled up at the end", [](Call& call) { return pad(call, Side::left); }});
  add({"rjust", "text, width, fill=' '", "filled up at the start", [](Call& call) { return pad(call, Side::right); }});
  add({"zfill", "text, width", "filled up with zeros behind the sign", zfill});
  add({"expandtabs", "text, tabsize=8", "tabs as spaces", expand_tabs});
  add({"format", "text, *arguments, **named", "\"{} {name:>8}\".format(a, name=b)",
       [](Call& call) { return format_braces(call[0], call.rest(), call.named_rest(), call.engine()); }});
}

void add_questions(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add({"startswith", "text, prefix, start=none, end=none", "whether it starts so",
       [](Call& call) -> Value { return starts_or_ends(call, true); }});
  add({"endswith", "text, suffix, start=none, end=none", "whether it ends so",
       [](Call& call) -> Value { return starts_or_ends(call, false); }});
  add({"find", "text, part, start=none, end=none", "the first place, or -1",
       [](Call& call) { return find(call, false, false); }});
  add({"rfind", "text, part, start=none, end=none", "the last place, or -1",
       [](Call& call) { return find(call, true, false); }});
  add({"index", "text, part, start=none, end=none", "the first place; an error when there is none",
       [](Call& call) { return find(call, false, true); }});
  add({"rindex", "text, part, start=none, end=none", "the last place; an error when there is none",
       [](Call& call) { return find(call, true, true); }});
  add({"count", "text, part, start=none, end=none", "how often it occurs", count});
  add(all("isalpha", "letters only", is_alphabetic));
  add(all("isdigit", "digits only, superscripts too", is_any_digit));
  add(all("isdecimal", "decimal digits only", is_decimal));
  add(all("isnumeric", "numeric characters only", is_numeric));
  add(all("isalnum", "letters and digits only", [](char32_t c) { return is_alphabetic(c) || is_numeric(c); }));
  add(all("isspace", "white space only", is_space));
  add({"isascii", "text", "ASCII only", [](Call& call) -> Value {
         return std::all_of(self(call).begin(), self(call).end(),
                            [](char c) { return static_cast<unsigned char>(c) < 0x80; });
       }});
  add({"islower", "text", "in lower case",
       [](Call& call) -> Value { return cased_as(self(call), is_upper, is_lower); }});
  add({"isupper", "text", "in upper case",
       [](Call& call) -> Value { return cased_as(self(call), is_lower, is_upper); }});
  add({"istitle", "text", "in title case", [](Call& call) -> Value { return is_title(self(call)); }});
}

}  // namespace

std::vector<Function> text_methods() {
  std::vector<Function> table;
  add_cuts(table);
  add_changes(table);
  add_questions(table);
  return table;
}

}  // namespace sitrep::templating
