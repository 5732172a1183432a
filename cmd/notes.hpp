#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "policy/health.hpp"

// People's words (`sitrep note add`) beside what a command shows.
namespace sitrep::cmd {

/// Those that hold now on one of the subjects: ids, names, metrics, rules.
std::vector<policy::Note> notes_on(cli::Context& ctx, const std::vector<std::string>& subjects);
/// A line each: `head`, then the words, who says them and when.
void print_notes(cli::Context& ctx, const std::vector<policy::Note>& notes, std::string_view head);
/// An array of at, author, subject, text.
std::string notes_json(const std::vector<policy::Note>& notes);

}  // namespace sitrep::cmd
