#pragma once

#include <optional>
#include <string>

#include "cli/context.hpp"
#include "policy/launch_pipeline.hpp"

// What the commands about launches in the store share.
namespace sitrep::cmd {

/// Who runs this: SITREP_USER, else USER. Error{usage} when neither is set.
std::string this_person(cli::Context& ctx);
/// Whether a name of the store means that person: "mei" is "mei@example.com", whatever the case.
bool is_person(const std::string& name, const std::string& person);

/// Absent when the text is empty.
cli::Table::Cell text_cell(const std::string& text);
cli::Table::Cell date_cell(std::optional<Date> day);

}  // namespace sitrep::cmd
