#pragma once

#include <string>

namespace sitrep::cli {

/// A JSON Schema (draft 07) of sitrep.toml for editors, from the table of its knobs.
std::string config_schema();

}  // namespace sitrep::cli
