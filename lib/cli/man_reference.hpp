#pragma once

#include <string_view>

#include "cli/man.hpp"

namespace sitrep::cli {

/// sitrep.toml(5), from the table of knobs: each table with its keys, their types, meanings, defaults and an example.
ManPage configuration_page(std::string_view version);

/// sitrep-schema(7): the entities of the store with their columns.
ManPage entities_page(std::string_view version);

/// Text that troff prints as it stands, in any locale.
std::string roff_text(std::string_view text);

}  // namespace sitrep::cli
