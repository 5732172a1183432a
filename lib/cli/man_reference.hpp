#pragma once

#include <string_view>

#include "cli/man.hpp"

namespace sitrep::cli {

/// sitrep.toml(5), from the JSON Schema of the file: each table with its keys, their types and meanings. The schema is
/// ours: draft 07 with properties, definitions, $ref, oneOf and enum.
ManPage configuration_page(std::string_view schema, std::string_view version);

/// sitrep-schema(7): the entities of the store with their columns.
ManPage entities_page(std::string_view version);

/// Text that troff prints as it stands, in any locale.
std::string roff_text(std::string_view text);

}  // namespace sitrep::cli
