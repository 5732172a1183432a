#include "base/time.hpp"

#include <limits>

#include <cmath>

#include <fmt/format.h>

#include <array>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep {
namespace {

using namespace std::chrono;

/// Reads fixed-width digits from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool skip_digits() {
    const auto before = rest_.size();
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
    return rest_.size() < before;
  }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

std::optional<Date> read_date(Scanner& in) {
  const auto y = in.digits(4);
  if (!y || !in.take('-')) return std::nullopt;
  const auto m = in.digits(2);
  if (!m || !in.take('-')) return std::nullopt;
  const auto d = in.digits(2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *y < 1) return std::nullopt;
  return sys_days{date};
}

/// "Z", " UTC", "+00:00", "+0000", "+00"; false when what is left is none of them.
bool read_offset(Scanner& in, std::optional<Seconds>& offset) {
  if (in.at_end()) return true;
  if (in.take('Z') || in.take('z') || in.take(" UTC") || in.take("UTC")) {
    offset = Seconds{0};
    return in.at_end();
  }
  const int sign = in.peek() == '-' ? -1 : 1;
  if (!in.take('+') && !in.take('-')) return false;
  const auto h = in.digits(2);
  if (!h || *h > 23) return false;
  int m = 0;
  if (!in.at_end()) {
    in.take(':');
    const auto minutes_part = in.digits(2);
    if (!minutes_part || *minutes_part > 59) return false;
    m = *minutes_part;
  }
  offset = sign * (hours{*h} + minutes{m});
  return in.at_end();
}

}  // namespace

std::string format_utc(UnixTime t) {
  const auto day_start = floor<days>(t);
  const year_month_day date{day_start};
  const hh_mm_ss clock{t - day_start};
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  if (year < 0 || year > 9999)
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
  // By hand: lists print a time in every line.
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t at, unsigned two_digits) {
    text[at] = static_cast<char>('0' + two_digits / 10);
    text[at + 1] = static_cast<char>('0' + two_digits % 10);
  };
  put(0, static_cast<unsigned>(year) / 100);
  put(2, static_cast<unsigned>(year) % 100);
  put(5, month);
  put(8, day);
  put(11, static_cast<unsigned>(clock.hours().count()));
  put(14, static_cast<unsigned>(clock.minutes().count()));
  put(17, static_cast<unsigned>(clock.seconds().count()));
  return text;
}

std::string format_date(Date d) {
  const year_month_day date{d};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<Date> parse_date(std::string_view text) {
  Scanner in(text);
  const auto date = read_date(in);
  return in.at_end() ? date : std::nullopt;
}

std::optional<WrittenTime> parse_time(std::string_view text) {
  Scanner in(text);
  const auto date = read_date(in);
  if (!date) return std::nullopt;
  WrittenTime written{local_seconds{date->time_since_epoch()}, std::nullopt, false};
  if (in.at_end()) {
    written.date_only = true;
    return written;
  }
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
  const auto h = in.digits(2);
  if (!h || *h > 23 || !in.take(':')) return std::nullopt;
  const auto m = in.digits(2);
  if (!m || *m > 59) return std::nullopt;
  int s = 0;
  if (in.take(':')) {
    const auto seconds_part = in.digits(2);
    if (!seconds_part || *seconds_part > 60) return std::nullopt;
    s = *seconds_part;
    if (s == 60 && *m != 59) return std::nullopt;  // leap seconds end an hour (with any whole-hour offset)
    if ((in.take('.') || in.take(',')) && !in.skip_digits()) return std::nullopt;
  }
  written.local += hours{*h} + minutes{*m} + Seconds{s};
  if (!read_offset(in, written.offset)) return std::nullopt;
  return written;
}

std::optional<UnixTime> parse_rfc3339(std::string_view text) {
  const auto written = parse_time(text);
  if (!written || !written->offset) return std::nullopt;
  return UnixTime{written->local.time_since_epoch()} - *written->offset;
}

std::optional<Seconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto amount = parse_integer(text.substr(0, digits));
    std::int64_t unit = 0;
    switch (text[digits]) {
      case 's':
        unit = 1;
        break;
      case 'm':
        unit = 60;
        break;
      case 'h':
        unit = 3600;
        break;
      case 'd':
        unit = 86'400;
        break;
      case 'w':
        unit = 604'800;
        break;
      default:
        return std::nullopt;
    }
    constexpr std::int64_t k_longest = 1000LL * 366 * 86'400;  // a thousand years: beyond is a typing error
    if (!amount || *amount > k_longest / unit) return std::nullopt;
    total += *amount * unit;
    if (total > k_longest) return std::nullopt;
    text.remove_prefix(digits + 1);
  }
  return Seconds{total};
}

std::string format_duration(Seconds duration) {
  const auto s = duration.count();
  if (s < 0) return "-" + format_duration(Seconds{s == std::numeric_limits<std::int64_t>::min() ? -(s + 1) : -s});
  const auto two = [](std::int64_t big, const char* big_unit, std::int64_t small, const char* small_unit) {
    return small == 0 ? fmt::format("{} {}", big, big_unit)
                      : fmt::format("{} {} {} {}", big, big_unit, small, small_unit);
  };
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min", (s + 30) / 60);
  const auto rounded_minutes = s / 60 + (s % 60 + 30) / 60;
  if (s < 86'400) return two(rounded_minutes / 60, "h", rounded_minutes % 60, "m");
  const auto rounded_hours = s / 3600 + (s % 3600 + 1800) / 3600;
  return two(rounded_hours / 24, "d", rounded_hours % 24, "h");
}

std::optional<Seconds> duration_of(double seconds) {
  constexpr double k_most = 1e15;
  if (!(std::abs(seconds) < k_most)) return std::nullopt;
  return Seconds{static_cast<std::int64_t>(std::llround(seconds))};
}

std::optional<UnixTime> time_of(double unix_seconds) {
  const double whole = std::floor(unix_seconds);
  if (!(std::abs(whole) < 1e15)) return std::nullopt;
  const auto at = unix_time(static_cast<std::int64_t>(whole));
  return is_writable(at) ? std::optional(at) : std::nullopt;
}

}  // namespace sitrep
