#include "sources/time_pattern.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/numbers.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace sitrep::sources {
namespace {

using namespace std::chrono;

constexpr std::string_view k_known = "YmdeHIMSpbBjzZfsTF%";
constexpr std::array<std::string_view, 12> k_months = {"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  std::optional<WrittenTime> read(std::string_view pattern) {
    if (!match(pattern) || at_ != text_.size()) return std::nullopt;
    return assemble();
  }

 private:
  bool match(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '%' || i + 1 == pattern.size()) {
        if (!literal(pattern[i])) return false;
      } else if (!field(pattern[++i])) {
        return false;
      }
    }
    return true;
  }

  bool literal(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Exactly `digits` of them, or up to that many when `fewer` are allowed.
  bool number(int& value, std::size_t digits, bool fewer = false) {
    std::size_t length = 0;
    while (length < digits && at_ + length < text_.size() && text_[at_ + length] >= '0' && text_[at_ + length] <= '9')
      ++length;
    if (length == 0 || (length < digits && !fewer)) return false;
    value = static_cast<int>(*parse_integer(text_.substr(at_, length)));
    at_ += length;
    return true;
  }

  bool month_name(bool full) {
    for (std::size_t i = 0; i < k_months.size(); ++i) {
      const std::string_view name = full ? k_months[i] : k_months[i].substr(0, 3);
      if (!equal_ignoring_case(text_.substr(at_, name.size()), name)) continue;
      month_ = static_cast<int>(i) + 1;
      at_ += name.size();
      return true;
    }
    return false;
  }

  bool zone_offset() {
    if (literal('Z')) {
      offset_ = seconds{0};
      return true;
    }
    if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return false;
    const int sign = text_[at_++] == '-' ? -1 : 1;
    int hour = 0, minute = 0;
    if (!number(hour, 2)) return false;
    const std::size_t before = at_;
    literal(':');
    if (!number(minute, 2)) at_ = before;
    if (hour > 23 || minute > 59) return false;
    offset_ = sign * (hours{hour} + minutes{minute});
    return true;
  }

  bool word(std::string_view name) {
    if (!equal_ignoring_case(text_.substr(at_, name.size()), name)) return false;
    at_ += name.size();
    return true;
  }

  bool half_day() {
    if (word("PM"))
      afternoon_ = true;
    else if (!word("AM"))
      return false;
    twelve_ = true;
    return true;
  }

  bool epoch() {
    const std::size_t from = at_;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    epoch_ = parse_integer(text_.substr(from, at_ - from));
    return epoch_.has_value();
  }

  bool fraction() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > from;
  }

  bool field(char conversion) {
    switch (conversion) {
      case 'Y':
        return number(year_, 4);
      case 'm':
        return number(month_, 2);
      case 'd':
        return number(day_, 2);
      case 'e':
        literal(' ');
        return number(day_, 2, true);
      case 'j':
        return number(day_of_year_, 3);
      case 'b':
        return month_name(false);
      case 'B':
        return month_name(true);
      case 'H':
        clock_ = true;
        return number(hour_, 2);
      case 'I':
        clock_ = true;
        return number(hour_, 2, true) && hour_ >= 1 && hour_ <= 12;
      case 'M':
        return number(minute_, 2);
      case 'S':
        return number(second_, 2);
      case 'p':
        return half_day();
      case 'z':
        return zone_offset();
      case 'Z':
        offset_ = seconds{0};
        return word("UTC") || word("GMT") || word("Z");
      case 'f':
        return fraction();
      case 's':
        return epoch();
      case 'T':
        return match("%H:%M:%S");
      case 'F':
        return match("%Y-%m-%d");
      case '%':
        return literal('%');
      default:
        return false;
    }
  }

  std::optional<WrittenTime> assemble() const {
    if (epoch_) {
      if (!is_writable(unix_time(*epoch_))) return std::nullopt;
      return WrittenTime{local_seconds{seconds{*epoch_}}, seconds{0}, false};
    }
    const year_month_day day =
        day_of_year_ > 0
            ? year_month_day{sys_days{year{year_} / January / 1} + days{day_of_year_ - 1}}
            : year{year_} / month{static_cast<unsigned>(month_)} / std::chrono::day{static_cast<unsigned>(day_)};
    if (year_ < 1 || !day.ok() || day.year() != year{year_}) return std::nullopt;
    int hour = hour_;
    if (twelve_) hour = hour % 12 + (afternoon_ ? 12 : 0);
    if (hour > 23 || minute_ > 59 || second_ > 60) return std::nullopt;
    const local_seconds local = local_days{day} + hours{hour} + minutes{minute_} + seconds{second_};
    return WrittenTime{local, offset_, !clock_};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int year_ = 0, month_ = 1, day_ = 1, day_of_year_ = 0, hour_ = 0, minute_ = 0, second_ = 0;
  bool clock_ = false, twelve_ = false, afternoon_ = false;
  std::optional<Seconds> offset_;
  std::optional<std::int64_t> epoch_;
};

std::string offset_text(Seconds offset) {
  const auto minutes_east = duration_cast<minutes>(abs(offset)).count();
  return fmt::format("{}{:02}{:02}", offset < Seconds{0} ? '-' : '+', minutes_east / 60, minutes_east % 60);
}

std::string written_field(char conversion, UnixTime t, const Zone& zone) {
  const local_seconds local = zone.to_local(t);
  const auto day_start = floor<days>(local);
  const year_month_day day{day_start};
  const hh_mm_ss clock{local - day_start};
  const int year = static_cast<int>(day.year());
  const unsigned month = static_cast<unsigned>(day.month()), date = static_cast<unsigned>(day.day());
  const auto hour = clock.hours().count();
  switch (conversion) {
    case 'Y':
      return fmt::format("{:04}", year);
    case 'm':
      return fmt::format("{:02}", month);
    case 'd':
      return fmt::format("{:02}", date);
    case 'e':
      return fmt::format("{:2}", date);
    case 'j':
      return fmt::format("{:03}", (day_start - local_days{day.year() / January / 1}).count() + 1);
    case 'b':
      return std::string(k_months[month - 1].substr(0, 3));
    case 'B':
      return std::string(k_months[month - 1]);
    case 'H':
      return fmt::format("{:02}", hour);
    case 'I':
      return fmt::format("{:02}", hour % 12 == 0 ? 12 : hour % 12);
    case 'M':
      return fmt::format("{:02}", clock.minutes().count());
    case 'S':
      return fmt::format("{:02}", clock.seconds().count());
    case 'p':
      return hour < 12 ? "AM" : "PM";
    case 'z':
      return offset_text(local.time_since_epoch() - t.time_since_epoch());
    case 'Z':
      return zone.abbreviation(t);
    case 'f':
      return "000";
    case 's':
      return std::to_string(unix_seconds(t));
    case 'T':
      return write_time_pattern(t, "%H:%M:%S", zone);
    case 'F':
      return write_time_pattern(t, "%Y-%m-%d", zone);
    default:
      return "%";
  }
}

}  // namespace

void check_time_pattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    if (i + 1 == pattern.size() || k_known.find(pattern[i + 1]) == std::string_view::npos) {
      fail(ErrorKind::config,
           "time format '{}' has an unknown conversion '{}'; known are %Y %m %d %e %H %I %M %S %p %b %B %j %z %Z %f %s "
           "%T %F",
           visible(pattern), visible(pattern.substr(i, 2)));
    }
    ++i;
  }
}

std::optional<WrittenTime> read_time_pattern(std::string_view text, std::string_view pattern) {
  return PatternReader(text).read(pattern);
}

std::string write_time_pattern(UnixTime t, std::string_view pattern, const Zone& zone) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && i + 1 < pattern.size())
      out += written_field(pattern[++i], t, zone);
    else
      out += pattern[i];
  }
  return out;
}

}  // namespace sitrep::sources
