#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sitrep::render {

/// Lines of at most `width` columns, broken at blanks; a word longer than a line is broken anywhere. '\n' starts a new
/// line. At least one line, perhaps empty.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// The text with blanks up to `width` columns; unchanged when it is wider.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

}  // namespace sitrep::render
