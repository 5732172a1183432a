#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "config/document_config.hpp"
#include "docs/catalog.hpp"
#include "docs/redaction.hpp"
#include "docs/run.hpp"

// What the commands about reports, documents and templates share.
namespace sitrep::cmd {

struct ReportInputs {
  docs::Inputs inputs;  ///< borrow the redactor
  docs::Catalog catalog;
  std::unique_ptr<docs::Redactor> redactor;  ///< null: nothing is hidden
};

/// Opens the workspace's configuration and its store, read-only; what templates get to see is redacted as
/// [redact.PROFILE] says. The result borrows from the context. Error{usage} with "did you mean" for an unknown profile.
ReportInputs report_inputs(cli::Context& ctx, const std::optional<std::string>& profile = {});

/// [launch], [redact] and [publish] of sitrep.toml; what holds without them outside a workspace.
config::DocumentConfig document_config(cli::Context& ctx);

std::unique_ptr<docs::Redactor> make_redactor(cli::Context& ctx, const std::string& profile);

/// The workspace's templates over the built-in ones; outside a workspace the built-in ones.
docs::Catalog template_catalog(cli::Context& ctx);

/// The file of that name for a listing: one whose header cannot be read is a note on stderr, not the end of the list.
std::optional<docs::TemplateFile> file_or_note(const docs::Catalog& catalog, std::string_view name, cli::Context& ctx);

}  // namespace sitrep::cmd
