#include "cli/man_reference.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

constexpr std::string_view k_intro = R"(.SH DESCRIPTION
A preset is a connector that comes with sitrep: \fBpreset = "\fINAME\fB"\fR in \fB[source.\fINAME\fB]\fR. Any of its
keys can be overridden there, and streams are laid over the preset's by name. \fBsitrep source presets\fR \fINAME\fR
prints its TOML, \fBsitrep source show\fR what becomes of it in sitrep.toml, and \fBsitrep source test\fR fetches one
page of it.
.PP
A preset that is marked experimental was written from the API's documentation and tried on bodies of that shape only.
)";

/// Prose of a preset as roff: what stands between backquotes is bold.
std::string prose(std::string_view text) {
  std::string out;
  bool bold = false;
  for (const auto part : split_views(text, '`')) {
    if (!out.empty() || bold) out += bold ? "\\fB" : "\\fR";
    out += roff_text(part);
    bold = !bold;
  }
  return out;
}

std::string section(const config::PresetAbout& preset) {
  auto text = fmt::format(".SH {}{}\n{}.\n", roff_text(preset.name), preset.experimental ? " (experimental)" : "",
                          prose(preset.description));
  text += fmt::format(".PP\n.nf\n[source.{0}]\npreset = \"{0}\"\n", roff_text(preset.name));
  for (const auto line : split_views(preset.setup, '\n')) {
    if (!line.empty()) text += roff_text(line) + "\n";
  }
  text += ".fi\n";
  for (const auto& [title, words] : {std::pair{"Pulls", &preset.pulls},
                                     {"Access", &preset.access},
                                     {"Limits", &preset.limits},
                                     {"Lacks", &preset.lacks}}) {
    text += fmt::format(".TP\n.B {}\n{}\n", title, prose(*words));
  }
  return text;
}

}  // namespace

ManPage presets_page(std::span<const config::PresetAbout> presets, std::string_view version) {
  auto text = man_head("sitrep-presets", "7", version, "the connectors that come with sitrep");
  text += k_intro;
  for (const auto& preset : presets) text += section(preset);
  text += ".SH \"SEE ALSO\"\n\\fBsitrep\\-source\\fR(1), \\fBsitrep\\-sync\\fR(1), \\fBsitrep.toml\\fR(5)\n";
  return {"sitrep-presets.7", std::move(text)};
}

}  // namespace sitrep::cli
