#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "templating/builtins.hpp"
#include "templating/operators.hpp"
#include "templating/unicode.hpp"
#include "templating/value_storage.hpp"

namespace sitrep::templating {

namespace {

using Call = CallArguments;

std::string without_underscores(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
    };
    if (text[i] == '_' && i > 0 && digit(i - 1) && digit(i + 1)) continue;
    out += text[i];
  }
  return out;
}

/// float(text) of Python: also inf, nan, a sign and white space around.
std::optional<double> read_real(std::string_view text) {
  auto clean = without_underscores(with_ascii_digits(strip_view(text, Ends::both)));
  std::string_view rest = clean;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const auto word = lower_ascii(rest);
  if (word == "inf" || word == "infinity") return negative ? -INFINITY : INFINITY;
  if (word == "nan") return NAN;
  if (rest.empty() || rest.starts_with('-') || rest.starts_with('+')) return std::nullopt;
  double value = 0;
  const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (end != rest.data() + rest.size()) return std::nullopt;
  if (status == std::errc::result_out_of_range) {  // too small or too large: the C library says which
    value = std::strtod(std::string(rest).c_str(), nullptr);
  } else if (status != std::errc{}) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

[[noreturn]] void too_large() { fail_user("integer overflow: the number does not fit 64 bits"); }

/// int(text, base) of Python; nullopt when it isn't one.
std::optional<std::int64_t> read_integer(std::string_view text, std::int64_t base) {
  const auto clean = without_underscores(with_ascii_digits(strip_view(text, Ends::both)));
  std::string_view rest = clean;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const auto prefix = lower_ascii(rest.substr(0, 2));
  const int named = prefix == "0x" ? 16 : prefix == "0o" ? 8 : prefix == "0b" ? 2 : 0;
  if (named != 0 && (base == named || base == 0)) {
    rest.remove_prefix(2);
    base = named;
  }
  if (base == 0) base = 10;
  if (base < 2 || base > 36 || rest.empty() || rest.front() == '-') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), value, static_cast<int>(base));
  if (end != rest.data() + rest.size()) return std::nullopt;
  const std::uint64_t limit = negative ? std::uint64_t{1} << 63U : INT64_MAX;
  if (status == std::errc::result_out_of_range || value > limit) too_large();
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

std::optional<std::int64_t> truncated(double value) {
  if (std::isnan(value)) return std::nullopt;
  if (!(std::abs(value) < 9.2233720368547758e18)) too_large();
  return static_cast<std::int64_t>(value);
}

Value to_integer(Call& call) {
  const auto& value = call[0];
  if (value.is_undefined()) throw UndefinedUse(value);
  if (value.is_integral()) return value.integer();
  if (value.is_real()) {
    const auto whole = truncated(value.real());
    return whole ? Value(*whole) : call[1];
  }
  if (!value.is_string()) return call[1];
  if (const auto integer = read_integer(value.string(), call.integer(2))) return *integer;
  if (const auto real = read_real(value.string()); real && !std::isinf(*real)) {
    if (const auto whole = truncated(*real)) return *whole;
  }
  return call[1];
}

Value to_real(Call& call) {
  const auto& value = call[0];
  if (value.is_undefined()) throw UndefinedUse(value);
  if (value.is_number()) return value.real();
  if (!value.is_string()) return call[1];
  const auto real = read_real(value.string());
  return real ? Value(*real) : call[1];
}

/// round(value, digits) of Python: the exact decimal value decides, ties go to even.
double rounded(double value, std::int64_t digits) {
  if (!std::isfinite(value) || digits > 323) return value;
  if (digits >= 0) {
    std::array<char, 800> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", static_cast<int>(digits), value);
    return std::strtod(buffer.data(), nullptr);
  }
  if (digits < -308) return std::copysign(0.0, value);
  const double unit = std::pow(10.0, static_cast<double>(-digits));
  return std::nearbyint(value / unit) * unit;
}

std::int64_t rounded_integer(std::int64_t value, std::int64_t digits) {
  if (digits >= 0) return value;
  if (digits < -18) return 0;
  std::int64_t unit = 1;
  for (auto i = digits; i < 0; ++i) unit *= 10;
  const auto half = unit / 2;
  auto quotient = value / unit;
  const auto rest = std::abs(value % unit);
  if (rest > half || (rest == half && quotient % 2 != 0)) quotient += value < 0 ? -1 : 1;
  std::int64_t result = 0;
  if (__builtin_mul_overflow(quotient, unit, &result)) too_large();
  return result;
}

Value round_filter(Call& call) {
  const auto method = call.text(2);
  const auto digits = call.integer(1);
  if (method == "common") {
    if (call[0].is_integral()) return rounded_integer(call[0].integer(), digits);
    return rounded(call.real(0), digits);
  }
  if (method != "ceil" && method != "floor") fail_user("method must be common, ceil or floor");
  const double scale = std::pow(10.0, static_cast<double>(digits));
  const double scaled = call.real(0) * scale;
  const double whole = method == "ceil" ? std::ceil(scaled) : std::floor(scaled);
  return (whole + 0.0) / scale;  // never -0.0: Python's ceil and floor make integers
}

Value abs_filter(Call& call) {
  if (call[0].is_integral()) return call[0].integer() < 0 ? negate(call[0]) : Value(call[0].integer());
  return std::abs(call.real(0));
}

Value file_size(Call& call) {
  double bytes = 0;
  if (call[0].is_string()) {
    const auto real = read_real(call[0].string());
    if (!real) fail_user("could not convert string to float: {}", repr(call[0]));
    bytes = *real;
  } else {
    bytes = call.real(0);
  }
  const bool binary_units = call.flag(1);
  const double base = binary_units ? 1024 : 1000;
  static constexpr std::array<const char*, 8> k_decimal = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  static constexpr std::array<const char*, 8> k_binary = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};
  if (bytes == 1) return "1 Byte";
  if (bytes < base) return fmt::format("{} Bytes", static_cast<std::int64_t>(bytes));
  double unit = base * base;
  std::size_t i = 0;
  for (; i + 1 < k_decimal.size() && !(bytes < unit); ++i) unit *= base;
  return fmt::format("{:.1f} {}", base * bytes / unit, binary_units ? k_binary[i] : k_decimal[i]);
}

}  // namespace

void add_number_filters(std::vector<Function>& table) {
  const auto add = [&table](Function function) { table.push_back(std::move(function)); };
  add({"int", "value, default=0, base=10", "an integer; the default when it can't be read as one", to_integer});
  add({"float", "value, default=0.0", "a float; the default when it can't be read as one", to_real});
  add({"round", "value, precision=0, method='common'", "rounded to digits; method common, ceil or floor",
       round_filter});
  add({"abs", "value", "without its sign", abs_filter});
  add({"filesizeformat", "value, binary=false", "bytes for people: 4.1 MB; binary: 3.9 MiB", file_size});
}

}  // namespace sitrep::templating
