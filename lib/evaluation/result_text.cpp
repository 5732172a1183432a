#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/numbers.hpp"
#include "base/text.hpp"
#include "evaluation/result.hpp"

namespace sitrep::evaluation {
namespace {

std::string number(double value) {
  if (std::isinf(value)) return "∞";
  if (value == std::round(value) && std::abs(value) < 1e15) return group_thousands(static_cast<std::int64_t>(value));
  const double size = std::abs(value);
  return format_fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.01 ? 2 : 4);
}

std::string percent(double value) {
  const double shown = 100 * value;
  return format_fixed(shown, std::abs(shown) >= 99 && std::abs(shown) < 100 ? 2 : std::abs(shown) >= 10 ? 0 : 1) + " %";
}

/// The two ends without repeating their unit: "18-96 min".
std::string range(const metrics::Bounds& bounds, const std::string& kind, const std::string& unit) {
  auto low = text_of(bounds.lower, kind, unit);
  const auto high = std::isinf(bounds.upper) ? std::string("∞") : text_of(bounds.upper, kind, unit);
  const auto blank = low.rfind(' ');
  const auto other = high.rfind(' ');
  if (blank != std::string::npos && other != std::string::npos && low.substr(blank) == high.substr(other) &&
      low.find(' ') == blank && high.find(' ') == other) {
    low.resize(blank);
  }
  return low + "–" + high;
}

std::string ratio(double value) { return std::isinf(value) ? "∞" : format_fixed(value, value < 10 ? 1 : 0); }

/// Percentage points with their sign; what rounds to nothing is 0.
std::string points(double difference) {
  const auto text = fmt::format("{:+.0f}", 100 * difference);
  return text == "+0" || text == "-0" ? "0" : text;
}

}  // namespace

std::string text_of(double value, const std::string& kind, const std::string& unit) {
  if (kind == "duration") return format_duration(Seconds{std::llround(value)});
  if (kind == "proportion" || unit == "ratio" || unit == "%") return percent(value);
  if (unit == "hours") return format_duration(Seconds{std::llround(value * 3600)});
  if (unit == "days" || unit == "business days") return number(std::round(value * 10) / 10);
  return number(value);
}

std::string text_of(const Result& result) {
  if (!result.value) return fmt::format("n/a ({})", result.not_reportable);
  return text_of(*result.value, result.kind, result.unit);
}

std::string interval_text(const Result& result) {
  if (!result.interval) return {};
  return "95 % " + range(*result.interval, result.kind, result.unit);
}

std::string verdict_text(const Result& result) {
  const auto& j = result.judgement;
  if (j.verdict == metrics::Verdict::not_reportable) return fmt::format("not reportable ({})", j.reason);
  std::string text(metrics::name(j.verdict));
  if (!j.interval) return text;
  if (j.effect_name == "difference from the baseline's mean") {
    // A level is judged by the limits of the periods before; no count, share or age of ours lies below zero.
    const bool never_negative = result.value.value_or(0) >= 0 && result.previous.value_or(0) >= 0;
    const metrics::Bounds usual{never_negative ? std::max(0.0, j.interval->lower) : j.interval->lower,
                                j.interval->upper};
    return text + fmt::format(" (usual is {})", range(usual, result.kind, result.unit));
  }
  if (j.effect_name != "rate ratio" && j.effect_name != "difference" && j.effect_name != "ratio of durations")
    return text;
  const bool share = j.effect_name == "difference";
  const auto part = [&](double v) { return share ? points(v) : ratio(v); };
  text += fmt::format(" ({}{}95 % {}{}{})", j.effect ? fmt::format("{} {}", j.effect_name, part(*j.effect)) : "",
                      j.effect ? (share ? " points, " : ", ") : "", part(j.interval->lower), share ? " to " : "–",
                      part(j.interval->upper));
  return text;
}

}  // namespace sitrep::evaluation
