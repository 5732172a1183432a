#include "render/format.hpp"

#include <fmt/core.h>

#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"

namespace sitrep::render {
namespace {

constexpr std::string_view k_absent = "n/a";
constexpr std::string_view k_blank = "\u00a0";

bool usable(const std::optional<double>& value) { return value && std::isfinite(*value); }
bool is_duration(std::string_view unit) { return unit == "seconds" || unit == "s"; }
bool is_ratio(std::string_view unit) { return unit == "ratio" || unit == "percent"; }

}  // namespace

std::string percent(std::optional<double> ratio, std::optional<int> decimals) {
  if (!usable(ratio)) return std::string(k_absent);
  const auto shown = *ratio * 100;
  constexpr int k_most = 3;
  auto text = format_fixed(shown, decimals.value_or(0));
  const auto says_too_much = [&] {
    return (text == "100" && shown < 100) || (shown != 0 && text.find_first_not_of("-0.") == std::string::npos) ||
           (shown < 100 && text.starts_with("100."));
  };
  for (int more = 1; !decimals && more <= k_most && says_too_much(); ++more) text = format_fixed(shown, more);
  if (!decimals && says_too_much()) text = format_fixed(shown, 0);
  if (text.find_first_not_of("-0.,") == std::string::npos && text.front() == '-') text.erase(0, 1);
  return text + std::string(k_blank) + "%";
}

std::string number(std::optional<double> value, int decimals) {
  if (!usable(value)) return std::string(k_absent);
  auto text = format_fixed(*value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string with_unit(std::optional<double> value, std::string_view unit) {
  if (!usable(value)) return std::string(k_absent);
  if (is_duration(unit)) {
    const auto duration = duration_of(*value);
    return duration ? format_duration(*duration) : fmt::format("{}{}s", number(value, 0), k_blank);
  }
  if (is_ratio(unit)) {
    const bool small = std::abs(*value) < 0.1 && std::abs(*value) >= 0.0005;
    return percent(value, small ? std::optional(1) : std::nullopt);
  }
  const auto text = number(value, std::abs(*value) >= 100 ? 0 : std::abs(*value) >= 10 ? 1 : 2);
  return unit.empty() ? text : fmt::format("{}{}{}", text, k_blank, unit);
}

std::string interval(std::optional<double> low, std::optional<double> high, std::string_view unit) {
  if (!usable(low) || !usable(high)) return {};
  if (is_duration(unit) || is_ratio(unit)) {
    const auto from = with_unit(low, unit), to = with_unit(high, unit);
    // "18–96 min": the unit once when both ends have the same.
    const auto from_blank = from.find_first_of(" \xC2"), to_blank = to.find_first_of(" \xC2");
    const bool simple = from_blank != std::string::npos && to_blank != std::string::npos &&
                        from.substr(from_blank) == to.substr(to_blank);
    return simple ? fmt::format("{}–{}", from.substr(0, from_blank), to) : fmt::format("{}–{}", from, to);
  }
  return fmt::format("{}–{}", with_unit(low, ""), with_unit(high, unit));
}

std::string sample_size(std::int64_t n) { return fmt::format("n = {}", group_thousands(n)); }

std::string too_few(std::int64_t n, std::int64_t needed) {
  return fmt::format("{} (n = {}, need {})", k_absent, group_thousands(n), group_thousands(needed));
}

}  // namespace sitrep::render
