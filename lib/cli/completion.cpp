#include "cli/completion.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sitrep::cli {
namespace {

void collect(const Command& command, const std::string& path, std::vector<CompletionNode>& nodes) {
  CompletionNode node{path, &command, command.flags()};
  if (!command.allowed_formats().empty()) {
    Flag format;
    format.names = "--format";
    format.placeholder = "FORMAT";
    format.doc = "How data is printed";
    format.choices = command.allowed_formats();
    node.flags.push_back(std::move(format));
  }
  nodes.push_back(std::move(node));
  for (const auto& child : command.children()) {
    if (!child->is_hidden()) collect(*child, path.empty() ? child->name() : path + " " + child->name(), nodes);
  }
}

}  // namespace

std::vector<CompletionNode> completion_nodes(const Command& root) {
  std::vector<CompletionNode> nodes;
  collect(root, "", nodes);
  return nodes;
}

std::vector<std::string> flags_with_values(const std::vector<CompletionNode>& nodes, const Command& globals) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<Flag>& flags) {
    for (const auto& flag : flags) {
      if (flag.is_switch()) continue;
      for (const auto name : split_views(flag.names, ',')) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
      }
    }
  };
  add(globals.flags());
  for (const auto& node : nodes) add(node.flags);
  return names;
}

std::string shell_quoted(std::string_view text) { return "'" + replace_all(text, "'", "'\\''") + "'"; }

}  // namespace sitrep::cli
