#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "templating/number_format.hpp"
#include "templating/operators.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr std::int64_t k_widest = 1'000'000;
constexpr std::string_view k_aligns = "<>^=";

std::int64_t read_digits(std::string_view& rest) {
  std::int64_t number = 0;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    number = number * 10 + (rest.front() - '0');
    if (number > k_widest) fail_user("a width or precision beyond {}", k_widest);
    rest.remove_prefix(1);
  }
  return number;
}

Format read_specification(std::string_view rest) {
  Format format;
  bool fills = false;  // it says with what
  const auto skip = [&rest](char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  };
  if (!rest.empty()) {
    const auto [code, size] = next_utf8(rest);
    if (rest.size() > size && k_aligns.find(rest[size]) != std::string_view::npos) {
      format.fill = code;
      fills = true;
      format.align = rest[size];
      rest.remove_prefix(size + 1);
    } else if (k_aligns.find(rest.front()) != std::string_view::npos) {
      format.align = rest.front();
      rest.remove_prefix(1);
    }
  }
  for (const char sign : {'+', '-', ' '}) {
    if (skip(sign)) {
      format.sign = sign;
      break;
    }
  }
  format.alternate = skip('#');
  if (skip('0')) {
    format.zero = true;
    if (format.align == 0) format.align = '=';
    if (!fills) format.fill = U'0';
  }
  format.width = read_digits(rest);
  if (skip(',')) {
    format.group = ',';
  } else if (skip('_')) {
    format.group = '_';
  }
  if (skip('.')) {
    if (rest.empty() || rest.front() < '0' || rest.front() > '9') fail_user("format specifier missing precision");
    format.precision = static_cast<int>(read_digits(rest));
  }
  if (!rest.empty()) {
    format.type = rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) fail_user("invalid format specifier");
  const auto groupable = format.group == ',' ? "deEfFgG%" : "deEfFgG%boxX";
  if (format.group != 0 && format.type != 0 && std::string_view(groupable).find(format.type) == std::string::npos) {
    fail_user("cannot specify '{}' with '{}'", format.group, format.type);
  }
  return format;
}

std::string sign_of(const Format& format, bool negative) {
  if (negative) return "-";
  return format.sign == '-' ? "" : std::string(1, format.sign);
}

[[noreturn]] void unknown_code(char type, const Value& value) {
  fail_user("unknown format code '{}' for object of type '{}'", type, value.type_name());
}

/// Zeros in front belong to the groups: format(1234, "09,") is 0,001,234.
std::string group_with_zeros(const Format& format, std::string_view sign, std::string digits, std::size_t every) {
  auto text = grouped(digits, format.group, every);
  if (format.fill != U'0' || format.align != '=') return text;
  while (static_cast<std::int64_t>(sign.size() + text.size()) < format.width) {
    digits.insert(0, 1, '0');
    text = grouped(digits, format.group, every);
  }
  return text;
}

std::string format_text(const Value& value, const Format& format) {
  if (format.type != 0 && format.type != 's') unknown_code(format.type, value);
  if (format.sign != '-') fail_user("a sign is not allowed in the format of a text");
  if (format.alternate) fail_user("'#' is not allowed in the format of a text");
  if (format.group != 0) fail_user("cannot specify '{}' with 's'", format.group);
  if (format.align == '=' && !format.zero) fail_user("'=' alignment not allowed in string format specifier");
  std::string text = value.string();
  if (format.precision) {
    const auto starts = offsets(text);
    const auto kept = static_cast<std::size_t>(*format.precision);
    if (kept < starts.size() - 1) text.resize(starts[kept]);
  }
  Format plain = format;
  if (plain.align == '=') plain.align = '<';
  return padded(plain, "", text, '<');
}

std::string format_real(double number, const Format& format) {
  const char type = format.type == 'n' ? 'g' : format.type;
  auto digits = real_digits(number, type, format.precision, format.alternate);
  const auto sign = sign_of(format, std::signbit(number) && !std::isnan(number));
  if (format.group != 0) digits = group_with_zeros(format, sign, std::move(digits), k_thousands);
  return padded(format, sign, digits, '>');
}

std::string format_integer(const Value& value, const Format& format) {
  const auto number = value.integer();
  switch (format.type) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%':
      return format_real(static_cast<double>(number), format);
    case 'c': {
      std::string text;
      if (number < 0 || number > 0x10FFFF) fail_user("%c arg not in range(0x110000)");
      append_utf8(text, static_cast<char32_t>(number));
      return padded(format, "", text, '<');
    }
    case 0:
    case 'd':
    case 'n':
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      break;
    default:
      unknown_code(format.type, value);
  }
  if (format.precision) fail_user("precision not allowed in integer format specifier");
  auto digits = integer_digits(number, format.type);
  auto sign = sign_of(format, number < 0);
  const bool decimal = format.type == 0 || format.type == 'd' || format.type == 'n';
  if (format.alternate && !decimal) sign += std::string("0") + format.type;
  if (format.group != 0) digits = group_with_zeros(format, sign, std::move(digits), decimal ? k_thousands : 4);
  return padded(format, sign, digits, '>');
}

/// str.format: {} {0} {name} {name.member[0]!r:>10}
class BraceFormatter {
 public:
  BraceFormatter(bool markup, std::span<const Value> positional, const Named& named, Engine& engine)
      : markup_(markup), positional_(positional), named_(named), engine_(engine) {}

  std::string run(std::string_view text, int depth) {
    std::string out;
    while (!text.empty()) {
      const auto brace = text.find_first_of("{}");
      out += text.substr(0, brace);
      if (brace == std::string_view::npos) break;
      const char c = text[brace];
      text.remove_prefix(brace + 1);
      if (text.starts_with(c)) {
        out += c;
        text.remove_prefix(1);
        continue;
      }
      if (c == '}') fail_user("single '}}' encountered in format string");
      out += field(text, depth);
      engine_.charge_text(out.size());
    }
    return out;
  }

 private:
  std::string field(std::string_view& text, int depth) {
    std::size_t end = 0;
    for (int open = 1; end < text.size(); ++end) {
      if (text[end] == '{') ++open;
      if (text[end] == '}' && --open == 0) break;
    }
    if (end == text.size()) fail_user("expected '}}' before end of string");
    auto inside = text.substr(0, end);
    text.remove_prefix(end + 1);
    std::string specification;
    if (const auto colon = inside.find(':'); colon != std::string_view::npos) {
      specification = inside.substr(colon + 1);
      inside = inside.substr(0, colon);
    }
    char conversion = 0;
    if (const auto mark = inside.rfind('!'); mark != std::string_view::npos) {
      if (mark + 2 != inside.size()) fail_user("expected one conversion character after '!'");
      conversion = inside[mark + 1];
      inside = inside.substr(0, mark);
    }
    auto value = lookup(inside);  // first: it counts before those inside the specification
    if (specification.find('{') != std::string::npos) {
      if (depth > 0) fail_user("max string recursion exceeded");
      specification = run(specification, depth + 1);
    }
    if (conversion == 'r') {
      value = repr(value);
    } else if (conversion == 'a') {
      value = ascii(value);
    } else if (conversion == 's') {
      value = value.is_string() ? value : Value(to_text(value));
    } else if (conversion != 0) {
      fail_user("unknown conversion specifier '{}'", conversion);
    }
    if (!markup_) return format_value(value, specification);
    if (value.is_markup()) return value.string();
    return engine_.escape(format_value(value, specification));
  }

  Value lookup(std::string_view path) {
    const auto end = path.find_first_of(".[");
    const auto name = path.substr(0, end);
    Value value = root(name);
    auto rest = end == std::string_view::npos ? std::string_view() : path.substr(end);
    while (!rest.empty()) {
      const bool item = rest.front() == '[';
      rest.remove_prefix(1);
      const auto stop = item ? rest.find(']') : std::min(rest.find_first_of(".["), rest.size());
      if (stop == std::string_view::npos) fail_user("missing ']' in format string");
      const auto key = rest.substr(0, stop);
      rest.remove_prefix(std::min(rest.size(), stop + (item ? 1 : 0)));
      value = item ? engine_.item(value, number_or_text(key)) : engine_.attribute(value, key);
    }
    return value;
  }

  static Value number_or_text(std::string_view key) {
    if (key.empty() || !std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; })) return key;
    return read_digits(key);
  }

  Value root(std::string_view name) {
    const auto number = number_or_text(name);
    if (name.empty() || number.is_integer()) {
      const bool counted = name.empty();
      if (counted_.value_or(counted) != counted)
        fail_user("a format can't count its fields and name their numbers too");
      counted_ = counted;
      const auto index = counted ? next_++ : static_cast<std::size_t>(number.integer());
      if (index >= positional_.size()) fail_user("replacement index {} out of range for positional args tuple", index);
      return positional_[index];
    }
    for (const auto& [known, value] : named_) {
      if (known == name) return value;
    }
    fail_user("the format needs a value named '{}'", name);
  }

  bool markup_;
  std::span<const Value> positional_;
  const Named& named_;
  Engine& engine_;
  std::size_t next_ = 0;
  std::optional<bool> counted_;  // "{}" rather than "{0}", once a field says
};

}  // namespace

std::string format_value(const Value& value, std::string_view specification) {
  if (specification.empty()) return to_text(value);
  if (value.is_undefined()) throw UndefinedUse(value);
  const auto format = read_specification(specification);
  if (value.is_string()) return format_text(value, format);
  if (value.is_integral()) return format_integer(value, format);
  if (value.is_real()) {
    if (std::string_view("eEfFgG%n").find(format.type) == std::string_view::npos && format.type != 0) {
      unknown_code(format.type, value);
    }
    return format_real(value.real(), format);
  }
  fail_user("unsupported format string passed to {}.__format__", value.type_name());
}

Value format_braces(const Value& text, std::span<const Value> positional, const Named& named, Engine& engine) {
  auto out = BraceFormatter(text.is_markup(), positional, named, engine).run(text.string(), 0);
  return text.is_markup() ? Value::markup(std::move(out)) : Value(std::move(out));
}

}  // namespace sitrep::templating
