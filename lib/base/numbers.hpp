#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sitrep {

/// Whole-text readings: nullopt for empty text, blanks, trailing bytes or overflow.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// Finite values only.
std::optional<double> parse_real(std::string_view text);

/// The shortest text that reads back as the same double; integers without ".0". Deterministic, locale-free.
std::string format_real(double value);
/// Fixed decimals, thousands grouped: 12345.678, 1 → "12,345.7".
std::string format_fixed(double value, int decimals);

/// For readers, to three digits and whole from 100 on, thousands grouped: 12,288; 9.25; 0.0031.
std::string format_amount(double value);

/// Sum that does not depend on order for any practical input (Neumaier 1974).
double compensated_sum(std::span<const double> values);

}  // namespace sitrep
