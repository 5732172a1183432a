#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The template function history(program, periods): see data_functions.cpp.
templating::Value history(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
