#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace sitrep::cli {

/// What a command line asks for. Options have been stored where their definitions point to.
struct Parsed {
  const Command* command = nullptr;  ///< what runs, or what help is about
  bool help = false;                 ///< -h, or the bare program
  bool version = false;
  /// The first word names no command of ours: maybe a plug-in. Nothing else is set then.
  std::optional<std::string> unknown;
  std::vector<std::string> before;  ///< global options in front of that word
  std::vector<std::string> after;   ///< everything behind it
};

/// Reads `args` (without the program's name) by the tree; the flags of `globals` are accepted before and after the
/// command. Error{usage} with "did you mean" for what nothing accepts; nothing is stored then.
Parsed parse(const Command& root, const Command& globals, const std::vector<std::string>& args);

/// "unknown command 'snyc'; did you mean 'sync'?" as an Error{usage}.
[[noreturn]] void refuse_unknown_command(const Command& root, const std::string& word);

}  // namespace sitrep::cli
