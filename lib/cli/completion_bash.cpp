#include "cli/completion.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitrep::cli {
namespace {

// Finds the command by walking the words, then offers values of the flag in front, flags, or commands and arguments.
// COMP_WORDS splits --flag=value at the '='.
constexpr std::string_view k_walk = R"bash(
_sitrep_offer() {  # $1: words to offer, or @file, @folder, @KIND; $2: what is typed
  case $1 in
    @file) mapfile -t COMPREPLY < <(compgen -f -- "$2"); compopt -o filenames 2>/dev/null ;;
    @folder) mapfile -t COMPREPLY < <(compgen -d -- "$2"); compopt -o filenames 2>/dev/null ;;
    @*)
      local name
      # Not compgen -W, which would expand $(…) in a name that came from outside.
      while IFS= read -r name; do
        if [[ $name == "$2"* ]]; then COMPREPLY+=("$(printf '%q' "$name")"); fi
      done < <(sitrep complete "${1#@}" 2>/dev/null)
      ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
  esac
}

_sitrep() {
  local current=${COMP_WORDS[COMP_CWORD]} node='' waiting='' arguments=0 i word
  local commands='' flags=''
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == = ]]; then continue; fi
    if [[ -n $waiting ]]; then
      waiting=''
    elif [[ $word == -* ]]; then
      if [[ $_sitrep_value_flags == *" $word "* ]]; then waiting=$word; fi
    elif _sitrep_node "${node:+$node }$word"; then
      node=${node:+$node }$word
    else
      arguments=$((arguments + 1))
    fi
  done
  if [[ $current == = ]]; then current=''; fi
  _sitrep_node "$node"
  if [[ -n $waiting ]]; then
    _sitrep_offer "$(_sitrep_values "$node" "$waiting")" "$current"
  elif [[ $current == -* ]]; then
    _sitrep_offer "$flags $_sitrep_global_flags" "$current"
  elif [[ -n $commands && $arguments -eq 0 ]]; then
    _sitrep_offer "$commands" "$current"
  else
    _sitrep_offer "$(_sitrep_argument "$node" "$arguments")" "$current"
  fi
}

complete -F _sitrep sitrep
)bash";

std::string names_of(const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const auto& flag : flags) {
    for (const auto name : split_views(flag.names, ',')) {
      const std::string text(name);
      if (std::find(names.begin(), names.end(), text) == names.end()) names.push_back(text);
    }
  }
  return join(names, " ");
}

std::string offer(const std::vector<std::string>& choices, const std::string& completes) {
  if (!choices.empty()) return join(choices, " ");
  return completes.empty() ? "" : "@" + completes;
}

std::string value_cases(const std::string& path, const std::vector<Flag>& flags) {
  std::string text;
  for (const auto& flag : flags) {
    const auto what = offer(flag.choices, flag.completes);
    if (flag.is_switch() || what.empty()) continue;
    std::vector<std::string> patterns;
    for (const auto name : split_views(flag.names, ',')) {
      patterns.push_back(path == "*" ? "*:" + std::string(name) : shell_quoted(fmt::format("{}:{}", path, name)));
    }
    text += fmt::format("    {}) echo {} ;;\n", join(patterns, "|"), shell_quoted(what));
  }
  return text;
}

std::string argument_cases(const CompletionNode& node) {
  std::string text;
  const auto& positionals = node.command->positionals();
  for (std::size_t p = 0; p < positionals.size(); ++p) {
    const auto what = offer(positionals[p].choices, positionals[p].completes);
    if (what.empty()) continue;
    const auto index = positionals[p].repeats ? std::string("*") : fmt::format("{}", p);
    text += fmt::format("    {}:{}) echo {} ;;\n", shell_quoted(node.path), index, shell_quoted(what));
  }
  return text;
}

}  // namespace

std::string bash_completion(const Command& root, const Command& globals) {
  const auto nodes = completion_nodes(root);
  std::string cases, values, arguments;
  for (const auto& node : nodes) {
    std::vector<std::string> children;
    for (const auto& child : node.command->children()) {
      if (!child->is_hidden()) children.push_back(child->name());
    }
    cases += fmt::format("    {}) commands={} flags={} ;;\n", shell_quoted(node.path),
                         shell_quoted(join(children, " ")), shell_quoted(names_of(node.flags)));
    values += value_cases(node.path, node.flags);
    arguments += argument_cases(node);
  }
  values += value_cases("*", globals.flags());
  const auto waiting = join(flags_with_values(nodes, globals), " ");
  return fmt::format(
             "# bash completion for sitrep, written by: sitrep completion bash\n\n"
             "_sitrep_value_flags=' {} '\n"
             "_sitrep_global_flags={}\n\n"
             "_sitrep_node() {{  # $1: a command's path; sets commands and flags, fails when there is none\n"
             "  case $1 in\n{}    *) return 1 ;;\n  esac\n}}\n\n"
             "_sitrep_values() {{  # $1: a command's path, $2: a flag\n"
             "  case $1:$2 in\n{}  esac\n}}\n\n"
             "_sitrep_argument() {{  # $1: a command's path, $2: how many arguments stand in front\n"
             "  case $1:$2 in\n{}    *) ;;\n  esac\n}}\n",
             waiting, shell_quoted(names_of(globals.flags())), cases, values, arguments) +
         std::string(k_walk);
}

}  // namespace sitrep::cli
