#include "json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::json {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '\x7f'; }

/// ASCII without anything to escape, as most texts are: looked at eight bytes at a time.
bool is_plain(std::string_view text) {
  constexpr std::uint64_t k_each = 0x0101010101010101, k_high = 0x80 * k_each;
  const auto has = [](std::uint64_t bytes, std::uint64_t byte) {
    const auto zero = bytes ^ (byte * k_each);
    return (zero - k_each) & ~zero & k_high;
  };
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), 8);
    const auto below_blank = (bytes - 0x20 * k_each) & ~bytes & k_high;
    if (((bytes & k_high) | below_blank | has(bytes, '"') | has(bytes, '\\') | has(bytes, 0x7f)) != 0) return false;
  }
  return std::ranges::none_of(text, [](char c) { return needs_escape(c) || static_cast<unsigned char>(c) > 0x7f; });
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  if (is_plain(text)) {
    out += text;
  } else {
    std::string repaired;
    if (!is_valid_utf8(text)) text = repaired = repair_utf8(text);
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!needs_escape(text[i])) continue;
      out.append(text, plain, i - plain);
      append_escaped(out, text[i]);
      plain = i + 1;
    }
    out.append(text, plain);
  }
  out += '"';
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void Writer::newline() {
  if (layout_ == Layout::compact) return;
  text_ += '\n';
  text_.append(2 * has_items_.size(), ' ');
}

void Writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) return;
  if (has_items_.back()) text_ += ',';
  has_items_.back() = true;
  newline();
}

Writer& Writer::begin_object() {
  separate();
  text_ += '{';
  has_items_.push_back(false);
  return *this;
}

Writer& Writer::end_object() { return end('}'); }

Writer& Writer::begin_array() {
  separate();
  text_ += '[';
  has_items_.push_back(false);
  return *this;
}

Writer& Writer::end_array() { return end(']'); }

Writer& Writer::end(char bracket) {
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) newline();
  text_ += bracket;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_quoted(text_, name);
  text_ += layout_ == Layout::indented ? ": " : ":";
  after_key_ = true;
  return *this;
}

Writer& Writer::value(std::string_view text) {
  separate();
  append_quoted(text_, text);
  return *this;
}

Writer& Writer::value(bool flag) { return raw(flag ? "true" : "false"); }

Writer& Writer::value(std::int64_t number) { return raw(fmt::format_int(number).c_str()); }

Writer& Writer::value(double number) {
  if (!std::isfinite(number)) return null();
  return raw(format_real(number));
}

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

}  // namespace sitrep::json
