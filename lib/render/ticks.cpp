#include <algorithm>
#include <array>
#include <cmath>

#include "render/svg.hpp"

namespace sitrep::render {
namespace {

using std::chrono::days;

constexpr std::size_t k_most_ticks = 50;  // bounds what a degenerate range could ask for
constexpr std::array<std::string_view, 12> k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Multiples of `step` that cover [low, high]; counted in whole steps, so that no error adds up.
std::vector<double> multiples(double low, double high, double step) {
  std::vector<double> ticks;
  const double first = std::floor(low / step), last = std::ceil(high / step);
  for (double i = first; i <= last && ticks.size() < k_most_ticks; ++i) ticks.push_back(i * step);
  return ticks;
}

/// The first of `steps` that divides the range into `count` at most; the last one otherwise.
template <std::size_t N>
double first_step(const std::array<double, N>& steps, double range, int count) {
  return *std::find_if(steps.begin(), steps.end() - 1, [&](double step) { return range / step <= count; });
}

std::string day_label(Date day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{} {}", k_months[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()));
}

/// Some hours of the local day, from its midnight; the midnights themselves carry the date.
std::vector<DateTick> hour_ticks(UnixTime from, UnixTime to, int count, const Zone& zone) {
  using std::chrono::hours;
  static constexpr std::array<double, 5> k_hours{1, 3, 6, 12, 24};
  const double span = static_cast<double>((to - from).count()) / 3600;
  const auto step = hours{static_cast<long>(first_step(k_hours, span, count))};
  std::vector<DateTick> ticks;
  auto local = std::chrono::local_seconds{zone.date_of(from).time_since_epoch()};
  for (; ticks.size() < k_most_ticks; local += step) {
    const auto at = zone.to_utc(local);
    if (at > to) break;
    if (at < from || !zone.exists(local)) continue;
    const auto day = std::chrono::floor<days>(local);
    const auto hour = std::chrono::floor<hours>(local - day).count();
    ticks.push_back({at, hour == 0 ? day_label(Date{day.time_since_epoch()}) : fmt::format("{:02}:00", hour)});
  }
  return ticks;
}

std::vector<DateTick> month_ticks(Date first, Date last, int count, const Zone& zone) {
  static constexpr std::array<double, 14> k_steps{1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 24000};
  const double months = static_cast<double>((last - first).count()) / 30;
  const int step = static_cast<int>(first_step(k_steps, months, count));
  const std::chrono::year_month_day start{first};
  auto month = start.year() / start.month();
  if (start.day() != std::chrono::day{1}) month += std::chrono::months{1};
  while ((static_cast<int>(static_cast<unsigned>(month.month())) - 1) % std::min(step, 12) != 0)
    month += std::chrono::months{1};
  while (step >= 12 && static_cast<int>(month.year()) % (step / 12) != 0) month += std::chrono::years{1};
  std::vector<DateTick> ticks;
  for (; Date{month / 1} <= last && ticks.size() < k_most_ticks; month += std::chrono::months{step}) {
    const auto index = static_cast<unsigned>(month.month()) - 1;
    ticks.push_back({zone.start_of(Date{month / 1}),
                     index == 0 ? fmt::format("{}", static_cast<int>(month.year())) : std::string(k_months[index])});
  }
  return ticks;
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(high > low)) high = low + 1;
  const double rough = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double share = rough / power;
  return multiples(low, high, power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10));
}

std::vector<double> value_ticks(double low, double high, int count, const ValueStyle& style) {
  const double range = high > low ? high - low : 1;
  if (style.whole && !style.percent && range < count) return multiples(low, std::max(high, low + 1), 1);
  if (style.is_bytes() && range / count >= 1) {
    // 1, 2, 4 … 512 of the same power of 1024: ticks that read as whole numbers of their unit.
    return multiples(low, std::max(high, low + 1), std::exp2(std::ceil(std::log2(range / count))));
  }
  if (style.is_duration() && range <= 30.0 * 86400 * count) {
    static constexpr std::array<double, 19> k_spans{1,    2,    5,    10,    15,    30,    60,     120,    300,    600,
                                                    1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 2592000};
    return multiples(low, std::max(high, low + 1), first_step(k_spans, range, count));
  }
  return round_ticks(low, high, count);
}

std::vector<DateTick> date_ticks(UnixTime from, UnixTime to, int count, const Zone& zone) {
  if (to - from < days{3}) return hour_ticks(from, to, count, zone);
  const auto first = zone.start_of(zone.date_of(from)) == from ? zone.date_of(from) : zone.date_of(from) + days{1};
  const auto last = zone.date_of(to);
  const auto span = static_cast<double>((last - first).count());
  if (span >= 100) return month_ticks(first, last, count, zone);
  static constexpr std::array<double, 6> k_steps{1, 2, 7, 14, 21, 28};
  const auto step = days{static_cast<long>(first_step(k_steps, span, count))};
  std::vector<DateTick> ticks;
  for (auto day = first; day <= last; day += step) ticks.push_back({zone.start_of(day), day_label(day)});
  return ticks;
}

}  // namespace sitrep::render
