#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"

namespace sitrep::cli {

/// What `sitrep COMMAND -h` prints: usage, what it does, arguments, options, examples. `width`: columns to wrap at.
/// The program's own help lists the commands under their headings.
std::string help_text(const Command& command, const Command& globals, std::size_t width);

/// "sitrep import ENTITY FILE… [options]"
std::string usage_line(const Command& command);

/// The visible children under their headings, both in the order of definition.
std::vector<std::pair<std::string, std::vector<const Command*>>> grouped(const Command& command);

/// The doc of a flag with what the parser knows: "…; one of week, month, quarter".
std::string full_doc(const Flag& flag);
std::string full_doc(const Positional& positional);

/// Lines of at most `width` columns, each behind `indent` blanks; lines of `text` that start with a blank are kept.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace sitrep::cli
