#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/utf8.hpp"
#include "templating/function.hpp"
#include "templating/unicode.hpp"
#include "templating/value.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

void append_escape(std::string& out, char32_t code) {
  const auto number = static_cast<std::uint32_t>(code);
  out += code <= 0xFF     ? fmt::format("\\x{:02x}", number)
         : code <= 0xFFFF ? fmt::format("\\u{:04x}", number)
                          : fmt::format("\\U{:08x}", number);
}

void append_quoted(std::string& out, std::string_view text) {
  const bool double_quotes = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = double_quotes ? '"' : '\'';
  out += quote;
  while (!text.empty()) {
    const auto [code, size] = next_utf8(text);
    const auto bytes = text.substr(0, size);
    text.remove_prefix(size);
    if (code == static_cast<char32_t>(quote) || code == U'\\') {
      out += '\\';
      out += bytes;
    } else if (code == U'\n') {
      out += "\\n";
    } else if (code == U'\r') {
      out += "\\r";
    } else if (code == U'\t') {
      out += "\\t";
    } else if (code == k_invalid_utf8) {
      for (const char c : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else if (is_printable(code)) {
      out += bytes;
    } else {
      append_escape(out, code);
    }
  }
  out += quote;
}

void append_items(std::string& out, const List& items, unsigned depth) {
  charge_walk(items.size());
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ", ";
    first = false;
    append_repr(out, item, depth);
    charge_growth(out);
  }
}

void append_list(std::string& out, const Value& value, unsigned depth) {
  switch (value.list_form()) {
    case ListForm::list:
      out += '[';
      break;
    case ListForm::tuple:
      out += '(';
      break;
    default:
      out += value.type_name() + "([";
      break;
  }
  append_items(out, value.list(), depth);
  switch (value.list_form()) {
    case ListForm::list:
      out += ']';
      break;
    case ListForm::tuple:
      out += value.list().size() == 1 ? ",)" : ")";
      break;
    default:
      out += "])";
      break;
  }
}

void append_dict(std::string& out, const Dict& dict, unsigned depth) {
  charge_walk(dict.size());
  out += '{';
  bool first = true;
  for (const auto& [key, member] : dict) {
    if (!first) out += ", ";
    first = false;
    append_repr(out, key, depth);
    out += ": ";
    append_repr(out, member, depth);
    charge_growth(out);
  }
  out += '}';
}

}  // namespace

std::string real_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const auto e = text.find('e');
  int exponent = 0;
  std::from_chars(buffer + e + (buffer[e + 1] == '+' ? 2 : 1), end, exponent);
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  std::string out = text.front() == '-' ? "-" : "";
  const auto count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {  // Python's rule for repr(float)
    out += digits[0];
    if (count > 1) out += '.' + digits.substr(1);
    return out + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0') + ".0";
  return out + digits.substr(0, static_cast<std::size_t>(exponent) + 1) + '.' +
         digits.substr(static_cast<std::size_t>(exponent) + 1);
}

void append_repr(std::string& out, const Value& value, unsigned depth) {
  check_use(value);
  if (value.is_undefined()) {
    out += "Undefined";
  } else if (!value.is_string()) {
    append_text(out, value, depth);
  } else if (value.is_markup()) {
    out += "Markup(";
    append_quoted(out, value.string());
    out += ')';
  } else {
    append_quoted(out, value.string());
  }
}

void append_text(std::string& out, const Value& value, unsigned depth) {
  if (depth > k_max_nesting) fail_user("the value is nested deeper than {}", k_max_nesting);
  switch (value.kind()) {
    case Value::Kind::undefined:
      check_use(value);
      return;
    case Value::Kind::none:
      out += "None";
      return;
    case Value::Kind::boolean:
      out += value.boolean() ? "True" : "False";
      return;
    case Value::Kind::integer: {
      char buffer[24];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, value.integer()).ptr;
      out.append(buffer, end);
      return;
    }
    case Value::Kind::real:
      out += real_text(value.real());
      return;
    case Value::Kind::string:
      out += value.string();
      return;
    case Value::Kind::list:
      append_list(out, value, depth + 1);
      return;
    case Value::Kind::dict:
      append_dict(out, value.dict(), depth + 1);
      return;
    case Value::Kind::callable:
      out += "<function " + value.function().name + ">";
      return;
    case Value::Kind::object:
      value.object().append_text_to(out, depth + 1);
      return;
  }
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

std::string repr(const Value& value) {
  std::string out;
  append_repr(out, value);
  return out;
}

std::string ascii(const Value& value) {
  const auto text = repr(value);
  std::string out;
  for (const auto code : decode(text)) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else {
      append_escape(out, code);
    }
  }
  return out;
}

}  // namespace sitrep::templating
