#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "templating/builtins.hpp"
#include "templating/entities.hpp"
#include "templating/operators.hpp"
#include "templating/text_split.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '"':
        out += "&#34;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace {

using Call = CallArguments;

/// urllib.parse.quote / quote_plus
std::string quote_url(const Value& value, bool for_query) {
  std::string out;
  for (const char c : to_text(value)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '.' || c == '-' || c == '~' || (c == '/' && !for_query);
    if (plain) {
      out += c;
    } else if (c == ' ' && for_query) {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

Value urlencode(Call& call) {
  const auto& value = call[0];
  if (!value.is_list() && !value.is_dict()) return quote_url(value, false);
  std::string out;
  const auto add = [&out](const Value& key, const Value& member) {
    if (!out.empty()) out += '&';
    out += quote_url(key, true) + '=' + quote_url(member, true);
  };
  if (value.is_dict()) {
    for (const auto& [key, member] : value.dict()) add(key, member);
  } else {
    for (const auto& pair : value.list()) {
      const auto parts = iterate(pair);
      if (parts.size() != 2) fail_user("urlencode needs pairs; one has {} items", parts.size());
      add(parts[0], parts[1]);
    }
  }
  return out;
}

Value xmlattr(Call& call) {
  std::string out;
  for (const auto& [key, value] : call.dict(0)) {
    if (value.is_none() || value.is_undefined()) continue;
    const auto name = to_text(key);
    if (name.find_first_of(" \t\n\r\f\v/>=") != std::string::npos) {
      fail_user("invalid character in attribute name: {}", repr(Value(name)));
    }
    if (!out.empty() || call.flag(1)) out += ' ';
    out += key.is_markup() ? name : escape_html(name);
    out += "=\"" + (value.is_markup() ? value.string() : escape_html(to_text(value))) + '"';
  }
  return call.engine().autoescape() ? Value::markup(std::move(out)) : Value(std::move(out));
}

std::string without(std::string_view text, std::string_view open, std::string_view close) {
  std::string out;
  for (;;) {
    const auto start = text.find(open);
    const auto end = start == std::string_view::npos ? start : text.find(close, start + open.size());
    if (end == std::string_view::npos) return out += text;
    out += text.substr(0, start);
    text.remove_prefix(end + close.size());
  }
}

Value striptags(Call& call) {
  const auto plain = without(without(to_text(call[0]), "<!--", "-->"), "<", ">");
  std::string out;
  for (const auto word : split_space_views(plain, -1, false)) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return unescape_html(out);
}

Value tojson(Call& call) {
  const auto json = to_json(call[0], call.optional_integer(1));
  std::string out;
  for (const char c : json) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      case '\'':
        out += "\\u0027";
        break;
      default:
        out += c;
    }
  }
  return Value::markup(std::move(out));
}

}  // namespace

void add_markup_filters(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  for (const auto* name : {"escape", "e"}) {
    add({name, "value", "escaped for the target (HTML when the template has none) and marked safe",
         [](Call& call) { return Value::markup(escaped_text(call[0], call.engine())); }});
  }
  add({"forceescape", "value", "escaped even when it is marked safe",
       [](Call& call) { return Value::markup(call.engine().escape(to_text(call[0]))); }});
  add({"safe", "value", "marked safe: output as it is", [](Call& call) { return Value::markup(to_text(call[0])); }});
  add({"urlencode", "value", "quoted for a URL's path; pairs and dicts as a query", urlencode});
  add({"xmlattr", "value, autospace=true", "the members of a dict as attributes of an element", xmlattr});
  add({"striptags", "value", "without tags, white space joined", striptags});
  add({"tojson", "value, indent=none", "JSON that is safe inside HTML", tojson});
}

std::vector<Function> builtin_filters() {
  std::vector<Function> table;
  add_text_filters(table);
  add_number_filters(table);
  add_list_filters(table);
  add_choice_filters(table);
  add_markup_filters(table);
  return table;
}

}  // namespace sitrep::templating
