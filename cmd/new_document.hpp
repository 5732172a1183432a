#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace sitrep::cmd {

/// Fills a document of a type from the store and writes it where its type says, or to the -o file; never over another
/// file. Prints the path, as JSON under `schema`. Error{usage} for parameters that the type does not take.
int write_new_document(cli::Context& ctx, std::string_view schema, const std::string& type,
                       const std::map<std::string, std::string>& parameters);

}  // namespace sitrep::cmd
