#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace sitrep::cli {

/// The command that shows long text: $SITREP_PAGER, else $PAGER, else less where it is installed. nullopt: none is
/// wanted (empty, or cat), or the terminal is a dumb one.
std::optional<std::string> pager_command(const config::Environment& environment);

/// Whether a text needs more lines than a terminal of that size has above its prompt.
bool is_long(std::string_view text, int width, int height);

/// Runs the command by the shell with `text` as its input and waits until the reader leaves it, which may be before the
/// end. LESS=FRX and LV=-c are set where they are not. false: it could not be started, and nothing was shown.
bool show_in_pager(const std::string& command, std::string_view text);

}  // namespace sitrep::cli
