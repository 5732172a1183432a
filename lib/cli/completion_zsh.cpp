#include "cli/completion.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

constexpr std::string_view k_walk = R"zsh(
_sitrep_offer() {
  case $1 in
    @file) _files ;;
    @folder) _files -/ ;;
    @*)
      local -a names
      names=(${(f)"$(sitrep complete "${1#@}" 2>/dev/null)"})
      compadd -a names
      ;;
    *) compadd -- ${=1} ;;
  esac
}

_sitrep() {
  local node='' waiting='' word value current=$words[CURRENT]
  local -i arguments=0 i
  local -a commands flags
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $waiting ]]; then
      waiting=''
    elif [[ $word == -* ]]; then
      if [[ $_sitrep_value_flags == *" $word "* ]]; then waiting=$word; fi
    elif _sitrep_node "${node:+$node }$word"; then
      node="${node:+$node }$word"
    else
      arguments+=1
    fi
  done
  _sitrep_node "$node"
  if [[ -z $waiting && $current == --*=* ]]; then
    waiting=${current%%=*}
    compset -P '*='
  fi
  if [[ -n $waiting ]]; then
    _sitrep_offer "$(_sitrep_values "$node" "$waiting")"
  elif [[ $current == -* ]]; then
    flags+=($_sitrep_global_flags)
    _describe -o option flags
  elif (( $#commands && arguments == 0 )); then
    _describe command commands
  else
    _sitrep_offer "$(_sitrep_argument "$node" "$arguments")"
  fi
}

if [[ $funcstack[1] == _sitrep ]]; then _sitrep "$@"; else compdef _sitrep sitrep; fi
)zsh";

/// 'name:what it does', the form that _describe takes.
std::string described(std::string_view name, std::string_view doc) {
  return shell_quoted(fmt::format("{}:{}", replace_all(name, ":", "\\:"), doc));
}

std::string described_flags(const std::vector<Flag>& flags) {
  std::vector<std::string> words;
  for (const auto& flag : flags) {
    for (const auto name : split_views(flag.names, ',')) words.push_back(described(name, flag.doc));
  }
  return join(words, " ");
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
    for (const auto name : split_views(flag.names, ',')) {
      const auto pattern = path == "*" ? "*:" + std::string(name) : shell_quoted(fmt::format("{}:{}", path, name));
      text += fmt::format("    ({}) print -r -- {} ;;\n", pattern, shell_quoted(what));
    }
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
    text += fmt::format("    ({}:{}) print -r -- {} ;;\n", shell_quoted(node.path), index, shell_quoted(what));
  }
  return text;
}

}  // namespace

std::string zsh_completion(const Command& root, const Command& globals) {
  const auto nodes = completion_nodes(root);
  std::string cases, values, arguments;
  for (const auto& node : nodes) {
    std::vector<std::string> children;
    for (const auto& child : node.command->children()) {
      if (!child->is_hidden()) children.push_back(described(child->name(), child->summary()));
    }
    cases += fmt::format("    ({}) commands=({}) flags=({}) ;;\n", shell_quoted(node.path), join(children, " "),
                         described_flags(node.flags));
    values += value_cases(node.path, node.flags);
    arguments += argument_cases(node);
  }
  values += value_cases("*", globals.flags());
  return fmt::format(
             "#compdef sitrep\n# zsh completion for sitrep, written by: sitrep completion zsh\n\n"
             "typeset -g _sitrep_value_flags=' {} '\n"
             "typeset -ga _sitrep_global_flags=({})\n\n"
             "_sitrep_node() {{\n  case $1 in\n{}    (*) return 1 ;;\n  esac\n}}\n\n"
             "_sitrep_values() {{\n  case $1:$2 in\n{}  esac\n}}\n\n"
             "_sitrep_argument() {{\n  case $1:$2 in\n{}    (*) ;;\n  esac\n}}\n",
             join(flags_with_values(nodes, globals), " "), described_flags(globals.flags()), cases, values, arguments) +
         std::string(k_walk);
}

}  // namespace sitrep::cli
