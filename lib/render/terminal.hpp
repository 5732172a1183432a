#pragma once

#include <string>

#include "render/markdown.hpp"

namespace sitrep::render {

/// A document as plain text of at most `width` columns (never below 40), wide characters counted as two. No control
/// bytes but line ends; what a record brought in shows as visible escapes. Tables that are too wide wrap inside their
/// cells.
std::string terminal_text(const Node& document, int width);

}  // namespace sitrep::render
