#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/context.hpp"
#include "evaluation/evaluator.hpp"
#include "json/writer.hpp"

// What the commands over metrics, health and capacity share.
namespace sitrep::cmd {

/// The options --program and --period of commands that evaluate.
struct Scope {
  std::optional<std::string> program;
  std::string period = "week";
};
void add_scope(cli::Command& command, Scope& scope);

/// Built-in metrics and the workspace's over the store as the context shows it.
evaluation::Evaluator make_evaluator(cli::Context& ctx);
/// The last complete period of that length; Error{usage} for an unknown length.
evaluation::Window window_of(cli::Context& ctx, const Scope& scope);
/// The program's name as the store has it; empty: everything.
std::string program_of(evaluation::Evaluator& evaluator, const Scope& scope);

/// The members of a result, without the braces' surroundings: a whole JSON object is written.
void write_json(json::Writer& writer, const evaluation::Result& result);
/// "9 of 10 (90 %)"
std::string coverage_text(const evaluation::Coverage& coverage);
/// "2 drill, 1 mitigated before it started"; empty when nothing was left out.
std::string exclusions_text(const evaluation::Result& result);
/// "2 h", "26 h", "3 d 2 h"; "never".
std::string age_text(std::optional<UnixTime> at, UnixTime now);

}  // namespace sitrep::cmd
