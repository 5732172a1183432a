#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace sitrep::cmd {

/// Fills a document of a type from the store and writes it where its type says, or to the -o file; never over another
/// file. Prints the path, as JSON under `schema`. Redacted as [redact.PROFILE] says, now and whenever it is refreshed.
/// Error{usage} for parameters that the type does not take.
int write_new_document(cli::Context& ctx, std::string_view schema, const std::string& type,
                       const std::map<std::string, std::string>& parameters,
                       const std::optional<std::string>& profile = {});

}  // namespace sitrep::cmd
