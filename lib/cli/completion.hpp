#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace sitrep::cli {

/// Completion scripts of a command tree: commands, flags, allowed values, files and folders. Names that only a
/// workspace knows (sources, programs …) are asked for with `sitrep complete KIND`.
std::string bash_completion(const Command& root, const Command& globals);
std::string zsh_completion(const Command& root, const Command& globals);
std::string fish_completion(const Command& root, const Command& globals);

/// A visible command as the scripts see it.
struct CompletionNode {
  std::string path;  ///< "source list"; empty for the program
  const Command* command;
  std::vector<Flag> flags;  ///< its own and --format with its formats
};

/// Every visible command, depth first, the program first.
std::vector<CompletionNode> completion_nodes(const Command& root);
/// The names of every flag of the tree that takes a value, without repetition.
std::vector<std::string> flags_with_values(const std::vector<CompletionNode>& nodes, const Command& globals);

/// 'it'\''s' for bash and zsh.
std::string shell_quoted(std::string_view text);

}  // namespace sitrep::cli
