#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace sitrep::render {

/// What a cell of a table is sorted by in a browser: the number that its text begins with. "3 h 20 m" gives seconds,
/// "1,214" and "12.5 k" numbers, "2026-12-05", "Dec 5" and "Dec 5, 2027" days; a day without a year is of `today`'s,
/// the text before a number ("**", "~", "≥") is passed over. nullopt for other text and for no value.
std::optional<std::string> sort_key(std::string_view text, std::optional<Date> today);

}  // namespace sitrep::render
