#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/embedded_file.hpp"
#include "config/preset.hpp"

// The connectors that the binary carries: lib/sources/presets/*.toml, each the table of a source.
namespace sitrep::sources {

/// Every preset, by file name ("pagerduty.toml"), sorted.
std::span<const EmbeddedFile> preset_files();
/// The TOML text of a preset ("pagerduty"); nullopt for an unknown name.
std::optional<std::string_view> preset_lookup(std::string_view name);
std::vector<std::string_view> preset_names();
/// What every preset says about itself, sorted by name.
std::vector<config::PresetAbout> preset_descriptions();

}  // namespace sitrep::sources
