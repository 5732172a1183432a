#include "cli/help.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitrep::cli {
namespace {

constexpr std::size_t k_widest_term = 30;

struct Entry {
  std::string term;
  std::string doc;
};

std::string flag_term(const Flag& flag) {
  std::string term = flag.short_name().empty() ? "    " : flag.short_name();
  if (flag.long_name() != flag.short_name()) {
    if (!flag.short_name().empty()) term += ", ";
    term += flag.long_name();
  }
  if (!flag.placeholder.empty()) term += " " + flag.placeholder;
  if (flag.repeats) term += " …";
  return term;
}

std::string entries_text(const std::vector<Entry>& entries, std::size_t width) {
  std::size_t widest = 0;
  for (const auto& entry : entries) {
    if (const auto w = display_width(entry.term); w <= k_widest_term) widest = std::max(widest, w);
  }
  const auto column = widest + 4;  // two blanks before the term, two behind it
  std::string text;
  for (const auto& [term, doc] : entries) {
    text += "  " + term;
    auto rest = wrapped(doc, width, column);
    if (const auto used = display_width(term) + 2; used + 2 <= column) {
      text.append(column - used, ' ');
      rest.erase(0, column);
    } else {
      text += '\n';
    }
    text += rest;
  }
  return text;
}

std::vector<Entry> flag_entries(const std::vector<Flag>& flags) {
  std::vector<Entry> entries;
  for (const auto& flag : flags) entries.push_back({flag_term(flag), full_doc(flag)});
  return entries;
}

std::string commands_text(const Command& command, std::size_t width) {
  std::string text;
  for (const auto& [heading, children] : grouped(command)) {
    std::vector<Entry> entries;
    for (const auto* child : children) entries.push_back({child->name(), child->summary()});
    text += fmt::format("\n{}:\n{}", heading.empty() ? "Commands" : heading, entries_text(entries, width));
  }
  return text;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  const std::string margin(indent, ' ');
  const auto room = width > indent + 20 ? width - indent : 20;
  std::string out, current;
  const auto end_line = [&] {
    if (!current.empty()) out += margin + current + "\n";
    current.clear();
  };
  for (const auto line : split_views(text, '\n')) {
    if (line.empty() || line.front() == ' ') {
      end_line();
      out += line.empty() ? "\n" : margin + std::string(line) + "\n";
      continue;
    }
    for (const auto word : split_views(line, ' ')) {
      if (!current.empty() && display_width(current) + 1 + display_width(word) > room) end_line();
      if (!current.empty()) current += ' ';
      current += word;
    }
  }
  end_line();
  return out;
}

std::string full_doc(const Flag& flag) {
  return flag.choices.empty() ? flag.doc : fmt::format("{}; one of {}", flag.doc, join(flag.choices, ", "));
}

std::string full_doc(const Positional& positional) {
  if (positional.choices.empty()) return positional.doc;
  return fmt::format("{}; one of {}", positional.doc, join(positional.choices, ", "));
}

std::string usage_line(const Command& command) {
  auto line = command.path();
  const bool has_children = !command.children().empty();
  if (has_children) line += command.action() && command.parent() ? " [COMMAND]" : " COMMAND";
  for (const auto& flag : command.flags()) {
    if (flag.required) line += fmt::format(" {} {}", flag.long_name(), flag.placeholder);
  }
  for (const auto& positional : command.positionals()) {
    auto name = positional.name + (positional.repeats ? "…" : "");
    line += positional.required ? " " + name : " [" + name + "]";
  }
  return line + " [options]";
}

std::vector<std::pair<std::string, std::vector<const Command*>>> grouped(const Command& command) {
  std::vector<std::pair<std::string, std::vector<const Command*>>> groups;
  for (const auto& child : command.children()) {
    if (child->is_hidden()) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == child->heading(); });
    if (group == groups.end()) group = groups.insert(groups.end(), {child->heading(), {}});
    group->second.push_back(child.get());
  }
  return groups;
}

std::string help_text(const Command& command, const Command& globals, std::size_t width) {
  std::string text = fmt::format("{}.\n\nUsage: {}\n", command.summary(), usage_line(command));
  if (!command.long_text().empty()) text += "\n" + wrapped(command.long_text(), width, 0);
  text += commands_text(command, width);
  if (!command.positionals().empty()) {
    std::vector<Entry> entries;
    for (const auto& positional : command.positionals()) entries.push_back({positional.name, full_doc(positional)});
    text += "\nArguments:\n" + entries_text(entries, width);
  }
  auto entries = flag_entries(command.flags());
  if (!command.allowed_formats().empty()) {
    entries.push_back({"    --format FORMAT", join(command.allowed_formats(), ", ") + "; --json for json"});
  }
  if (!entries.empty()) text += "\nOptions:\n" + entries_text(entries, width);
  if (!command.parent())
    text += "\nGlobal options, before or after the command:\n" + entries_text(flag_entries(globals.flags()), width);
  if (!command.examples().empty()) {
    text += "\nExamples:\n";
    for (const auto& [line, what] : command.examples()) text += fmt::format("  {}\n      {}\n", line, what);
  }
  if (!command.parent())
    text += "\nMore about a command: sitrep help COMMAND, or man sitrep-COMMAND\n";
  else if (command.action())
    text += "\nOptions of every command: sitrep help\n";
  else
    text += fmt::format("\nMore about one of them: {} COMMAND -h\n", command.path());
  return text;
}

}  // namespace sitrep::cli
