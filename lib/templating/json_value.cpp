#include "templating/json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "templating/builtins.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

Value from_json(json::Value value) {
  switch (value.kind()) {
    case json::Kind::null:
      return Value::none();
    case json::Kind::boolean:
      return *value.boolean();
    case json::Kind::integer:
      return *value.integer();
    case json::Kind::unsigned_integer:
      return static_cast<double>(*value.unsigned_integer());
    case json::Kind::real:
      return *value.real();
    case json::Kind::string:
      return *value.string();
    case json::Kind::array: {
      List items;
      items.reserve(value.size());
      for (const auto member : value.members()) items.push_back(from_json(member.value));
      return items;
    }
    case json::Kind::object: {
      Dict dict;
      for (const auto member : value.members()) dict.set(member.key, from_json(member.value));
      return dict;
    }
  }
  return Value::none();
}

Value from_json_text(std::string_view text) {
  json::Document document;
  return from_json(document.parse(text));
}

namespace {

void append_ascii_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto [code, size] = next_utf8(text);
    switch (code) {
      case U'"':
        out += "\\\"";
        break;
      case U'\\':
        out += "\\\\";
        break;
      case U'\n':
        out += "\\n";
        break;
      case U'\r':
        out += "\\r";
        break;
      case U'\t':
        out += "\\t";
        break;
      case U'\b':
        out += "\\b";
        break;
      case U'\f':
        out += "\\f";
        break;
      default: {
        const std::uint32_t unit = code == k_invalid_utf8 ? 0xFFFD : code;
        if (unit >= 0x20 && unit < 0x7F) {
          out += static_cast<char>(unit);
        } else if (unit < 0x10000) {
          out += fmt::format("\\u{:04x}", unit);
        } else {
          out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((unit - 0x10000) >> 10U),
                             0xDC00 + ((unit - 0x10000) & 0x3FFU));
        }
      }
    }
    text.remove_prefix(size);
  }
  out += '"';
}

/// What json.dumps makes of a dict's key.
std::string key_text(const Value& key) {
  if (key.is_string()) return key.string();
  if (key.is_boolean()) return key.boolean() ? "true" : "false";
  if (key.is_none()) return "null";
  if (key.is_number()) return to_text(key);
  fail_user("keys of JSON must be str, int, float, bool or None, not {}", key.type_name());
}

class JsonPrinter {
 public:
  explicit JsonPrinter(std::optional<std::int64_t> indent) : indent_(indent) {}

  void print(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::undefined:
        throw UndefinedUse(value);
      case Value::Kind::none:
        out_ += "null";
        return;
      case Value::Kind::boolean:
        out_ += value.boolean() ? "true" : "false";
        return;
      case Value::Kind::integer:
        append_text(out_, value);
        return;
      case Value::Kind::real:
        if (std::isnan(value.real())) {
          out_ += "NaN";
        } else if (std::isinf(value.real())) {
          out_ += value.real() < 0 ? "-Infinity" : "Infinity";
        } else {
          out_ += real_text(value.real());
        }
        return;
      case Value::Kind::string:
        append_ascii_string(out_, value.string());
        return;
      case Value::Kind::list:
        print_list(value.list());
        return;
      case Value::Kind::dict:
        print_dict(value.dict());
        return;
      default:
        fail_user("an object of type {} can't be written as JSON", value.type_name());
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void newline() {
    if (!indent_) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(std::clamp<std::int64_t>(*indent_, 0, 64)) * depth_, ' ');
  }
  void separate(bool first) {
    if (!first) out_ += indent_ ? "," : ", ";
    newline();
  }
  void print_list(const List& items) {
    charge_walk(items.size());
    out_ += '[';
    ++depth_;
    for (std::size_t i = 0; i < items.size(); ++i) {
      separate(i == 0);
      print(items[i]);
      charge_growth(out_);
    }
    --depth_;
    if (!items.empty()) newline();
    out_ += ']';
  }
  void print_dict(const Dict& dict) {
    charge_walk(dict.size());
    std::vector<const Dict::Entry*> entries;
    for (const auto& entry : dict) entries.push_back(&entry);
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto* a, const auto* b) { return compare(a->first, b->first) == -1; });
    out_ += '{';
    ++depth_;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      separate(i == 0);
      append_ascii_string(out_, key_text(entries[i]->first));
      out_ += ": ";
      print(entries[i]->second);
      charge_growth(out_);
    }
    --depth_;
    if (!entries.empty()) newline();
    out_ += '}';
  }

  std::optional<std::int64_t> indent_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string to_json(const Value& value, std::optional<std::int64_t> indent) {
  JsonPrinter printer(indent);
  printer.print(value);
  return printer.take();
}

}  // namespace sitrep::templating
