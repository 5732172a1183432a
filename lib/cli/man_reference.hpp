#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/man.hpp"
#include "config/preset.hpp"

namespace sitrep::cli {

/// sitrep.toml(5), from the table of knobs: each table with its keys, their types, meanings, defaults and an example.
ManPage configuration_page(std::string_view version);

/// sitrep-presets(7): what each preset says about itself.
ManPage presets_page(std::span<const config::PresetAbout> presets, std::string_view version);

/// sitrep-schema(7): the entities of the store with their columns.
ManPage entities_page(std::string_view version);

/// What sitrep-templates(7) lists; the template language itself is a module that this one does not know.
struct TemplateFeature {
  std::string part, example, output;
  bool supported = true;
};
struct TemplateCallable {
  std::string kind;  ///< "function", "filter", "test"
  std::string name, parameters, doc;
};
struct TemplateReport {
  std::string name, description;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< name, what it means
};
struct TemplateReference {
  std::vector<TemplateFeature> features;
  std::vector<TemplateCallable> callables;
  std::vector<TemplateReport> reports;
};

/// sitrep-templates(7): files, variables, functions, filters and tests of templates, and what of Jinja is supported.
ManPage templates_page(const TemplateReference& reference, std::string_view version);

/// The title line of a page and its NAME section.
std::string man_head(std::string_view page, std::string_view section, std::string_view version, std::string_view what);

/// Text that troff prints as it stands, in any locale.
std::string roff_text(std::string_view text);

}  // namespace sitrep::cli
