#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sitrep::json {

enum class Layout { compact, indented };

/// Writes JSON (RFC 8259) into a string: deterministic, always valid UTF-8 (invalid input bytes become U+FFFD),
/// control characters escaped. Doubles as base::format_real; NaN and infinities are null.
class Writer {
 public:
  explicit Writer(Layout layout = Layout::compact) : layout_(layout) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(bool flag);
  Writer& value(std::int64_t number);
  Writer& value(int number) { return value(std::int64_t{number}); }
  Writer& value(double number);
  Writer& null();
  /// JSON text that is already valid, copied as it is.
  Writer& raw(std::string_view json);

  template <class T>
  Writer& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  void separate();
  void newline();
  Writer& end(char bracket);
  Layout layout_;
  std::string text_;
  std::vector<bool> has_items_;  // per open container
  bool after_key_ = false;
};

/// Appends `text` as a JSON string with quotes.
void append_quoted(std::string& out, std::string_view text);
std::string quoted(std::string_view text);

}  // namespace sitrep::json
