#pragma once

#include "cli/context.hpp"

namespace sitrep::cmd {

/// `sitrep query` on a terminal without SQL: reads statements with history and completion of names, and prints what
/// they give, until the end of input or ".quit". A statement that fails is told and the prompt goes on.
int query_prompt(cli::Context& ctx);

}  // namespace sitrep::cmd
