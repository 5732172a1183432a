#include "render/sort_key.hpp"

#include <array>
#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::render {
namespace {

constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads words and numbers from the front of a text whose no-break spaces are blanks.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string_view word() {
    std::size_t length = 0;
    while (length < rest_.size() && ((rest_[length] | 0x20) >= 'a' && (rest_[length] | 0x20) <= 'z')) ++length;
    const auto found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
  }
  /// "1,214.5"; commas only between digits.
  std::optional<double> number() {
    std::string digits;
    std::size_t at = 0;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      const bool between = at > 0 && is_digit(rest_[at - 1]) && at + 1 < rest_.size() && is_digit(rest_[at + 1]);
      if (is_digit(c) || (c == '.' && between))
        digits += c;
      else if (c != ',' || !between)
        break;
    }
    const auto value = parse_real(digits);
    if (value) rest_.remove_prefix(at);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Seconds in a unit as durations are written; 0 for another word.
double seconds_in(std::string_view unit, bool after_hours) {
  if (unit == "s") return 1;
  if (unit == "min" || (unit == "m" && after_hours)) return 60;
  if (unit == "h") return 3600;
  if (unit == "d" || unit == "day" || unit == "days" || unit == "business") return 86400;
  return 0;
}

std::optional<Date> day_of(std::string_view text, std::optional<Date> today) {
  if (const auto date = parse_date(text.substr(0, 10))) return date;
  Reader reader(text);
  const auto month = reader.word();
  for (unsigned i = 0; i < k_months.size(); ++i) {
    if (month != k_months[i]) continue;
    reader.skip_blanks();
    const auto day = reader.number();
    if (!day || *day < 1 || *day > 31) return std::nullopt;
    auto year = today ? std::chrono::year_month_day{*today}.year() : std::chrono::year{1970};
    if (reader.take(", "))
      if (const auto written = reader.number(); written && *written > 999)
        year = std::chrono::year{static_cast<int>(*written)};
    const std::chrono::year_month_day date{year, std::chrono::month{i + 1},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional(Date{date}) : std::nullopt;
  }
  return std::nullopt;
}

/// A duration in seconds, else the number with its scale.
double amount(Reader& reader, double first) {
  double total = 0, value = first;
  bool after_hours = false;
  for (;;) {
    reader.skip_blanks();
    const auto unit = reader.word();
    const double seconds = seconds_in(unit, after_hours);
    if (seconds == 0) {
      if (total > 0) return total;  // "5 min (n = 3)": what follows is no part of it
      return unit == "k"   ? value * 1e3
             : unit == "M" ? value * 1e6
             : unit == "G" ? value * 1e9
             : unit == "T" ? value * 1e12
                           : value;
    }
    total += value * seconds;
    after_hours = after_hours || unit == "h";
    reader.skip_blanks();
    const auto next = reader.number();
    if (!next) return total;
    value = *next;
  }
}

}  // namespace

std::optional<std::string> sort_key(std::string_view given, std::optional<Date> today) {
  const auto plain = replace_all(given, "\u00a0", " ");
  auto text = trim_view(plain);
  for (const std::string_view mark : {"≥", "≤", "~", "+"})
    if (text.starts_with(mark)) text = trim_view(text.substr(mark.size()));
  double sign = 1;
  for (const std::string_view minus : {"-", "−"})
    if (text.starts_with(minus)) text.remove_prefix(minus.size()), sign = -1;
  if (const auto day = day_of(text, today)) return std::to_string(day->time_since_epoch().count());
  Reader reader(text);
  const auto number = reader.number();
  if (!number) return std::nullopt;
  return format_real(sign * amount(reader, *number));
}

}  // namespace sitrep::render
