#pragma once

#include "cli/context.hpp"
#include "config/document_config.hpp"
#include "docs/catalog.hpp"
#include "docs/run.hpp"
#include "render/page.hpp"

// What the commands about reports, documents and templates share.
namespace sitrep::cmd {

struct ReportInputs {
  docs::Inputs inputs;
  docs::Catalog catalog;
};

/// Opens the workspace's configuration and its store, read-only. The result borrows from the context.
ReportInputs report_inputs(cli::Context& ctx);

/// [launch], [redact] and [publish] of sitrep.toml; what holds without them outside a workspace.
config::DocumentConfig document_config(cli::Context& ctx);

/// Redacts a page as [redact.PROFILE] of sitrep.toml says. Error{usage} with "did you mean" when there is none.
void redact_page(cli::Context& ctx, const std::string& profile, render::Page& page);

/// The workspace's templates over the built-in ones; outside a workspace the built-in ones.
docs::Catalog template_catalog(cli::Context& ctx);

/// The file of that name for a listing: one whose header cannot be read is a note on stderr, not the end of the list.
std::optional<docs::TemplateFile> file_or_note(const docs::Catalog& catalog, std::string_view name, cli::Context& ctx);

}  // namespace sitrep::cmd
