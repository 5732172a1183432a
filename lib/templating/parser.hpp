#pragma once

#include <memory>
#include <string>

#include "templating/environment.hpp"
#include "templating/environment_state.hpp"
#include "templating/tree.hpp"

namespace sitrep::templating {

/// Reads a template. SyntaxError.
std::shared_ptr<const Tree> parse(std::string name, Source source, const EnvironmentState& environment);

}  // namespace sitrep::templating
