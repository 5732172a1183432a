#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

// Numbers as people read them. Absent and not finite is never a number: "n/a".
namespace sitrep::render {

/// 0.8312, 0 → "83 %". Without decimals: as few (of 3) as keep what is not 0 or 100 % from looking so. The blank is a
/// no-break space, so that a number keeps its unit.
std::string percent(std::optional<double> ratio, std::optional<int> decimals = {});
/// Thousands grouped, `decimals` at most: 1234.50 → "1,234.5".
std::string number(std::optional<double> value, int decimals = 2);
/// A value with a metric's unit: "seconds" becomes a duration, "ratio" a percentage, any other unit is written after.
std::string with_unit(std::optional<double> value, std::string_view unit);
/// "18 min–1 h 36 min"; "18–96 TB" when both ends share their unit; "" when an end is absent.
std::string interval(std::optional<double> low, std::optional<double> high, std::string_view unit);
/// "n = 9"
std::string sample_size(std::int64_t n);
/// "n/a (n = 3, need 6)"
std::string too_few(std::int64_t n, std::int64_t needed);

}  // namespace sitrep::render
