#include "cli/completion.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

constexpr std::string_view k_walk = R"fish(
function __sitrep_node
    set -l node ''
    set -l waiting 0
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test $waiting = 1
            set waiting 0
        else if string match -q -- '-*' $word
            contains -- $word $__sitrep_value_flags; and set waiting 1
        else if contains -- (string trim "$node $word") $__sitrep_nodes
            set node (string trim "$node $word")
        end
    end
    echo $node
end

function __sitrep_at
    test (__sitrep_node) = "$argv[1]"
end

complete -c sitrep -f
)fish";

std::string fish_quoted(std::string_view text) {
  return "'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string offer(const std::vector<std::string>& choices, const std::string& completes) {
  if (!choices.empty()) return " -a " + fish_quoted(join(choices, " "));
  if (completes == "file") return " -F";
  if (completes == "folder") return " -a '(__fish_complete_directories)'";
  return completes.empty() ? "" : " -a " + fish_quoted(fmt::format("(sitrep complete {} 2>/dev/null)", completes));
}

std::string flag_line(const std::string& condition, const Flag& flag) {
  std::string line = "complete -c sitrep" + condition;
  for (const auto name : split_views(flag.names, ',')) {
    line += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
  }
  // -x keeps fish from offering files beside the values.
  if (!flag.is_switch()) line += (flag.completes == "file" ? " -r" : " -x") + offer(flag.choices, flag.completes);
  return line + " -d " + fish_quoted(flag.doc) + "\n";
}

}  // namespace

std::string fish_completion(const Command& root, const Command& globals) {
  const auto nodes = completion_nodes(root);
  std::vector<std::string> paths;
  std::string lines;
  for (const auto& flag : globals.flags()) {
    if (flag.names != "--format") lines += flag_line("", flag);  // each command offers its own formats
  }
  for (const auto& node : nodes) {
    if (!node.path.empty()) paths.push_back(fish_quoted(node.path));
    const auto condition = fmt::format(" -n {}", fish_quoted(fmt::format("__sitrep_at \"{}\"", node.path)));
    for (const auto& child : node.command->children()) {
      if (child->is_hidden()) continue;
      lines +=
          fmt::format("complete -c sitrep{} -a {} -d {}\n", condition, child->name(), fish_quoted(child->summary()));
    }
    for (const auto& positional : node.command->positionals()) {
      const auto what = offer(positional.choices, positional.completes);
      if (!what.empty())
        lines += fmt::format("complete -c sitrep{}{} -d {}\n", condition, what, fish_quoted(positional.doc));
    }
    for (const auto& flag : node.flags) lines += flag_line(condition, flag);
  }
  return "# fish completion for sitrep, written by: sitrep completion fish\n\nset -g __sitrep_value_flags " +
         join(flags_with_values(nodes, globals), " ") + "\nset -g __sitrep_nodes " + join(paths, " ") + "\n" +
         std::string(k_walk) + "\n" + lines;
}

}  // namespace sitrep::cli
