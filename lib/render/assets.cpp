#include "render/assets.hpp"

#include <span>

#include "base/embedded_file.hpp"
#include "base/error.hpp"

namespace sitrep::render {

std::span<const EmbeddedFile> assets();  // made by sitrep_embed

namespace {

std::string_view asset(std::string_view name) {
  for (const auto& file : assets())
    if (file.name == name) return file.text;
  fail(ErrorKind::bug, "no embedded file {}", name);
}

}  // namespace

std::string_view chart_style() { return asset("chart.css"); }
std::string_view page_style() { return asset("page.css"); }
std::string_view page_script() { return asset("page.js"); }

}  // namespace sitrep::render
