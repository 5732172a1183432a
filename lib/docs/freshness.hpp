#pragma once

#include "docs/run.hpp"

namespace sitrep::docs {

/// The template function freshness(): see data_functions.cpp.
templating::Value freshness(Run& run, templating::CallArguments& arguments);

}  // namespace sitrep::docs
