#pragma once

#include <string>
#include <string_view>

namespace sitrep::config {

/// What a preset says about itself: its own words, from which its help, `init` and sitrep-presets(7) are made.
struct PresetAbout {
  std::string name;
  std::string description;    ///< one line
  bool experimental = false;  ///< never tried on an answer of the real API
  std::string setup;          ///< the lines of TOML that a user must write below [source.NAME]; may be empty
  std::string pulls;          ///< what comes into which entity
  std::string access;         ///< which token, with which scopes
  std::string limits;         ///< of the API, and how they are met
  std::string lacks;          ///< what it can't do
};

/// Reads `description`, `experimental` and [about] of a preset's text. Error{config} when one of them is missing.
PresetAbout read_preset_about(std::string_view name, std::string_view toml);

}  // namespace sitrep::config
