#include <fmt/format.h>

#include <cmath>

#include "base/utf8.hpp"
#include "templating/number_format.hpp"
#include "templating/operators.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

constexpr std::int64_t k_widest = 1'000'000;

/// printf-style formatting as Python's str % does it.
class PercentFormatter {
 public:
  PercentFormatter(const Value& text, std::span<const Value> positional, const Named& named, Engine& engine)
      : markup_(text.is_markup()), rest_(text.string()), positional_(positional), named_(named), engine_(engine) {}

  std::string run() {
    while (!rest_.empty()) {
      const auto percent = rest_.find('%');
      out_ += rest_.substr(0, percent);
      if (percent == std::string_view::npos) break;
      rest_.remove_prefix(percent + 1);
      directive();
      engine_.charge_text(out_.size());
    }
    if (!used_name_ && named_.empty() && next_ < positional_.size()) {
      fail_user("not all arguments converted during string formatting");
    }
    return std::move(out_);
  }

 private:
  char take() {
    if (rest_.empty()) fail_user("incomplete format");
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  const Value& next_value() {
    if (name_) {
      for (const auto& [name, value] : named_) {
        if (name == *name_) return value;
      }
      if (named_.empty()) fail_user("format requires a mapping");
      fail_user("the format needs a value named '{}'", *name_);
    }
    if (next_ >= positional_.size()) fail_user("not enough arguments for format string");
    return positional_[next_++];
  }

  std::int64_t read_count() {
    if (!rest_.empty() && rest_.front() == '*') {
      rest_.remove_prefix(1);
      const auto& value = next_value();
      if (!value.is_integral()) fail_user("* wants int");
      return limit(value.integer());
    }
    std::int64_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') count = limit(count * 10 + (take() - '0'));
    return count;
  }

  static std::int64_t limit(std::int64_t count) {
    if (count > k_widest || count < -k_widest) fail_user("a width or precision beyond {}", k_widest);
    return count;
  }

  void directive() {
    const auto* const start = rest_.data();
    Format format;
    name_.reset();
    if (!rest_.empty() && rest_.front() == '(') {
      const auto end = rest_.find(')');
      if (end == std::string_view::npos) fail_user("incomplete format key");
      name_ = std::string(rest_.substr(1, end - 1));
      rest_.remove_prefix(end + 1);
      used_name_ = true;
    }
    for (bool flags = true; flags && !rest_.empty();) {
      switch (rest_.front()) {
        case '-':
          format.align = '<';
          break;
        case '+':
          format.sign = '+';
          break;
        case ' ':
          format.sign = format.sign == '+' ? '+' : ' ';
          break;
        case '#':
          format.alternate = true;
          break;
        case '0':
          format.zero = true;
          break;
        default:
          flags = false;
      }
      if (flags) rest_.remove_prefix(1);
    }
    format.width = read_count();
    if (format.width < 0) {
      format.align = '<';
      format.width = -format.width;
    }
    if (!rest_.empty() && rest_.front() == '.') {
      rest_.remove_prefix(1);
      format.precision = static_cast<int>(std::max<std::int64_t>(read_count(), 0));
    }
    while (!rest_.empty() && (rest_.front() == 'l' || rest_.front() == 'h' || rest_.front() == 'L'))
      rest_.remove_prefix(1);
    format.type = take();
    if (format.type == '%' && rest_.data() == start + 1) {
      out_ += '%';
      return;
    }
    convert(format, next_value());
  }

  void convert(Format& format, const Value& value) {
    switch (format.type) {
      case 's':
        return add_text(format, markup_ ? escaped_text(value, engine_) : to_text(value));
      case 'a':
        return add_text(format, markup_ ? engine_.escape(ascii(value)) : ascii(value));
      case 'r':
        return add_text(format, markup_ ? engine_.escape(repr(value)) : repr(value));
      case 'c':
        return add_character(format, value);
      case 'd':
      case 'i':
      case 'u':
        return add_integer(format, value, 'd');
      case 'o':
      case 'x':
      case 'X':
        if (!value.is_integral())
          fail_user("%{} format: an integer is required, not {}", format.type, value.type_name());
        return add_integer(format, value, format.type);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        return add_real(format, value);
      default:
        fail_user("unsupported format character '{}'", format.type);
    }
  }

  void add_text(const Format& format, std::string text) {
    if (format.precision) {
      const auto starts = offsets(text);
      const auto kept = static_cast<std::size_t>(*format.precision);
      if (kept < starts.size() - 1) text.resize(starts[kept]);
    }
    out_ += padded(format, "", text, '>');
  }

  void add_character(const Format& format, const Value& value) {
    std::string text;
    if (value.is_string() && count_characters(value.string()) == 1) {
      text = value.string();
    } else if (value.is_integral() && value.integer() >= 0 && value.integer() <= 0x10FFFF) {
      append_utf8(text, static_cast<char32_t>(value.integer()));
    } else {
      fail_user("%c requires int or char");
    }
    out_ += padded(format, "", text, '>');
  }

  static std::string sign_of(const Format& format, bool negative) {
    if (negative) return "-";
    return format.sign == '-' ? "" : std::string(1, format.sign);
  }

  void add_number(Format format, std::string sign, const std::string& digits) {
    char align = '>';
    if (format.zero && format.align == 0) {
      format.fill = U'0';
      align = '=';
    }
    out_ += padded(format, sign, digits, align);
  }

  void add_integer(const Format& format, const Value& value, char type) {
    if (value.is_undefined()) throw UndefinedUse(value);
    if (!value.is_number()) fail_user("%{} format: a real number is required, not {}", format.type, value.type_name());
    std::int64_t number = 0;
    if (value.is_real()) {
      if (!(std::abs(value.real()) < 9.2233720368547758e18))
        fail_user("cannot convert float {} to integer", real_text(value.real()));
      number = static_cast<std::int64_t>(value.real());
    } else {
      number = value.integer();
    }
    auto digits = integer_digits(number, type);
    if (format.precision && digits.size() < static_cast<std::size_t>(*format.precision)) {
      digits.insert(0, static_cast<std::size_t>(*format.precision) - digits.size(), '0');
    }
    auto sign = sign_of(format, number < 0);
    if (format.alternate && type != 'd') sign += std::string("0") + type;
    add_number(format, std::move(sign), digits);
  }

  void add_real(const Format& format, const Value& value) {
    if (value.is_undefined()) throw UndefinedUse(value);
    if (!value.is_number()) fail_user("must be real number, not {}", value.type_name());
    const double number = value.real();
    add_number(format, sign_of(format, std::signbit(number) && !std::isnan(number)),
               real_digits(number, format.type, format.precision, format.alternate));
  }

  bool markup_;
  std::string_view rest_;  // of the text that the caller keeps
  std::span<const Value> positional_;
  const Named& named_;
  Engine& engine_;
  std::optional<std::string> name_;
  bool used_name_ = false;
  std::size_t next_ = 0;
  std::string out_;
};

}  // namespace

Value format_percent(const Value& text, std::span<const Value> positional, const Named& named, Engine& engine) {
  const auto pattern = text.is_string() ? text : Value(to_text(text));
  auto out = PercentFormatter(pattern, positional, named, engine).run();
  return pattern.is_markup() ? Value::markup(std::move(out)) : Value(std::move(out));
}

}  // namespace sitrep::templating
