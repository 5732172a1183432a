#include "report_inputs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitrep::cmd {

docs::Catalog template_catalog(cli::Context& ctx) {
  return docs::Catalog(ctx.has_workspace() ? std::optional(ctx.workspace_folder() / "templates") : std::nullopt);
}

ReportInputs report_inputs(cli::Context& ctx, const std::optional<std::string>& profile) {
  docs::Inputs inputs;
  inputs.store = &ctx.store();
  inputs.config = ctx.has_workspace() ? &ctx.config() : nullptr;
  inputs.now = ctx.now();
  inputs.calendar = ctx.calendar();
  inputs.workspace = inputs.config != nullptr && !inputs.config->name.empty() ? inputs.config->name : "Programs";
  inputs.version = ctx.world().version;
  if (inputs.config != nullptr) {
    inputs.folder = ctx.workspace_folder();
    inputs.launch = document_config(ctx).launch;
  }
  inputs.open_as_of = [file = ctx.store_file(), options = ctx.store().options()](UnixTime as_of) {
    auto past = options;
    past.access = store::Access::read_only;
    past.as_of = options.as_of ? std::min(*options.as_of, as_of) : as_of;
    past.now = as_of;
    return store::Store::open(file, past);
  };
  auto redactor = profile ? make_redactor(ctx, *profile) : nullptr;
  inputs.redactor = redactor.get();
  return {std::move(inputs), template_catalog(ctx), std::move(redactor)};
}

std::optional<docs::TemplateFile> file_or_note(const docs::Catalog& catalog, std::string_view name, cli::Context& ctx) {
  try {
    return catalog.file(name);
  } catch (const Error& error) {
    ctx.note(fmt::format("left out: {}", error.what()));
    return std::nullopt;
  }
}

config::DocumentConfig document_config(cli::Context& ctx) {
  return ctx.has_workspace() ? config::load_document_config(ctx.config().file) : config::DocumentConfig{};
}

std::unique_ptr<docs::Redactor> make_redactor(cli::Context& ctx, const std::string& profile) {
  const auto all = document_config(ctx).redactions;
  const auto found = std::ranges::find(all, profile, &config::Redaction::name);
  if (found == all.end()) {
    std::vector<std::string_view> names;
    for (const auto& one : all) names.push_back(one.name);
    fail(ErrorKind::usage, "there is no [redact.{}] in sitrep.toml{}", visible(profile), did_you_mean(profile, names));
  }
  return std::make_unique<docs::Redactor>(ctx.store(), *found);
}

}  // namespace sitrep::cmd
