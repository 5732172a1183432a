#pragma once

#include <span>

#include "docs/run.hpp"

namespace sitrep::docs {

/// Begins what history() answers where a template's calls say that it will be asked.
void begin_history(Run& run, std::span<const templating::CallSite> calls);

/// The template function history(program, periods): see data_functions.cpp.
templating::Value history(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
