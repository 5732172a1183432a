#include <array>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace sitrep {
namespace {

using namespace std::chrono;

std::optional<unsigned> month_number(std::string_view name) {
  constexpr std::array<std::string_view, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < k_months.size(); ++i)
    if (k_months[i] == name) return i + 1;
  return std::nullopt;
}

std::optional<UnixTime> assemble(std::optional<std::int64_t> y, std::optional<unsigned> m,
                                 std::optional<std::int64_t> d, std::string_view clock) {
  const auto parts = split_views(clock, ':');
  if (!y || !m || !d || parts.size() != 3 || *y < 1 || *y > 9999 || *d < 1 || *d > 31) return std::nullopt;
  const auto h = parse_integer(parts[0]), min = parse_integer(parts[1]), s = parse_integer(parts[2]);
  const year_month_day date{year{static_cast<int>(*y)}, month{*m}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || !h || !min || !s || *h < 0 || *h > 23 || *min < 0 || *min > 59 || *s < 0 || *s > 60)
    return std::nullopt;
  return sys_days{date} + hours{*h} + minutes{*min} + Seconds{*s};
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  for (const auto word : split_views(text, ' '))
    if (!word.empty()) result.push_back(word);
  return result;
}

}  // namespace

std::optional<UnixTime> parse_http_date(std::string_view text) {
  const auto w = words(trim_view(text));
  // IMF-fixdate: Thu, 17 Apr 2025 11:17:18 GMT
  if (w.size() == 6 && (w[5] == "GMT" || w[5] == "UTC"))
    return assemble(parse_integer(w[3]), month_number(w[2]), parse_integer(w[1]), w[4]);
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  if (w.size() == 4 && w[3] == "GMT") {
    const auto parts = split_views(w[1], '-');
    if (parts.size() != 3) return std::nullopt;
    auto y = parse_integer(parts[2]);
    if (y && *y < 100) *y += *y < 70 ? 2000 : 1900;
    return assemble(y, month_number(parts[1]), parse_integer(parts[0]), w[2]);
  }
  // asctime: Sun Nov  6 08:49:37 1994
  if (w.size() == 5) return assemble(parse_integer(w[4]), month_number(w[1]), parse_integer(w[2]), w[3]);
  return std::nullopt;
}

}  // namespace sitrep
