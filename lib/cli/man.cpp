#include "cli/man.hpp"

#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/man_reference.hpp"

#include <fmt/format.h>

namespace sitrep::cli {
namespace {

std::string roff(std::string_view text) { return roff_text(text); }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string page_name(const Command& command) { return command.parent() ? "sitrep-" + command.name() : "sitrep"; }

std::string prose(std::string_view text) {
  std::string out;
  bool fill = true;
  for (const auto line : split_views(text, '\n')) {
    if (line.empty()) {
      out += fill ? ".PP\n" : ".EE\n.PP\n";
      fill = true;
      continue;
    }
    if (fill && line.front() == ' ') {
      out += ".EX\n";
      fill = false;
    }
    out += roff(line) + "\n";
  }
  if (!fill) out += ".EE\n";
  return out;
}

std::string flags_section(const std::vector<Flag>& flags, const std::vector<std::string>& formats) {
  std::string text;
  for (const auto& flag : flags) {
    std::vector<std::string> names;
    for (const auto name : split_views(flag.names, ',')) names.push_back("\\fB" + roff(name) + "\\fR");
    auto term = join(names, ", ");
    if (!flag.is_switch()) term += " \\fI" + roff(flag.placeholder) + "\\fR";
    text += fmt::format(".TP\n{}\n{}.{}\n", term, roff(full_doc(flag)), flag.repeats ? " May be repeated." : "");
  }
  if (!formats.empty()) {
    text += fmt::format(".TP\n\\fB\\-\\-format\\fR \\fIFORMAT\\fR\n{}; \\fB\\-\\-json\\fR for json.\n",
                        roff(join(formats, ", ")));
  }
  return text;
}

std::string arguments_section(const Command& command) {
  std::string text;
  for (const auto& positional : command.positionals()) {
    text += fmt::format(".TP\n\\fI{}\\fR\n{}.\n", roff(positional.name), roff(full_doc(positional)));
  }
  return text;
}

void append_examples(const Command& command, std::string& text) {
  if (command.is_hidden()) return;
  for (const auto& [line, what] : command.examples()) {
    text += fmt::format(".TP\n{}\n.EX\n{}\n.EE\n", roff(what), roff(line));
  }
  for (const auto& child : command.children()) append_examples(*child, text);
}

void append_subcommands(const Command& command, std::string& text) {
  for (const auto& child : command.children()) {
    if (child->is_hidden()) continue;
    if (child->action()) {
      text += fmt::format(".SS \"{}\"\n{}.\n", roff(usage_line(*child)), roff(child->summary()));
      if (!child->long_text().empty()) text += ".PP\n" + prose(child->long_text());
      text += arguments_section(*child) + flags_section(child->flags(), child->allowed_formats());
    }
    append_subcommands(*child, text);
  }
}

void append_exits(const Command& command, std::string& text) {
  for (const auto& [code, when] : command.exit_codes()) {
    text += fmt::format(".TP\n{}\n{}: {}.\n", code, roff(command.path()), roff(when));
  }
  for (const auto& child : command.children()) append_exits(*child, text);
}

std::string head(const Command& command, std::string_view version) {
  const auto page = page_name(command);
  return fmt::format(".TH {} 1 \"\" \"sitrep {}\" \"sitrep manual\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n",
                     upper(roff(page)), version, roff(page), roff(command.summary()), roff(usage_line(command)));
}

std::string command_page(const Command& command, std::string_view version) {
  auto text = head(command, version);
  std::string examples, subcommands, exits;
  append_examples(command, examples);
  append_subcommands(command, subcommands);
  append_exits(command, exits);
  if (!examples.empty()) text += ".SH EXAMPLES\n" + examples;
  text += ".SH DESCRIPTION\n" + roff(command.summary()) + ".\n";
  if (!command.long_text().empty()) text += ".PP\n" + prose(command.long_text());
  if (const auto arguments = arguments_section(command); !arguments.empty()) text += ".SH ARGUMENTS\n" + arguments;
  if (!subcommands.empty()) text += ".SH COMMANDS\n" + subcommands;
  if (const auto flags = flags_section(command.flags(), command.allowed_formats()); !flags.empty()) {
    text += ".SH OPTIONS\n" + flags;
  }
  text += ".SH \"EXIT STATUS\"\n" + exits;
  text += std::string(exits.empty() ? "" : ".PP\n") + "The codes of every command are listed in \\fBsitrep\\fR(1).\n";
  text += ".SH \"SEE ALSO\"\n\\fBsitrep\\fR(1), which lists the global options\n";
  return text;
}

constexpr std::string_view k_environment = R"(.SH ENVIRONMENT
.TP
SITREP_NOW
The same as \fB\-\-now\fR.
.TP
NO_COLOR
Any value but the empty one: no colour.
.TP
PATH
A program \fIsitrep\-foo\fR found here is \fBsitrep foo\fR. It never shadows a command, relative entries are passed
over, and a program inside the workspace is refused.
.SH FILES
.TP
sitrep.toml
The workspace: found upward from the current folder.
.TP
\&.sitrep/store.db
The store, an SQLite file that only its owner reads. \fI.sitrep/\fR keeps itself out of git.
.TP
templates/ launches/ docs/ reports/
The user\(aqs own templates, launch reviews, documents and reports.
)";

std::string main_page(const Command& root, const Command& globals, std::string_view version) {
  auto text = head(root, version);
  std::string examples;
  for (const auto& [line, what] : root.examples()) {
    examples += fmt::format(".TP\n{}\n.EX\n{}\n.EE\n", roff(what), roff(line));
  }
  if (!examples.empty()) text += ".SH EXAMPLES\n" + examples;
  text += ".SH DESCRIPTION\n" + prose(root.long_text());
  text += ".SH COMMANDS\n";
  for (const auto& [heading, commands] : grouped(root)) {
    if (!heading.empty()) text += fmt::format(".SS \"{}\"\n", roff(heading));
    for (const auto* command : commands) {
      text += fmt::format(".TP\n\\fB{}\\fR(1)\n{}.\n", roff(page_name(*command)), roff(command->summary()));
    }
  }
  text +=
      ".SH \"GLOBAL OPTIONS\"\nThey stand in front of the command or behind it.\n" + flags_section(globals.flags(), {});
  text += ".PP\nTIME is RFC 3339, a date (in the workspace\\(aqs zone), \\-7d, yesterday or last\\-monday.\n";
  text += ".SH \"EXIT STATUS\"\n";
  for (const auto& [code, meaning] : exit_codes()) text += fmt::format(".TP\n{}\n{}.\n", code, roff(meaning));
  return text + std::string(k_environment);
}

}  // namespace

std::vector<ExitCode> exit_codes() {
  return {{0, "Done; also when standard output was closed by its reader"},
          {1, "Done, and the answer is no"},
          {2, "The command line is wrong"},
          {3, "sitrep.toml, or a file it names, is wrong"},
          {4, "The network or an API failed"},
          {5, "The store or an output file failed"},
          {6, "The data does not do: rejects above the limit, stale, too grey to judge"},
          {7, "A template or SQL of the user is wrong"},
          {8, "Whether a filing went through is not known"},
          {9, "Credentials are missing or were refused"},
          {70, "A bug in sitrep"}};
}

std::vector<ManPage> man_pages(const Command& root, const Command& globals, std::string_view version) {
  std::vector<ManPage> pages{{"sitrep.1", main_page(root, globals, version)}};
  for (const auto& command : root.children()) {
    if (!command->is_hidden()) pages.push_back({page_name(*command) + ".1", command_page(*command, version)});
  }
  return pages;
}

}  // namespace sitrep::cli
