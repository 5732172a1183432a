#include "sources/presets.hpp"

namespace sitrep::sources {

std::optional<std::string_view> preset_lookup(std::string_view name) {
  for (const EmbeddedFile& file : preset_files()) {
    if (file.name.substr(0, file.name.rfind('.')) == name) return file.text;
  }
  return std::nullopt;
}

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : preset_files()) names.push_back(file.name.substr(0, file.name.rfind('.')));
  return names;
}

std::vector<config::PresetAbout> preset_descriptions() {
  std::vector<config::PresetAbout> all;
  for (const auto name : preset_names()) all.push_back(config::read_preset_about(name, *preset_lookup(name)));
  return all;
}

}  // namespace sitrep::sources
