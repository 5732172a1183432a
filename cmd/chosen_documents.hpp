#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "docs/doc_tree.hpp"

namespace sitrep::cmd {

/// The files that the command line names, called as they were; all documents of the workspace when it names none.
/// Error{usage} for one that is not there.
std::vector<docs::DocumentFile> chosen_documents(cli::Context& ctx, const std::vector<std::string>& names);

}  // namespace sitrep::cmd
