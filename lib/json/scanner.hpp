#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace sitrep::json {

/// Walks a text by the grammar of RFC 8259, token by token, without building values. Slow beside simdjson, so it runs
/// only over texts that simdjson refused: it knows places. Holds a view of the text.
class Scanner {
 public:
  enum class Event { begin_object, end_object, begin_array, end_array, key, scalar, done };

  explicit Scanner(std::string_view text) : text_(text) {}

  /// The next token. SyntaxError at the first byte that is not JSON, or that is nested deeper than k_max_depth.
  Event next();

  /// Bytes [from, to) of the token just given.
  std::size_t from() const { return from_; }
  std::size_t to() const { return to_; }
  std::string_view token() const { return text_.substr(from_, to_ - from_); }
  /// The token is a number beyond 64-bit integers or beyond double.
  bool number_out_of_range() const { return out_of_range_; }

  [[noreturn]] void fail_at(std::size_t offset, const std::string& reason) const;

 private:
  enum class Expect { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };

  void skip_blanks();
  Event scan_value();
  Event open(char bracket);
  Event close(char bracket);
  Event scan_key();
  void scan_string();
  void scan_escape();
  void scan_character();
  void scan_number();
  void scan_word(std::string_view word);
  void take_digits();
  void after_value();
  char peek() const { return to_ < text_.size() ? text_[to_] : '\0'; }
  bool at_end() const { return to_ >= text_.size(); }
  std::string describe_here() const;

  std::string_view text_;
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  std::vector<char> open_;
  Expect expect_ = Expect::value;
  bool out_of_range_ = false;
};

/// Counts lines and columns (bytes) from 1.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};
Position position_of(std::string_view text, std::size_t offset);

/// The value of a key or string token: quotes off, escapes resolved.
std::string unescape(std::string_view token);

}  // namespace sitrep::json
