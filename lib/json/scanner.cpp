#include "json/scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace sitrep::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool integer_fits(std::string_view token) {
  const char* end = token.data() + token.size();
  if (token.front() == '-') {
    std::int64_t value = 0;
    return std::from_chars(token.data(), end, value).ec == std::errc{};
  }
  std::uint64_t value = 0;
  return std::from_chars(token.data(), end, value).ec == std::errc{};
}

// from_chars says "out of range" for values too near zero as well; those are read as 0, so only the side of the
// decimal point on which the first significant digit lies matters here.
bool real_overflows(std::string_view token) {
  double value = 0;
  if (std::from_chars(token.data(), token.data() + token.size(), value).ec != std::errc::result_out_of_range)
    return false;
  const std::size_t mark = token.find_first_of("eE");
  const std::string_view mantissa = token.substr(0, mark);
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view digits = token.substr(mark + 1);
    if (digits.front() == '+') digits.remove_prefix(1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc{}) {
      return digits.front() != '-';
    }
  }
  const std::size_t first = mantissa.find_first_of("123456789");
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  if (first == std::string_view::npos) return false;
  return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) > 0;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  }
}

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + 4, value, 16);
  return value;
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  Position position;
  position.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t newline = before.rfind('\n');
  position.column += newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return position;
}

std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] != '\\') {
      out += token[i];
      continue;
    }
    static constexpr std::string_view k_from = "bfnrt", k_to = "\b\f\n\r\t";
    const char c = token[++i];
    if (c != 'u') {
      const std::size_t known = k_from.find(c);
      out += known == std::string_view::npos ? c : k_to[known];
      continue;
    }
    std::uint32_t code = hex4(token.substr(i + 1));
    i += 4;
    if (code >= 0xD800 && code < 0xE000) {
      const bool pair = code < 0xDC00 && token.substr(i + 1, 2) == "\\u" && hex4(token.substr(i + 3)) >> 10 == 0x37;
      if (pair) code = 0x10000 + ((code - 0xD800) << 10) + (hex4(token.substr(i + 3)) - 0xDC00);
      if (pair) i += 6;
      if (!pair) code = 0xFFFD;
    }
    append_utf8(out, code);
  }
  return out;
}

void Scanner::fail_at(std::size_t offset, const std::string& reason) const {
  const Position position = position_of(text_, offset);
  throw SyntaxError(position.line, position.column, reason);
}

void Scanner::skip_blanks() {
  while (to_ < text_.size() && (text_[to_] == ' ' || text_[to_] == '\n' || text_[to_] == '\r' || text_[to_] == '\t'))
    ++to_;
}

std::string Scanner::describe_here() const {
  if (at_end()) return "the end of the text";
  const auto byte = static_cast<unsigned char>(text_[to_]);
  if (byte < 0x20 || byte >= 0x7F) return fmt::format("byte 0x{:02x}", byte);
  return fmt::format("'{}'", text_[to_]);
}

Scanner::Event Scanner::next() {
  out_of_range_ = false;
  skip_blanks();
  from_ = to_;
  if (expect_ == Expect::nothing) {
    if (!at_end()) fail_at(to_, fmt::format("{} after the end of the value", describe_here()));
    return Event::done;
  }
  if (expect_ == Expect::colon) {
    if (peek() != ':') fail_at(to_, fmt::format("expected ':' after a key, found {}", describe_here()));
    ++to_;
    skip_blanks();
    from_ = to_;
    expect_ = Expect::value;
  }
  if (expect_ == Expect::comma_or_end) {
    const char closing = open_.back() == '{' ? '}' : ']';
    if (peek() == closing) return close(closing);
    if (peek() != ',') fail_at(to_, fmt::format("expected ',' or '{}', found {}", closing, describe_here()));
    ++to_;
    skip_blanks();
    from_ = to_;
    expect_ = open_.back() == '{' ? Expect::key : Expect::value;
    if (peek() == closing) fail_at(to_, fmt::format("a comma before '{}'", closing));
  }
  if (expect_ == Expect::value_or_end && peek() == ']') return close(']');
  if (expect_ == Expect::key_or_end && peek() == '}') return close('}');
  if (expect_ == Expect::key || expect_ == Expect::key_or_end) return scan_key();
  return scan_value();
}

Scanner::Event Scanner::scan_key() {
  if (peek() != '"') fail_at(to_, fmt::format("expected a key in double quotes, found {}", describe_here()));
  scan_string();
  expect_ = Expect::colon;
  return Event::key;
}

Scanner::Event Scanner::open(char bracket) {
  if (open_.size() >= k_max_depth) fail_at(to_, fmt::format("nested deeper than {} levels", k_max_depth));
  open_.push_back(bracket);
  ++to_;
  expect_ = bracket == '{' ? Expect::key_or_end : Expect::value_or_end;
  return bracket == '{' ? Event::begin_object : Event::begin_array;
}

Scanner::Event Scanner::close(char bracket) {
  open_.pop_back();
  ++to_;
  after_value();
  return bracket == '}' ? Event::end_object : Event::end_array;
}

void Scanner::after_value() { expect_ = open_.empty() ? Expect::nothing : Expect::comma_or_end; }

Scanner::Event Scanner::scan_value() {
  const char c = peek();
  if (at_end()) fail_at(to_, open_.empty() ? "the text is empty" : "the text ends where a value was expected");
  if (c == '{' || c == '[') return open(c);
  if (c == '"') {
    scan_string();
  } else if (c == '-' || is_digit(c)) {
    scan_number();
  } else if (c == 't' || c == 'f' || c == 'n') {
    scan_word(c == 't' ? "true" : c == 'f' ? "false" : "null");
  } else {
    fail_at(to_, fmt::format("expected a value, found {}", describe_here()));
  }
  after_value();
  return Event::scalar;
}

void Scanner::scan_word(std::string_view word) {
  if (text_.substr(to_, word.size()) != word) fail_at(to_, fmt::format("expected '{}'", word));
  to_ += word.size();
  if (!at_end() && std::string_view(" \n\r\t,]}").find(peek()) == std::string_view::npos) {
    fail_at(to_, fmt::format("{} after '{}'", describe_here(), word));
  }
}

void Scanner::take_digits() {
  if (!is_digit(peek())) fail_at(to_, fmt::format("expected a digit, found {}", describe_here()));
  while (is_digit(peek())) ++to_;
}

void Scanner::scan_number() {
  if (peek() == '-') ++to_;
  const bool zero = peek() == '0';
  take_digits();
  const std::size_t digits_from = from_ + (text_[from_] == '-' ? 1 : 0);
  if (zero && to_ - digits_from > 1) fail_at(digits_from + 1, "a number starts with 0");
  bool integer = true;
  if (peek() == '.') {
    integer = false;
    ++to_;
    take_digits();
  }
  if (peek() == 'e' || peek() == 'E') {
    integer = false;
    ++to_;
    if (peek() == '+' || peek() == '-') ++to_;
    take_digits();
  }
  out_of_range_ = integer ? !integer_fits(token()) : real_overflows(token());
}

void Scanner::scan_string() {
  const std::size_t opened = to_++;
  for (;;) {
    if (at_end()) fail_at(opened, "a string is not closed");
    const auto byte = static_cast<unsigned char>(text_[to_]);
    if (byte == '"') break;
    if (byte == '\\') {
      scan_escape();
    } else if (byte < 0x20) {
      fail_at(to_, fmt::format("control character 0x{:02x} in a string", byte));
    } else {
      scan_character();
    }
  }
  ++to_;
}

void Scanner::scan_escape() {
  const std::size_t start = to_++;
  if (at_end()) fail_at(start, "a string is not closed");
  const char c = text_[to_++];
  if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return;
  if (c != 'u') fail_at(start, "an escape that JSON does not have");
  for (int i = 0; i < 4; ++i, ++to_) {
    if (!is_hex(peek())) fail_at(start, "\\u without four hexadecimal digits");
  }
}

// One character of UTF-8 by table 3-7 of the Unicode standard: no overlong forms, no surrogates, none past U+10FFFF.
void Scanner::scan_character() {
  const auto lead = static_cast<unsigned char>(text_[to_]);
  if (lead < 0x80) {
    ++to_;
    return;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  unsigned char low = 0x80, high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  bool valid = lead >= 0xC2 && lead <= 0xF4 && to_ + length <= text_.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text_[to_ + i]);
    valid = byte >= low && byte <= high;
    low = 0x80, high = 0xBF;
  }
  if (!valid) fail_at(to_, fmt::format("invalid UTF-8 (byte 0x{:02x})", lead));
  to_ += length;
}

}  // namespace sitrep::json
