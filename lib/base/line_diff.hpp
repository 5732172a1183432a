#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep {

/// A line of a difference: '-' is only in the first text, '+' only in the second, ' ' in both.
struct DiffLine {
  char mark = ' ';
  std::string_view text;  ///< of the texts compared
};

/// How one text becomes the other line by line, with as many lines in common as there can be. Texts too large for that
/// (beyond 4 million pairs of lines) share what they begin and end with only.
std::vector<DiffLine> diff_lines(std::string_view before, std::string_view after);

/// The lines that differ with `context` common ones around them, each behind its mark; "…" where lines are left out.
/// Empty when nothing differs.
std::string show_difference(std::string_view before, std::string_view after, std::size_t context = 1);

}  // namespace sitrep
