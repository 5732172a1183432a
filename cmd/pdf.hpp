#pragma once

#include <string>
#include <string_view>

#include "cli/context.hpp"

namespace sitrep::cmd {

/// An HTML page as PDF, made by the browser or WeasyPrint of this machine; the page loads nothing, and neither do they.
/// Error{store} when neither is there, with what to install, or when it gave no PDF. Other than sitrep's own formats a
/// PDF holds the moment it was made: its bytes differ from run to run.
std::string to_pdf(std::string_view html, cli::Context& ctx);

/// Error{store} when to_pdf would find no program, before a report is made for nothing.
void check_pdf_program(cli::Context& ctx);

}  // namespace sitrep::cmd
