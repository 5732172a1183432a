#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/context.hpp"

namespace sitrep::cli {

/// A whole run: reads `args` (without the program's name) by the tree, prints help and version, hands over to plug-ins,
/// runs the command, prints errors. Returns the exit code. `-C` changes the process's working folder.
int run_program(const Command& root, World world, const std::vector<std::string>& args);

}  // namespace sitrep::cli
