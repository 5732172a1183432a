#pragma once

#include <span>
#include <string_view>

#include "cli/man.hpp"
#include "config/preset.hpp"

namespace sitrep::cli {

/// sitrep.toml(5), from the table of knobs: each table with its keys, their types, meanings, defaults and an example.
ManPage configuration_page(std::string_view version);

/// sitrep-presets(7): what each preset says about itself.
ManPage presets_page(std::span<const config::PresetAbout> presets, std::string_view version);

/// sitrep-schema(7): the entities of the store with their columns.
ManPage entities_page(std::string_view version);

/// The title line of a page and its NAME section.
std::string man_head(std::string_view page, std::string_view section, std::string_view version, std::string_view what);

/// Text that troff prints as it stands, in any locale.
std::string roff_text(std::string_view text);

}  // namespace sitrep::cli
