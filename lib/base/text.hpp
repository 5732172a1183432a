#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep {

std::string_view trim_view(std::string_view text);
std::vector<std::string_view> split_views(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII only
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// The candidate nearest to a mistyped name (Damerau-Levenshtein, at most a third of its length away), for "did you
/// mean".
std::optional<std::string_view> closest(std::string_view name, std::span<const std::string_view> candidates);
/// "; did you mean 'interval'?" or "".
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

bool is_valid_utf8(std::string_view text);
/// Every invalid byte sequence becomes U+FFFD; `replaced` (borrowed, may be null) counts them.
std::string repair_utf8(std::string_view text, std::size_t* replaced = nullptr);

/// Columns a terminal needs (wide characters 2, combining marks 0); control characters count as the escape that
/// visible() prints for them.
std::size_t display_width(std::string_view text);
/// At most `width` columns, cut at a grapheme's start, with "…" when something was cut.
std::string truncate_display(std::string_view text, std::size_t width);

/// Text from outside, safe on a terminal and in a log line: control bytes, C1, bidi overrides and invalid UTF-8 as
/// visible escapes (\x1b, \u202e); tab and newline too, so that a line stays a line.
std::string visible(std::string_view text);

/// "1 row", "3 rows": `plural` defaults to singular + "s". Thousands are grouped with commas.
std::string count_of(std::int64_t n, std::string_view singular, std::string_view plural = {});
/// "1,214"
std::string group_thousands(std::int64_t n);
/// "3rd party!" → "3rd-party": ASCII letters and digits, dashes between, at most 60 characters; never empty
/// ("untitled").
std::string slug(std::string_view title);

}  // namespace sitrep
