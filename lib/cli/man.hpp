#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace sitrep::cli {

struct ManPage {
  std::string file;  ///< "sitrep-sync.1"
  std::string text;  ///< man(7) macros
};

/// sitrep(1) with every command, the global options, exit codes and files; and a page per top-level command with all
/// of its subcommands.
std::vector<ManPage> man_pages(const Command& root, const Command& globals, std::string_view version);

/// The exit codes every command shares, with their meaning.
struct ExitCode {
  int code;
  std::string_view meaning;
};
std::vector<ExitCode> exit_codes();

}  // namespace sitrep::cli
