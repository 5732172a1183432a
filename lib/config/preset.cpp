#include "config/preset.hpp"

#include <fmt/format.h>

#include "config/reader.hpp"

namespace sitrep::config {

PresetAbout read_preset_about(std::string_view name, std::string_view toml) {
  const auto table = parse_toml(toml, fmt::format("preset {}", name));
  Reader in(table, fmt::format("preset {}", name));
  auto words = in.table("about");
  if (!words) fail_at(in.where(), in.title() + " needs [about]");
  PresetAbout about;
  about.name = name;
  about.description = in.required_text("description");
  about.experimental = in.boolean("experimental").value_or(false);
  about.setup = words->text("setup").value_or("");
  about.pulls = words->required_text("pulls");
  about.access = words->required_text("access");
  about.limits = words->required_text("limits");
  about.lacks = words->required_text("lacks");
  words->finish();
  return about;
}

}  // namespace sitrep::config
